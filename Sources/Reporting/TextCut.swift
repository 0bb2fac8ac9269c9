/// Texts that are cut where they are longer than anybody reads.
enum TextCut {
  /// A text of at most so many bytes of UTF-8, cut in the same way.
  static func cut(_ text: String, limit: Int) -> String {
    text.utf8.count <= limit ? text : String(decoding: cut(Array(text.utf8), limit: limit), as: UTF8.self)
  }

  /// A text in UTF-8 of at most so many bytes, cut between characters, with a mark where something is left out.
  static func cut(_ text: [UInt8], limit: Int) -> [UInt8] {
    guard text.count > limit else { return text }
    var end = limit
    while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(text[..<end]) + Array("…".utf8)
  }
}
