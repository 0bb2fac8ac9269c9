import Directory
import Findings

/// A rule as read from its file: typed and checked, not yet compiled. `Docs/rule-format.md` describes every part.
public struct Rule: Sendable {
  /// Kebab-case name that never changes.
  public var id: String
  /// One line for people.
  public var title: String
  /// How settled the rule is.
  public var status: Status
  /// How loud its findings are, when no rule set says otherwise.
  public var severity: Severity
  /// What happens to what it finds.
  public var effect: Effect
  /// How well its claim is known.
  public var certainty: Certainty
  /// The attributes that the check looks at, as spelled in the file; at least one.
  public var attributes: [String]
  /// Most specific object classes, in lower case; empty stands for every class.
  public var objectClasses: [String]
  /// Which entries, beyond their class.
  public var filter: Filter?
  /// Which values.
  public var when: ValueCondition
  /// What it needs from the command line; nil for nothing.
  public var requirement: Requirement?
  /// Ids of rules whose finding on the same value, or on the same attribute, tells the same fact better.
  public var unless: [String] = []
  /// What is looked for.
  public var check: any CheckKind
  /// What its findings say.
  public var message: MessageTemplate
  /// How it would be mended; nil when only people can tell.
  public var suggestion: SuggestionRecipe?
  /// Entries for which nothing is suggested; nil for none.
  public var suggestionExcept: Filter?
  /// What happens, why, and what to do.
  public var explanation: String
  /// URLs of the sources.
  public var references: [String]
  /// What its findings say besides: `labels` is the error name of IdFix that stands for them.
  public var annotations: [Annotation]
  /// Its tests.
  public var examples: Examples
  /// Where the rule is: path as given (`entra/mail/….yaml` for shipped ones) and line.
  public var location: SourceLocation

  /// What it is about.
  public var subject: RuleSubject { type(of: check).subject }

  /// How settled a rule is.
  public enum Status: String, Sendable, CaseIterable { case experimental, stable, deprecated }

  /// What a rule needs from the command line to be active.
  public enum Requirement: String, Sendable, CaseIterable {
    case verifiedDomains = "verified-domains"
    case noVerifiedDomains = "no-verified-domains"
    /// People sign in with userPrincipalName.
    case userPrincipalName = "user-principal-name"
    /// People sign in with another attribute (`--upn-attribute`).
    case alternateSignIn = "alternate-sign-in"
    case cloudSync = "cloud-sync"
    /// It is not known what synchronizes.
    case noSyncClient = "no-sync-client"
  }

  /// A rule; see the properties.
  public init(
    id: String, title: String, status: Status, severity: Severity, effect: Effect, certainty: Certainty,
    attributes: [String], objectClasses: [String], filter: Filter?, when: ValueCondition, requirement: Requirement?,
    check: any CheckKind, message: MessageTemplate, suggestion: SuggestionRecipe?, explanation: String,
    references: [String],
    annotations: [Annotation], examples: Examples, location: SourceLocation
  ) {
    self.id = id
    self.title = title
    self.status = status
    self.severity = severity
    self.effect = effect
    self.certainty = certainty
    self.attributes = attributes
    self.objectClasses = objectClasses
    self.filter = filter
    self.when = when
    self.requirement = requirement
    self.check = check
    self.message = message
    self.suggestion = suggestion
    self.explanation = explanation
    self.references = references
    self.annotations = annotations
    self.examples = examples
    self.location = location
  }
}

/// Which values of the attribute a rule looks at, by address type. All empty: every value.
public struct ValueCondition: Sendable, Equatable {
  /// Types before the first colon, in lower case; empty allows all.
  public var prefixes: [String] = []
  /// Types that are left out, in lower case.
  public var excludedPrefixes: [String] = []
  /// Types before the first colon, minding case; empty allows all.
  public var exactPrefixes: [String] = []

  /// A condition that every value meets.
  public init() {}
}

/// What part of a value a check looks at.
public enum Part: String, Sendable, BitwiseCopyable, CaseIterable {
  case whole, prefix
  case afterPrefix = "after-prefix"
  case localPart = "local-part"
  case domain
}

/// How values are compared for equality.
public enum Comparison: String, Sendable, BitwiseCopyable, CaseIterable {
  /// Byte for byte.
  case exact
  /// Ignoring case.
  case text
  /// Ignoring case and a leading `smtp:`; values of other address types are not addresses.
  case address
}

/// How a replacement value is made.
public enum SuggestionRecipe: Sendable, Equatable {
  /// The recipes by the names that rule files give them.
  public enum Kind: String, Sendable, CaseIterable {
    case removeCharacters = "remove-characters"
    case replaceCharacters = "replace-characters"
    case trim, collapse
    case setPrefix = "set-prefix"
    case repairAddress = "repair-address"
    case removeValue = "remove-value"
    case set
  }

  case removeCharacters
  case replaceCharacters(String)
  case trim
  case collapse
  case setPrefix(String)
  case removeValue
  case set(from: String, prefix: String)
  /// The address that the value is meant to be, after an address type (this one where it has none), or bare.
  case repairAddress(type: String?)
}

/// The examples of a rule: its tests and its documentation.
public struct Examples: Sendable {
  /// What gives no finding.
  public var valid: [Example]
  /// What gives findings.
  public var invalid: [Example]

  /// Whether there are none: the rule is not about entries.
  var isEmpty: Bool { valid.isEmpty && invalid.isEmpty }

  /// Examples; see the properties.
  public init(valid: [Example], invalid: [Example]) {
    self.valid = valid
    self.invalid = invalid
  }
}

/// One example.
public struct Example: Sendable {
  /// What is linted.
  public enum Input: Sendable {
    /// A value of `attribute`, on an entry that also has `with`; `flagged` is the value with `↓` before flagged places.
    case value([UInt8], attribute: String?, with: [(name: String, values: [String])], flagged: String?)
    /// Records with `↓` before flagged places.
    case ldif(String)
  }
  /// What suggestion is expected of an invalid example.
  public enum ExpectedSuggestion: Sendable, Equatable {
    case none, remove
    case value(String)
  }
  /// What is linted.
  public var input: Input
  /// The suggestion that must come with the finding.
  public var expected: ExpectedSuggestion
  /// Where it is: path as given and line.
  public var location: SourceLocation

  /// An example; see the properties.
  public init(input: Input, expected: ExpectedSuggestion, location: SourceLocation) {
    self.input = input
    self.expected = expected
    self.location = location
  }
}

/// A named selection of rules.
public struct RuleSetDefinition: Sendable {
  /// The name of the built-in rule set that reads everything and judges nothing.
  public static let emptyName = "none"

  /// Kebab-case name.
  public var name: String
  /// One line for people.
  public var title: String
  /// What the set is for.
  public var description: String
  /// Names of the rule sets this one builds on.
  public var extends: [String]
  /// Name of the scope; nil takes that of the first extended set.
  public var scope: String?
  /// Rule ids with the severity the set gives them, if it does.
  public var rules: [(id: String, severity: Severity?)]
  /// Where it is: path as given and line.
  public var location: SourceLocation

  /// A rule set; see the properties.
  public init(
    name: String, title: String, description: String, extends: [String], scope: String?,
    rules: [(id: String, severity: Severity?)], location: SourceLocation
  ) {
    self.name = name
    self.title = title
    self.description = description
    self.extends = extends
    self.scope = scope
    self.rules = rules
    self.location = location
  }
}

/// Which entries synchronization takes.
public struct Scope: Sendable {
  /// Entries that are left out, and why.
  public struct Exclusion: Sendable {
    /// Why, as the coverage says it.
    public var reason: String
    /// Classes in lower case; empty stands for all of the scope's.
    public var objectClasses: [String]
    /// Which entries are left out.
    public var filter: Filter
    /// Attributes that alone are left out of these entries; empty leaves the entries out.
    public var attributes: [String]
    /// URLs of the sources.
    public var references: [String]

    /// An exclusion; see the properties.
    public init(
      reason: String, objectClasses: [String], filter: Filter, attributes: [String] = [], references: [String]
    ) {
      self.reason = reason
      self.objectClasses = objectClasses
      self.filter = filter
      self.attributes = attributes
      self.references = references
    }
  }
  /// Kebab-case name.
  public var name: String
  /// Most specific classes in scope, in lower case; empty stands for all.
  public var objectClasses: [String]
  /// What is left out; the first that fits gives the reason.
  public var exclusions: [Exclusion]
  /// Where it is: path as given and line.
  public var location: SourceLocation

  /// A scope; see the properties.
  public init(name: String, objectClasses: [String], exclusions: [Exclusion], location: SourceLocation) {
    self.name = name
    self.objectClasses = objectClasses
    self.exclusions = exclusions
    self.location = location
  }
}
