/// A message as it is searched: line breaks with the indentation after them are one line feed each, and values that the
/// width of a console has cut in two are whole again.
struct MessageText {
  /// The text, UTF-8.
  let bytes: [UInt8]
  /// The text with ASCII letters in lower case; of the same length.
  let folded: [UInt8]

  /// A longer message is not looked at beyond this many bytes.
  static let maximumLength = 256 << 10

  init(_ message: String) {
    self.init(Array(message.utf8.prefix(Self.maximumLength)))
  }

  init(_ message: [UInt8]) {
    bytes = WrappedText.rejoined(Self.normalized(message))
    folded = bytes.map(Self.folded)
  }

  func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  static func folded(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  /// Line breaks of any kind become line feeds; tabs and zeros become spaces; spaces beside line breaks go.
  private static func normalized(_ message: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(message.count)
    for (index, byte) in message.enumerated() {
      switch byte {
      case 10 where index > 0 && message[index - 1] == 13: continue
      case 10, 13:
        while text.last == 32 { text.removeLast() }
        text.append(10)
      case 32, 9, 0:
        if let last = text.last, last != 10 { text.append(32) }
      default: text.append(byte)
      }
    }
    return text
  }

  // MARK: words

  static func isWordByte(_ byte: UInt8) -> Bool {
    byte &- 0x61 < 26 || byte &- 0x30 < 10 || byte &- 0x41 < 26 || byte >= 0x80
  }

  /// FNV-1a.
  static func hash(_ word: some Sequence<UInt8>) -> UInt64 {
    word.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// Hashes of the words of the folded text, and of those that a line break may have cut in two: by them templates are
  /// chosen that may match.
  func words() -> Set<UInt64> {
    let text = folded
    var words: Set<UInt64> = []
    var index = 0
    var last = 0..<0
    while index < text.count {
      guard Self.isWordByte(text[index]) else {
        index += 1
        continue
      }
      var end = index
      while end < text.count, Self.isWordByte(text[end]) { end += 1 }
      words.insert(Self.hash(text[index..<end]))
      if !last.isEmpty, last.upperBound + 1 == index, text[last.upperBound] == 10 {
        words.insert(Self.hash(Array(text[last]) + text[index..<end]))
      }
      last = index..<end
      index = end
    }
    return words
  }
}

/// Makes values whole again that the width of a console has cut in two.
enum WrappedText {
  /// - Parameter text: A text with single line feeds as line breaks and without indentation.
  static func rejoined(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(10) else { return text }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    for index in text.indices {
      if text[index] == 10, joins(result, text[(index + 1)...]) { continue }
      result.append(text[index])
    }
    return result
  }

  private static func joins(_ before: [UInt8], _ after: ArraySlice<UInt8>) -> Bool {
    isInHexadecimal(before, after) || isInBase64(before, after) || isInGUID(before, after)
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
  }

  /// Within the braces of `CN={3441…}`.
  private static func isInHexadecimal(_ before: [UInt8], _ after: ArraySlice<UInt8>) -> Bool {
    let run = before.reversed().prefix(512).prefix(while: isHexadecimal)
    let start = before.count - run.count - 1
    guard start >= 3, before[start] == UInt8(ascii: "{"), before[start - 1] == UInt8(ascii: "=") else { return false }
    // The rest may be cut again.
    let rest = after.prefix(512).drop { isHexadecimal($0) || $0 == 10 }
    return rest.first == UInt8(ascii: "}")
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
  }

  /// Within the 24 characters of a source anchor.
  private static func isInBase64(_ before: [UInt8], _ after: ArraySlice<UInt8>) -> Bool {
    let end = after.prefix(24)
    let letters = end.prefix(while: isBase64)
    let padding = end[letters.endIndex...].prefix { $0 == UInt8(ascii: "=") }
    let equals = UInt8(ascii: "=")
    let ownPadding = before.reversed().prefix { $0 == equals }.count
    let run = before.dropLast(ownPadding).reversed().prefix(25).prefix(while: isBase64)
    let next = after.dropFirst(letters.count + padding.count).first
    if let next, isBase64(next) { return false }
    guard run.count + letters.count == 22, padding.count + ownPadding == 2, ownPadding < 2, !run.isEmpty else {
      return false
    }
    return ownPadding == 0 || letters.isEmpty
  }

  /// Within the 36 characters of a GUID.
  private static func isInGUID(_ before: [UInt8], _ after: ArraySlice<UInt8>) -> Bool {
    let isPart: (UInt8) -> Bool = { isHexadecimal($0) || $0 == UInt8(ascii: "-") }
    let head = Array(before.reversed().prefix(37).prefix(while: isPart).reversed())
    let tail = after.prefix(37).prefix(while: isPart)
    guard !head.isEmpty, !tail.isEmpty, head.count + tail.count == 36 else { return false }
    return GUIDText.isGUID(head + tail)
  }
}

/// The text form of GUIDs.
enum GUIDText {
  /// Whether these are 8, 4, 4, 4 and 12 hexadecimal digits with hyphens between.
  static func isGUID(_ text: some Collection<UInt8>) -> Bool {
    guard text.count == 36 else { return false }
    return text.enumerated().allSatisfy { position, byte in
      [8, 13, 18, 23].contains(position)
        ? byte == UInt8(ascii: "-") : byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
    }
  }
}
