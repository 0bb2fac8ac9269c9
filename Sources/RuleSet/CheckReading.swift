import Directory

/// Reads the check of a rule.
enum CheckReading {
  static let names = [
    "characters", "sequence", "occurrences", "length", "not-blank", "pattern", "address-type", "domain", "one-of",
    "number", "contained-in", "present", "absent", "count", "unique", "steps",
  ]

  /// The check, or nil when anything in it is wrong.
  static func read(_ node: RuleNode) -> Check? {
    if case .scalar(let scalar) = node.node { return readBare(scalar.string, node) }
    guard let mapping = node.anyMapping(what: "a check") else { return nil }
    guard mapping.keys.count == 1, let name = mapping.keys.first?.name, let options = mapping[name] else {
      if mapping.hasMistakes { return nil }
      let second = mapping.keys.count > 1 ? mapping.keys[1].node : node
      return second.nothing("a rule has exactly one check, as in `check: { length: { max: 64 } }`")
    }
    guard names.contains(name) else {
      return mapping.keys[0].node.nothing(unknown(name))
    }
    return mapping.hasMistakes ? nil : read(name, options)
  }

  /// `check: present`: a check without options may stand alone.
  private static func readBare(_ name: String, _ node: RuleNode) -> Check? {
    switch name {
    case "not-blank": return .notBlank
    case "present": return .present
    case "absent": return .absent
    case "unique": return .unique(UniqueTest())
    case _ where names.contains(name):
      return node.nothing("the check `\(name)` needs options, as in `check: { \(name): { … } }`")
    default: return node.nothing(unknown(name))
    }
  }

  private static func unknown(_ name: String) -> String {
    let hint = NearestName.find(name, in: names).map { "did you mean `\($0)`?" }
    return "unknown check `\(name)`; \(hint ?? "checks are \(RuleNode.list(names, "and"))")"
  }

  private static func read(_ name: String, _ node: RuleNode) -> Check? {
    switch name {
    case "characters": readCharacters(node)
    case "sequence": readSequence(node)
    case "occurrences": readOccurrences(node)
    case "length": readLength(node)
    case "not-blank": isBare(node, name) ? .notBlank : nil
    case "pattern": readPattern(node)
    case "address-type": readAddressType(node)
    case "domain": readDomain(node)
    case "one-of": readOneOf(node)
    case "number": readNumber(node)
    case "contained-in": readContainedIn(node)
    case "present": isBare(node, name) ? .present : nil
    case "absent": isBare(node, name) ? .absent : nil
    case "count": readCount(node)
    case "unique": readUnique(node)
    default: readStepsCheck(node)
    }
  }

  private static func readStepsCheck(_ node: RuleNode) -> Check? {
    let before = node.file.problems.problems.count
    let steps = readSteps(node)
    return node.file.problems.problems.count == before ? .steps(steps) : nil
  }

  /// A check without options: nothing, `true` or `{}` after its name.
  private static func isBare(_ node: RuleNode, _ name: String) -> Bool {
    switch node.node {
    case .scalar(let scalar) where ["", "~", "true"].contains(scalar.string): return true
    case .mapping(let mapping) where mapping.isEmpty: return true
    default:
      node.report("the check `\(name)` has no options; write `check: \(name)`")
      return false
    }
  }

  // MARK: checks on values

  private static func readCharacters(_ node: RuleNode) -> Check? {
    guard let options = node.mapping(["part", "position", "forbidden", "allowed"], what: "`characters`") else {
      return nil
    }
    let part = part(options)
    let position = options.optional("position", default: .anywhere) { $0.choice(Check.Position.self) }
    guard let (key, list) = oneOf(["forbidden", "allowed"], options) else { return nil }
    guard let items = list.list(CharacterItemReading.read), !options.hasMistakes, let part, let position else {
      return nil
    }
    return .characters(
      part: part, position: position, set: CharacterRule(isForbidden: key == "forbidden", items: items))
  }

  private static func readSequence(_ node: RuleNode) -> Check? {
    guard let options = node.mapping(["part", "forbidden", "case-sensitive"], what: "`sequence`") else { return nil }
    let part = part(options)
    let isSensitive = caseSensitive(options)
    let texts = options.required("forbidden", "[\"..\"]").flatMap { $0.list { $0.nonEmptyText() } }
    guard !options.hasMistakes, let part, let isSensitive, let texts else { return nil }
    return .sequence(part: part, forbidden: texts, caseSensitive: isSensitive)
  }

  private static func readOccurrences(_ node: RuleNode) -> Check? {
    guard let options = node.mapping(["part", "of", "min", "max"], what: "`occurrences`") else { return nil }
    let part = part(options)
    let text = options.required("of", "\"@\"").flatMap { $0.nonEmptyText() }
    guard let bounds = bounds(options), !options.hasMistakes, let part, let text else { return nil }
    return .occurrences(part: part, of: text, min: bounds.min, max: bounds.max)
  }

  private static func readLength(_ node: RuleNode) -> Check? {
    guard let options = node.mapping(["part", "unit", "min", "max"], what: "`length`") else { return nil }
    let part = part(options)
    let unit = options.optional("unit", default: .characters) { $0.choice(Check.LengthUnit.self) }
    guard let bounds = bounds(options), !options.hasMistakes, let part, let unit else { return nil }
    return .length(part: part, unit: unit, min: bounds.min, max: bounds.max)
  }

  private static func readPattern(_ node: RuleNode) -> Check? {
    let known = ["part", "matches", "forbidden", "case-sensitive"]
    guard let options = node.mapping(known, what: "`pattern`") else { return nil }
    let part = part(options)
    let isSensitive = caseSensitive(options)
    guard let (key, pattern) = oneOf(["matches", "forbidden"], options) else { return nil }
    guard let text = pattern.pattern(), !options.hasMistakes, let part, let isSensitive else { return nil }
    return .pattern(part: part, pattern: text, mustMatch: key == "matches", caseSensitive: isSensitive)
  }

  private static func readAddressType(_ node: RuleNode) -> Check? {
    guard let options = node.mapping(["required", "known", "refused"], what: "`address-type`") else { return nil }
    if options.keys.isEmpty {
      return node.nothing("`address-type` has no options; give `required: true`, `known:` or `refused:`")
    }
    let isRequired = options.optional("required", default: false) { $0.onlyTrue() }
    let known = options.optional("known") { $0.list { $0.addressType()?.lowercased() } }
    let refused = options.optional("refused", default: []) { $0.list { $0.addressType()?.lowercased() } }
    guard !options.hasMistakes, let isRequired, let known, let refused else { return nil }
    if let both = known?.first(where: refused.contains) {
      return node.nothing("`\(both)` is both in `known` and in `refused`; keep one")
    }
    return .addressType(required: isRequired, known: known, refused: refused)
  }

  private static func readDomain(_ node: RuleNode) -> Check? {
    let known = ["part", "routable", "verified", "refused", "except", "name-in"]
    guard let options = node.mapping(known, what: "`domain`") else { return nil }
    let part = options.optional("part", default: .domain) { $0.choice(Part.self) }
    let except = options.optional("except", default: []) { $0.list { $0.domainSuffix() } }
    let nameIn = options.optional("name-in") { $0.attributeName() }
    guard let (key, value) = oneOf(["routable", "verified", "refused"], options) else { return nil }
    let test: Check.DomainTest? =
      switch key {
      case "routable": value.onlyTrue().map { _ in .routable }
      case "verified": value.onlyTrue().map { _ in .verified }
      default: value.list { $0.domainSuffix() }.map { .refused($0) }
      }
    guard !options.hasMistakes, let part, let except, let nameIn, let test else { return nil }
    return .domain(part: part, test: test, except: except, nameIn: nameIn)
  }

  private static func readOneOf(_ node: RuleNode) -> Check? {
    guard let options = node.mapping(["values", "case-sensitive"], what: "`one-of`") else { return nil }
    let isSensitive = caseSensitive(options)
    let values = options.required("values", "[one, two]").flatMap { $0.list { $0.text() } }
    guard !options.hasMistakes, let isSensitive, let values else { return nil }
    return .oneOf(values: values, caseSensitive: isSensitive)
  }

  private static func readNumber(_ node: RuleNode) -> Check? {
    let known = ["min", "max", "all-of-bits", "none-of-bits"]
    guard let options = node.mapping(known, what: "`number`") else { return nil }
    if options.keys.isEmpty { return node.nothing("`number` has no options; give \(RuleNode.list(known))") }
    let numbers = known.map { key in options.optional(key) { $0.integer(in: .min ... .max) } }
    guard !options.hasMistakes, numbers.allSatisfy({ $0 != nil }) else { return nil }
    let values = numbers.map { $0 ?? nil }
    if let low = values[0], let high = values[1], low > high {
      return options["min"].flatMap { $0.nothing("`min` \(low) is more than `max` \(high)") }
    }
    return .number(min: values[0], max: values[1], allOfBits: values[2], noneOfBits: values[3])
  }

  private static func readContainedIn(_ node: RuleNode) -> Check? {
    guard let options = node.mapping(["attribute", "compare", "prefix-exact"], what: "`contained-in`") else {
      return nil
    }
    let attribute = options.required("attribute", "proxyAddresses").flatMap { $0.attributeName() }
    let compare = options.optional("compare", default: .text) { $0.choice(Comparison.self) }
    let prefix = options.optional("prefix-exact") { $0.addressType() }
    guard !options.hasMistakes, let attribute, let compare, let prefix else { return nil }
    return .containedIn(attribute: attribute, compare: compare, exactPrefix: prefix)
  }

  // MARK: checks on entries

  private static func readCount(_ node: RuleNode) -> Check? {
    guard let options = node.mapping(["of", "min", "max"], what: "`count`") else { return nil }
    let of = options.optional("of", default: ValueCondition()) { node in
      guard let mapping = node.mapping(["prefix", "prefix-exact"], what: "`of`") else { return nil }
      if mapping.keys.isEmpty { return node.nothing("`of` is empty; give `prefix:` or `prefix-exact:`") }
      let prefixes = mapping.optional("prefix", default: []) { $0.list { $0.addressType()?.lowercased() } }
      let exact = mapping.optional("prefix-exact", default: []) { $0.list { $0.addressType() } }
      guard !mapping.hasMistakes, let prefixes, let exact else { return nil }
      var condition = ValueCondition()
      condition.prefixes = prefixes
      condition.exactPrefixes = exact
      return condition
    }
    guard let bounds = bounds(options), !options.hasMistakes, let of else { return nil }
    return .count(of: of, min: bounds.min, max: bounds.max)
  }

  // MARK: options that several checks have

  private static func part(_ options: RuleMapping) -> Part? {
    options.optional("part", default: .whole) { $0.choice(Part.self) }
  }

  private static func caseSensitive(_ options: RuleMapping) -> Bool? {
    options.optional("case-sensitive", default: false) { $0.boolean() }
  }

  /// The one key of several that has to be given.
  private static func oneOf(_ keys: [String], _ options: RuleMapping) -> (key: String, value: RuleNode)? {
    let given = options.keys.filter { keys.contains($0.name) }
    guard let first = given.first, let value = options[first.name] else {
      return options.hasMistakes
        ? nil : options.node.nothing("\(RuleNode.list(keys)) is missing; give one of them")
    }
    if given.count > 1 {
      return given[1].node.nothing("`\(first.name)` and `\(given[1].name)` are both given; keep one")
    }
    return (first.name, value)
  }

  /// `min` and `max`, of which at least one is given.
  private static func bounds(_ options: RuleMapping) -> (min: Int?, max: Int?)? {
    let limit = Int64(Int32.max)
    let min = options.optional("min") { $0.integer(in: 0...limit) }
    let max = options.optional("max") { $0.integer(in: 0...limit) }
    guard let min, let max else { return nil }
    if min == nil, max == nil {
      return options.hasMistakes ? nil : options.node.nothing("`min` or `max` is missing; give at least one")
    }
    if let low = min, let high = max, low > high {
      return options["min"].flatMap { $0.nothing("`min` \(low) is more than `max` \(high)") }
    }
    return (min.map { Int($0) }, max.map { Int($0) })
  }
}

extension RuleNode {
  /// A text that has at least one character, white space included.
  func nonEmptyText() -> String? {
    guard let text = text() else { return nil }
    return text.isEmpty ? nothing("the text is empty; write at least one character") : text
  }

  /// A pattern that `PatternSyntax` takes.
  func pattern() -> String? {
    guard let text = text() else { return nil }
    do {
      _ = try PatternSyntax(parsing: text)
      return text
    } catch {
      report(column: error.column, of: text, error.message)
      return nil
    }
  }

  /// A domain suffix in lower case, without a leading dot.
  fileprivate func domainSuffix() -> String? {
    guard let text = text() else { return nil }
    let suffix = (text.hasPrefix(".") ? String(text.dropFirst()) : text).lowercased()
    return DomainName.isValid(suffix)
      ? suffix : nothing("`\(text)` is no domain suffix; write one such as onmicrosoft.com")
  }
}
