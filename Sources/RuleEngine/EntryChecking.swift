import Directory
import RuleSet

/// Checks on the entry as a whole.
extension RuleProgram {
  /// What an entry check finds; nil when the entry passes.
  func issue(
    _ check: EntryCheck, _ slot: Int, _ index: borrowing EntryIndex, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>
  ) -> Issue? {
    let count = index.count(slot)
    switch check.kind {
    case .present:
      var value = index.first(slot)
      while value >= 0 {
        if !TextFold.trimmed(bytes.extracting(values[Int(value)].range)).isEmpty { return nil }
        value = index.next(after: value)
      }
      return Issue(rule: check.rule, slot: slot, value: -1)
    case .absent:
      guard count > 0 else { return nil }
      return Issue(rule: check.rule, slot: slot, value: index.first(slot), count: count, identity: .attribute)
    case .count(let condition, let least, let most):
      let minimum = Int(least)
      let maximum = most == .max ? .max : Int(most)
      // Without a condition the number of values is known already.
      if condition.types == .max, count >= minimum, count <= maximum { return nil }
      if count < minimum && count == 0 || count > 0 {
        return countIssue(check, slot, condition, minimum, maximum, index, values, bytes)
      }
      return nil
    }
  }

  private func countIssue(
    _ check: EntryCheck, _ slot: Int, _ condition: TypeCondition, _ minimum: Int, _ maximum: Int,
    _ index: borrowing EntryIndex, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>
  ) -> Issue? {
    var count = 0
    var surplus: Int32 = -1
    var value = index.first(slot)
    while value >= 0 {
      if isMet(condition, bytes.extracting(values[Int(value)].range), value, slot, index) {
        count += 1
        if count > maximum, surplus < 0 { surplus = value }
      }
      value = index.next(after: value)
    }
    if count >= minimum, count <= maximum { return nil }
    return Issue(
      rule: check.rule, slot: slot, value: surplus, count: count, minimum: minimum,
      maximum: maximum == .max ? nil : maximum, identity: .attribute)
  }

  /// Whether a value's address type meets a condition; where value checks need the type, they have found it before.
  @inline(__always)
  func isMet(
    _ condition: TypeCondition, _ value: Span<UInt8>, _ position: Int32, _ slot: Int, _ index: borrowing EntryIndex
  ) -> Bool {
    if condition.types == .max { return true }
    let type =
      traits[slot].usesType
      ? index.type(of: position) : addressType(value, colon: Words.first(UInt8(ascii: ":"), in: value) ?? -1)
    guard condition.types >> UInt64(type) & 1 != 0 else { return false }
    return condition.exactTypes < 0 || tables.exactTypes.begins(value, with: condition.exactTypes)
  }

  /// The same for an entry that was entered but not judged.
  func meetsAfresh(_ condition: TypeCondition, _ value: Span<UInt8>) -> Bool {
    if condition.types == .max { return true }
    let type = addressType(value, colon: Words.first(UInt8(ascii: ":"), in: value) ?? -1)
    guard condition.types >> UInt64(type) & 1 != 0 else { return false }
    return condition.exactTypes < 0 || tables.exactTypes.begins(value, with: condition.exactTypes)
  }
}
