import Bytes
import Findings

/// What a report says of each finding, put aside until it is known how many there are: readers of some formats take so many and no
/// more, and then the gravest are to be among them.
struct GravestRecords {
  /// What a report says of a finding.
  struct Record {
    /// How grave the finding is: the lower, the graver.
    fileprivate var rank: Int
    /// Where its bytes are.
    fileprivate var place: Range<Int>
    /// What it belongs to, such as the number of a rule.
    var group: Int
    /// Whether the finding makes the run fail.
    var isFailure: Bool
  }

  private let limit: Int
  private let spool = Spool(memoryLimit: 4 * 1024 * 1024)
  private var records: [Record] = []
  /// Number of records by rank.
  private var held = [Int](repeating: 0, count: Gravest.ranks)
  /// How many findings there were.
  private(set) var total = 0

  /// - Parameter limit: how many records are kept.
  init(limit: Int) { self.limit = limit }

  /// Puts a record aside, unless there are enough that are as grave. Throws `SpoolFailure`.
  ///
  /// - Parameter bytes: what the report says, asked for only if it is needed.
  mutating func add(
    _ finding: Finding, group: Int = 0, isFailure: Bool = false, _ bytes: () -> [UInt8]
  ) throws(SpoolFailure) {
    total += 1
    let rank = Gravest.rank(of: finding)
    guard held[...rank].reduce(0, +) < limit else { return }
    held[rank] += 1
    let bytes = bytes()
    let start = try spool.append(bytes.span)
    records.append(Record(rank: rank, place: start..<start + bytes.count, group: group, isFailure: isFailure))
  }

  /// The records to write: all as they came if there is room for them, else the gravest, those first.
  func chosen() -> [Record] {
    guard total > limit else { return records }
    // Places tell which came first.
    return Array(records.sorted { ($0.rank, $0.place.lowerBound) < ($1.rank, $1.place.lowerBound) }.prefix(limit))
  }

  /// The bytes of a record. Throws `SpoolFailure`.
  func read(_ record: Record, into bytes: inout [UInt8]) throws(SpoolFailure) {
    try spool.read(record.place, into: &bytes)
  }
}
