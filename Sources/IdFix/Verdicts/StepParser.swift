import RuleSet

/// Reads the chain of a `steps` check.
enum StepParser {
  private static let tests = ["length", "characters", "blank", "email-address", "duplicate"]

  /// The chain; nil when anything in it is wrong.
  static func read(_ node: RuleNode) -> [Step]? {
    guard let items = node.items() else { return nil }
    let steps = items.compactMap(readStep)
    guard steps.count == items.count else { return nil }
    let duplicates = zip(items, steps).filter { if case .duplicate = $0.1.test { true } else { false } }
    if duplicates.count > 1 { return duplicates[1].0.nothing("a chain has at most one `duplicate` step; keep one") }
    return steps
  }

  private static func readStep(_ node: RuleNode) -> Step? {
    guard let mapping = node.mapping(tests + ["when"], what: "a step"), !mapping.hasMistakes else { return nil }
    let given = mapping.keys.filter { $0.name != "when" }
    guard let name = given.first?.name, let options = mapping[name] else {
      return node.nothing("the step has no test; give one of \(RuleNode.list(tests))")
    }
    if given.count > 1 {
      return given[1].node.nothing("`\(name)` and `\(given[1].name)` are both given; write a step for each")
    }
    let condition = mapping.optional("when", default: StepCondition(), readCondition)
    guard let test = read(name, options), let condition else { return nil }
    return Step(test, when: condition)
  }

  private static func read(_ name: String, _ node: RuleNode) -> StepTest? {
    switch name {
    case "length": readLength(node)
    case "characters": readCharacters(node)
    case "blank": readBlank(node)
    case "email-address": node.onlyTrue().map { _ in .emailAddress }
    default: readDuplicate(node)
    }
  }

  private static func readLength(_ node: RuleNode) -> StepTest? {
    guard let options = node.mapping(["max"], what: "`length`") else { return nil }
    let max = options.required("max", "256").flatMap { $0.integer(in: 1...Int64(Int32.max)) }
    guard !options.hasMistakes, let max else { return nil }
    return .length(max: Int(max))
  }

  private static func readCharacters(_ node: RuleNode) -> StepTest? {
    let known = ["part", "position", "forbidden", "if-empty"]
    guard let options = node.mapping(known, what: "`characters`") else { return nil }
    let part = options.optional("part", default: .whole) { $0.choice(StepPart.self) }
    let position = options.position()
    let items = options.required("forbidden", "[\":\"]").flatMap { $0.list { $0.characterItem() } }
    let ifEmpty = options.optional("if-empty") { $0.attributeName() }
    guard !options.hasMistakes, let part, let position, let items, let ifEmpty else { return nil }
    return .characters(
      part: part, position: position, set: CharacterRule(isForbidden: true, items: items), ifEmpty: ifEmpty)
  }

  private static func readBlank(_ node: RuleNode) -> StepTest? {
    if node.isText { return node.onlyTrue().map { _ in .blank(propose: [], max: nil) } }
    guard let options = node.mapping(["propose", "max"], what: "`blank`") else { return nil }
    let texts = options.required("propose", "[\"{cn}\"]").flatMap { $0.list(readText) }
    let max = options.optional("max") { $0.integer(in: 1...Int64(Int32.max)) }
    guard !options.hasMistakes, let texts, let max else { return nil }
    return .blank(propose: texts, max: max.map { Int($0) })
  }

  private static func readDuplicate(_ node: RuleNode) -> StepTest? {
    if node.isText { return node.onlyTrue().map { _ in .duplicate([]) } }
    guard let options = node.mapping(["actions"], what: "`duplicate`") else { return nil }
    let actions = options.required("actions", "[{ action: Complete, when: { with: [mailNickname] } }]").flatMap {
      $0.list(readAction)
    }
    guard !options.hasMistakes, let actions else { return nil }
    return .duplicate(actions)
  }

  private static func readAction(_ node: RuleNode) -> DuplicateAction? {
    guard let options = node.mapping(["action", "when"], what: "an action") else { return nil }
    let action = options.required("action", "Complete").flatMap { $0.choice(StepAction.self) }
    let condition = options.required("when", "{ with: [mailNickname] }").flatMap(readCondition)
    guard !options.hasMistakes, let action, let condition else { return nil }
    return DuplicateAction(action, when: condition)
  }

  private static func readCondition(_ node: RuleNode) -> StepCondition? {
    let known = [
      "object-class", "object-class-not", "with", "without", "value-contains", "value-contains-not", "value-starts",
      "value-starts-not", "first-value",
    ]
    guard let options = node.mapping(known, what: "`when`") else { return nil }
    if options.keys.isEmpty { return node.nothing("`when` is empty; leave it out, or give \(RuleNode.list(known))") }
    let classes = options.optional("object-class", default: [], readClasses)
    let otherClasses = options.optional("object-class-not", default: [], readClasses)
    let with = options.optional("with", default: []) { $0.list { $0.attributeName() } }
    let without = options.optional("without", default: []) { $0.list { $0.attributeName() } }
    let contains = options.optional("value-contains", default: [], readTexts)
    let containsNot = options.optional("value-contains-not", default: [], readTexts)
    let starts = options.optional("value-starts", default: [], readTexts)
    let startsNot = options.optional("value-starts-not", default: [], readTexts)
    let isFirst = options.optional("first-value", default: false) { $0.onlyTrue() }
    guard !options.hasMistakes, let classes, let otherClasses, let with, let without, let contains, let containsNot,
      let starts, let startsNot, let isFirst
    else { return nil }
    var condition = StepCondition()
    condition.objectClasses = classes
    condition.excludedObjectClasses = otherClasses
    condition.with = with
    condition.without = without
    condition.contains = contains
    condition.excludedContents = containsNot
    condition.startsWith = starts
    condition.excludedStarts = startsNot
    condition.isFirstValue = isFirst
    return condition
  }

  private static func readClasses(_ node: RuleNode) -> [String]? {
    node.list { $0.attributeName()?.lowercased() }
  }

  private static func readTexts(_ node: RuleNode) -> [String]? {
    node.list { $0.nonEmptyText()?.lowercased() }
  }

  /// `SMTP:{mail}`: a text with the names of attributes in braces.
  private static func readText(_ node: RuleNode) -> StepText? {
    guard let text = node.nonEmptyText() else { return nil }
    var pieces: [StepText.Piece] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else {
        return node.nothing("`{` without its `}` in `\(text)`; an attribute is written {mail}")
      }
      let name = String(rest[rest.index(after: open)..<close])
      guard AttributeName.isValid(name) else {
        return node.nothing("`{\(name)}` names no attribute; write its LDAP display name, as in {mail}")
      }
      if rest.startIndex < open { pieces.append(.text(String(rest[..<open]))) }
      pieces.append(.attribute(name))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { pieces.append(.text(String(rest))) }
    return StepText(pieces: pieces)
  }
}

extension Step {
  /// The attributes that the step reads besides the one it judges, as spelled in the rule.
  var attributes: [String] {
    switch test {
    case .length, .emailAddress: condition.attributes
    case .characters(_, _, _, let ifEmpty): condition.attributes + (ifEmpty.map { [$0] } ?? [])
    case .blank(let texts, _): condition.attributes + texts.flatMap(\.attributes)
    case .duplicate(let actions): condition.attributes + actions.flatMap(\.condition.attributes)
    }
  }
}

extension StepCondition {
  fileprivate var attributes: [String] { with + without }
}

extension StepText {
  fileprivate var attributes: [String] {
    pieces.compactMap { if case .attribute(let name) = $0 { name } else { nil } }
  }
}
