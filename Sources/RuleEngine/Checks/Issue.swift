/// What a check found, before it becomes a finding: places in the batch, no text.
struct Issue {
  /// Of a value so many places are flagged.
  static let mostPlaces = 10_000

  /// Position of the rule in the program.
  var rule: Int
  /// Slot of the attribute.
  var slot: Int
  /// Index of the value in the batch's values; -1 when no value is meant.
  var value: Int32
  /// Flagged byte ranges of the value; empty when the whole value is meant.
  var flagged: [Range<Int>] = []
  /// Number of values or occurrences, where the check counts.
  var count = 0
  /// Length in the check's unit, where the check measures.
  var length = 0
  /// The limits that the check applied, for the message.
  var minimum: Int?
  var maximum: Int?
  /// Index of an equal value of the entry; -1 for none.
  var equal: Int32 = -1
  /// What identifies the finding besides rule, entry and attribute.
  var identity = Identity.value
  /// What a row check says.
  var row: Row?

  /// What a fingerprint is made of, so that the order in which an export lists values changes nothing.
  enum Identity {
    /// The value.
    case value
    /// Nothing: the values of the attribute are meant together, whichever of them is shown.
    case attribute
    /// The bytes by which values were compared, whichever of the equal ones is shown.
    case key([UInt8])

    var isAttribute: Bool { if case .attribute = self { true } else { false } }
  }
}

extension Issue {
  /// Issues in input order of their values, then in rule order.
  static func inOrder(_ issues: [Issue]) -> [Issue] {
    issues.count > 1 ? issues.sorted { ($0.value, $0.rule) < ($1.value, $1.rule) } : issues
  }
}
