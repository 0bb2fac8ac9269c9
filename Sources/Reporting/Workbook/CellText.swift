import Bytes

/// A text as a cell of a workbook can hold it.
///
/// Controls, invisible and reordering characters, which XML does not have or nobody would see, are shown as on a terminal
/// (`\u{0007}`). `_x000D_`, which Excel takes for an escape, has its underscore escaped, so that it is shown as it is. What is
/// longer than a cell may be is cut, with a mark at its end.
struct CellText {
  /// The most UTF-16 code units of a cell.
  static let limit = 32_767

  /// The text, in UTF-8.
  var bytes: [UInt8]
  /// Whether something is left out.
  let isCut: Bool

  /// The text of a cell.
  init(_ text: [UInt8]) {
    var shown: [UInt8] = []
    shown.reserveCapacity(text.count + 1)
    TerminalText.append(text, to: &shown)
    shown = Self.escapingUnderscores(shown)
    // A character has at most as many code units as bytes.
    guard shown.count > Self.limit, Self.units(of: shown) > Self.limit else {
      (bytes, isCut) = (shown, false)
      return
    }
    let mark = "… [cut: \(grouped(text.count)) bytes in all]"
    bytes = Self.prefix(of: shown, units: Self.limit - mark.utf16.count) + Array(mark.utf8)
    isCut = true
  }

  /// The start of a text, between characters.
  private static func prefix(of text: [UInt8], units limit: Int) -> [UInt8] {
    var units = 0
    var end = 0
    for (index, byte) in text.enumerated() where byte & 0xC0 != 0x80 {
      units += byte >= 0xF0 ? 2 : 1
      if units > limit { break }
      end = index
    }
    return Array(text[..<end])
  }

  private static func units(of text: [UInt8]) -> Int {
    text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : $1 >= 0xF0 ? 2 : 1) }
  }

  /// The text with `_x005F_` for the underscore of everything that Excel would read as the escape of a character.
  private static func escapingUnderscores(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(UInt8(ascii: "_")) else { return text }
    var result: [UInt8] = []
    result.reserveCapacity(text.count + 16)
    for (index, byte) in text.enumerated() {
      if byte == UInt8(ascii: "_"), isEscape(text, at: index) { result.append(literal: "_x005F") }
      result.append(byte)
    }
    return result
  }

  /// Whether `_xHHHH_` stands at an index.
  private static func isEscape(_ text: [UInt8], at index: Int) -> Bool {
    guard index + 6 < text.count, text[index + 1] | 0x20 == UInt8(ascii: "x"), text[index + 6] == UInt8(ascii: "_")
    else { return false }
    return text[index + 2..<index + 6].allSatisfy { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 6 }
  }
}
