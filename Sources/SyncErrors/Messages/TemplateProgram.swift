import RuleSet

/// Bytes of which one is meant.
enum ByteClass: UInt8 {
  /// Of the name of a field.
  case name
  /// Of the value of a field: up to a comma or the end of the line.
  case pairValue
  /// The last of the three bytes of U+2010 to U+2015.
  case dash
  /// The last of the three bytes of U+2018 to U+201B.
  case apostrophe
  /// The last of the three bytes of U+201C to U+201F.
  case quotationMark
  /// The last of the three bytes of U+200E and U+200F, which localized messages of Exchange put around values in quotes.
  case directionMark

  @inline(__always)
  func has(_ byte: UInt8) -> Bool {
    switch self {
    case .name: byte &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5F
    case .pairValue: byte != UInt8(ascii: ",") && byte != 10
    case .dash: byte &- 0x90 < 6
    case .apostrophe: byte &- 0x98 < 4
    case .quotationMark: byte &- 0x9C < 4
    case .directionMark: byte &- 0x8E < 2
    }
  }
}

/// A template as a program: what `TemplateMatcher` runs.
///
/// Of several ways to go on the program says which comes first; the first way that leads to the end wins, which makes holes
/// as short as the text after them allows.
struct TemplateProgram {
  enum Operation {
    /// One byte, in lower case. A line feed within a text is passed over: consoles cut words.
    case byte(UInt8)
    /// The first byte of a text: no line feed is passed over before it.
    case firstByte(UInt8)
    /// A white-space byte.
    case space
    /// One byte of several.
    case one(ByteClass)
    /// A byte that a hole takes.
    case hole(SyncErrorTemplate.HoleKind)
    /// Goes on at both places; the first has precedence.
    case split(Int, Int)
    case jump(Int)
    /// Notes the place.
    case save(Int)
    case match
  }

  private(set) var operations: [Operation] = []
  /// The names of the holes; hole `n` has the slots `2n + 2` and `2n + 3`, the match itself 0 and 1.
  private(set) var holes: [(name: String, kind: SyncErrorTemplate.HoleKind)] = []
  /// Hashes of words that are in every text that matches.
  private(set) var words: [UInt64] = []
  /// How many bytes of literal text there are: the more, the more a match says.
  private(set) var weight = 0
  /// The operations, ready to be run.
  private(set) var code = TemplateCode([])

  init(_ template: SyncErrorTemplate) {
    operations.append(.save(0))
    append(template.pieces, isLast: true)
    operations.append(.save(1))
    operations.append(.match)
    words = Self.words(template.pieces)
    code = TemplateCode(operations)
  }

  var slotCount: Int { 2 * holes.count + 2 }

  private mutating func append(_ pieces: [SyncErrorTemplate.Piece], isLast: Bool) {
    for (index, piece) in pieces.enumerated() {
      let isEnd = isLast && index == pieces.count - 1
      switch piece {
      case .text(let text):
        weight += text.utf8.count
        let bytes = Array(text.utf8)
        let isWord = bytes.count > 1
        let endsPiece = index + 1 < pieces.count
        for (position, byte) in bytes.enumerated() {
          if position == 0, index == 0 {
            operations.append(.firstByte(MessageText.folded(byte)))
          } else {
            append(byte, isWord: isWord, isLast: endsPiece && position == bytes.count - 1)
          }
        }
      case .space:
        if index > 0, Self.endsInMark(pieces[index - 1]) {
          // What a hole takes after a mark is to begin behind the white space.
          let loop = operations.count
          operations += [.split(loop + 1, loop + 3), .space, .jump(loop)]
        } else {
          operations.append(.space)
          appendOptionalSpace()
        }
      case .hole(let name, let kind): append(name, kind, isEnd: isEnd)
      case .choice(let choices): append(choices, isEnd: isEnd)
      }
    }
  }

  /// Whether a piece ends with a mark after which white space may be missing.
  private static func endsInMark(_ piece: SyncErrorTemplate.Piece) -> Bool {
    guard case .text(let text) = piece, let last = text.utf8.last else { return false }
    return last == UInt8(ascii: ":") || last == UInt8(ascii: ",") || last == UInt8(ascii: "=")
  }

  /// Any white space, or none.
  private mutating func appendOptionalSpace() {
    let loop = operations.count
    operations.append(.split(loop + 3, loop + 1))
    operations.append(.space)
    operations.append(.jump(loop))
  }

  /// A byte within a text. Products differ in the white space around marks, and word processors in the marks themselves.
  private mutating func append(_ byte: UInt8, isWord: Bool, isLast: Bool) {
    switch byte {
    case UInt8(ascii: "-") where !isWord: append(byte, or: .dash)
    case UInt8(ascii: "'"):
      appendOptionalDirectionMark()
      append(byte, or: .apostrophe)
    case UInt8(ascii: "\""):
      appendOptionalDirectionMark()
      append(byte, or: .quotationMark)
    case UInt8(ascii: ",") where isLast:
      appendUnknownPairs()
      appendOptionalSpace()
      operations.append(.byte(byte))
    case UInt8(ascii: ":") where isLast:
      appendOptionalSpace()
      operations.append(.byte(byte))
    case UInt8(ascii: "="):
      appendOptionalSpace()
      operations.append(.byte(byte))
      appendOptionalSpace()
    default: operations.append(.byte(MessageText.folded(byte)))
    }
  }

  private mutating func appendOptionalDirectionMark() {
    let loop = operations.count
    operations += [.split(loop + 5, loop + 1), .byte(0xE2), .byte(0x80), .one(.directionMark), .jump(loop)]
  }

  /// A mark of ASCII, or one of those in U+2000 to U+203F that word processors put in its place.
  private mutating func append(_ byte: UInt8, or class: ByteClass) {
    let start = operations.count
    operations += [.split(start + 1, start + 3), .byte(byte), .jump(start + 6)]
    operations += [.byte(0xE2), .byte(0x80), .one(`class`)]
  }

  /// `, Name=value`, any number of times, before a comma: what later versions of a product have put between the fields that
  /// a template knows. Names of one or two letters are those of distinguished names.
  private mutating func appendUnknownPairs() {
    let loop = operations.count
    operations.append(.match)
    operations += [.byte(UInt8(ascii: ",")), .space]
    appendOptionalSpace()
    operations += [.one(.name), .one(.name), .one(.name)]
    appendAny(.name)
    appendOptionalSpace()
    operations.append(.byte(UInt8(ascii: "=")))
    appendAny(.pairValue)
    operations.append(.jump(loop))
    operations[loop] = .split(operations.count, loop + 1)
  }

  private mutating func appendAny(_ class: ByteClass) {
    let loop = operations.count
    operations.append(.split(loop + 3, loop + 1))
    operations.append(.one(`class`))
    operations.append(.jump(loop))
  }

  private mutating func append(_ name: String, _ kind: SyncErrorTemplate.HoleKind, isEnd: Bool) {
    let slot = 2 * holes.count + 2
    holes.append((name, kind))
    operations.append(.save(slot))
    let body = operations.count
    operations.append(.hole(kind))
    let takesMuch = isEnd || (kind != .text && kind != .line)
    operations.append(takesMuch ? .split(body, body + 2) : .split(body + 2, body))
    operations.append(.save(slot + 1))
  }

  private mutating func append(_ choices: [[SyncErrorTemplate.Piece]], isEnd: Bool) {
    var jumps: [Int] = []
    for (index, choice) in choices.enumerated() {
      let split = operations.count
      let isLastChoice = index == choices.count - 1
      if !isLastChoice { operations.append(.match) }
      append(choice, isLast: isEnd)
      if !isLastChoice {
        jumps.append(operations.count)
        operations.append(.match)
        operations[split] = .split(split + 1, operations.count)
      }
    }
    for jump in jumps { operations[jump] = .jump(operations.count) }
  }

  /// Whole words of the text outside choices that no hole can be a part of.
  private static func words(_ pieces: [SyncErrorTemplate.Piece]) -> [UInt64] {
    var words: [UInt64] = []
    for (index, piece) in pieces.enumerated() {
      guard case .text(let text) = piece else { continue }
      let bytes = text.utf8.map(MessageText.folded)
      let opensAtWord = index == 0 || pieces[index - 1] == .space
      let closesAtWord = index == pieces.count - 1 ? false : pieces[index + 1] == .space
      var start = 0
      while start < bytes.count {
        guard MessageText.isWordByte(bytes[start]) else {
          start += 1
          continue
        }
        var end = start
        while end < bytes.count, MessageText.isWordByte(bytes[end]) { end += 1 }
        let isWhole = (start > 0 || (opensAtWord && index > 0)) && (end < bytes.count || closesAtWord)
        if isWhole { words.append(MessageText.hash(bytes[start..<end])) }
        start = end
      }
    }
    return words
  }

  /// Whether a text with these words may have those without which no match is possible.
  func mayMatch(_ words: WordSet) -> Bool { self.words.allSatisfy(words.mayHave) }
}
