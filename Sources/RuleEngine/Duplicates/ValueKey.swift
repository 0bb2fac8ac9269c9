import RuleSet

/// The normal form by which values are compared for equality.
struct ValueKey: Hashable {
  let bytes: [UInt8]

  /// The key of a value; nil when the value cannot be held by two (an empty value, or no address where addresses are
  /// compared).
  init?(_ value: Span<UInt8>, compare: Comparison, trims: Bool) {
    guard let range = Self.range(of: value, compare: compare, trims: trims) else { return nil }
    let slice = value.extracting(range)
    if compare == .exact {
      var copy: [UInt8] = []
      for index in slice.indices { copy.append(slice[index]) }
      bytes = copy
    } else {
      bytes = TextFold.fold(slice)
    }
  }

  /// Whether two parts that count are equal.
  static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>, _ compare: Comparison) -> Bool {
    compare == .exact ? WideBytes.areEqual(left, right) : TextFold.areEqual(left, right)
  }

  /// The part of a value that counts for equality; nil when the value takes no part in the comparison.
  ///
  /// For addresses that is what follows a leading `smtp:` (any case); a value of another address type is no address.
  @inline(__always)
  static func range(of value: Span<UInt8>, compare: Comparison, trims: Bool) -> Range<Int>? {
    var range = trims ? TextFold.trimmed(value) : 0..<value.count
    if compare == .address {
      guard let start = addressStart(value, range) else { return nil }
      range = start..<range.upperBound
      if trims, !range.isEmpty, value[range.lowerBound] <= 0x20 || value[range.lowerBound] >= 0x7F {
        let inner = TextFold.trimmed(value.extracting(range))
        range = range.lowerBound + inner.lowerBound..<range.lowerBound + inner.upperBound
      }
      // What is no address is told by the rules of form, and nobody holds it: the cloud drops it.
      guard isAddress(value.extracting(range)) else { return nil }
    }
    return range.isEmpty ? nil : range
  }

  /// Whether a text has the form of an address: one `@`, before it and behind it printable ASCII without syntax of mail, with
  /// dots between other characters only.
  private static func isAddress(_ text: Span<UInt8>) -> Bool {
    var ats = 0
    var wasDot = true
    for index in text.indices {
      switch text[index] {
      case UInt8(ascii: "@"):
        guard index > 0, !wasDot else { return false }
        ats += 1
        wasDot = true
      case UInt8(ascii: "."):
        guard !wasDot else { return false }
        wasDot = true
      case 0x21...0x7E where !AddressParser.isSyntax(UInt32(text[index])): wasDot = false
      default: return false
      }
    }
    return ats == 1 && !wasDot
  }

  @inline(__always)
  private static func addressStart(_ value: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = value[index]
      if byte == UInt8(ascii: "@") { return range.lowerBound }
      if byte == UInt8(ascii: ":") {
        guard index - range.lowerBound == 4 else { return nil }
        let start = range.lowerBound
        guard TextFold.lower(value[start]) == UInt8(ascii: "s"), TextFold.lower(value[start + 1]) == UInt8(ascii: "m"),
          TextFold.lower(value[start + 2]) == UInt8(ascii: "t"), TextFold.lower(value[start + 3]) == UInt8(ascii: "p")
        else { return nil }
        return index + 1
      }
      index += 1
    }
    return range.lowerBound
  }
}
