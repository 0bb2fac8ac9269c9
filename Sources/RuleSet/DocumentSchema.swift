import Findings
import ShippedRules

/// JSON Schemas of the documents that people write, made from the same vocabulary that their readers have: editors complete
/// names and mark mistakes by them. What is right is decided by the readers, which know more than a schema can say.
public enum DocumentSchema: String, CaseIterable, Sendable {
  case rule
  case ruleSet = "rule-set"
  case scope
  case syncError = "sync-error"
  case suppressions, configuration, attributes
  case objectClasses = "object-classes"
  case eventLabels = "event-labels"
  case exportProperties = "export-properties"
  case exchangeBuilds = "exchange-builds"

  /// The schema as JSON.
  ///
  /// - Parameters:
  ///   - checks: the kinds of checks that rules can have.
  ///   - options: names of the command line's options, and whether each takes a value.
  public func json(checks: CheckVocabulary, options: [String: Bool]) -> String {
    """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": \(Self.quoted(title)),
    \(body(checks, options)),
      "$defs": {
        "name": { "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$" },
        "attribute": { "type": "string", "pattern": "^[A-Za-z][A-Za-z0-9-]*$" },
        "line": { "type": "string", "minLength": 1 },
        "scalar": { "type": ["string", "number", "boolean", "null"] },
        "references": { "type": "array", "minItems": 1, "items": { "type": "string", "pattern": "^https?://" } }
      }
    }
    """
  }

  private var title: String {
    switch self {
    case .rule: "A rule of dirsync-lint"
    case .ruleSet: "A rule set of dirsync-lint"
    case .scope: "A scope of dirsync-lint"
    case .syncError: "An error of synchronization that dirsync-lint knows"
    case .suppressions: "Findings that somebody accepted"
    case .configuration: "Options of dirsync-lint"
    case .attributes: "Facts about attributes"
    case .objectClasses: "Facts about object classes"
    case .exportProperties: "What properties of exported objects show"
    case .eventLabels: "Labels of events in several languages"
    case .exchangeBuilds: "Builds of Exchange"
    }
  }

  private func body(_ checks: CheckVocabulary, _ options: [String: Bool]) -> String {
    switch self {
    case .rule: Self.rule(checks)
    case .ruleSet: Self.ruleSetBody
    case .scope: Self.scopeBody
    case .syncError: Self.syncErrorBody
    case .suppressions: Self.suppressionsBody
    case .configuration: Self.configuration(options)
    case .attributes: Self.table("attributes", Self.attributeFacts)
    case .objectClasses: Self.table("object-classes", Self.objectClassFacts)
    case .exportProperties: Self.table("export-properties", Self.exportPropertyFacts)
    case .eventLabels:
      Self.table("event-labels", ##""type": "array", "uniqueItems": true, "items": { "$ref": "#/$defs/line" }"##)
    case .exchangeBuilds: Self.exchangeBuildsBody
    }
  }

  // MARK: - Rules

  private static func rule(_ checks: CheckVocabulary) -> String {
    object(
      RuleReader.keys,
      required: [
        "id", "title", "status", "severity", "effect", "certainty", "check", "message", "explanation", "references",
      ],
      [
        "id": name, "title": line, "status": choice(Rule.Status.self), "severity": choice(Severity.self),
        "effect": choice(Effect.self), "certainty": choice(Certainty.self), "attribute": attribute,
        "attributes": list(of: attribute), "requires": choice(Rule.Requirement.self), "message": line,
        "explanation": line, "references": references,
        "annotations": #"{ "type": "object", "additionalProperties": false, "properties": { "labels": "#
          + choice(IdfixError.self) + " } }",
        "applies-to": #"{ "type": "object", "additionalProperties": false, "properties": { "object-class": "#
          + list(of: line) + #", "filter": "# + line + " } }",
        "check": one(of: checks.names, alone: checks.kinds.filter { $0.alone != nil }.map { $0.name }),
        "suggestion": one(of: SuggestionRecipe.Kind.allCases.map(\.rawValue), besides: ["except"]),
        "examples": #"{ "type": "object", "additionalProperties": false, "required": ["valid", "invalid"], "#
          + #""properties": { "valid": { "type": "array", "minItems": 1 }, "#
          + #""invalid": { "type": "array", "minItems": 1 } } }"#,
      ]
    ) + ",\n  \"oneOf\": [{ \"required\": [\"attribute\"] }, { \"required\": [\"attributes\"] }],\n  "
      + "\"anyOf\": [{ \"required\": [\"examples\"] }, { \"properties\": { \"check\": \(withoutExamples(checks)) } }]"
  }

  /// Checks that are not about entries, and so have no examples.
  private static func withoutExamples(_ checks: CheckVocabulary) -> String {
    one(of: checks.kinds.filter { $0.subject != .entries }.map { $0.name })
  }

  private static var ruleSetBody: String {
    object(
      RuleSetReader.keys, required: ["rule-set", "title", "description"],
      [
        "rule-set": name, "title": line, "description": line, "scope": name, "extends": list(of: name),
        "rules": list(
          of: #"{ "oneOf": ["# + name + #", { "type": "object", "minProperties": 1, "maxProperties": 1, "#
            + #""additionalProperties": "# + choice(Severity.self) + " }] }"),
      ])
  }

  private static var scopeBody: String {
    let exclusion =
      #"{ "type": "object", "additionalProperties": false, "required": ["reason", "filter"], "properties": { "#
      + #""reason": "# + line + #", "object-class": "# + list(of: line) + #", "filter": "# + line
      + #", "attributes": "# + list(of: line) + #", "references": "# + references + " } }"
    return object(
      ScopeReader.keys, required: ["scope"],
      ["scope": name, "object-class": list(of: line), "exclude": list(of: exclusion)])
  }

  private static var syncErrorBody: String {
    object(
      SyncErrorDefinitionReader.keys,
      required: [
        "sync-error", "title", "severity", "certainty", "meaning", "cause", "remedy", "references", "examples",
      ],
      [
        "sync-error": name, "title": line, "severity": choice(Severity.self), "certainty": choice(Certainty.self),
        "types": list(of: scalar), "events": list(of: scalar), "templates": list(of: line),
        "fallback": #"{ "const": true }"#, "refuses-value": #"{ "const": true }"#, "meaning": line, "cause": line,
        "remedy": line,
        "can-also-mean": list(of: line), "references": references,
        "examples": #"{ "type": "array", "minItems": 1, "items": { "type": "object", "required": ["text"] } }"#,
      ])
  }

  // MARK: - Other documents

  private static var suppressionsBody: String {
    let properties = [
      "rule": name, "fingerprint": #"{ "type": "string", "pattern": "^[0-9A-Fa-f]{32}$" }"#, "reason": line,
      "owner": line, "expires": #"{ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }"#,
    ]
    let members = SuppressionFile.keys.map { "\(quoted($0)): \(properties[$0] ?? scalar)" }.joined(separator: ", ")
    let item =
      #"{ "type": "object", "additionalProperties": false, "required": ["reason", "owner"], "#
      + #""anyOf": [{ "required": ["rule"] }, { "required": ["fingerprint"] }], "properties": { \#(members) } }"#
    return object(["suppressions"], required: ["suppressions"], ["suppressions": list(of: item)])
  }

  private static func configuration(_ options: [String: Bool]) -> String {
    let value = #"{ "anyOf": ["# + scalar + ", " + list(of: scalar) + "] }"
    var properties = options.mapValues { $0 ? value : #"{ "type": "boolean" }"# }
    properties["sources"] = value
    return object(properties.keys.sorted(), required: [], properties)
  }

  private static var attributeFacts: String {
    let properties = [
      ("syntax", choice(AttributeFacts.Syntax.self)), ("multivalued", #"{ "const": true }"#),
      ("typed", #"{ "const": true }"#), ("identifies", choice(AttributeFacts.Identity.self)),
      ("cloud", list(of: line)), ("idfix", #"{ "const": true }"#), ("personal", #"{ "const": false }"#),
    ]
    return facts(properties)
  }

  private static var objectClassFacts: String {
    facts([("specific", #"{ "const": true }"#), ("superclass", attribute), ("always", list(of: attribute))])
  }

  private static var exportPropertyFacts: String {
    facts([
      ("attribute", attribute), ("form", choice(PropertyFacts.Form.self)),
      ("numbers", list(of: #"{ "type": "string", "pattern": "^[A-Za-z0-9]+=-?[0-9]+$" }"#)),
      ("of", #"{ "const": "exchange" }"#),
    ])
  }

  private static var exchangeBuildsBody: String {
    let number = #"{ "type": "integer", "minimum": 1 }"#
    let item =
      #"{ "type": "object", "additionalProperties": false, "required": ["name", "schema", "domain", "organization"], "#
      + #""properties": { "name": \#(line), "schema": \#(number), "domain": \#(number), "organization": \#(number) } }"#
    return object(["exchange-builds"], required: ["exchange-builds"], ["exchange-builds": list(of: item)])
  }

  // MARK: - Parts

  private static let name = ##"{ "$ref": "#/$defs/name" }"##
  private static let attribute = ##"{ "$ref": "#/$defs/attribute" }"##
  private static let line = ##"{ "$ref": "#/$defs/line" }"##
  private static let scalar = ##"{ "$ref": "#/$defs/scalar" }"##
  private static let references = ##"{ "$ref": "#/$defs/references" }"##

  /// An object of just these keys, in their order; one without a schema of its own may be anything.
  private static func object(_ keys: [String], required: [String], _ properties: [String: String]) -> String {
    let members = keys.map { "    \(quoted($0)): \(properties[$0] ?? "{}")" }.joined(separator: ",\n")
    let first = required.map(quoted).joined(separator: ", ")
    return """
        "type": "object",
        "additionalProperties": false,
        "required": [\(first)],
        "properties": {
      \(members)
        }
      """
  }

  private static func table(_ key: String, _ row: String) -> String {
    object([key], required: [key], [key: "{ \"type\": \"object\", \"additionalProperties\": { \(row) } }"])
  }

  private static func facts(_ properties: [(String, String)]) -> String {
    let members = properties.map { "\(quoted($0.0)): \($0.1)" }.joined(separator: ", ")
    return "\"type\": \"object\", \"additionalProperties\": false, \"properties\": { \(members) }"
  }

  private static func choice<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> String
  where Word.RawValue == String {
    "{ \"enum\": [\(Word.allCases.map { quoted($0.rawValue) }.joined(separator: ", "))] }"
  }

  private static func list(of item: String) -> String { "{ \"type\": \"array\", \"items\": \(item) }" }

  /// A mapping with one of these names, or one of those that may stand alone.
  private static func one(of names: [String], alone: [String] = [], besides others: [String] = []) -> String {
    let properties = (names + others).map { "\(quoted($0)): {}" }.joined(separator: ", ")
    let mapping =
      "{ \"type\": \"object\", \"minProperties\": 1, \"maxProperties\": \(1 + others.count), "
      + "\"additionalProperties\": false, "
      + "\"properties\": { \(properties) } }"
    guard !alone.isEmpty else { return mapping }
    return "{ \"oneOf\": [{ \"enum\": [\(alone.map(quoted).joined(separator: ", "))] }, \(mapping)] }"
  }

  /// Names and titles hold nothing that JSON escapes.
  private static func quoted(_ name: String) -> String { "\"\(name)\"" }
}
