import RuleSet

/// Steps in words.
enum StepWords {
  /// One link of a chain in words.
  static func step(_ step: Step) -> String {
    let conditions = conditions(step.condition)
    return test(step.test) + (conditions.isEmpty ? "" : ", if " + conditions.joined(separator: " and "))
  }

  private static func test(_ test: StepTest) -> String {
    switch test {
    case .length(let max): "at most \(max) characters"
    case .characters(let part, let position, let set, _): characters(part, position, set)
    case .blank: "not blank"
    case .emailAddress: "the form of an address"
    case .duplicate: "held by no other entry, ignoring case"
    }
  }

  private static func characters(_ part: StepPart, _ position: CharacterRule.Position, _ set: CharacterRule) -> String {
    let place =
      switch position {
      case .anywhere: ""
      case .start: " at the start"
      case .end: " at the end"
      case .edges: " at the ends"
      }
    let behind = part == .afterType ? " behind the address type" : ""
    let items = RuleWords.list(set.items.map(RuleWords.item), set.isForbidden ? "or" : "and")
    return "\(set.isForbidden ? "no" : "only") \(items)\(place)\(behind)"
  }

  private static func conditions(_ condition: StepCondition) -> [String] {
    let texts: [(words: String, names: [String])] = [
      ("the class is", condition.objectClasses), ("the class is not", condition.excludedObjectClasses),
      ("the entry has", condition.with), ("the entry lacks", condition.without),
      ("the value contains", condition.contains), ("the value does not contain", condition.excludedContents),
      ("the value starts with", condition.startsWith), ("the value does not start with", condition.excludedStarts),
    ]
    let given = texts.filter { !$0.names.isEmpty }.map {
      "\($0.words) \(RuleWords.list($0.names.map(RuleWords.quoted)))"
    }
    return given + (condition.isFirstValue ? ["the value is the first"] : [])
  }
}
