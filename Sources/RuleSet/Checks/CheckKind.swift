import Bytes
import Findings

/// What rules with a check are about.
public enum RuleSubject: Sendable {
  /// Entries: `lint` and `audit` judge by them.
  case entries
  /// A forest as a whole: `doctor` looks at it.
  case forest

  /// Who judges by such rules.
  var command: String {
    switch self {
    case .entries: "lint"
    case .forest: "doctor"
    }
  }
}

/// A kind of check as rule files name it, with the options of one rule: all that the rule base has to know of it.
///
/// How a value is tested is for the engine to say; it is written in the same file, one for each kind. A kind is known once it
/// is in a `CheckVocabulary`.
public protocol CheckKind: Sendable {
  /// What rule files call it.
  static var name: String { get }
  /// What its rules are about.
  static var subject: RuleSubject { get }
  /// The check that the name alone stands for; nil when it needs options.
  static var alone: Self? { get }
  /// Placeholders of messages that have a meaning only with some kinds, this one among them.
  static var placeholders: Set<MessageTemplate.Placeholder> { get }
  /// Suggestions that can follow from what it finds.
  static var suggestions: Set<SuggestionRecipe.Kind> { get }
  /// Whether hints of what a message or a suggestion needs name it.
  static var isHinted: Bool { get }

  /// Reads the options; nil after every mistake in them was reported.
  init?(_ options: RuleNode)

  /// Attributes that it reads besides those of its rule, as spelled in the file.
  var attributes: [String] { get }
  /// Which of `{min}` and `{max}` a message can name.
  var bounds: (min: Bool, max: Bool) { get }
  /// What its rule has to require of the command line, and the option that makes it so.
  var requirement: (option: String, Rule.Requirement)? { get }
  /// What to do about a domain that it finds in a value, in a few words; nil when it is not about domains.
  var domainRemedy: String? { get }
  /// Classes, in lower case, that it tells apart besides those of its rule.
  var objectClasses: [String] { get }
  /// The check for a directory whose people sign in with another attribute than userPrincipalName; nil when its rule is about
  /// userPrincipalName all the same.
  func signingIn(with attribute: SignInAttribute) -> (any CheckKind)?
  /// When it finds something, in words, with names and values in backticks.
  func words(for rule: Rule) -> String
}

extension CheckKind {
  /// Entries.
  public static var subject: RuleSubject { .entries }
  /// It needs options.
  public static var alone: Self? { nil }
  /// None of its own.
  public static var placeholders: Set<MessageTemplate.Placeholder> { [] }
  /// Those that fit whatever a check finds in a value.
  public static var suggestions: Set<SuggestionRecipe.Kind> { [.trim, .setPrefix, .removeValue, .repairAddress, .set] }
  /// It is named.
  public static var isHinted: Bool { true }
  /// No others.
  public var attributes: [String] { [] }
  /// None.
  public var objectClasses: [String] { [] }
  /// It is the same.
  public func signingIn(with attribute: SignInAttribute) -> (any CheckKind)? { self }
  /// Neither.
  public var bounds: (min: Bool, max: Bool) { (false, false) }
  /// It is not about domains.
  public var domainRemedy: String? { nil }
  /// Nothing.
  public var requirement: (option: String, Rule.Requirement)? { nil }
}

/// The kinds of checks that rules can have.
public struct CheckVocabulary: Sendable {
  /// The kinds, in the order in which messages list them.
  public let kinds: [any CheckKind.Type]

  /// These kinds.
  public init(_ kinds: [any CheckKind.Type]) { self.kinds = kinds }

  /// Their names.
  public var names: [String] { kinds.map { $0.name } }

  private func kind(_ name: String) -> (any CheckKind.Type)? { kinds.first { $0.name == name } }

  /// The check of a rule, or nil when anything in it is wrong.
  func read(_ node: RuleNode) -> (any CheckKind)? {
    if case .scalar(let scalar) = node.node { return readAlone(scalar.string, node) }
    guard let mapping = node.anyMapping(what: "a check") else { return nil }
    guard mapping.keys.count == 1, let name = mapping.keys.first?.name, let options = mapping[name] else {
      if mapping.hasMistakes { return nil }
      let second = mapping.keys.count > 1 ? mapping.keys[1].node : node
      return second.nothing("a rule has exactly one check, as in `check: { length: { max: 64 } }`")
    }
    guard let kind = kind(name) else { return mapping.keys[0].node.nothing(unknown(name)) }
    return mapping.hasMistakes ? nil : kind.init(options)
  }

  /// The kind that a check names, whether or not its options are right.
  func kind(namedBy node: RuleNode) -> (any CheckKind.Type)? {
    (node.node.scalar?.string ?? node.node.mapping?.first?.key.scalar?.string).flatMap(kind)
  }

  /// `check: present`: a check without options may stand alone.
  private func readAlone(_ name: String, _ node: RuleNode) -> (any CheckKind)? {
    guard let kind = kind(name) else { return node.nothing(unknown(name)) }
    return kind.alone ?? node.nothing("the check `\(name)` needs options, as in `check: { \(name): { … } }`")
  }

  private func unknown(_ name: String) -> String {
    let hint = NearestName.find(name, in: names).map { "did you mean `\($0)`?" }
    return "unknown check `\(name)`; \(hint ?? "checks are \(RuleNode.list(names, "and"))")"
  }

  // MARK: - What fits a check

  /// What a placeholder needs that a check does not have; nil when the placeholder has a meaning.
  func mistake(in placeholder: MessageTemplate.Placeholder, with check: any CheckKind) -> String? {
    if type(of: check).placeholders.contains(placeholder) { return nil }
    switch placeholder {
    case .max: return check.bounds.max ? nil : "a check with `max`"
    case .min: return check.bounds.min ? nil : "a check with `min`"
    default:
      let needed = kinds.filter { $0.placeholders.contains(placeholder) }
      return needed.isEmpty ? nil : Self.either(needed.filter { $0.isHinted || needed.count == 1 })
    }
  }

  /// What a suggestion needs that a check does not have; nil when they fit.
  func mistake(in suggestion: SuggestionRecipe.Kind, with check: any CheckKind) -> String? {
    if type(of: check).suggestions.contains(suggestion) { return nil }
    switch suggestion {
    case .removeCharacters, .replaceCharacters, .collapse:
      return Self.either(kinds.filter { $0.suggestions.contains(suggestion) && $0.isHinted })
    case .trim, .setPrefix, .removeValue, .repairAddress: return "a check that finds a value"
    case .set: return "a check that finds a value or lacks one"
    }
  }

  /// `the check `a` or `b``.
  private static func either(_ kinds: [any CheckKind.Type]) -> String {
    "the check " + RuleNode.list(kinds.map { $0.name })
  }
}

extension RuleNode {
  /// Whether a check is written without options: nothing, `true` or `{}` after its name.
  public func hasNoOptions(_ check: String) -> Bool {
    switch node {
    case .scalar(let scalar) where ["", "~", "true"].contains(scalar.string): return true
    case .mapping(let mapping) where mapping.isEmpty: return true
    default:
      report("the check `\(check)` has no options; write `check: \(check)`")
      return false
    }
  }

  /// Whether nothing, or just `true`, stands where options could.
  public var leavesOptionsOut: Bool {
    if case .scalar(let scalar) = node { ["", "~", "true"].contains(scalar.string) } else { false }
  }
}
