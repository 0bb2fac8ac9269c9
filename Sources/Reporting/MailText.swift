import Bytes

/// Texts in the forms that mail has for them.
enum MailText {
  /// The value of a header field: as it is where it is short and plain, else in encoded words (RFC 2047), which fold.
  ///
  /// Controls are shown as on a terminal before, so that no reader who decodes it finds the end of a line.
  static func header(_ text: String) -> String {
    let shown = String(TerminalText.escape(text).prefix(mostCharacters))
    let isPlain = shown.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !shown.contains("=?") && shown.first != " "
    if isPlain, shown.utf8.count <= 60, shown.last != " " { return shown }
    return words(of: shown).map { "=?utf-8?B?\(Base64Text.encode(Array($0.utf8)))?=" }.joined(separator: "\r\n ")
  }

  /// A subject of more characters is cut by those who show it.
  private static let mostCharacters = 300

  /// The text in pieces of at most 45 bytes, between characters: an encoded word has at most 75 characters.
  private static func words(of text: String) -> [String] {
    var words: [String] = []
    var word = ""
    for scalar in text.unicodeScalars {
      if word.utf8.count + scalar.utf8.count > 45 {
        words.append(word)
        word = ""
      }
      word.unicodeScalars.append(scalar)
    }
    return words + (word.isEmpty ? [] : [word])
  }

  /// `Tue, 24 Nov 2026 02:00:00 +0000`.
  static func date(epochSeconds: Int) -> String {
    let text = Timestamp.text(epochSeconds: epochSeconds)
    let parts = text.dropLast().split { $0 == "-" || $0 == "T" }
    guard parts.count == 4, let month = Int(parts[1]), (1...12).contains(month) else { return text }
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let day = CalendarDate(epochSeconds: epochSeconds).daysSinceEpoch % 7
    return "\(days[(day + 7) % 7]), \(parts[2]) \(months[month - 1]) \(parts[0]) \(parts[3]) +0000"
  }

  /// Appends bytes in base64, in lines of 76 characters.
  static func append(base64Lines body: [UInt8], to bytes: inout [UInt8]) {
    var start = 0
    while start < body.count {
      let end = min(start + 57, body.count)
      bytes.append(base64: body.span.extracting(start..<end))
      bytes.append(literal: "\r\n")
      start = end
    }
  }
}
