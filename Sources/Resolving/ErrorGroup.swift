import Bytes
import Directory
import Findings
import SyncErrors

/// An error and all its repetitions.
struct ErrorGroup: Sendable {
  var error: SyncError
  /// Whether a number of it counts together with those of all errors of its kind.
  var isSummed = false
  /// What is looked for.
  var identifiers: [Named] = []
  /// Identifiers of other objects, that have the value already.
  var others: [Named] = []
  /// Numbers of the queries of the conflicts, in their order.
  var conflictQueries: [Int] = []
  /// The attributes that the error is about, as the directory calls them.
  var attributeNames: [String] = []

  /// An identifier of the object.
  struct Named: Sendable {
    var identifier: Identifier
    var kind: MentionedIdentifier.Kind
    /// Number of its query; nil when nothing can be looked up by it.
    var query: Int?
  }
}

/// Groups errors that say the same of the same objects, as many as fit into memory.
struct ErrorGroups: Sendable {
  private(set) var groups: [ErrorGroup] = []
  /// Errors that were left out because those before them had taken all the memory that there is for them.
  private(set) var leftOut = 0
  private var places: [Key: Int] = [:]
  private var size = 0
  private let maximumSize: Int
  private let seed = (UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max))

  /// What errors may take, with all that is looked up for them: some 250,000 errors of a line.
  static let maximumSize = 320 << 20

  init(maximumSize: Int = ErrorGroups.maximumSize) { self.maximumSize = maximumSize }

  /// Adds an error to its group, or as a new one.
  mutating func add(_ error: SyncError) {
    let key = key(of: error)
    if let place = places[key] { return groups[place].error.merge(error) }
    guard size < maximumSize else {
      leftOut += 1
      return
    }
    size += error.heldSize
    places[key] = groups.count
    groups.append(ErrorGroup(error: error))
  }

  /// Sets what is looked for.
  mutating func update(_ number: Int, _ change: (inout ErrorGroup) -> Void) { change(&groups[number]) }

  /// A hash of what makes two errors one, under a key that nobody knows: so wide that no two of a run are the same.
  private struct Key: Hashable {
    let first: UInt64
    let second: UInt64

    func hash(into hasher: inout Hasher) { hasher.combine(first) }
  }

  /// What makes two errors one, part by part.
  private func key(of error: SyncError) -> Key {
    var key = SipHash128(key0: seed.0, key1: seed.1)
    key.combine(part: error.id)
    key.combine(part: error.type ?? "")
    key.combine(part: error.code ?? "")
    for attribute in error.attributes { key.combine("a", folded: attribute) }
    for conflict in error.conflicts {
      key.combine("c", folded: conflict.attribute)
      key.combine("v", folded: conflict.value)
    }
    var hasObject = false
    for identifier in error.identifiers where identifier.role == .object {
      key.combine(UInt8(ascii: "i"))
      key.combine(part: identifier.text)
      hasObject = true
    }
    // Without an object the text is all there is; ids of single requests do not make it another error.
    if !hasObject, error.conflicts.isEmpty {
      var text = error.message
      if let id = error.trackingID, !id.isEmpty { text = text.replacing(id, with: "") }
      key.combine(part: text)
    }
    let words = key.finalize()
    return Key(first: words.0, second: words.1)
  }
}

extension SipHash128 {
  fileprivate mutating func combine(_ kind: Unicode.Scalar, folded text: String) {
    combine(UInt8(truncatingIfNeeded: kind.value))
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return combine(part: text.lowercased()) }
    combine(word: UInt64(text.utf8.count))
    for byte in text.utf8 { combine(byte &- 65 < 26 ? byte | 0x20 : byte) }
  }

  /// A part behind its length, so that no part can look like two.
  fileprivate mutating func combine(part text: String) {
    combine(word: UInt64(text.utf8.count))
    for byte in text.utf8 { combine(byte) }
  }
}

extension SyncError {
  /// Takes in a repetition.
  mutating func merge(_ other: SyncError) {
    count += other.count
    let firsts = [first, last, other.first, other.last].compactMap { $0 }
    // Times in ISO 8601 can be compared as text; others stay in the order of the material.
    if firsts.allSatisfy(Self.isISO) {
      first = firsts.min()
      last = firsts.max()
    } else {
      first = first ?? other.first
      last = other.last ?? other.first ?? last
    }
    trackingID = trackingID ?? other.trackingID
    eventID = eventID ?? other.eventID
  }

  /// About what an error takes while objects are looked up, in bytes: its texts, and those of its queries.
  fileprivate var heldSize: Int {
    let texts =
      identifiers.reduce(0) { $0 + 3 * $1.text.utf8.count + 600 }
      + conflicts.reduce(0) {
        $0 + 3 * $1.value.utf8.count + 600
      }
    let others = fields.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 100 }
    return 600 + message.utf8.count + texts + others + attributes.count * 64
  }

  private static func isISO(_ time: String) -> Bool {
    let bytes = Array(time.utf8)
    return bytes.count >= 19 && bytes[4] == 0x2d && bytes[7] == 0x2d && bytes[10] == UInt8(ascii: "T")
      && bytes[..<4].allSatisfy { $0 &- 48 < 10 }
  }
}
