/// Reads the suggestion of a rule.
enum SuggestionReading {
  static let names = [
    "remove-characters", "replace-characters", "trim", "collapse", "set-prefix", "remove-value", "set",
    "repair-address",
  ]

  /// What `repair-address` is given where the attribute holds addresses without a type.
  static let bareAddress = "bare"

  /// The suggestion, or nil when anything in it is wrong.
  ///
  /// - Parameter check: the rule's check, nil when it could not be read.
  static func read(_ node: RuleNode, _ check: Check?) -> (recipe: SuggestionRecipe, except: Filter?)? {
    guard let mapping = node.mapping(names + ["except"], what: "a suggestion") else { return nil }
    let except = mapping.optional("except") { $0.filter() }
    let keys = mapping.keys.filter { $0.name != "except" }
    guard keys.count == 1, let (name, key) = keys.first, let value = mapping[name] else {
      if mapping.hasMistakes { return nil }
      let second = keys.count > 1 ? keys[1].node : node
      return second.nothing("a rule has one suggestion, as in `suggestion: { trim: true }`")
    }
    guard !mapping.hasMistakes, let except, let recipe = read(name, value) else { return nil }
    if let check, let needed = recipe.mistake(with: check) {
      return key.nothing("`\(name)` does not fit the check: it needs \(needed)")
    }
    return (recipe, except)
  }

  private static func read(_ name: String, _ node: RuleNode) -> SuggestionRecipe? {
    switch name {
    case "remove-characters": return node.onlyTrue().map { _ in .removeCharacters }
    case "trim": return node.onlyTrue().map { _ in .trim }
    case "collapse": return node.onlyTrue().map { _ in .collapse }
    case "remove-value": return node.onlyTrue().map { _ in .removeValue }
    case "replace-characters":
      return node.nonEmptyText().map { .replaceCharacters($0) }
    case "set-prefix": return node.addressType().map { .setPrefix($0) }
    case "repair-address":
      return node.addressType().map { .repairAddress(type: $0 == bareAddress ? nil : $0) }
    default: return readSet(node)
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

extension SuggestionRecipe {
  /// What the suggestion needs that the check does not have; nil when they fit.
  fileprivate func mistake(with check: Check) -> String? {
    switch self {
    case .removeCharacters, .replaceCharacters:
      switch check {
      case .characters, .sequence, .occurrences, .steps: nil
      default: "the check `characters`, `sequence` or `occurrences`"
      }
    case .collapse:
      if case .sequence = check { nil } else { "the check `sequence`" }
    case .trim, .setPrefix, .removeValue, .repairAddress:
      if case .present = check { "a check that finds a value" } else { nil }
    case .set:
      if case .absent = check { "a check that finds a value or lacks one" } else { nil }
    }
  }
}
