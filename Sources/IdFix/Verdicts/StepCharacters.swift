import RuleSet

/// The characters that a `characters` step forbids, and where.
struct StepCharacters: Sendable {
  let part: StepPart
  let position: CharacterRule.Position
  private let set: ScalarSet
  private let hasInvalidUTF8: Bool
  /// Whether `set` is the forbidden characters (else the allowed ones).
  private let isForbidden: Bool
  /// Bit `b` says whether ASCII character `b` is forbidden.
  private let low: UInt64
  private let high: UInt64
  /// Whether any character beyond ASCII is forbidden.
  private let beyondASCII: Bool

  init(part: StepPart, position: CharacterRule.Position, rule: CharacterRule) {
    self.part = part
    self.position = position
    set = rule.scalars
    hasInvalidUTF8 = rule.containsInvalidUTF8
    isForbidden = rule.isForbidden
    var low: UInt64 = 0
    var high: UInt64 = 0
    for character in UInt32(0)..<128 where set.contains(character) == isForbidden {
      if character < 64 { low |= 1 << UInt64(character) } else { high |= 1 << UInt64(character - 64) }
    }
    self.low = low
    self.high = high
    beyondASCII = !isForbidden || hasInvalidUTF8 || (set.ranges.last?.upperBound ?? 0) >= 0x80
  }

  /// The forbidden characters of ASCII as bits, and whether there are others.
  var mask: (low: UInt64, high: UInt64, beyondASCII: Bool) { (low, high, beyondASCII) }

  /// Whether nothing but a colon behind the first colon is forbidden.
  var isSecondColon: Bool { part == .afterType && low == 1 << 58 && high == 0 && !beyondASCII }

  /// Whether the value has a forbidden character at the position.
  func fails(_ value: Span<UInt8>) -> Bool {
    guard let start = start(value) else { return false }
    switch position {
    case .anywhere: return failsAnywhere(value, from: start)
    case .start: return start < value.count && isForbidden(value, at: start).forbidden
    case .end: return endRun(value, from: start) < value.count
    case .edges:
      return start < value.count
        && (isForbidden(value, at: start).forbidden || endRun(value, from: start) < value.count)
    }
  }

  /// The value without the forbidden characters.
  func removing(from value: Span<UInt8>) -> [UInt8] {
    guard let start = start(value) else { return Array(copying: value) }
    var kept: [UInt8] = []
    kept.reserveCapacity(value.count)
    for index in 0..<start { kept.append(value[index]) }
    var index = start
    var end = value.count
    if position == .start || position == .edges { index = startRun(value, from: start) }
    if position == .end || position == .edges { end = max(index, endRun(value, from: index)) }
    while index < end {
      let (forbidden, length) = isForbidden(value, at: index)
      if position != .anywhere || !forbidden {
        for next in index..<index + length { kept.append(value[next]) }
      }
      index += length
    }
    return kept
  }

  /// Where the part begins; nil when the value has no such part.
  @inline(__always)
  private func start(_ value: Span<UInt8>) -> Int? {
    switch part {
    case .whole: return 0
    case .afterType:
      guard let colon = StepBytes.first(UInt8(ascii: ":"), in: value), colon > 0 else { return nil }
      return colon + 1
    }
  }

  @inline(__always)
  private func failsAnywhere(_ value: Span<UInt8>, from start: Int) -> Bool {
    var index = start
    while index < value.count {
      let byte = value[index]
      if byte < 64 {
        if low >> UInt64(byte) & 1 != 0 { return true }
      } else if byte < 128 {
        if high >> UInt64(byte - 64) & 1 != 0 { return true }
      } else if beyondASCII {
        let (forbidden, length) = isForbidden(value, at: index)
        if forbidden { return true }
        index += length
        continue
      }
      index += 1
    }
    return false
  }

  private func isForbidden(_ value: Span<UInt8>, at index: Int) -> (forbidden: Bool, length: Int) {
    let (scalar, length) = StepBytes.scalar(value, at: index)
    guard let scalar else { return (hasInvalidUTF8 == isForbidden, length) }
    return (set.contains(scalar) == isForbidden, length)
  }

  /// Where the run of forbidden characters ends that begins at `start`.
  private func startRun(_ value: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index < value.count {
      let (forbidden, length) = isForbidden(value, at: index)
      guard forbidden else { break }
      index += length
    }
    return index
  }

  /// Where the run of forbidden characters begins that ends the value.
  private func endRun(_ value: Span<UInt8>, from start: Int) -> Int {
    var run = value.count
    var index = start
    while index < value.count {
      let (forbidden, length) = isForbidden(value, at: index)
      if !forbidden { run = value.count } else if run == value.count { run = index }
      index += length
    }
    return run
  }
}

extension Array where Element == UInt8 {
  /// The bytes of a span.
  init(copying bytes: Span<UInt8>) {
    self.init()
    reserveCapacity(bytes.count)
    for index in bytes.indices { append(bytes[index]) }
  }
}
