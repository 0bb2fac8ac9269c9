import RuleSet

/// One link of a `steps` chain: a test, when it is made, and by its kind the error it gives and the repair it makes.
///
/// `Docs/idfix-rules.md` describes every part.
struct Step: Sendable, Equatable {
  /// Which entries and values the step looks at.
  var condition: StepCondition
  /// What is tested, and how it is repaired.
  var test: StepTest

  /// A step; see the properties.
  init(_ test: StepTest, when condition: StepCondition = StepCondition()) {
    self.condition = condition
    self.test = test
  }
}

/// What a step tests, and how it repairs a value that fails.
enum StepTest: Sendable, Equatable {
  /// Fails when the value has more than `max` UTF-16 code units; cuts it to as many. Error `Length`.
  case length(max: Int)
  /// Fails when a forbidden character is at the position; takes these characters away. Error `Character`.
  ///
  /// `ifEmpty` names the attribute whose first value is proposed when nothing is left.
  case characters(part: StepPart, position: CharacterRule.Position, set: CharacterRule, ifEmpty: String?)
  /// Fails when the value is empty or the attribute absent; proposes the first of the texts whose attributes the entry
  /// has, cut to `max` UTF-16 code units. Error `Blank`.
  case blank(propose: [StepText], max: Int?)
  /// IdFix's address test. Errors `Format`, `TopLevelDomain`, `DomainPart`, `LocalPart`, several at once.
  case emailAddress
  /// The value as repaired so far is what must be unique, ignoring case. Error `Duplicate`, no repair.
  ///
  /// The first action whose condition holds is proposed, else `Edit`.
  case duplicate([DuplicateAction])
}

/// What part of a value a step looks at.
enum StepPart: String, Sendable, CaseIterable {
  case whole
  /// Behind the first colon, if a text stands before it; else nothing.
  case afterType = "after-type"
}

/// Which entries and values something applies to; everything that is given must hold.
struct StepCondition: Sendable, Equatable {
  /// Most specific object classes, in lower case; empty allows all.
  var objectClasses: [String] = []
  /// Most specific object classes that are left out, in lower case.
  var excludedObjectClasses: [String] = []
  /// Attributes that the entry has.
  var with: [String] = []
  /// Attributes that the entry lacks.
  var without: [String] = []
  /// Texts of which the value contains one, ignoring the case of ASCII letters; empty allows all.
  var contains: [String] = []
  /// Texts of which the value contains none, ignoring the case of ASCII letters.
  var excludedContents: [String] = []
  /// Texts of which the value starts with one, ignoring the case of ASCII letters; empty allows all.
  var startsWith: [String] = []
  /// Texts of which the value starts with none, ignoring the case of ASCII letters.
  var excludedStarts: [String] = []
  /// Whether the value must equal the attribute's first value, byte for byte.
  var isFirstValue = false

  /// A condition that always holds.
  init() {}
}

/// An action that is proposed for a duplicate, and when.
struct DuplicateAction: Sendable, Equatable {
  /// What is proposed.
  var action: StepAction
  /// Asked of the value as repaired so far.
  var condition: StepCondition

  /// An action under a condition.
  init(_ action: StepAction, when condition: StepCondition) {
    self.action = action
    self.condition = condition
  }
}

/// What IdFix proposes to do.
enum StepAction: String, Sendable, CaseIterable {
  case edit = "Edit"
  case complete = "Complete"
  case remove = "Remove"
}

/// A text with attributes of the entry in it, such as `SMTP:{mail}`.
struct StepText: Sendable, Equatable {
  /// A piece of the text.
  enum Piece: Sendable, Equatable {
    case text(String)
    /// The first value of an attribute.
    case attribute(String)
  }
  /// The text, piece by piece.
  var pieces: [Piece]

  /// A text of these pieces.
  init(pieces: [Piece]) { self.pieces = pieces }
}
