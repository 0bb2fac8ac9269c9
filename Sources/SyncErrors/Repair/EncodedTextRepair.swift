import Bytes

/// Decodes texts that were copied from the source of a mail.
enum EncodedTextRepair {
  /// Quoted-printable (RFC 2045, 6.7) without the header that says so.
  static func quotedPrintable(_ text: RepairedText) -> RepairedText? {
    let bytes = text.bytes
    guard ByteSearch.first("=\n", in: bytes) != nil || ByteSearch.first("=\r\n", in: bytes) != nil,
      ByteSearch.first("=3D", in: bytes) != nil || text.lines.count(where: { isSoftBreak(bytes[$0]) }) > 1
    else { return nil }
    return decoded(text)
  }

  /// Whether a line goes on: it is as long as such lines are, and does not end with the padding of base64.
  private static func isSoftBreak(_ line: ArraySlice<UInt8>) -> Bool {
    let equals = UInt8(ascii: "=")
    return line.count > 40 && line.count <= 77 && line.last == equals && line.dropLast().last != equals
  }

  /// The same for a text that is known to be such.
  static func decoded(_ text: RepairedText) -> RepairedText? {
    let bytes = text.bytes
    var editor = RepairedText.Editor(text)
    var place = 0
    while let start = ByteSearch.first(UInt8(ascii: "="), in: bytes, from: place) {
      place = start + 1
      if let end = lineEnd(bytes, place) {
        editor.copy(to: start)
        editor.replace(to: end)
        place = end
      } else if place + 2 <= bytes.count, let high = HexDigit.value(bytes[place]),
        let low = HexDigit.value(bytes[place + 1])
      {
        editor.copy(to: start)
        editor.replace(to: place + 2, with: [high << 4 | low])
        place += 2
      }
    }
    return editor.finish()
  }

  private static func lineEnd(_ bytes: [UInt8], _ place: Int) -> Int? {
    var end = place
    while end < bytes.count, bytes[end] == 32 || bytes[end] == 9 || bytes[end] == 13 { end += 1 }
    return end < bytes.count && bytes[end] == 10 ? end + 1 : nil
  }
}

/// Takes the text out of HTML, with tables as rows.
enum HTMLRepair {
  static func repair(_ text: RepairedText) -> RepairedText? {
    let bytes = text.bytes
    let folded = bytes.map(MessageText.folded)
    let marks: [StaticString] = ["<html", "<table", "<body", "<td", "<!doctype html"]
    guard marks.contains(where: { ByteSearch.first($0, in: folded) != nil }) else { return nil }
    let starts = text.lines.map(\.lowerBound)
    var result: [UInt8] = []
    var origins: [Int32] = []
    for line in HTMLText.lines(of: bytes) {
      let start = starts.isEmpty ? 0 : starts[min(max(line.number, 1), starts.count) - 1]
      let words = Array(line.text.utf8) + [10]
      result += words
      origins += repeatElement(Int32(truncatingIfNeeded: text.origin(start)), count: words.count)
    }
    guard !result.isEmpty else { return nil }
    origins.append(Int32(truncatingIfNeeded: text.origin(bytes.count)))
    return RepairedText(text.material, bytes: result, origins: origins)
  }
}

/// Hexadecimal digits of ASCII.
enum HexDigit {
  static func value(_ byte: UInt8) -> UInt8? {
    if byte &- 0x30 < 10 { return byte &- 0x30 }
    let letter = (byte | 0x20) &- 0x61
    return letter < 6 ? letter + 10 : nil
  }
}
