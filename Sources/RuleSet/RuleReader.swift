import Directory
import Findings

/// Reads a rule from its file. Every mistake is reported at its place; a rule with a mistake is none.
struct RuleReader {
  static let keys = [
    "id", "title", "status", "severity", "effect", "certainty", "attribute", "attributes", "applies-to", "when",
    "requires", "unless", "check", "message", "suggestion", "explanation", "references", "annotations", "examples",
  ]
  /// Classes that synchronization takes: what a rule and a scope are about when they name no classes.
  static let defaultClasses = ["user", "inetorgperson", "group", "contact"]

  let mapping: RuleMapping
  /// The kinds of checks there are.
  private let checks: CheckVocabulary

  init?(_ root: RuleNode, _ checks: CheckVocabulary) {
    guard let mapping = root.mapping(Self.keys, what: "a rule") else { return nil }
    self.mapping = mapping
    self.checks = checks
  }

  /// The rule, or nil when anything in the file is wrong.
  func read() -> Rule? {
    let id = mapping.required("id", "kebab-case-name").flatMap(name)
    let title = mapping.required("title", "one line for people").flatMap { $0.proseText() }
    let status = mapping.required("status", "stable").flatMap { $0.choice(Rule.Status.self) }
    let severity = mapping.required("severity", "error").flatMap { $0.choice(Severity.self) }
    let effect = mapping.required("effect", "blocked").flatMap { $0.choice(Effect.self) }
    let certainty = mapping.required("certainty", "documented").flatMap { $0.choice(Certainty.self) }
    let attributes = attributes()
    let applies = appliesTo()
    let when = mapping.optional("when", default: ValueCondition(), readWhen)
    let requirement = mapping.optional("requires") { $0.choice(Rule.Requirement.self) }
    let check = mapping.required("check", "{ length: { max: 64 } }").flatMap { checks.read($0) }
    let message = mapping.required("message", "\"{value} is too long\"").flatMap { readMessage($0, check) }
    let suggestion = mapping.optional("suggestion") { SuggestionReader.read($0, check, checks) }
    let unless = mapping.optional("unless", default: []) { $0.list { $0.kebabName() } }
    let explanation = mapping.required("explanation", "what happens and what to do").flatMap {
      $0.proseText(lines: true)
    }
    let references = mapping.required("references", "[https://…]").flatMap { $0.list { $0.reference() } }
    let annotations = mapping.optional("annotations") { Self.annotations($0) }
    let kind = mapping["check"].flatMap { checks.kind(namedBy: $0) }
    let examples = readExamples(kind, attributes ?? [])
    checkRequirement(check, requirement)
    checkSubject(kind)
    guard !mapping.hasMistakes, let id, let title, let status, let severity, let effect, let certainty, let attributes,
      let applies, let when, let requirement, let check, let message, let suggestion, let explanation, let references,
      let annotations, let examples, let unless
    else { return nil }
    var rule = Rule(
      id: id, title: title, status: status, severity: severity, effect: effect, certainty: certainty,
      attributes: attributes, objectClasses: applies.classes, filter: applies.filter, when: when,
      requirement: requirement, check: check, message: message, suggestion: suggestion?.recipe,
      explanation: explanation.trimmingSpace, references: references,
      annotations: annotations ?? IdfixError.standard(for: check).map { [$0.annotation] } ?? [], examples: examples,
      location: SourceLocation(source: mapping.node.file.path, line: mapping.node.location.line))
    rule.unless = unless
    rule.suggestionExcept = suggestion?.except
    return rule
  }

  private static func annotations(_ node: RuleNode) -> [Annotation]? {
    guard let mapping = node.mapping([Annotation.labels], what: "annotations") else { return nil }
    let label = mapping.required(Annotation.labels, "Character").flatMap { $0.choice(IdfixError.self) }
    return label.map { [$0.annotation] }
  }

  /// The rule's id: the file's name.
  private func name(_ node: RuleNode) -> String? { node.fileName(what: "id") }

  private func attributes() -> [String]? {
    switch (mapping["attribute"], mapping["attributes"]) {
    case (let one?, nil): return one.attributeName().map { [$0] }
    case (nil, let several?): return several.list { $0.attributeName() }
    case (.some, let several?):
      several.report("`attribute` and `attributes` are both given; keep one")
      return nil
    case (nil, nil): return mapping.required("attribute", "mail").map { _ in [] }
    }
  }

  private func appliesTo() -> (classes: [String], filter: Filter?)? {
    guard let node = mapping["applies-to"] else { return (Self.defaultClasses, nil) }
    guard let mapping = node.mapping(["object-class", "filter"], what: "`applies-to`") else { return nil }
    if mapping.keys.isEmpty { return node.nothing("`applies-to` is empty; give `object-class:` or `filter:`") }
    let classes = mapping.optional("object-class", default: Self.defaultClasses) { $0.objectClasses() }
    let filter = mapping.optional("filter") { $0.filter() }
    guard !mapping.hasMistakes, let classes, let filter else { return nil }
    return (classes, filter)
  }

  private func readWhen(_ node: RuleNode) -> ValueCondition? {
    let known = ["value-prefix", "value-prefix-not", "value-prefix-exact"]
    guard let mapping = node.mapping(known, what: "`when`") else { return nil }
    if mapping.keys.isEmpty { return node.nothing("`when` is empty; give `value-prefix:` or leave it out") }
    var condition = ValueCondition()
    let prefixes = mapping.optional("value-prefix", default: []) { $0.list { $0.addressType()?.lowercased() } }
    let excluded = mapping.optional("value-prefix-not", default: []) { $0.list { $0.addressType()?.lowercased() } }
    let exact = mapping.optional("value-prefix-exact", default: []) { $0.list { $0.addressType() } }
    guard !mapping.hasMistakes, let prefixes, let excluded, let exact else { return nil }
    if let both = prefixes.first(where: excluded.contains) {
      return node.nothing("`\(both)` is both in `value-prefix` and in `value-prefix-not`; keep one")
    }
    condition.prefixes = prefixes
    condition.excludedPrefixes = excluded
    condition.exactPrefixes = exact
    return condition
  }

  private func readMessage(_ node: RuleNode, _ check: (any CheckKind)?) -> MessageTemplate? {
    guard let text = node.proseText() else { return nil }
    if text.hasSuffix(".") { return node.nothing("the message ends with a full stop; leave it out") }
    do {
      let message = try MessageTemplate(parsing: text)
      return check.map { isAvailable(message, $0, node) } ?? true ? message : nil
    } catch {
      node.report(column: error.column, of: text, error.message)
      return nil
    }
  }

  private func isAvailable(_ message: MessageTemplate, _ check: any CheckKind, _ node: RuleNode) -> Bool {
    for case .placeholder(let placeholder) in message.pieces {
      guard let needed = checks.mistake(in: placeholder, with: check) else { continue }
      node.report("{\(placeholder.rawValue)} is nothing here: it needs \(needed)")
      return false
    }
    return true
  }

  /// Examples are entries: a rule about something else has none.
  private func readExamples(_ kind: (any CheckKind.Type)?, _ attributes: [String]) -> Examples? {
    if let kind, kind.subject != .entries, mapping["examples"] == nil {
      return Examples(valid: [], invalid: [])
    }
    return mapping.required("examples", "{ valid: […], invalid: […] }").flatMap {
      ExampleReader(attributes: attributes).read($0)
    }
  }

  /// What only entries can have means nothing in a rule about something else.
  private func checkSubject(_ kind: (any CheckKind.Type)?) {
    guard let kind, kind.subject != .entries else { return }
    for key in ["applies-to", "when", "requires", "unless", "suggestion", "annotations", "examples"] {
      guard let node = mapping[key] else { continue }
      node.report(
        "`\(key)` means nothing with the check `\(kind.name)`, which judges no entries; take it out")
      mapping.hasMistakes = true
    }
  }

  /// A check that needs something of the command line means nothing without it.
  private func checkRequirement(_ check: (any CheckKind)?, _ requirement: Rule.Requirement??) {
    guard let (option, needed) = check?.requirement, let requirement, requirement != needed else { return }
    (mapping["check"] ?? mapping.node).report("`\(option)` needs `requires: \(needed.rawValue)` in the rule")
    mapping.hasMistakes = true
  }
}

extension RuleNode {
  /// Reports a problem and is nil.
  public func nothing<Value>(_ message: String) -> Value? {
    report(message)
    return nil
  }

  /// The kebab-case name of what a file holds, which is also the file's name.
  func fileName(what: String) -> String? {
    guard let text = kebabName() else { return nil }
    guard text == file.name else {
      return nothing(
        "the \(what) `\(text)` is not the name of its file; rename the file to \(text).yaml, or write `\(file.name)`")
    }
    return text
  }

  /// A name of lower-case ASCII letters and digits, with single hyphens between them.
  func kebabName() -> String? {
    guard let text = text() else { return nil }
    let words = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    let isKebab = words.allSatisfy { word in
      !word.isEmpty && word.allSatisfy { $0 &- 0x61 < 26 || $0 &- 0x30 < 10 }
    }
    guard isKebab, text.utf8.count <= 100 else {
      return nothing(
        "`\(text)` is not kebab-case; write lower-case letters and digits with hyphens, as in mail-too-long")
    }
    return text
  }

  /// The LDAP display name of an attribute.
  public func attributeName() -> String? {
    guard let text = text() else { return nil }
    return AttributeName.isValid(text)
      ? text : nothing("`\(text)` is not the name of an attribute; write its LDAP display name, as in proxyAddresses")
  }

  /// Object classes in lower case; none for `[any]`.
  public func objectClasses() -> [String]? {
    guard let names = list({ $0.attributeName()?.lowercased() }) else { return nil }
    guard names.contains("any") else { return names }
    return names.count == 1 ? [] : nothing("`any` stands for every class; write it alone, as in [any]")
  }

  /// The URL of a source.
  func reference() -> String? {
    guard let text = proseText() else { return nil }
    let isURL =
      (text.hasPrefix("https://") || text.hasPrefix("http://"))
      && text.unicodeScalars.allSatisfy { !$0.isWhiteSpace }
    return isURL ? text : nothing("`\(text)` is no URL; write one such as https://learn.microsoft.com/…")
  }

  /// An LDAP filter.
  public func filter() -> Filter? {
    guard let text = text() else { return nil }
    do {
      return try Filter(parsing: text)
    } catch {
      report(column: error.column, of: text, error.message)
      return nil
    }
  }

  /// An address type: the text before the first colon of an address.
  public func addressType() -> String? {
    guard let text = proseText() else { return nil }
    return text.contains(":")
      ? nothing("`\(text)` has a colon; an address type is the text before it, as in smtp") : text
  }
}

extension String {
  /// The text without white space at its ends, which folded YAML texts have.
  var trimmingSpace: String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.isWhiteSpace }),
      let last = scalars.lastIndex(where: { !$0.isWhiteSpace })
    else { return "" }
    return String(scalars[first...last])
  }
}

extension Unicode.Scalar {
  /// Whether it is white space of Unicode; ASCII is told without a look-up.
  var isWhiteSpace: Bool { isASCII ? self == " " || 9...13 ~= value : properties.isWhitespace }
}
