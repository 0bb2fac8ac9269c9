import Directory
import Findings

/// Reads the definition of an error of synchronization from its file. Every mistake is reported at its place.
struct SyncErrorDefinitionReader {
  static let keys = [
    "sync-error", "title", "severity", "certainty", "types", "events", "templates", "fallback", "refuses-value",
    "meaning", "cause",
    "remedy", "about", "codes", "causes", "look-at", "total", "if-no-object",
    "can-also-mean", "references", "examples",
  ]

  static func read(_ root: RuleNode) -> SyncErrorDefinition? {
    guard let mapping = root.mapping(keys, what: "a sync error") else { return nil }
    let id = mapping.required("sync-error", "kebab-case-name").flatMap(id)
    let title = mapping.required("title", "one line for people").flatMap { $0.proseText() }
    let severity = mapping.required("severity", "error").flatMap { $0.choice(Severity.self) }
    let certainty = mapping.required("certainty", "documented").flatMap { $0.choice(Certainty.self) }
    let types = mapping.optional("types", default: []) { $0.list { $0.proseText() } }
    let events = mapping.optional("events", default: []) { $0.list(event) }
    let templates = mapping.optional("templates", default: []) { $0.list(template) }
    let isFallback: Bool? = mapping.optional("fallback", default: false, { $0.onlyTrue() })
    let refusesValue: Bool? = mapping.optional("refuses-value", default: false, { $0.onlyTrue() })
    let meaning = mapping.required("meaning", "what it says").flatMap { $0.proseText(lines: true) }
    let cause = mapping.required("cause", "how it comes about").flatMap { $0.proseText(lines: true) }
    let remedy = mapping.required("remedy", "what to do").flatMap { $0.proseText(lines: true) }
    let subject = mapping.optional("about", default: .object) { $0.choice(SyncErrorDefinition.Subject.self) }
    let codes = mapping.optional("codes", default: []) { $0.list(SyncErrorCauseReader.code) }
    let causes = mapping.optional("causes", default: []) { SyncErrorCauseReader.causes($0) }
    let looks = mapping.optional("look-at", default: []) { $0.list(SyncErrorCauseReader.look) }
    let total: SyncErrorDefinition.Total?? = mapping.optional("total") { SyncErrorCauseReader.total($0) }
    let ifNoObject: String?? = mapping.optional("if-no-object") { $0.proseText(lines: true) }
    let alternatives = mapping.optional("can-also-mean", default: []) { $0.list { $0.proseText(lines: true) } }
    let references = mapping.required("references", "[https://…]").flatMap { $0.list { $0.reference() } }
    let examples = mapping.required("examples", "[{ text: …, fields: { dn: … } }]").flatMap { node in
      node.items().flatMap { items -> [SyncErrorDefinition.Example]? in
        let examples = items.compactMap(example)
        return examples.count == items.count ? examples : nil
      }
    }
    if mapping["types"] == nil, mapping["events"] == nil, mapping["templates"] == nil {
      root.report("nothing says how the error is recognised; write `templates:`, `types:` or `events:`")
      return nil
    }
    if mapping["causes"] == nil, let node = mapping["codes"] {
      node.report("codes tell causes apart; write `causes:`, or leave them out")
    }
    guard !mapping.hasMistakes, let subject, let codes, let causes, let looks, let total, let ifNoObject, let id,
      let title,
      let severity, let certainty, let types, let events, let templates,
      let isFallback, let refusesValue, let meaning, let cause, let remedy, let alternatives, let references,
      let examples
    else { return nil }
    return SyncErrorDefinition(
      id: id, title: title, severity: severity, certainty: certainty, types: types, events: events,
      templates: templates, isFallback: isFallback, refusesValue: refusesValue,
      meaning: meaning.trimmingSpace, cause: cause.trimmingSpace, remedy: remedy.trimmingSpace,
      codes: codes, causes: causes, subject: subject, looks: looks, total: total,
      ifNoObject: ifNoObject?.trimmingSpace,
      alternatives: alternatives.map(\.trimmingSpace), references: references, examples: examples,
      location: SourceLocation(source: root.file.path, line: root.location.line))
  }

  private static func id(_ node: RuleNode) -> String? {
    guard let name = node.fileName(what: "id") else { return nil }
    return name == "unknown" ? node.nothing("`unknown` stands for errors without a definition; choose another") : name
  }

  /// `6941` or `ADSync 6941`.
  private static func event(_ node: RuleNode) -> SyncErrorDefinition.Event? {
    guard let text = node.proseText() else { return nil }
    let words = text.split(separator: " ")
    guard let last = words.last, let id = Int(last), (0...0xFFFF).contains(id) else {
      return node.nothing("`\(text)` is no event; write its id, or the provider and the id, as in ADSync 6941")
    }
    let source = words.dropLast().joined(separator: " ")
    return SyncErrorDefinition.Event(source: source.isEmpty ? nil : source, id: id)
  }

  static func template(_ node: RuleNode) -> SyncErrorTemplate? {
    guard let text = node.proseText(lines: true) else { return nil }
    do throws(TemplateError) {
      return try SyncErrorTemplate(parsing: text.trimmingSpace)
    } catch {
      node.report(column: error.column, of: text, error.message)
      return nil
    }
  }

  private static func example(_ node: RuleNode) -> SyncErrorDefinition.Example? {
    guard let mapping = node.mapping(["text", "fields"], what: "an example") else { return nil }
    let text = mapping.required("text", "the error as pasted").flatMap { $0.proseText(lines: true) }
    let fields = mapping.optional("fields", default: []) { node -> [(name: String, value: String)]? in
      guard let fields = node.anyMapping(what: "fields") else { return nil }
      let read = fields.keys.compactMap { name, _ in fields[name]?.text().map { (name: name, value: $0) } }
      return read.count == fields.keys.count && !fields.hasMistakes ? read : nil
    }
    guard !mapping.hasMistakes, let text, let fields else { return nil }
    return SyncErrorDefinition.Example(text: text, fields: fields, location: node.location)
  }
}
