import RuleSet

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
        for (position, byte) in text.utf8.enumerated() {
          let folded = MessageText.folded(byte)
          operations.append(position == 0 && index == 0 ? .firstByte(folded) : .byte(folded))
        }
      case .space:
        operations.append(.space)
        let loop = operations.count
        operations.append(.split(loop + 3, loop + 1))
        operations.append(.space)
        operations.append(.jump(loop))
      case .hole(let name, let kind): append(name, kind, isEnd: isEnd)
      case .choice(let choices): append(choices, isEnd: isEnd)
      }
    }
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
