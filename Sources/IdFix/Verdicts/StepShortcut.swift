import RuleSet

/// The room for speed: most values are clean, and one look at a value shows that it passes most steps.
///
/// `StepShape` notes which ASCII characters a value has and where its first colon is. `StepShortcut` answers from that, in
/// a few instructions and without touching a step, whether a step surely passes. The trick is sound because it only ever
/// says "surely passes" or "look closer": a closer look is the plain test of the step. It does not apply to a value with
/// characters beyond ASCII where a step forbids such characters. `StepChain.evaluate`, which knows no shortcut, is its
/// oracle in the tests.
struct StepShape {
  /// Bit `b` says whether the value has ASCII character `b`.
  private(set) var low: UInt64 = 0
  private(set) var high: UInt64 = 0
  private(set) var hasBeyondASCII = false
  private(set) var colons = 0
  private(set) var firstColon = -1

  @inline(__always)
  init(_ value: Span<UInt8>) {
    for index in value.indices {
      let byte = value[index]
      if byte < 64 {
        low |= 1 << UInt64(byte)
        if byte == UInt8(ascii: ":") {
          if colons == 0 { firstColon = index }
          colons += 1
        }
      } else if byte < 128 {
        high |= 1 << UInt64(byte & 63)
      } else {
        hasBeyondASCII = true
      }
    }
  }

  /// Whether the value contains `smtp:`, ignoring case; nil when that takes a search.
  @inline(__always)
  func hasSMTP(_ value: Span<UInt8>) -> Bool? {
    if colons == 0 { return false }
    if firstColon >= 4, StepBytes.has(StepAddress.smtp, at: firstColon - 4, in: value) { return true }
    return colons == 1 ? false : nil
  }
}

/// What has to be seen in a value's shape for a step to pass.
struct StepShortcut: Sendable, BitwiseCopyable {
  private enum Kind: Sendable {
    case length, filled, characters, secondColon, address, always
  }
  private let kind: Kind
  private var max = 0
  private var low: UInt64 = 0
  private var high: UInt64 = 0
  private var beyondASCII = false
  /// Whether the characters are looked for at the start, at the end, or (neither) anywhere in the value.
  private var isAtStart = false
  private var isAtEnd = false
  /// Whether the step is made only on values that contain `smtp:`.
  private let needsSMTP: Bool

  init(_ test: StepChain.Test, _ condition: StepChain.Condition) {
    needsSMTP = condition.contains == [StepAddress.smtp]
    switch test {
    case .length(let max):
      kind = .length
      self.max = max
    case .characters(let characters, _):
      kind = characters.isSecondColon ? .secondColon : .characters
      (low, high, beyondASCII) = characters.mask
      guard characters.part == .whole else { return }
      isAtStart = characters.position == .start || characters.position == .edges
      isAtEnd = characters.position == .end || characters.position == .edges
    case .blank: kind = .filled
    case .emailAddress: kind = .address
    case .duplicate: kind = .always
    }
  }

  /// Whether the step surely passes; false means: look closer.
  @inline(__always)
  func surelyPasses(_ value: Span<UInt8>, _ shape: StepShape, _ address: StepAddress) -> Bool {
    switch kind {
    case .always: return true
    case .length: return value.count <= max
    case .filled: return !value.isEmpty
    case .secondColon: return shape.colons <= 1
    case .characters:
      if needsSMTP && shape.hasSMTP(value) == false { return true }
      if shape.hasBeyondASCII && beyondASCII { return false }
      return low & shape.low | high & shape.high == 0 || hasCleanEnds(value)
    case .address:
      guard let hasSMTP = shape.hasSMTP(value) else { return false }
      if !hasSMTP && needsSMTP { return true }
      return !address.fails(value, from: hasSMTP ? shape.firstColon + 1 : 0)
    }
  }

  /// Whether the characters are looked for at ends that are ASCII and have none of them.
  private func hasCleanEnds(_ value: Span<UInt8>) -> Bool {
    guard isAtStart || isAtEnd else { return false }
    return (!isAtStart || isClean(value[0])) && (!isAtEnd || isClean(value[value.count - 1]))
  }

  private func isClean(_ byte: UInt8) -> Bool {
    byte < 64 ? low >> UInt64(byte) & 1 == 0 : byte < 128 && high >> UInt64(byte & 63) & 1 == 0
  }
}
