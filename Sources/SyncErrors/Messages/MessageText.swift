import Bytes

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
    let isLong = message.utf8.count > Self.maximumLength
    self.init(isLong ? Array(message.utf8.prefix(Self.maximumLength)) : Array(message.utf8))
  }

  init(_ message: [UInt8]) {
    bytes = WrappedText.rejoined(Self.normalized(message))
    folded = bytes.map { Self.folded($0) }
  }

  func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  @inline(__always)
  static func folded(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  /// Line breaks of any kind become line feeds; tabs and zeros become spaces; spaces beside line breaks go.
  private static func normalized(_ message: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(message.count)
    let input = message.span
    var last: UInt8 = 10
    var isAfterReturn = false
    for index in input.indices {
      let byte = input[index]
      if byte > 32 {
        text.append(byte)
        last = byte
        isAfterReturn = false
        continue
      }
      switch byte {
      case 10 where isAfterReturn: isAfterReturn = false
      case 10, 13:
        while text.last == 32 { text.removeLast() }
        text.append(10)
        last = 10
        isAfterReturn = byte == 13
      case 32, 9, 0:
        if last != 10 {
          text.append(32)
          last = 32
        }
        isAfterReturn = false
      default:
        text.append(byte)
        last = byte
        isAfterReturn = false
      }
    }
    return text
  }

  // MARK: words

  @inline(__always)
  static func isWordByte(_ byte: UInt8) -> Bool {
    byte &- 0x61 < 26 || byte &- 0x30 < 10 || byte &- 0x41 < 26 || byte >= 0x80
  }

  /// Whether one of the marks U+2000 to U+203F begins at a place, such as the dashes and quotation marks of word processors.
  @inline(__always)
  private static func isTypographic(_ text: Span<UInt8>, at index: Int) -> Bool {
    text[index] == 0xE2 && index + 2 < text.count && text[index + 1] == 0x80
  }

  /// FNV-1a: the hash of no bytes, and of one more.
  static let emptyHash = FNV1a().value

  @inline(__always)
  static func hash(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
    var state = FNV1a(hash)
    state.combine(byte)
    return state.value
  }

  static func hash(_ word: some Sequence<UInt8>) -> UInt64 { word.reduce(emptyHash) { hash($0, $1) } }

  /// The words of the folded text, and those that a line break may have cut in two: by them templates are chosen that may
  /// match.
  func words() -> WordSet {
    var words = WordSet()
    let text = folded.span
    var index = 0
    // Hash of the word before, when nothing but one line feed stands between.
    var before: UInt64?
    while index < text.count {
      if Self.isTypographic(text, at: index) {
        before = nil
        index += 3
        continue
      }
      guard Self.isWordByte(text[index]) else {
        let isLineFeed = text[index] == 10
        index += 1
        // A second byte between the words, or another than a line feed, keeps them apart.
        if !isLineFeed || index < text.count && !Self.isWordByte(text[index]) { before = nil }
        continue
      }
      var hash = Self.emptyHash
      var joined = before ?? 0
      while index < text.count, Self.isWordByte(text[index]), !Self.isTypographic(text, at: index) {
        hash = Self.hash(hash, text[index])
        joined = Self.hash(joined, text[index])
        index += 1
      }
      words.insert(hash)
      if before != nil { words.insert(joined) }
      before = hash
    }
    return words
  }
}

/// WideBytes by their hashes: may have more than were put in, never less.
struct WordSet {
  private var bits: [UInt64] = Array(repeating: 0, count: Self.size)
  /// 4,096 bits: a message has about a hundred words.
  private static let size = 64

  mutating func insert(_ hash: UInt64) {
    bits[Self.word(hash)] |= 1 &<< (hash & 63)
  }

  func mayHave(_ hash: UInt64) -> Bool { bits[Self.word(hash)] & (1 &<< (hash & 63)) != 0 }

  private static func word(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash &>> 20) & (size - 1) }
}

/// Makes values whole again that the width of a console has cut in two.
enum WrappedText {
  /// The start of the line on which a place is.
  static func lineStart(_ text: [UInt8], before place: Int) -> Int {
    (text[..<place].lastIndex(of: 10) ?? -1) + 1
  }

  /// - Parameter text: A text with single line feeds as line breaks and without indentation.
  static func rejoined(_ text: [UInt8]) -> [UInt8] {
    guard var lineFeed = ByteSearch.first(10, in: text) else { return text }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var copied = 0
    while true {
      result += text[copied..<lineFeed]
      if !joins(result, text, lineFeed + 1) { result.append(10) }
      copied = lineFeed + 1
      guard let next = ByteSearch.first(10, in: text, from: copied) else { break }
      lineFeed = next
    }
    return result + text[copied...]
  }

  private static func joins(_ before: [UInt8], _ text: [UInt8], _ after: Int) -> Bool {
    isInHexadecimal(before, text, after) || isInBase64(before, text, after) || isInGUID(before, text, after)
  }

  @inline(__always)
  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
  }

  @inline(__always)
  private static func isBase64(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
  }

  @inline(__always)
  private static func isInGUID(_ byte: UInt8) -> Bool { isHexadecimal(byte) || byte == UInt8(ascii: "-") }

  /// How many bytes of a kind, at most `limit`, end at `end`.
  @inline(__always)
  private static func countBefore(_ text: [UInt8], _ end: Int, _ limit: Int, _ isOfKind: (UInt8) -> Bool) -> Int {
    var count = 0
    while count < limit, count < end, isOfKind(text[end - count - 1]) { count += 1 }
    return count
  }

  /// How many bytes of a kind, at most `limit`, begin at `start`.
  @inline(__always)
  private static func countAfter(_ text: [UInt8], _ start: Int, _ limit: Int, _ isOfKind: (UInt8) -> Bool) -> Int {
    var count = 0
    while count < limit, start + count < text.count, isOfKind(text[start + count]) { count += 1 }
    return count
  }

  /// Within the braces of `CN={3441…}`.
  private static func isInHexadecimal(_ before: [UInt8], _ text: [UInt8], _ after: Int) -> Bool {
    let start = before.count - countBefore(before, before.count, 512, isHexadecimal) - 1
    guard start >= 3, before[start] == UInt8(ascii: "{"), before[start - 1] == UInt8(ascii: "=") else { return false }
    // The rest may be cut again.
    let rest = countAfter(text, after, 512) { isHexadecimal($0) || $0 == 10 }
    return rest < 512 && after + rest < text.count && text[after + rest] == UInt8(ascii: "}")
  }

  /// Within the 24 characters of a source anchor.
  private static func isInBase64(_ before: [UInt8], _ text: [UInt8], _ after: Int) -> Bool {
    let equals = UInt8(ascii: "=")
    let letters = countAfter(text, after, 24, isBase64)
    let padding = countAfter(text, after + letters, 24 - letters) { $0 == equals }
    let ownPadding = countBefore(before, before.count, 3) { $0 == equals }
    guard padding + ownPadding == 2, ownPadding < 2 else { return false }
    let run = countBefore(before, before.count - ownPadding, 25, isBase64)
    let next = after + letters + padding
    if next < text.count, isBase64(text[next]) { return false }
    guard run + letters == 22, run > 0 else { return false }
    return ownPadding == 0 || letters == 0
  }

  /// Within the 36 characters of a GUID.
  private static func isInGUID(_ before: [UInt8], _ text: [UInt8], _ after: Int) -> Bool {
    let head = countBefore(before, before.count, 37, isInGUID)
    guard head > 0 else { return false }
    let tail = countAfter(text, after, 37, isInGUID)
    guard tail > 0, head + tail == 36 else { return false }
    return GUIDText.isGUID(before[(before.count - head)...] + text[after..<after + tail])
  }
}

/// The text form of GUIDs.
enum GUIDText {
  /// Whether these are 8, 4, 4, 4 and 12 hexadecimal digits with hyphens between.
  static func isGUID(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.count == 36 else { return false }
    var position = 0
    for byte in text {
      let isHyphen = position == 8 || position == 13 || position == 18 || position == 23
      let isRight =
        isHyphen ? byte == UInt8(ascii: "-") : byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
      if !isRight { return false }
      position += 1
    }
    return true
  }
}
