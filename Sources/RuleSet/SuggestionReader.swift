/// Reads the suggestion of a rule.
enum SuggestionReader {
  /// What `repair-address` is given where the attribute holds addresses without a type.
  static let bareAddress = "bare"

  /// The suggestion and the entries for which there is none, or nil when anything in it is wrong.
  ///
  /// - Parameters:
  ///   - check: the rule's check, nil when it could not be read.
  ///   - checks: the kinds of checks there are.
  static func read(
    _ node: RuleNode, _ check: (any CheckKind)?, _ checks: CheckVocabulary
  ) -> (recipe: SuggestionRecipe, except: Filter?)? {
    let names = SuggestionRecipe.Kind.allCases.map(\.rawValue)
    guard let mapping = node.mapping(names + ["except"], what: "a suggestion") else { return nil }
    let except = mapping.optional("except") { $0.filter() }
    let keys = mapping.keys.filter { $0.name != "except" }
    guard keys.count == 1, let (name, key) = keys.first, let value = mapping[name] else {
      if mapping.hasMistakes { return nil }
      let second = keys.count > 1 ? keys[1].node : node
      return second.nothing("a rule has one suggestion, as in `suggestion: { trim: true }`")
    }
    guard !mapping.hasMistakes, let except, let kind = SuggestionRecipe.Kind(rawValue: name),
      let recipe = read(kind, value)
    else { return nil }
    if let check, let needed = checks.mistake(in: kind, with: check) {
      return key.nothing("`\(name)` does not fit the check: it needs \(needed)")
    }
    return (recipe, except)
  }

  private static func read(_ kind: SuggestionRecipe.Kind, _ node: RuleNode) -> SuggestionRecipe? {
    switch kind {
    case .removeCharacters: return node.onlyTrue().map { _ in .removeCharacters }
    case .trim: return node.onlyTrue().map { _ in .trim }
    case .collapse: return node.onlyTrue().map { _ in .collapse }
    case .removeValue: return node.onlyTrue().map { _ in .removeValue }
    case .replaceCharacters:
      return node.nonEmptyText().map { .replaceCharacters($0) }
    case .setPrefix: return node.addressType().map { .setPrefix($0) }
    case .repairAddress:
      return node.addressType().map { .repairAddress(type: $0 == bareAddress ? nil : $0) }
    case .set: return readSet(node)
    }
  }

  private static func readSet(_ node: RuleNode) -> SuggestionRecipe? {
    guard let mapping = node.mapping(["from", "prefix"], what: "`set`") else { return nil }
    let from = mapping.required("from", "mail").flatMap { $0.attributeName() }
    let prefix = mapping.optional("prefix", default: "") { $0.proseText() }
    guard !mapping.hasMistakes, let from, let prefix else { return nil }
    return .set(from: from, prefix: prefix)
  }
}
