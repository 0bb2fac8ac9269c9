import Directory
import RuleSet

/// `present`: the entry lacks the attribute, or has only blank values of it.
struct PresentCheck: CheckKind {
  static let name = "present"
  static let alone: PresentCheck? = PresentCheck()
  static let suggestions: Set<SuggestionRecipe.Kind> = [.set]

  private init() {}

  init?(_ node: RuleNode) { guard node.hasNoOptions(Self.name) else { return nil } }

  func words(for rule: Rule) -> String { "the entry lacks the attribute, or all its values are blank" }
}

/// `present`, compiled.
struct PresentTest: BitwiseCopyable, Sendable {
  /// Whether an entry fails.
  func fails(_ slot: Int, _ index: borrowing EntryIndex, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>) -> Bool {
    var value = index.first(slot)
    while value >= 0 {
      if !TextFold.trimmed(bytes.extracting(values[Int(value)].range)).isEmpty { return false }
      value = index.next(after: value)
    }
    return true
  }
}
