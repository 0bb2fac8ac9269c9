import RuleSet

/// Finds the names of known errors that stand in a text without a label of their own.
///
/// Such names are rare words: `InvalidSoftMatch` in a sentence of any language tells what it is about. Names that could be
/// words of something else (`cd-error`, `TimeOut`) count only when nothing else is in their cell of a row or behind their
/// label.
struct ErrorNames {
  /// A name in a text.
  struct Mention {
    var definition: Int
    /// As written.
    var name: String
    var range: Range<Int>
  }

  private struct Name {
    var definition: Int
    var bytes: [UInt8]
    var folded: [UInt8]
    /// Whether no other word looks like it, in whatever case.
    var isRare: Bool
    /// Whether it counts within a sentence when it is written just so.
    var isTelling: Bool
  }

  /// By the hash of the name in lower case.
  private var names: [UInt64: Name] = [:]

  init(_ definitions: [SyncErrorDefinition]) {
    for (index, definition) in definitions.enumerated() {
      for type in definition.types {
        let bytes = Array(type.utf8)
        let folded = bytes.map(MessageText.folded)
        let hash = MessageText.hash(folded)
        guard names[hash] == nil, bytes.contains(where: { !($0 &- 0x30 < 10) }) else { continue }
        let isHyphenated = bytes.contains(UInt8(ascii: "-")) && !bytes.contains(32)
        let humps = bytes.count { $0 &- 0x41 < 26 }
        let isCamel = !isHyphenated && !bytes.contains(32) && bytes.contains { $0 &- 0x61 < 26 }
        guard isHyphenated || humps > 1 else { continue }
        names[hash] = Name(
          definition: index, bytes: bytes, folded: folded,
          isRare: isHyphenated && bytes.count >= 16 || isCamel && humps > 2 && bytes.count >= 14,
          isTelling: isCamel && bytes.count >= 11)
      }
    }
  }

  /// The first name in a text.
  func first(in text: MessageText) -> Mention? {
    firstWord(in: text, lines: 0..<text.bytes.count) ?? firstCell(in: text)
  }

  /// Where the errors of a list begin: the lines with a name, when it is one each. A line that is not the first of its
  /// error is known by what follows: nothing comes behind the last name then.
  func starts(in text: MessageText) -> [Int] {
    var named: [(line: Range<Int>, definition: Int)] = []
    let lines = Self.lines(of: text)
    for line in lines {
      guard let mention = firstWord(in: text, lines: line) ?? cell(of: text, line) else { continue }
      named.append((line, mention.definition))
    }
    guard named.count > 1, let first = named.first, let last = named.last else { return [] }
    let isBehind =
      text.bytes[..<first.line.lowerBound].contains { $0 > 32 }
      && !text.bytes[last.line.upperBound...].contains { $0 > 32 }
    guard isBehind else { return named.map(\.line.lowerBound) }
    return [0] + named.dropLast().map { min($0.line.upperBound + 1, text.bytes.count) }
  }

  private static func lines(of text: MessageText) -> [Range<Int>] {
    text.bytes.split(separator: 10, omittingEmptySubsequences: true).map { $0.startIndex..<$0.endIndex }
  }

  @inline(__always)
  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte &- 0x61 < 26 || byte &- 0x41 < 26 || byte &- 0x30 < 10 || byte == 0x2D || byte == 0x5F
  }

  /// The first word that is the name of an error wherever it stands.
  private func firstWord(in text: MessageText, lines range: Range<Int>) -> Mention? {
    var index = range.lowerBound
    while index < range.upperBound {
      guard Self.isNameByte(text.bytes[index]) else {
        index += 1
        continue
      }
      let start = index
      var hash = MessageText.emptyHash
      while index < range.upperBound, Self.isNameByte(text.bytes[index]) {
        hash = MessageText.hash(hash, text.folded[index])
        index += 1
      }
      if ExceptionName.ends(text.bytes[start..<index]) {
        // `System.ServiceModel.XException` and `Cmdlet-XException` are the same error as `XException`.
        if let mention = exception(in: text, start..<index) { return mention }
        continue
      }
      // Part of an address, a path or the name of a type.
      if start > 0,
        [UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "@"), UInt8(ascii: "\\")].contains(text.bytes[start - 1])
      {
        continue
      }
      guard index - start >= 11, let name = names[hash], name.folded.elementsEqual(text.folded[start..<index]) else {
        continue
      }
      if name.isRare || name.isTelling && name.bytes.elementsEqual(text.bytes[start..<index]) {
        return Mention(definition: name.definition, name: text.string(start..<index), range: start..<index)
      }
    }
    return nil
  }

  /// The error that the last part of a word with hyphens is the name of.
  private func exception(in text: MessageText, _ word: Range<Int>) -> Mention? {
    let hyphen = text.bytes[word].lastIndex(of: UInt8(ascii: "-"))
    let range = (hyphen.map { $0 + 1 } ?? word.lowerBound)..<word.upperBound
    guard let name = names[MessageText.hash(text.folded[range])], name.folded.elementsEqual(text.folded[range]) else {
      return nil
    }
    return Mention(definition: name.definition, name: text.string(range), range: range)
  }

  private func firstCell(in text: MessageText) -> Mention? {
    for line in Self.lines(of: text) {
      if let mention = cell(of: text, line) { return mention }
    }
    return nil
  }

  /// The first name that has a cell of a row, or all that stands behind a label, for itself.
  private func cell(of text: MessageText, _ line: Range<Int>) -> Mention? {
    for cell in text.bytes[line].split(whereSeparator: { $0 == 9 || $0 == UInt8(ascii: "|") || $0 == UInt8(ascii: ";") }
    ) {
      let whole = cell.startIndex..<cell.endIndex
      let label = cell.lastIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }
      let ranges = label.map { [whole, ($0 + 1)..<cell.endIndex] } ?? [whole]
      for range in ranges {
        let trimmed = Self.trimmed(text, range)
        guard trimmed.count >= 6, trimmed.count < 60,
          let name = names[MessageText.hash(text.folded[trimmed])],
          name.folded.elementsEqual(text.folded[trimmed]),
          name.bytes.elementsEqual(text.bytes[trimmed]) || name.bytes.contains(UInt8(ascii: "-"))
        else { continue }
        return Mention(definition: name.definition, name: text.string(trimmed), range: trimmed)
      }
    }
    return nil
  }

  private static func trimmed(_ text: MessageText, _ range: Range<Int>) -> Range<Int> {
    func isAround(_ byte: UInt8) -> Bool {
      byte <= 32
        || [UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "*"), UInt8(ascii: ".")].contains(
          byte)
    }
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, isAround(text.bytes[start]) { start += 1 }
    while end > start, isAround(text.bytes[end - 1]) { end -= 1 }
    return start..<end
  }
}

/// The names of errors of .NET: `EndpointNotFoundException`, which programs print in whatever language their texts are.
enum ExceptionName {
  private static let ending = Array("Exception".utf8)

  /// Whether a word ends as such a name does, and has more before.
  static func ends(_ word: ArraySlice<UInt8>) -> Bool {
    word.count > ending.count + 2 && word.suffix(ending.count).elementsEqual(ending)
  }

  /// Whether a text has such a name with what it says behind a colon: `XException: …`.
  static func isTold(in text: String) -> Bool {
    var rest = text.utf8[...]
    while let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
      var before = rest[..<colon]
      while before.last == 32 { before.removeLast() }
      if ends(Array(before.suffix(120).reversed().prefix { isNameByte($0) }.reversed())[...]) { return true }
      rest = rest[rest.index(after: colon)...]
    }
    return false
  }

  private static func isNameByte(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 }
}
