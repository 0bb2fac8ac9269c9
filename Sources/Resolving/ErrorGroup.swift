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

/// Groups errors that say the same of the same objects.
struct ErrorGroups: Sendable {
  private(set) var groups: [ErrorGroup] = []
  private var places: [Key: Int] = [:]

  /// Adds an error to its group, or as a new one.
  mutating func add(_ error: SyncError) {
    let key = Self.key(of: error)
    guard let place = places[key] else {
      places[key] = groups.count
      groups.append(ErrorGroup(error: error))
      return
    }
    groups[place].error.merge(error)
  }

  /// Sets what is looked for.
  mutating func update(_ number: Int, _ change: (inout ErrorGroup) -> Void) { change(&groups[number]) }

  /// A key with its hash, so that the table can grow without hashing all again.
  private struct Key: Hashable {
    let bytes: [UInt8]
    let hash: Int

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      var hasher = Hasher()
      hasher.combine(bytes)
      hash = hasher.finalize()
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
  }

  /// What makes two errors one, part by part.
  private static func key(of error: SyncError) -> Key {
    var key: [UInt8] = []
    append(error.id, to: &key)
    append(error.type ?? "", to: &key)
    append(error.code ?? "", to: &key)
    for attribute in error.attributes { append("a", folded: attribute, to: &key) }
    for conflict in error.conflicts {
      append("c", folded: conflict.attribute, to: &key)
      append("v", folded: conflict.value, to: &key)
    }
    var hasObject = false
    for identifier in error.identifiers where identifier.role == .object {
      key.append(UInt8(ascii: "i"))
      append(identifier.text, to: &key)
      hasObject = true
    }
    // Without an object the text is all there is; ids of single requests do not make it another error.
    if !hasObject, error.conflicts.isEmpty {
      var text = error.message
      if let id = error.trackingID, !id.isEmpty { text = text.replacing(id, with: "") }
      append(text, to: &key)
    }
    return Key(key)
  }

  private static func append(_ kind: Unicode.Scalar, folded text: String, to key: inout [UInt8]) {
    key.append(UInt8(truncatingIfNeeded: kind.value))
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return append(text.lowercased(), to: &key) }
    appendLength(text.utf8.count, to: &key)
    for byte in text.utf8 { key.append(byte &- 65 < 26 ? byte | 0x20 : byte) }
  }

  private static func append(_ text: String, to key: inout [UInt8]) {
    appendLength(text.utf8.count, to: &key)
    key.append(contentsOf: text.utf8)
  }

  /// Before each part, so that no part can look like two.
  private static func appendLength(_ length: Int, to key: inout [UInt8]) {
    for shift in [0, 8, 16, 24] { key.append(UInt8(truncatingIfNeeded: length >> shift)) }
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

  private static func isISO(_ time: String) -> Bool {
    let bytes = Array(time.utf8)
    return bytes.count >= 19 && bytes[4] == 0x2d && bytes[7] == 0x2d && bytes[10] == UInt8(ascii: "T")
      && bytes[..<4].allSatisfy { $0 &- 48 < 10 }
  }
}
