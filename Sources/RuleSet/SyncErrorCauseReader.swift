import Directory

/// Reads the parts of an error's definition that depend on what its text or its object says.
enum SyncErrorCauseReader {
  /// A text with the code in a hole.
  static func code(_ node: RuleNode) -> SyncErrorTemplate? {
    guard let template = SyncErrorDefinitionReader.template(node) else { return nil }
    guard template.holeNames.filter({ !$0.hasPrefix("any") }).count == 1 else {
      return node.nothing("one hole is for the code, as in RPC Error {rpc-error:number}")
    }
    return template
  }

  static func causes(_ node: RuleNode) -> [SyncErrorDefinition.Cause]? {
    var seen: Set<String> = []
    return node.list { item in
      guard let mapping = item.mapping(["codes", "cause", "remedy", "references"], what: "a cause") else { return nil }
      let codes = mapping.required("codes", "['1722', '0x6ba']").flatMap { list in
        list.list { code -> String? in
          guard let text = code.text().map(\.trimmingSpace), !text.isEmpty else { return nil }
          guard seen.insert(SyncErrorDefinition.comparable(text)).inserted else {
            return code.nothing("the code `\(text)` is there twice; a code has one cause")
          }
          return text
        }
      }
      let cause = mapping.required("cause", "how it comes about").flatMap { $0.proseText(lines: true) }
      let remedy = mapping.required("remedy", "what to do").flatMap { $0.proseText(lines: true) }
      let references = mapping.optional("references", default: []) { $0.list { $0.reference() } }
      guard !mapping.hasMistakes, let codes, let cause, let remedy, let references else { return nil }
      return SyncErrorDefinition.Cause(
        codes: codes, cause: cause.trimmingSpace, remedy: remedy.trimmingSpace, references: references)
    }
  }

  static func total(_ node: RuleNode) -> SyncErrorDefinition.Total? {
    guard let mapping = node.mapping(["field", "limit", "if-over"], what: "a total") else { return nil }
    let field = mapping.required("field", "migrations").flatMap { $0.proseText() }
    let limit = mapping.required("limit", "100").flatMap { $0.integer(in: 0...1_000_000) }
    let excess = mapping.required("if-over", "what to say").flatMap { $0.proseText(lines: true) }
    guard !mapping.hasMistakes, let field, let limit, let excess else { return nil }
    return SyncErrorDefinition.Total(field: field, limit: Int(limit), excess: excess.trimmingSpace)
  }

  static func look(_ node: RuleNode) -> SyncErrorDefinition.Look? {
    let keys = ["attribute", "in-domain", "if-there", "if-missing"]
    guard let mapping = node.mapping(keys, what: "a look at an attribute") else { return nil }
    let attribute = mapping.required("attribute", "proxyAddresses").flatMap { $0.proseText() }
    let domain: String?? = mapping.optional("in-domain") { $0.proseText() }
    let present: String?? = mapping.optional("if-there") { $0.proseText(lines: true) }
    let absent: String?? = mapping.optional("if-missing") { $0.proseText(lines: true) }
    if mapping["if-there"] == nil, mapping["if-missing"] == nil {
      return node.nothing("nothing says what the attribute tells; write `if-there:` or `if-missing:`")
    }
    guard !mapping.hasMistakes, let attribute, let domain, let present, let absent else { return nil }
    return SyncErrorDefinition.Look(
      attribute: attribute, domainField: domain, present: present?.trimmingSpace, absent: absent?.trimmingSpace)
  }
}
