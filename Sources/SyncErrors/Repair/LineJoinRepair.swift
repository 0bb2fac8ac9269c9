/// Puts lines together that consoles, mail programs and PDF have cut.
enum LineJoinRepair {
  /// Lines cut at a width wherever it fell: those of exactly the greatest length go on on the next one.
  static func hardWrap(_ text: RepairedText) -> RepairedText? {
    let lines = text.lines
    // A cut may fall before or behind a space.
    let widths = lines.map { line in text.bytes[line].count { $0 & 0xC0 != 0x80 && $0 != 13 } }
    guard let widest = widths.max(), widest >= 40, widest <= 250 else { return nil }
    return join(text, lines, with: []) { widths[$0] == widest && widths[$0 + 1] > 0 }
  }

  /// Lines cut between words: those go on to which the first word of the next one could not have been added.
  static func wordWrap(_ text: RepairedText) -> RepairedText? {
    let bytes = text.bytes
    let lines = text.lines
    let widths = lines.map { width(bytes[$0]) }
    let usual = zip(lines, widths).filter { bytes[$0.0].contains(32) && $0.1 <= 250 }.map(\.1)
    guard let widest = usual.max(), widest >= 40 else { return nil }
    return join(text, lines, with: [32]) { index in
      guard widths[index] > 0, widths[index + 1] > 0, widths[index] <= widest else { return false }
      let next = bytes[lines[index + 1]].drop { $0 == 32 || $0 == 9 }
      let word = width(next.prefix { $0 > 32 })
      return word > 0 && widths[index] + 1 + word > widest
    }
  }

  /// Words that PDF or a word processor has hyphenated.
  static func hyphens(_ text: RepairedText) -> RepairedText? {
    var editor = RepairedText.Editor(text)
    let bytes = text.bytes
    var place = 0
    while let feed = ByteSearch.first(10, in: bytes, from: place) {
      place = feed + 1
      var hyphen = feed - 1
      while hyphen > 0, bytes[hyphen] == 32 || bytes[hyphen] == 13 { hyphen -= 1 }
      guard hyphen > 0, bytes[hyphen] == UInt8(ascii: "-"), isLower(bytes[hyphen - 1]) else { continue }
      let next = bytes[place...].drop { $0 == 32 || $0 == 9 }
      guard let first = next.first, isLower(first) else { continue }
      editor.copy(to: hyphen)
      editor.replace(to: next.startIndex)
    }
    return editor.finish()
  }

  /// A blank line after every line, as some programs paste.
  static func doubleSpacing(_ text: RepairedText) -> RepairedText? {
    let bytes = text.bytes
    let lines = text.lines
    let isBlank = lines.map { bytes[$0].allSatisfy { $0 <= 32 } }
    let pairs = zip(isBlank, isBlank.dropFirst())
    guard isBlank.filter({ !$0 }).count >= 3, pairs.allSatisfy({ $0 || $1 }) else { return nil }
    var editor = RepairedText.Editor(text)
    for (line, isBlank) in zip(lines, isBlank) where isBlank {
      editor.copy(to: line.lowerBound)
      editor.replace(to: min(line.upperBound + 1, bytes.count))
    }
    return editor.finish()
  }

  private static func isLower(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }

  /// The number of characters, without white space at the end.
  private static func width(_ line: ArraySlice<UInt8>) -> Int {
    let end = line.lastIndex { $0 > 32 }.map { $0 + 1 } ?? line.startIndex
    return line[..<end].count { $0 & 0xC0 != 0x80 }
  }

  /// Whether a line is the first of a record of a log, a part of an event or the end of a mail: it goes on with nothing.
  private static func beginsRecord(_ line: ArraySlice<UInt8>) -> Bool {
    let text = String(decoding: line, as: UTF8.self)
    return MoveLogLine(text) != nil || EventLabel.parse(text) != nil || MailClosing.isOne(text)
  }

  private static func join(
    _ text: RepairedText, _ lines: [Range<Int>], with joint: [UInt8], _ goesOn: (Int) -> Bool
  ) -> RepairedText? {
    var editor = RepairedText.Editor(text)
    let bytes = text.bytes
    for index in lines.indices.dropLast() where goesOn(index) && !beginsRecord(bytes[lines[index + 1]]) {
      // The white space around the cut goes, where one takes its place.
      var end = lines[index].upperBound
      var start = lines[index + 1].lowerBound
      if end > lines[index].lowerBound, bytes[end - 1] == 13 { end -= 1 }
      if !joint.isEmpty {
        while end > lines[index].lowerBound, bytes[end - 1] == 32 { end -= 1 }
        while start < lines[index + 1].upperBound, bytes[start] == 32 || bytes[start] == 9 { start += 1 }
      }
      editor.copy(to: end)
      editor.replace(to: start, with: joint)
    }
    return editor.finish()
  }
}

/// Gives texts of an old Macintosh, whose lines end with a carriage return alone, line feeds.
enum LineEndRepair {
  static func repair(_ text: RepairedText) -> RepairedText? {
    let bytes = text.bytes
    var editor = RepairedText.Editor(text)
    var place = 0
    while let start = ByteSearch.first(13, in: bytes, from: place) {
      place = start + 1
      if place < bytes.count, bytes[place] == 10 { continue }
      editor.copy(to: start)
      editor.replace(to: place, with: [10])
    }
    return editor.finish()
  }
}
