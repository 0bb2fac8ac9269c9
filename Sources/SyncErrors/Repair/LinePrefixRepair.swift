/// Takes away what replies, logs and editors put before each line: quotation marks, times, names of machines, numbers.
enum LinePrefixRepair {
  /// `> `, any number of times, perhaps behind the mark of a comment or initials.
  static func quotes(_ text: RepairedText) -> RepairedText? { strip(text, minimumRun: 1, quoteEnd) }

  /// A date, a time, the head of a syslog line.
  static func times(_ text: RepairedText) -> RepairedText? { strip(text, minimumRun: 1, timeEnd) }

  /// `12: `, `12| `, and the numbers of `cat -n`.
  static func numbers(_ text: RepairedText) -> RepairedText? { strip(text, minimumRun: 2, numberEnd) }

  /// What all lines begin with, when it ends like a label: `web01 app[12]: `, `// `, spaces.
  static func commonPart(_ text: RepairedText) -> RepairedText? {
    let bytes = text.bytes
    let lines = text.lines.filter { !isBlank(bytes[$0]) }
    guard lines.count >= 2, let first = lines.first else { return nil }
    var length = min(first.count, 80)
    for line in lines.dropFirst() {
      var index = 0
      while index < length, index < line.count, bytes[line.lowerBound + index] == bytes[first.lowerBound + index] {
        index += 1
      }
      length = index
    }
    while length > 0, !isPrefix(bytes[first.lowerBound..<(first.lowerBound + length)]) { length -= 1 }
    guard length > 0 else { return nil }
    return strip(text, minimumRun: 1) { line in isBlank(line) ? nil : line.startIndex + length }
  }

  /// Whether a text seems to have something before each line: judged by its first one.
  static func isSuspected(_ material: [UInt8]) -> Bool {
    let rest = material.prefix(4096).drop { $0 <= 32 }
    let start = (material[..<rest.startIndex].lastIndex(of: 10) ?? -1) + 1
    let line = material[start...].prefix(256).prefix { $0 != 10 }
    return quoteEnd(line) != nil || timeEnd(line) != nil || numberEnd(line) != nil
  }

  /// Marks alone, or a label with a mark and a space behind it.
  private static func isPrefix(_ prefix: ArraySlice<UInt8>) -> Bool {
    let marks = "#/|>;*-: \t\"".utf8
    if prefix.allSatisfy({ marks.contains($0) }) { return true }
    let mark = prefix.dropLast().last ?? 0
    return prefix.last == 32 && (mark == UInt8(ascii: ":") || mark == UInt8(ascii: "|") || mark == UInt8(ascii: ">"))
  }

  private static func isBlank(_ line: ArraySlice<UInt8>) -> Bool { line.allSatisfy { $0 <= 32 } }

  /// Strips lines of what stands before them; of those only that are so many in a row.
  private static func strip(
    _ text: RepairedText, minimumRun: Int, _ prefixEnd: (ArraySlice<UInt8>) -> Int?
  ) -> RepairedText? {
    var editor = RepairedText.Editor(text)
    let bytes = text.bytes
    var run: [(start: Int, end: Int)] = []
    func finishRun() {
      if run.count >= minimumRun {
        for part in run {
          editor.copy(to: part.start)
          editor.replace(to: part.end)
        }
      }
      run = []
    }
    for line in text.lines where !isBlank(bytes[line]) {
      if let end = prefixEnd(bytes[line]), end > line.lowerBound {
        run.append((line.lowerBound, end))
      } else {
        finishRun()
      }
    }
    finishRun()
    return editor.finish()
  }

  // MARK: quotes

  private static func quoteEnd(_ line: ArraySlice<UInt8>) -> Int? {
    var index = line.startIndex
    func skip(_ isWanted: (UInt8) -> Bool) { while index < line.endIndex, isWanted(line[index]) { index += 1 } }
    skip { $0 == 32 || $0 == 9 }
    let start = index
    skip { $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: "|") }
    if index > start { skip { $0 == 32 || $0 == 9 } }
    let isBar = index > start && line[start] == UInt8(ascii: "|")
    if index == start {
      // Initials: `JD> `.
      skip { $0 &- 0x41 < 26 }
      if index - start > 3 { return nil }
    }
    var end: Int? = isBar ? index : nil
    while index < line.endIndex, line[index] == UInt8(ascii: ">") {
      index += 1
      if index < line.endIndex, line[index] == 32 || line[index] == 9 { index += 1 }
      end = index
    }
    return end
  }

  // MARK: times

  private static func timeEnd(_ line: ArraySlice<UInt8>) -> Int? {
    var scanner = PrefixScanner(line)
    scanner.skipSpaces()
    // `<13>` or `<13>1 ` of syslog.
    if scanner.skip(UInt8(ascii: "<")) {
      guard scanner.skipDigits() > 0, scanner.skip(UInt8(ascii: ">")) else { return nil }
      if scanner.peekDigit, scanner.skipDigits(upTo: 2) > 0 { scanner.skipSpaces() }
    }
    let hasBracket = scanner.skip(UInt8(ascii: "[")) || scanner.skip(UInt8(ascii: "("))
    guard let isSyslog = scanner.skipTime() else { return nil }
    if hasBracket, !scanner.skip(UInt8(ascii: "]")), !scanner.skip(UInt8(ascii: ")")) { return nil }
    if isSyslog { scanner.skipSyslogHead() }
    let end = scanner.place
    scanner.skipSeparator()
    // A server in brackets behind the time: the line of the log of a move, which is read as such.
    if !hasBracket, scanner.place < line.endIndex, line[scanner.place] == UInt8(ascii: "[") { return nil }
    return scanner.place > end || scanner.isAtEnd ? scanner.place : nil
  }

  // MARK: numbers

  private static func numberEnd(_ line: ArraySlice<UInt8>) -> Int? {
    var scanner = PrefixScanner(line)
    scanner.skipSpaces()
    guard scanner.skipDigits(upTo: 6) > 0 else { return nil }
    let end = scanner.place
    for mark in [":", "|", ")", "."] as [Unicode.Scalar] where scanner.skip(UInt8(ascii: mark)) { break }
    if scanner.isAtEnd { return scanner.place }
    guard scanner.skip(32) || scanner.skip(9) else { return nil }
    return scanner.place > end ? scanner.place : nil
  }
}

/// Goes over the start of a line.
private struct PrefixScanner {
  private let line: ArraySlice<UInt8>
  private(set) var place: Int

  init(_ line: ArraySlice<UInt8>) {
    self.line = line
    place = line.startIndex
  }

  var isAtEnd: Bool { place >= line.endIndex }
  var peekDigit: Bool { place < line.endIndex && line[place] &- 0x30 < 10 }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard place < line.endIndex, line[place] == byte else { return false }
    place += 1
    return true
  }

  mutating func skipSpaces() { while skip(32) || skip(9) {} }

  mutating func skipDigits(upTo limit: Int = 6) -> Int {
    var count = 0
    while count < limit, place < line.endIndex, line[place] &- 0x30 < 10 {
      place += 1
      count += 1
    }
    return count
  }

  private mutating func skipLetters(upTo limit: Int) -> Int {
    var count = 0
    while count < limit, place < line.endIndex, (line[place] | 0x20) &- 0x61 < 26 {
      place += 1
      count += 1
    }
    return count
  }

  /// A date, a time, or both; whether they are of syslog, nil when there is no time.
  mutating func skipTime() -> Bool? {
    let start = place
    let isNamed = skipNamedDate()
    if !isNamed, !skipDate() { place = start }
    let hasDate = place > start
    if hasDate, !skip(UInt8(ascii: "T")) {
      _ = skip(UInt8(ascii: ","))
      skipSpaces()
    }
    guard skipClock() else { return nil }
    return isNamed
  }

  /// `Mar  4`.
  private mutating func skipNamedDate() -> Bool {
    let start = place
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    guard skipLetters(upTo: 3) == 3,
      months.contains(String(decoding: line[start..<place], as: UTF8.self).lowercased()), skip(32)
    else {
      place = start
      return false
    }
    skipSpaces()
    return skipDigits(upTo: 2) > 0
  }

  /// `2024-03-14`, `14.03.2024`, `3/14/2024`.
  private mutating func skipDate() -> Bool {
    guard skipDigits(upTo: 4) > 0, skipDateMark(), skipDigits(upTo: 2) > 0, skipDateMark() else { return false }
    return skipDigits(upTo: 4) > 0
  }

  private mutating func skipDateMark() -> Bool {
    skip(UInt8(ascii: "-")) || skip(UInt8(ascii: ".")) || skip(UInt8(ascii: "/"))
  }

  /// `09:12`, `09:12:33.120`, `9:12 AM`, with a zone.
  private mutating func skipClock() -> Bool {
    guard skipDigits(upTo: 2) > 0, skip(UInt8(ascii: ":")), skipDigits(upTo: 2) == 2 else { return false }
    if skip(UInt8(ascii: ":")) { _ = skipDigits(upTo: 2) }
    if skip(UInt8(ascii: ".")) || skip(UInt8(ascii: ",")) { _ = skipDigits(upTo: 9) }
    if skip(UInt8(ascii: "Z")) { return true }
    if skip(UInt8(ascii: "+")) || place + 3 < line.endIndex && line[place + 1] &- 0x30 < 10 && skip(UInt8(ascii: "-")) {
      _ = skipDigits(upTo: 4)
      if skip(UInt8(ascii: ":")) { _ = skipDigits(upTo: 2) }
    }
    skipHalf()
    return true
  }

  /// ` AM`, ` PM`.
  private mutating func skipHalf() {
    let start = place
    _ = skip(32)
    let rest = line[place...].prefix(2).map(MessageText.folded)
    if rest == Array("am".utf8) || rest == Array("pm".utf8) { place += 2 } else { place = start }
  }

  /// `host app[123]:`.
  mutating func skipSyslogHead() {
    let start = place
    for _ in 0..<2 {
      skipSpaces()
      while place < line.endIndex, line[place] > 32, line[place] != UInt8(ascii: ":") { place += 1 }
      if place < line.endIndex, line[place] == UInt8(ascii: ":") { return }
    }
    place = start
  }

  /// `: `, ` - `, ` | `, spaces, tabs: one mark with the white space around it, of that behind it one.
  mutating func skipSeparator() {
    let hasSpace = skip(32) || skip(9)
    for mark in [":", "|", "-", ";", ","] as [Unicode.Scalar] where skip(UInt8(ascii: mark)) {
      _ = skip(32) || skip(9)
      return
    }

  }
}
