import Findings

/// Error names of IdFix.
enum IdfixError: String, CaseIterable {
  case character = "Character"
  case format = "Format"
  case blank = "Blank"
  case duplicate = "Duplicate"
  case topLevelDomain = "TopLevelDomain"
  case domainPart = "DomainPart"
  case localPart = "LocalPart"
  case length = "Length"

  /// The name for findings of a kind of check, when the rule gives none; nil for what IdFix does not look at.
  static func standard(for check: any CheckKind) -> IdfixError? {
    guard type(of: check).subject == .entries else { return nil }
    return switch type(of: check).name {
    case "characters", "sequence": .character
    case "length": .length
    case "unique": .duplicate
    case "present", "not-blank": .blank
    case "domain": .topLevelDomain
    default: .format
    }
  }

  /// What findings say of it.
  var annotation: Annotation { Annotation(name: Annotation.labels, values: [rawValue]) }
}
