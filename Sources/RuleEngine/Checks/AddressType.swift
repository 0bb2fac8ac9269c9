import RuleSet

/// `address-type`: the text before the first colon is missing, unknown or refused.
struct AddressTypeCheck: CheckKind {
  static let name = "address-type"

  let isRequired: Bool
  let known: [String]?
  let refused: [String]

  init?(_ node: RuleNode) {
    guard let options = node.mapping(["required", "known", "refused"], what: "`address-type`") else { return nil }
    if options.keys.isEmpty {
      node.report("`address-type` has no options; give `required: true`, `known:` or `refused:`")
      return nil
    }
    let isRequired = options.optional("required", default: false) { $0.onlyTrue() }
    let known = options.optional("known") { $0.list { $0.addressType()?.lowercased() } }
    let refused = options.optional("refused", default: []) { $0.list { $0.addressType()?.lowercased() } }
    guard !options.hasMistakes, let isRequired, let known, let refused else { return nil }
    if let both = known?.first(where: refused.contains) {
      node.report("`\(both)` is both in `known` and in `refused`; keep one")
      return nil
    }
    self.isRequired = isRequired
    self.known = known
    self.refused = refused
  }

  func words(for rule: Rule) -> String {
    var parts: [String] = []
    if isRequired { parts.append("there is no address type before a colon") }
    if let known { parts.append("the address type is none of \(RuleWords.list(known.map(RuleWords.code)))") }
    if !refused.isEmpty { parts.append("the address type is \(RuleWords.list(refused.map(RuleWords.code)))") }
    return parts.joined(separator: ", or ")
  }

  func test(_ draft: inout CheckDraft) -> AddressTypeTest {
    AddressTypeTest(
      isRequired: isRequired, known: known.map { draft.add($0, folds: true) },
      refused: refused.isEmpty ? nil : draft.add(refused, folds: true))
  }
}

/// `address-type`, compiled.
struct AddressTypeTest: ValueTesting {
  let isRequired: Bool
  let known: CheckTables.Texts?
  let refused: CheckTables.Texts?

  func fails(_ value: Span<UInt8>, _ shape: ValueShape, _ tables: CheckTables) -> Bool {
    guard shape.colon > 0 else { return isRequired }
    let type = value.extracting(0..<shape.colon)
    if let known, !TextSearch.contains(tables[known], type, isExact: false) { return true }
    return refused.map { TextSearch.contains(tables[$0], type, isExact: false) } ?? false
  }

  func mark(
    _ issue: inout Issue, _ value: Span<UInt8>, _ range: Range<Int>, _ shape: ValueShape, _ tables: CheckTables
  ) {
    if shape.colon > 0 { issue.flagged = [0..<shape.colon] }
  }

  func passesAll(_ values: PlainValues, _ part: ValuePart, _ tables: CheckTables) -> Bool {
    guard values.shape != .other, !values.hasOtherType else { return false }
    guard let type = values.type else { return !isRequired }
    if let known, !tables[known].contains(type) { return false }
    return refused.map { !tables[$0].contains(type) } ?? true
  }
}
