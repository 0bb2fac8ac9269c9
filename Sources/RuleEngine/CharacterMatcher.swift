import RuleSet

/// A compiled set of characters that a rule flags.
struct CharacterMatcher: Sendable {
  /// Flags of the ASCII characters, one bit each.
  private var low: UInt64 = 0
  private var high: UInt64 = 0
  /// Flagged scalar values from 0x80 on, as sorted ranges that do not touch.
  private var ranges: [ClosedRange<UInt32>] = []
  /// Whether a byte that is no part of valid UTF-8 is flagged.
  private var flagsInvalid = false

  /// Compiles a rule: what it forbids, or everything but what it allows.
  init(_ rule: CharacterRule) {
    var members: [ClosedRange<UInt32>] = []
    var hasInvalid = false
    for item in rule.items {
      switch item {
      case .range(let first, let last): members.append(first...last)
      case .named(.invalidUTF8): hasInvalid = true
      case .named(let name):
        members += name.ranges
        if name == .nonASCII { hasInvalid = true }
      }
    }
    members = Self.merged(members)
    let flagged = rule.isForbidden ? members : Self.complement(members)
    flagsInvalid = rule.isForbidden ? hasInvalid : !hasInvalid
    for range in flagged {
      for value in range.clamped(to: 0...0x7F) where range.contains(value) {
        if value < 64 { low |= 1 << UInt64(value) } else { high |= 1 << UInt64(value - 64) }
      }
      if range.upperBound >= 0x80 { ranges.append(max(range.lowerBound, 0x80)...range.upperBound) }
    }
  }

  /// Whether the set flags a scalar value (`ScalarReader.invalid` for a byte that is not UTF-8).
  func flags(_ value: UInt32) -> Bool {
    if value < 64 { return low >> UInt64(value) & 1 != 0 }
    if value < 128 { return high >> UInt64(value - 64) & 1 != 0 }
    if value == ScalarReader.invalid { return flagsInvalid }
    var from = 0
    var to = ranges.count
    while from < to {
      let middle = (from + to) / 2
      if ranges[middle].upperBound < value { from = middle + 1 } else { to = middle }
    }
    return from < ranges.count && ranges[from].contains(value)
  }

  /// Whether the set could flag a character of which `byte` is a byte.
  func mayFlag(_ byte: UInt8) -> Bool {
    byte < 0x80 ? flags(UInt32(byte)) : flagsInvalid || !ranges.isEmpty
  }

  private static func merged(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var result: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, range.lowerBound <= last.upperBound &+ 1 {
        result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }

  private static func complement(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var result: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
      next = range.upperBound + 1
    }
    if next <= 0x10FFFF { result.append(next...0x10FFFF) }
    return result
  }
}
