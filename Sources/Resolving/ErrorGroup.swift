import DirectoryModel
import Findings
import SyncErrors

/// An error and all its repetitions.
struct ErrorGroup: Sendable {
  var error: SyncError
  /// What is looked for.
  var identifiers: [Named] = []
  /// Identifiers of other objects, that have the value already.
  var others: [Named] = []
  /// Numbers of the queries of the conflicts, in their order.
  var conflictQueries: [Int] = []

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
  private var places: [[String]: Int] = [:]

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

  private static func key(of error: SyncError) -> [String] {
    var key = [error.id, error.type ?? ""]
    key += error.attributes.map { "a" + $0.lowercased() }
    key += error.conflicts.map { "c" + $0.attribute.lowercased() + "\u{0}" + $0.value.lowercased() }
    let objects = error.identifiers.filter { $0.role == .object }
    key += objects.map { "i" + $0.text }
    // Without an object the text is all there is; ids of single requests do not make it another error.
    if objects.isEmpty, error.conflicts.isEmpty {
      var text = error.message
      if let id = error.trackingID, !id.isEmpty { text = text.replacing(id, with: "") }
      key.append(text)
    }
    return key
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
