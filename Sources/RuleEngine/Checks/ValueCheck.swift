/// A check of a rule on the values of one attribute, compiled: which values it meets, and what it tests of them.
struct ValueCheck: BitwiseCopyable, Sendable {
  /// Position of the rule in the program.
  @Small var rule: Int
  /// Slot of the attribute.
  @Small var slot: Int
  /// Object classes to which the rule applies, one bit each.
  var objectClasses: UInt64
  /// Number of the filter in `CheckTables.filters`; -1 for none.
  @Small var filter: Int
  /// Address types to which the rule applies.
  var condition: TypeCondition
  var part: ValuePart
  var test: ValueTest

  /// Whether the check depends on where an address type ends, or on which it is.
  var needsType: Bool {
    if case .addressType = test { return true }
    return part.part == .prefix || part.part == .afterPrefix || part.followsType || condition.types != .max
      || condition.exactTypes != nil
  }

  /// Whether it looks at parts around the last `@`.
  var needsAt: Bool { part.part == .localPart || part.part == .domain }

  /// Whether it tests character classes.
  var needsClasses: Bool { if case .characters = test { true } else { false } }

  /// Whether it tests just the domain behind the last `@`.
  var isOfDomain: Bool { if case .domain = test { part.part == .domain } else { false } }

  /// The issue of a value that failed: what is flagged and the numbers for the message.
  func issue(_ value: Span<UInt8>, _ shape: ValueShape, _ position: Int32, _ tables: CheckTables) -> Issue {
    var issue = Issue(rule: rule, slot: slot, value: position)
    let range = part.range(of: value.count, shape) ?? 0..<value.count
    test.own.mark(&issue, value, range, shape, tables)
    return issue
  }
}
