import RuleSet

/// A chain of steps, compiled: a test after the other, each handing its repaired value to the next.
///
/// `Docs/idfix-rules.md` describes the steps. A chain judges one value at a time and knows nothing of other entries:
/// what must be unique is handed out as a key, and `StepOutcome.row(isDuplicate:)` merges the answer in. So entries can be
/// judged in any order and in parallel.
///
/// `passes` is the fast way through: it allocates nothing for a value that passes every step. Only a value that does not
/// pass, or turned out to be a duplicate, needs `outcome`.
struct StepChain: Sendable {
  /// The attribute whose values are judged, then every other attribute that conditions and proposals name.
  let attributes: [String]
  /// Whether the chain can have something to say about an entry without a value.
  let judgesAbsence: Bool
  /// Whether any step asks for uniqueness.
  let hasKey: Bool
  let links: [Link]
  /// A shortcut for each link.
  let shortcuts: [StepShortcut]
  /// Index of the `duplicate` step.
  let keyLink: Int?
  let address: StepAddress

  /// Compiles a chain.
  ///
  /// - Parameters:
  ///   - steps: the chain; at most one step is a `duplicate` step.
  ///   - attribute: the attribute whose values it judges.
  ///   - topLevelDomains: what `email-address` steps know as top-level domains.
  init(_ steps: [Step], attribute: String, topLevelDomains: TopLevelDomains) {
    var compiler = Compiler(attribute: attribute)
    links = steps.map { compiler.link($0) }
    shortcuts = links.map { StepShortcut($0.test, $0.condition) }
    keyLink = links.firstIndex(where: \.isDuplicate)
    address = StepAddress(topLevelDomains: topLevelDomains)
    attributes = compiler.attributes
    judgesAbsence = links.contains { if case .blank = $0.test { true } else { false } }
    hasKey = keyLink != nil
  }

  /// A compiled step.
  struct Link: Sendable {
    let condition: Condition
    let test: Test

    var isDuplicate: Bool { if case .duplicate = test { true } else { false } }
  }

  /// A compiled test.
  enum Test: Sendable {
    case length(max: Int)
    case characters(StepCharacters, ifEmpty: Int?)
    case blank(propose: [[Piece]], max: Int?)
    case emailAddress
    case duplicate([(action: StepAction, condition: Condition)])
  }

  /// A piece of a proposed text.
  enum Piece: Sendable {
    case text([UInt8])
    case attribute(Int)
  }

  /// A compiled condition; texts are in lower case.
  struct Condition: Sendable {
    var isAlways = true
    var objectClasses: [[UInt8]] = []
    var excludedObjectClasses: [[UInt8]] = []
    var with: [Int] = []
    var without: [Int] = []
    var contains: [[UInt8]] = []
    var excludedContents: [[UInt8]] = []
    var startsWith: [[UInt8]] = []
    var excludedStarts: [[UInt8]] = []
    var isFirstValue = false
  }

  /// Numbers attributes while it compiles steps.
  private struct Compiler {
    var attributes: [String]

    init(attribute: String) { attributes = [attribute] }

    mutating func link(_ step: Step) -> Link {
      let condition = condition(step.condition)
      switch step.test {
      case .length(let max):
        return Link(condition: condition, test: .length(max: max))
      case .characters(let part, let position, let set, let ifEmpty):
        let characters = StepCharacters(part: part, position: position, rule: set)
        return Link(condition: condition, test: .characters(characters, ifEmpty: ifEmpty.map { number($0) }))
      case .blank(let texts, let max):
        let pieces = texts.map { text in text.pieces.map { piece($0) } }
        return Link(condition: condition, test: .blank(propose: pieces, max: max))
      case .emailAddress:
        return Link(condition: condition, test: .emailAddress)
      case .duplicate(let actions):
        let actions = actions.map { ($0.action, self.condition($0.condition)) }
        return Link(condition: condition, test: .duplicate(actions))
      }
    }

    private mutating func condition(_ source: StepCondition) -> Condition {
      var condition = Condition()
      condition.isAlways = source == StepCondition()
      condition.objectClasses = source.objectClasses.map(Self.lower)
      condition.excludedObjectClasses = source.excludedObjectClasses.map(Self.lower)
      condition.with = source.with.map { number($0) }
      condition.without = source.without.map { number($0) }
      condition.contains = source.contains.map(Self.lower)
      condition.excludedContents = source.excludedContents.map(Self.lower)
      condition.startsWith = source.startsWith.map(Self.lower)
      condition.excludedStarts = source.excludedStarts.map(Self.lower)
      condition.isFirstValue = source.isFirstValue
      return condition
    }

    private mutating func piece(_ piece: StepText.Piece) -> Piece {
      switch piece {
      case .text(let text): .text(Array(text.utf8))
      case .attribute(let name): .attribute(number(name))
      }
    }

    private mutating func number(_ name: String) -> Int {
      let key = Self.lower(name)
      if let index = attributes.firstIndex(where: { Self.lower($0) == key }) { return index }
      attributes.append(name)
      return attributes.count - 1
    }

    private static func lower(_ text: String) -> [UInt8] { text.utf8.map(StepBytes.lower) }
  }
}
