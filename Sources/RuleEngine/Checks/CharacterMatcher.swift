import Bytes
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
    let flagged = rule.isForbidden ? rule.scalars : rule.scalars.inverted
    flagsInvalid = rule.containsInvalidUTF8 == rule.isForbidden
    for range in flagged.ranges {
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
}
