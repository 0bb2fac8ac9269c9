import RuleSet

/// Takes back what a scanner does to the words of errors: `Unab1e to update th1s 0bject`, `lnvalidSoftMatch`.
///
/// A zero and an O, a one, an l and an I look alike. A word is changed only where it is none of the catalogue and looks like
/// exactly one that is; identifiers and values are left as they stand, since any letter may be meant there.
struct ScannedWords: Sendable {
  /// The word of the catalogue by what it looks like; nil where several look the same.
  private let words: [[UInt8]: [UInt8]?]

  init(_ catalogue: SyncErrorCatalogue) {
    var words: [[UInt8]: [UInt8]?] = [:]
    func add(_ text: String) {
      for word in text.utf8.split(whereSeparator: { !Self.isWordByte($0) }) where word.count >= Self.shortest {
        let word = Array(word)
        let look = word.map(Self.look)
        guard let known = words[look] else {
          words[look] = .some(word)
          continue
        }
        if known.map({ $0.map(MessageText.folded) }) != word.map(MessageText.folded) { words[look] = .some(nil) }
      }
    }
    for definition in catalogue.definitions {
      definition.types.forEach(add)
      for template in definition.templates { Self.texts(template.pieces).forEach(add) }
    }
    EventLabelCatalogue.shipped.keys.forEach(add)
    self.words = words
  }

  private static func texts(_ pieces: [SyncErrorTemplate.Piece]) -> [String] {
    pieces.flatMap { piece -> [String] in
      switch piece {
      case .text(let text): [text]
      case .choice(let choices): choices.flatMap(texts)
      case .space, .hole: []
      }
    }
  }

  /// The text with the words of errors as the catalogue has them.
  func repair(_ text: RepairedText) -> RepairedText? {
    let bytes = text.bytes
    var editor = RepairedText.Editor(text)
    var place = 0
    while place < bytes.count {
      guard Self.isWordByte(bytes[place]) else {
        place += 1
        continue
      }
      let start = place
      while place < bytes.count, Self.isWordByte(bytes[place]) { place += 1 }
      guard let word = known(bytes, start..<place) else { continue }
      editor.copy(to: start)
      editor.replace(to: place, with: word)
    }
    return editor.finish()
  }

  /// The word that a part of a text is meant to be; nil where it is one already, looks like none, or is a part of a value.
  private func known(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8]? {
    let word = bytes[range]
    guard word.count >= Self.shortest, word.contains(where: Self.isAlike) else { return nil }
    let hasDigit = word.contains { $0 &- 0x30 < 10 }
    guard hasDigit || word.count >= Self.shortestOfLetters else { return nil }
    if range.lowerBound > 0, Self.isOfValue(bytes[range.lowerBound - 1]) { return nil }
    if range.upperBound < bytes.count, Self.isOfValue(bytes[range.upperBound]) { return nil }
    guard let known = words[word.map(Self.look)] ?? nil,
      !known.lazy.map(MessageText.folded).elementsEqual(word.lazy.map(MessageText.folded))
    else { return nil }
    return zip(word, known).map { MessageText.folded($0) == MessageText.folded($1) ? $0 : $1 }
  }

  /// Of shorter words too many look alike; a digit among letters is hardly meant.
  private static let shortest = 3
  private static let shortestOfLetters = 4

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "-")
  }

  /// Whether a byte has others that look like it.
  private static func isAlike(_ byte: UInt8) -> Bool {
    switch MessageText.folded(byte) {
    case UInt8(ascii: "0"), UInt8(ascii: "o"), UInt8(ascii: "1"), UInt8(ascii: "l"), UInt8(ascii: "i"): true
    default: false
    }
  }

  /// What stands for a byte and all that look like it.
  private static func look(_ byte: UInt8) -> UInt8 {
    switch MessageText.folded(byte) {
    case UInt8(ascii: "0"): UInt8(ascii: "o")
    case UInt8(ascii: "1"), UInt8(ascii: "i"): UInt8(ascii: "l")
    case let folded: folded
    }
  }

  /// Whether what stands beside such a byte is a part of an address, a name, a path or an identifier.
  private static func isOfValue(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "@"), UInt8(ascii: "="), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "/"),
      UInt8(ascii: "\\"), UInt8(ascii: "_"), UInt8(ascii: "+"):
      true
    default: false
    }
  }
}
