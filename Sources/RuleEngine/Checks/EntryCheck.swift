import Directory

/// A check of a rule on the entry as a whole, compiled.
struct EntryCheck: Sendable {
  @Small var rule: Int
  var objectClasses: UInt64
  /// Number of the filter in `CheckTables.filters`; -1 for none.
  @Small var filter: Int
  @Small var slot: Int
  var test: EntryTest

  /// What the check finds; nil when the entry passes.
  ///
  /// - Parameter knowsTypes: whether the index knows the address types of the slot's values.
  func issue(
    _ index: borrowing EntryIndex, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>, _ tables: CheckTables,
    knowsTypes: Bool
  ) -> Issue? {
    switch test {
    case .present(let test):
      return test.fails(slot, index, values, bytes) ? Issue(rule: rule, slot: slot, value: -1) : nil
    case .absent:
      let count = index.count(slot)
      guard count > 0 else { return nil }
      return Issue(rule: rule, slot: slot, value: index.first(slot), count: count, identity: .attribute)
    case .count(let test):
      guard let (count, surplus) = test.failure(slot, index, values, bytes, tables, knowsTypes: knowsTypes) else {
        return nil
      }
      var issue = Issue(rule: rule, slot: slot, value: surplus, count: count, identity: .attribute)
      issue.minimum = test.limits.minimum
      issue.maximum = test.limits.maximum < .max ? test.limits.maximum : nil
      return issue
    }
  }
}
