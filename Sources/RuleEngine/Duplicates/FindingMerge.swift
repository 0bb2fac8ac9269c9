import Bytes
import Findings

/// Merges the findings on single entries, which were put aside in input order, with those on groups of entries.
struct FindingMerge {
  private var spool: FindingSpool
  /// Sequence numbers of findings whose suggestion would make a duplicate.
  private let withdrawn: Set<Int>
  /// By source: numbers of the rules whose findings are none, since they speak of attributes that were not exported.
  private let silenced: [Set<Int>]
  /// By batch: numbers of the rules whose findings did not leave before; empty where none did.
  private let waiting: [Set<Int>]
  /// Entries of objects of which a fuller entry came later.
  private let superseded: Set<UInt32>
  private var sequence = 0
  /// The next finding on a single entry, and its entry; `none` behind the last one.
  private var local = Finding()
  private var localEntry = Int.max
  private static let none = Int.max

  init(_ spool: FindingSpool, withdrawn: Set<Int>, silenced: [Set<Int>], waiting: [Set<Int>], superseded: Set<UInt32>) {
    self.spool = spool
    self.withdrawn = withdrawn
    self.silenced = silenced
    self.waiting = waiting
    self.superseded = superseded
  }

  /// Hands on all findings in input order of their entries.
  ///
  /// - Throws: what the source or `receive` throws, or `SpoolFailure`.
  mutating func run(
    _ groups: inout DuplicateGroups, from source: some EntryRevisiting, receive: (Finding) throws -> Void
  ) throws {
    try step()
    try groups.collect(from: source) { groups in try handOver(&groups, receive) }
    try handOver(&groups, receive)
    while localEntry != Self.none {
      try receive(local)
      try step()
    }
  }

  /// Hands on the findings that are due.
  private mutating func handOver(_ groups: inout DuplicateGroups, _ receive: (Finding) throws -> Void) throws {
    while let due = groups.due() {
      let entry = Int(due)
      while localEntry < entry {
        try receive(local)
        try step()
      }
      if localEntry == entry { try mergeEntry(entry, &groups, receive) } else { try groups.takeDue(receive: receive) }
    }
  }

  /// An entry that has findings of both kinds: those on the entry alone come first.
  private mutating func mergeEntry(
    _ entry: Int, _ groups: inout DuplicateGroups, _ receive: (Finding) throws -> Void
  ) throws {
    var made: [Finding] = []
    try groups.takeDue { made.append($0) }
    while localEntry == entry {
      // A row of a parity rule takes the place of the row without the duplicate.
      if !made.contains(where: { $0.replaces(local) }) { try receive(local) }
      try step()
    }
    for finding in made { try receive(finding) }
  }

  /// Goes on to the next finding on a single entry.
  private mutating func step() throws {
    repeat {
      localEntry = try spool.next(into: &local) ?? Self.none
      if !withdrawn.isEmpty, withdrawn.contains(sequence) {
        local.suggestion = nil
      }
      sequence += 1
    } while localEntry != Self.none && isLeftOut
  }

  /// Whether the finding at hand is none, or has left already.
  private var isLeftOut: Bool {
    if !superseded.isEmpty, superseded.contains(UInt32(truncatingIfNeeded: localEntry)) { return true }
    if silenced[spool.source].contains(local.ruleNumber) { return true }
    return !waiting.isEmpty && !waiting[spool.batch].contains(local.ruleNumber)
  }
}

extension Finding {
  /// Whether this finding says all that another one of a parity rule says of the same value.
  fileprivate func replaces(_ other: Finding) -> Bool {
    hasOwnAnnotations && rule == other.rule && layout.own.attribute == other.layout.own.attribute
      && valueIndex == other.valueIndex
      && annotation(Annotation.labels).count > other.annotation(Annotation.labels).count
  }
}

/// Reads findings on single entries back from a spool, batch by batch.
struct FindingSpool {
  /// What stands before the findings of a batch.
  struct Head {
    static let size = 24
    /// Number of bytes of the findings.
    var count: Int
    var firstEntry: Int
    var source: Int
    var lineBase: Int

    var bytes: [UInt8] {
      var bytes: [UInt8] = []
      bytes.append(word: UInt64(count))
      bytes.append(number: firstEntry)
      bytes.append(number: source)
      bytes.append(word: UInt64(lineBase))
      return bytes
    }
  }

  /// The number of the source that the last finding is of.
  var source: Int { head.source }
  /// The number of the batch that the last finding is of.
  private(set) var batch = -1

  private let spool: Spool
  private let program: RuleProgram
  private let sources: [String]
  private var offset = 0
  private var position = 0
  private var head = Head(count: 0, firstEntry: 0, source: -1, lineBase: 0)
  private var names = FindingNames.none
  private var buffer: [UInt8] = []

  init(_ spool: Spool, _ program: RuleProgram, sources: [String]) {
    self.spool = spool
    self.program = program
    self.sources = sources
  }

  /// Reads the next finding.
  ///
  /// - Returns: its entry; nil behind the last one.
  mutating func next(into finding: inout Finding) throws -> Int? {
    if position == head.count {
      guard offset < spool.count else { return nil }
      try readHead()
      try spool.read(offset..<offset + head.count, into: &buffer)
      offset += head.count
      position = 0
    }
    position = finding.take(buffer, at: position, program, firstEntry: head.firstEntry, lineBase: head.lineBase)
    finding.names = names
    return finding.layout.entry
  }

  private mutating func readHead() throws {
    try spool.read(offset..<offset + Head.size, into: &buffer)
    var reader = NumberReader(position: 0)
    let source = head.source
    head = Head(
      count: Int(truncatingIfNeeded: reader.word(buffer)), firstEntry: reader.number(buffer),
      source: reader.number(buffer), lineBase: Int(truncatingIfNeeded: reader.word(buffer)))
    offset += Head.size
    batch += 1
    if head.source != source { names = program.names(sources: [sources[head.source]]) }
  }
}
