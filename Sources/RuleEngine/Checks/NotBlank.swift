import RuleSet

/// `not-blank`: the value is empty or only white space.
struct NotBlankCheck: CheckKind {
  static let name = "not-blank"
  static let alone: NotBlankCheck? = NotBlankCheck()

  private init() {}

  init?(_ node: RuleNode) { guard node.hasNoOptions(Self.name) else { return nil } }

  func words(for rule: Rule) -> String { "the value is empty or only white space" }
}

/// `not-blank`, compiled.
struct NotBlankTest: ValueTesting {
  @inline(__always)
  func fails(_ value: Span<UInt8>) -> Bool {
    if value.count > 0, value[0] > 0x20, value[0] < 0x7F { return false }
    return TextFold.trimmed(value).isEmpty
  }

  func passesAll(_ values: PlainValues, _ part: ValuePart, _ tables: CheckTables) -> Bool { values.shape != .other }
}
