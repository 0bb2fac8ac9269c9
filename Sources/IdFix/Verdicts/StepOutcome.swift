import Findings
import RuleSet

/// Error names of IdFix, as a set in its bit order.
struct StepErrors: OptionSet, Sendable, Hashable {
  /// One bit an error.
  let rawValue: UInt8

  /// The set with these bits.
  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `Format`: no address of the form `local@domain`, also after repair.
  static let format = StepErrors(rawValue: 1)
  /// `Blank`: no value.
  static let blank = StepErrors(rawValue: 2)
  /// `Duplicate`: an earlier value is the same.
  static let duplicate = StepErrors(rawValue: 4)
  /// `Character`: a forbidden character.
  static let character = StepErrors(rawValue: 8)
  /// `TopLevelDomain`: what follows the last dot is no top-level domain.
  static let topLevelDomain = StepErrors(rawValue: 16)
  /// `DomainPart`: no valid domain behind the last `@`.
  static let domainPart = StepErrors(rawValue: 32)
  /// `LocalPart`: no valid text before the first `@`, or several `@`.
  static let localPart = StepErrors(rawValue: 64)
  /// `Length`: too long.
  static let length = StepErrors(rawValue: 128)

  /// The names of the errors, in bit order.
  var names: [String] {
    let all = ["Format", "Blank", "Duplicate", "Character", "TopLevelDomain", "DomainPart", "LocalPart", "Length"]
    return all.indices.filter { rawValue & (1 << UInt8($0)) != 0 }.map { all[$0] }
  }
}

/// What a chain says of one value: one row of IdFix's table.
struct StepRow: Sendable, Equatable {
  /// Error names in the order in which IdFix joins them.
  var errors: [String]
  /// What IdFix proposes to do.
  var action: StepAction
  /// The proposed value, which may be the value itself; nil when there is nothing to propose.
  var proposed: [UInt8]?

  /// A row; see the properties.
  init(errors: [String], action: StepAction, proposed: [UInt8]?) {
    self.errors = errors
    self.action = action
    self.proposed = proposed
  }
}

extension StepRow {
  /// What its finding says besides.
  var annotations: [Annotation] {
    [
      Annotation(name: Annotation.labels, values: errors),
      Annotation(name: Annotation.proposedAction, values: [action.rawValue]),
    ]
  }
}

/// What a chain finds in one value before it is known whether the value is a duplicate.
///
/// A duplicate is handed on unchanged, so that the rest of the chain does not depend on it: values can be judged in any
/// order, and duplicates be merged in afterwards.
struct StepOutcome: Sendable, Equatable {
  /// Errors of the steps before the `duplicate` step, one set a failed step; all errors when the chain has no such step.
  var errorsBefore: [StepErrors] = []
  /// Errors of the steps behind the `duplicate` step.
  var errorsAfter: [StepErrors] = []
  /// What must be unique among the values of the chain's attribute; nil when uniqueness is not asked of the value.
  var key: [UInt8]?
  /// What is proposed for a duplicate, when no later step fails.
  var duplicateAction = StepAction.edit
  /// The value as the last step leaves it.
  var proposed: [UInt8]

  /// Whether no step fails.
  var isClean: Bool { errorsBefore.isEmpty && errorsAfter.isEmpty }

  /// The row of the value, or nil when there is nothing to say.
  ///
  /// - Parameter isDuplicate: whether a value with the same key came before.
  func row(isDuplicate: Bool) -> StepRow? {
    let isFlagged = isDuplicate && key != nil
    guard isFlagged || !isClean else { return nil }
    let sets = errorsBefore + (isFlagged ? [.duplicate] : []) + errorsAfter
    return StepRow(
      errors: sets.flatMap(\.names), action: isFlagged && errorsAfter.isEmpty ? duplicateAction : .edit,
      proposed: proposed.isEmpty ? nil : proposed)
  }

  /// Whether the first holder gets a row too if this value is a duplicate.
  var showsFirstHolder: Bool { key != nil && row(isDuplicate: true)?.action == .edit }

  /// The row that the first holder of a value gets in addition to its own, when `showsFirstHolder` holds for a duplicate.
  var firstHolderRow: StepRow {
    StepRow(errors: StepErrors.duplicate.names, action: .edit, proposed: proposed.isEmpty ? nil : proposed)
  }
}
