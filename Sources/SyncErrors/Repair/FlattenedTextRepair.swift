/// Gives the line breaks back to events, lists, tables and dumps that a ticket, a cell or a telephone has made one line.
enum FlattenedTextRepair {
  /// Before the labels of events, and those within the messages of the engine.
  static func events(_ text: RepairedText) -> RepairedText? {
    breakLines(text) { line in
      var breaks: [Int] = []
      var isInHeader = false
      var hits = 0
      for found in labels(in: line) {
        switch found.label {
        case .event(.log):
          isInHeader = true
        case .event(.description):
          guard isInHeader else { continue }
          isInHeader = false
        case .event where isInHeader: break
        case .message where !isInHeader: break
        default: continue
        }
        hits += 1
        breaks.append(found.start)
      }
      return hits >= 3 ? breaks : []
    }
  }

  /// Before the names of properties: `TimeCreated : … ProviderName : … Id : …`.
  static func lists(_ text: RepairedText) -> RepairedText? {
    breakLines(text) { line in
      let breaks = colons(in: line).compactMap { colon -> Int? in
        guard colon > line.startIndex, line[colon - 1] == 32 else { return nil }
        let head = line[..<colon]
        guard let end = head.lastIndex(where: { $0 > 32 }) else { return nil }
        let start = (line[...end].lastIndex { $0 <= 32 } ?? line.startIndex - 1) + 1
        let name = String(decoding: line[start...end], as: UTF8.self)
        return PropertyList.isKnown(name) ? start : nil
      }
      return breaks.count >= 2 ? breaks : []
    }
  }

  /// Before the time of each record of a move's log: `… 12/20/2023 9:24:15 AM [DB4PR04MB459] Relinquishing job …`; what was
  /// cut within a record is one line again.
  static func moveLogs(_ text: RepairedText) -> RepairedText? {
    let bytes = text.bytes
    let starts = bytes.indices.filter { isMoveRecord(bytes, at: $0) }
    guard starts.count >= 2, let first = starts.first else { return nil }
    var editor = RepairedText.Editor(text)
    var next = starts[...]
    var place = first
    while place < bytes.count {
      if next.first == place {
        next.removeFirst()
        var end = place
        while end > editor.place, bytes[end - 1] <= 32 { end -= 1 }
        editor.copy(to: end)
        // What stands before the log, the label `Message :` perhaps, is a paragraph of its own.
        if place > 0 { editor.replace(to: place, with: place == first ? [10, 10] : [10]) }
      } else if bytes[place] == 10 {
        let isBlank = place + 1 < bytes.count && bytes[place + 1] == 10
        // A blank line ends the log.
        if isBlank, next.isEmpty { break }
        var end = place
        while end < bytes.count, bytes[end] <= 32 { end += 1 }
        if next.first != end, end < bytes.count {
          editor.copy(to: place)
          editor.replace(to: end, with: [32])
        }
        place = end
        continue
      }
      place += 1
    }
    return editor.finish()
  }

  /// Whether a date, a time and a server in brackets stand at a place.
  private static func isMoveRecord(_ text: [UInt8], at start: Int) -> Bool {
    guard text[start] &- 0x30 < 10, start == 0 || text[start - 1] <= 32 else { return false }
    let head = text[start...].prefix(64)
    guard let open = head.firstIndex(of: UInt8(ascii: "[")),
      let close = head[open...].firstIndex(of: UInt8(ascii: "]")),
      head[..<open].contains(UInt8(ascii: "/")) || head[..<open].count(where: { $0 == 0x2D || $0 == 0x2E }) == 2
    else { return false }
    // The time that stands alone before the bracket is the end of the date before it.
    return head[..<open].count { $0 == UInt8(ascii: ":") } == 2
      && MoveLogLine(String(decoding: head[...close], as: UTF8.self)) != nil
  }

  /// Before the labels of support details: `ErrorType 114 ErrorLiteral … Dn CN={…}`.
  static func dumps(_ text: RepairedText) -> RepairedText? {
    breakLines(text) { line in
      guard LabelledDump.begins(String(decoding: line, as: UTF8.self)) else { return [] }
      let breaks = wordStarts(in: line).filter { LabelledDump.isUnmistakable(line[$0...]) }
      return breaks.count >= 2 ? breaks : []
    }
  }

  /// Before the rows of a list of errors and objects of the connector space: `SomeError CN={…} Success CN={…}`, or the other
  /// way round.
  static func errorLists(_ text: RepairedText) -> RepairedText? {
    breakLines(text) { line in
      let words = wordStarts(in: line)
      let texts = words.map { String(decoding: line[$0...].prefix(400).prefix { $0 > 32 }, as: UTF8.self) }
      let isObject = texts.map { $0.lowercased().hasPrefix("cn={") }
      let isName = texts.map { ErrorList.looksLikeName($0) || SuccessWord.isOne($0) }
      let pairs = words.indices.dropLast()
      let namesFirst = pairs.filter { isName[$0] && isObject[$0 + 1] }
      let objectsFirst = pairs.filter { isObject[$0] && isName[$0 + 1] }
      let rows = (namesFirst.first ?? Int.max) < (objectsFirst.first ?? Int.max) ? namesFirst : objectsFirst
      return rows.count >= 2 ? rows.map { words[$0] } : []
    }
  }

  /// Around the cells of the table of an error mail: before and behind each source anchor, and behind each identity.
  static func mailTables(_ text: RepairedText) -> RepairedText? {
    breakLines(text) { line in
      let words = wordStarts(in: line)
      let texts = words.map { start in String(decoding: line[start...].prefix { $0 > 32 }, as: UTF8.self).lowercased() }
      let header = ["identity", "error", "description", "source", "anchor"]
      guard let first = texts.indices.first(where: { texts[$0...].starts(with: header) }) else { return [] }
      var breaks = [words[first], words[first + 1], words[first + 3]]
      var isRowStart = true
      for index in words.indices.dropFirst(first + header.count) {
        if isRowStart {
          breaks.append(words[index])
          if index + 1 < words.count { breaks.append(words[index + 1]) }
          isRowStart = false
        } else if isAnchor(line[words[index]...].prefix { $0 > 32 }) {
          breaks.append(words[index])
          isRowStart = true
        }
      }
      return breaks
    }
  }

  private static func isAnchor(_ word: ArraySlice<UInt8>) -> Bool {
    word.count == 24 && word.suffix(2).allSatisfy { $0 == UInt8(ascii: "=") }
  }

  // MARK: places

  /// What a label belongs to.
  private enum Label {
    case event(EventLabel)
    /// Of the text of the engine.
    case message
  }

  private static let messageLabels: Set<String> = [
    "error name", "error detail", "dn", "tracking id", "discovery errors", "synchronization errors",
    "metaverse retry errors", "export errors", "warnings",
  ]

  private static func labels(in line: ArraySlice<UInt8>) -> [(start: Int, label: Label)] {
    colons(in: line).compactMap { colon in
      var end = colon
      while end > line.startIndex, line[end - 1] == 32 || line[end - 1] == 9 { end -= 1 }
      // The longest label that ends here.
      var start = max(line.startIndex, end - 48)
      while start < end {
        if start == line.startIndex || line[start - 1] <= 32 || line[start - 1] >= 0x80 {
          let name = String(decoding: line[start..<end], as: UTF8.self)
          if let label = EventLabel(name) { return (start, .event(label)) }
          if messageLabels.contains(name.lowercased()) { return (start, .message) }
        }
        start += 1
      }
      return nil
    }
  }

  private static func colons(in line: ArraySlice<UInt8>) -> [Int] {
    line.indices.filter { line[$0] == UInt8(ascii: ":") }
  }

  private static func wordStarts(in line: ArraySlice<UInt8>) -> [Int] {
    line.indices.filter { line[$0] > 32 && ($0 == line.startIndex || line[$0 - 1] <= 32) }
  }

  /// Puts line breaks before places of lines; white space before them goes.
  private static func breakLines(
    _ text: RepairedText, _ places: (ArraySlice<UInt8>) -> [Int]
  ) -> RepairedText? {
    var editor = RepairedText.Editor(text)
    let bytes = text.bytes
    for line in text.lines where line.count > 40 {
      for place in places(bytes[line]) where place > line.lowerBound && place >= editor.place {
        var end = place
        while end > max(line.lowerBound, editor.place), bytes[end - 1] == 32 || bytes[end - 1] == 9 { end -= 1 }
        editor.copy(to: end)
        editor.replace(to: place, with: [10])
      }
    }
    return editor.finish()
  }
}
