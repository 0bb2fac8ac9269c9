import Bytes
import Directory

/// Reads lists of errors without a header, as the Synchronization Service Manager shows and exports them: on each line the
/// name of an error and the object that has it, in either order, with white space, a comma, a semicolon or a bar between.
///
/// A row that says `Success` is one of the list, and no error.
struct ErrorList {
  private struct Row {
    /// The object, and what else the row names it by.
    var names: [String]
    /// The name of the error; nil for a row that says that all went well.
    var type: String?
    /// The value that clashes or is refused, behind the cell with its attribute.
    var value: SyncError.Conflict?
  }

  private var rows: [(row: Row, line: Int)] = []

  /// A list that begins with a line; nil when the line is none of one.
  init?(_ line: String, number: Int, _ sink: ErrorSink) {
    guard let row = Self.parse(line, { Self.isKnown($0, sink) }) else { return nil }
    rows.append((row, number))
  }

  /// - Returns: false when the line is none of a list.
  mutating func add(_ line: String, number: Int, _ sink: ErrorSink) -> Bool {
    // Within a list an error need not be one of the catalogue.
    guard let row = Self.parse(line, { Self.isKnown($0, sink) || Self.looksLikeName($0) }) else { return false }
    rows.append((row, number))
    return true
  }

  static func isLine(_ line: String, _ sink: ErrorSink) -> Bool { parse(line, { isKnown($0, sink) }) != nil }

  private static func isKnown(_ word: String, _ sink: ErrorSink) -> Bool {
    word.utf8.count >= 4 && sink.knows(type: word) || SuccessWord.isOne(word)
  }

  /// Whether a word has the form in which the engine and the service name errors: `some-error`, `SomeError`.
  static func looksLikeName(_ word: String) -> Bool {
    guard word.utf8.count >= 6, word.utf8.count < 80 else { return false }
    let isPlain = word.utf8.allSatisfy { ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == UInt8(ascii: "-") }
    let humps = word.utf8.count { $0 &- 0x41 < 26 }
    return isPlain && (word.utf8.contains(UInt8(ascii: "-")) || humps > 1) && IdentifierShape.whole(word) == nil
  }

  private static func parse(_ line: String, _ isName: (String) -> Bool) -> Row? {
    // Names of objects have one of these marks.
    guard line.utf8.count < 4096,
      line.utf8.contains(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "-") })
    else { return nil }
    let text = Trimmed.text(line, also: "|*")
    let cells = cells(of: text)
    return cells.count > 1 ? row(of: cells, isName) : rowOfEnds(text, isName)
  }

  /// The cells of a line, when something separates them that stands in no name.
  private static func cells(of text: String) -> [String] {
    SpacedCells.cells(of: text) { $0 == 9 || $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "|") }
      .map { Trimmed.text($0, also: "\"'") }.filter { !$0.isEmpty }
  }

  private static func row(of cells: [String], _ isName: (String) -> Bool) -> Row? {
    guard cells.count <= 12, let type = cells.first(where: isName) else { return nil }
    let value = value(in: cells)
    let names = cells.filter {
      $0 != type && IdentifierShape.whole($0) != nil && !($0 == value?.value && $0.contains(":"))
    }
    return names.isEmpty ? nil : Row(names: names, type: SuccessWord.isOne(type) ? nil : type, value: value)
  }

  /// The value in the cell behind the name of an attribute of addresses or sign-in names.
  private static func value(in cells: [String]) -> SyncError.Conflict? {
    zip(cells, cells.dropFirst()).lazy.compactMap { name, value -> SyncError.Conflict? in
      guard let facts = AttributeSchema.shipped[name], !value.contains(" "), value.contains("@") else { return nil }
      switch facts.identifies {
      case .address, .upn: return SyncError.Conflict(attribute: name, value: value)
      default: return nil
      }
    }.first
  }

  /// The first or the last word is the name of the error, the rest the object.
  private static func rowOfEnds(_ text: String, _ isName: (String) -> Bool) -> Row? {
    func isBetween(_ byte: UInt8) -> Bool { byte == 32 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") }
    guard let first = text.utf8.firstIndex(where: isBetween), let last = text.utf8.lastIndex(where: isBetween) else {
      return nil
    }
    let ends = [
      (text[..<first], text[first...]), (text[text.utf8.index(after: last)...], text[..<last]),
    ]
    for (word, rest) in ends {
      let type = Trimmed.text(word, also: "\"'[]()")
      let name = Trimmed.text(rest, also: " ,:-\"'")
      guard isName(type), IdentifierShape.whole(name) != nil else { continue }
      return Row(names: [name], type: SuccessWord.isOne(type) ? nil : type)
    }
    return nil
  }

  func emit(to sink: ErrorSink) {
    for (row, line) in rows {
      guard let type = row.type else {
        sink.skipInformation()
        continue
      }
      var error = SyncError(message: type, location: sink.location(line: line))
      error.type = type
      error.source = "table"
      if let value = row.value { error.add(conflicts: [value]) }
      for name in row.names {
        let kind = IdentifierShape.whole(name) ?? IdentifierShape.name(name)
        let isDN = kind == .distinguishedName || kind == .connectorSpaceDN
        error.add(MentionedIdentifier(name, kind, field: isDN ? "DN" : nil))
      }
      sink.emit(error)
    }
  }
}

/// Words by which logs and tables say that all went well.
enum SuccessWord {
  private static let words: Set<String> = [
    "success", "succeeded", "successful", "successfully", "completed", "synced", "skipped", "ok", "erfolg",
    "erfolgreich", "succès", "réussi", "réussite", "correcto", "éxito", "riuscito", "operazione riuscita", "sucesso",
    "gelukt", "geslaagd", "成功", "正常",
  ]
  /// What a column of errors says where there is none.
  private static let noErrors: Set<String> = [
    "none", "no error", "no-error", "noerror", "0", "0x0", "0x00000000", "s_ok", "-", "kein", "keiner", "kein fehler",
  ]

  /// Whether a text is one of them.
  static func isOne(_ text: String) -> Bool { text.utf8.count <= 32 && words.contains(text.lowercased()) }

  /// Whether a column of errors says that there is none.
  static func deniesError(_ text: String) -> Bool {
    isOne(text) || text.utf8.count <= 32 && noErrors.contains(text.lowercased())
  }

  /// Those that say so wherever they stand in a line.
  private static let plain: Set<Substring> = [
    "success", "succeeded", "successful", "successfully", "erfolgreich", "réussi", "éxito", "riuscito", "sucesso",
  ]
  private static let denials: Set<Substring> = [
    "not", "no", "without", "nicht", "kein", "keinen", "ohne", "pas", "sans",
  ]
  private static let marks = " \t[](){}:;,.|-*=<>\"'\u{2019}✓✔✅•"

  /// Whether a line says of an object that all went well: with such a word at its start or its end, or with a plain one.
  static func isSaid(by line: String) -> Bool {
    let mark = line.utf8.contains { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "{") }
    guard mark, line.utf8.count < 4096, mayBeSaid(by: line) else { return false }
    let words = line.lowercased().split { marks.contains($0) }
    guard words.count > 1, let first = words.first, let last = words.last else { return false }
    let saysSo = words.contains { plain.contains($0) } && !words.contains { denials.contains($0) }
    return (isOne(String(first)) || isOne(String(last)) || saysSo) && !saysError(line)
  }

  /// Whether one of the words may be in a line; nearly none has one, and this costs less than to take lines apart by
  /// characters.
  private static func mayBeSaid(by line: String) -> Bool {
    var start = 0
    var place = 0
    let bytes = Array(line.utf8)
    while place <= bytes.count {
      // Beyond ASCII there are marks of several bytes between words, and other letters.
      if place < bytes.count, bytes[place] >= 0x80 { return true }
      if place == bytes.count || !isLetter(bytes[place]) {
        if (2...12).contains(place - start), initials.contains(bytes[start] | 0x20),
          words.contains(String(decoding: bytes[start..<place], as: UTF8.self).lowercased())
        {
          return true
        }
        start = place + 1
      }
      place += 1
    }
    return false
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  /// The first letters of the words in ASCII, which are of 2 to 12 letters.
  private static let initials = Set(words.compactMap(\.utf8.first).filter { $0 < 0x80 })

  private static func saysError(_ line: String) -> Bool {
    let folded = line.lowercased()
    return ["error", "fail", "exception", "conflict", "invalid", "unable", "fehler", "erreur", "already", "could"]
      .contains { folded.contains($0) }
  }
}
