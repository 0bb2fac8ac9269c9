/// Bytes of text as the steps see them.
///
/// IdFix works on UTF-16 text. Here values stay bytes; what is no valid UTF-8 counts as one character a byte.
enum StepBytes {
  /// The scalar value at an index and its length in bytes; nil for a byte that begins no valid sequence.
  static func scalar(_ bytes: Span<UInt8>, at index: Int) -> (value: UInt32?, length: Int) {
    let lead = bytes[index]
    if lead < 0x80 { return (UInt32(lead), 1) }
    let length: Int
    let low: UInt8
    let high: UInt8
    switch lead {
    case 0xC2...0xDF: (length, low, high) = (2, 0x80, 0xBF)
    case 0xE0: (length, low, high) = (3, 0xA0, 0xBF)
    case 0xED: (length, low, high) = (3, 0x80, 0x9F)
    case 0xE1...0xEF: (length, low, high) = (3, 0x80, 0xBF)
    case 0xF0: (length, low, high) = (4, 0x90, 0xBF)
    case 0xF1...0xF3: (length, low, high) = (4, 0x80, 0xBF)
    case 0xF4: (length, low, high) = (4, 0x80, 0x8F)
    default: return (nil, 1)
    }
    guard index + length <= bytes.count, bytes[index + 1] >= low, bytes[index + 1] <= high else { return (nil, 1) }
    var value = UInt32(lead & (0xFF >> UInt8(length + 1)))
    for next in index + 1..<index + length {
      guard bytes[next] & 0xC0 == 0x80 else { return (nil, 1) }
      value = value << 6 | UInt32(bytes[next] & 0x3F)
    }
    return (value, length)
  }

  /// Number of bytes that hold the first `limit` UTF-16 code units; nil when the text has no more units than that.
  ///
  /// A pair of units that the limit would part is left out.
  static func bytes(_ text: Span<UInt8>, ofUnits limit: Int) -> Int? {
    guard text.count > limit else { return nil }
    var units = 0
    var index = 0
    while index < text.count {
      let (value, length) = scalar(text, at: index)
      units += (value ?? 0) > 0xFFFF ? 2 : 1
      if units > limit { return index }
      index += length
    }
    return nil
  }

  /// A letter of ASCII in lower case; other bytes as they are.
  @inline(__always)
  static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

  /// Whether the text has `pattern` at `index`, ignoring the case of ASCII letters.
  @inline(__always)
  static func has(_ pattern: [UInt8], at index: Int, in text: Span<UInt8>) -> Bool {
    guard index + pattern.count <= text.count else { return false }
    for offset in pattern.indices where lower(text[index + offset]) != pattern[offset] { return false }
    return true
  }

  /// Whether the text contains `pattern` (in lower case), ignoring the case of ASCII letters.
  static func contains(_ pattern: [UInt8], in text: Span<UInt8>) -> Bool {
    guard pattern.count <= text.count else { return false }
    for index in 0...text.count - pattern.count where has(pattern, at: index, in: text) { return true }
    return false
  }

  /// Index of the first such byte.
  @inline(__always)
  static func first(_ byte: UInt8, in text: Span<UInt8>) -> Int? {
    for index in text.indices where text[index] == byte { return index }
    return nil
  }

  /// The value in the form in which duplicates are equal: letters in lower case, without control characters other than
  /// tab and line breaks, which IdFix's comparison passes over.
  static func key(_ value: Span<UInt8>) -> [UInt8] {
    var key: [UInt8] = []
    key.reserveCapacity(value.count)
    var isASCII = true
    for index in value.indices {
      let byte = value[index]
      if byte >= 0x80 { isASCII = false }
      if isPassedOver(byte) { continue }
      key.append(lower(byte))
    }
    guard !isASCII, let text = String(validating: key, as: UTF8.self) else { return key }
    var folded: [UInt8] = []
    folded.reserveCapacity(key.count)
    for scalar in text.unicodeScalars {
      folded.append(contentsOf: scalar.isASCII ? [UInt8(scalar.value)] : Array(scalar.properties.lowercaseMapping.utf8))
    }
    return folded
  }

  /// Whether the value has a byte that its key leaves out.
  @inline(__always)
  static func hasPassedOver(_ value: Span<UInt8>) -> Bool {
    for index in value.indices where isPassedOver(value[index]) { return true }
    return false
  }

  @inline(__always)
  private static func isPassedOver(_ byte: UInt8) -> Bool {
    byte < 0x20 && (byte < 0x09 || byte > 0x0D) || byte == 0x7F
  }
}
