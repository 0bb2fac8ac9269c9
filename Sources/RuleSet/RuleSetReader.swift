import Directory
import Findings

/// A name that must be that of a rule, rule set or scope, and where it stands.
struct NameReference {
  var name: String
  var location: SourceLocation
}

/// A rule set and the places of the names in it, which are looked up when all files have been read.
struct RuleSetFile {
  var definition: RuleSetDefinition
  var extends: [NameReference]
  var scope: NameReference?
  var rules: [NameReference]
}

/// Reads rule sets.
enum RuleSetReader {
  static let keys = ["rule-set", "title", "description", "extends", "scope", "rules"]

  static func read(_ root: RuleNode) -> RuleSetFile? {
    guard let mapping = root.mapping(keys, what: "a rule set") else { return nil }
    let name = mapping.required("rule-set", "kebab-case-name").flatMap(name)
    let title = mapping.required("title", "one line for people").flatMap { $0.proseText() }
    let description = mapping.required("description", "what the set is for").flatMap { $0.proseText(lines: true) }
    let extends = mapping.optional("extends", default: []) { $0.list(reference) }
    let scope = mapping.optional("scope", reference)
    let rules = mapping.optional("rules", default: [], readRules)
    if mapping["rules"] == nil, mapping["extends"] == nil {
      root.report("`rules` is missing; write `rules: [rule-id]`, or `extends: [rule-set]`")
      return nil
    }
    guard !mapping.hasMistakes, let name, let title, let description, let extends, let scope, let rules else {
      return nil
    }
    let definition = RuleSetDefinition(
      name: name, title: title, description: description.trimmingSpace, extends: extends.map(\.name),
      scope: scope?.name, rules: rules.map { ($0.reference.name, $0.severity) },
      location: SourceLocation(source: root.file.path, line: root.location.line))
    return RuleSetFile(definition: definition, extends: extends, scope: scope, rules: rules.map(\.reference))
  }

  private static func name(_ node: RuleNode) -> String? {
    guard let name = node.fileName(what: "rule set") else { return nil }
    return name == RuleSetDefinition.emptyName
      ? node.nothing("`\(name)` is the built-in rule set without rules; choose another name") : name
  }

  static func reference(_ node: RuleNode) -> NameReference? {
    node.kebabName().map { NameReference(name: $0, location: node.location) }
  }

  private typealias Item = (reference: NameReference, severity: Severity?)

  private static func readRules(_ node: RuleNode) -> [(reference: NameReference, severity: Severity?)]? {
    guard let items = node.items() else { return nil }
    var seen: Set<String> = []
    var rules: [Item] = []
    for item in items {
      guard let rule = readRule(item) else { continue }
      if seen.insert(rule.reference.name).inserted {
        rules.append(rule)
      } else {
        item.report("`\(rule.reference.name)` is in the list twice; keep one")
      }
    }
    return rules.count == items.count ? rules : nil
  }

  /// `rule-id` or `rule-id: severity`.
  private static func readRule(_ node: RuleNode) -> Item? {
    if case .scalar = node.node { return reference(node).map { ($0, nil) } }
    guard let mapping = node.anyMapping(what: "a rule id") else { return nil }
    guard mapping.keys.count == 1, let (name, key) = mapping.keys.first, let value = mapping[name] else {
      return mapping.hasMistakes ? nil : node.nothing("expected a rule id or one `rule-id: severity`")
    }
    guard let reference = reference(key), let severity = value.choice(Severity.self) else { return nil }
    return (reference, severity)
  }
}

/// Reads scopes.
enum ScopeReader {
  static let keys = ["scope", "object-class", "exclude"]

  static func read(_ root: RuleNode) -> Scope? {
    guard let mapping = root.mapping(keys, what: "a scope") else { return nil }
    let name = mapping.required("scope", "kebab-case-name").flatMap { $0.fileName(what: "scope") }
    let classes = mapping.optional("object-class", default: RuleReader.defaultClasses) { $0.objectClasses() }
    let exclusions = mapping.optional("exclude", default: []) { node -> [Scope.Exclusion]? in
      guard let items = node.items() else { return nil }
      let exclusions = items.compactMap { readExclusion($0, of: classes ?? []) }
      return exclusions.count == items.count ? exclusions : nil
    }
    guard !mapping.hasMistakes, let name, let classes, let exclusions else { return nil }
    return Scope(
      name: name, objectClasses: classes, exclusions: exclusions,
      location: SourceLocation(source: root.file.path, line: root.location.line))
  }

  private static func readExclusion(_ node: RuleNode, of scope: [String]) -> Scope.Exclusion? {
    let known = ["reason", "object-class", "filter", "attributes", "references"]
    guard let mapping = node.mapping(known, what: "an exclusion") else { return nil }
    let reason = mapping.required("reason", "critical system object").flatMap { $0.proseText() }
    let classes = mapping.optional("object-class", default: []) { $0.objectClasses() }
    let filter = mapping.required("filter", "\"(isCriticalSystemObject=TRUE)\"").flatMap { $0.filter() }
    let attributes = mapping.optional("attributes", default: []) { $0.list { $0.attributeName() } }
    let references = mapping.optional("references", default: []) { $0.list { $0.reference() } }
    guard !mapping.hasMistakes, let reason, let classes, let filter, let attributes, let references else { return nil }
    if !scope.isEmpty, let other = classes.first(where: { !scope.contains($0) }) {
      return node.nothing(
        "the class `\(other)` is not in the scope; take it out or add it to the scope's `object-class`")
    }
    return Scope.Exclusion(
      reason: reason, objectClasses: classes, filter: filter, attributes: attributes, references: references)
  }
}
