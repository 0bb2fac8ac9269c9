/// Texts that are cut where they are longer than anybody reads.
enum TextCut {
  /// A text in UTF-8 of at most so many bytes, cut between characters, with a mark where something is left out.
  static func cut(_ text: [UInt8], limit: Int) -> [UInt8] {
    guard text.count > limit else { return text }
    var end = limit
    while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(text[..<end]) + Array("…".utf8)
  }
}
