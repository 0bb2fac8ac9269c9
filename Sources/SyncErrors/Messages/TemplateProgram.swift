import RuleSet

/// A template as a program for a machine that looks at each byte of a text once.
///
/// The machine (`match`) keeps all threads of the program that are alive at a byte, at most one for each operation, so that
/// no text can make it slower than its length times the length of the program (Pike's algorithm). Threads are ordered:
/// the first that ends wins, which makes holes as short as the text after them allows.
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

  init(_ template: SyncErrorTemplate) {
    operations.append(.save(0))
    append(template.pieces, isLast: true)
    operations.append(.save(1))
    operations.append(.match)
    words = Self.words(template.pieces)
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

  /// Whether a text with these words has those without which no match is possible.
  func mayMatch(_ words: Set<UInt64>) -> Bool { self.words.allSatisfy(words.contains) }
}

/// A place in a text where a template matches.
struct TemplateMatch {
  /// The whole.
  var range: Range<Int>
  /// What the holes took, in their order; nil for holes in choices that were not taken.
  var holes: [(name: String, kind: SyncErrorTemplate.HoleKind, range: Range<Int>)]
}

extension TemplateProgram {
  /// The first match in a text at or after a place.
  func match(_ text: MessageText, from start: Int = 0) -> TemplateMatch? {
    var machine = TemplateMachine(self)
    guard let slots = machine.run(text.folded, from: start) else { return nil }
    var found: [(name: String, kind: SyncErrorTemplate.HoleKind, range: Range<Int>)] = []
    for (index, hole) in holes.enumerated() where slots[2 * index + 2] >= 0 && slots[2 * index + 3] >= 0 {
      found.append((hole.name, hole.kind, slots[2 * index + 2]..<slots[2 * index + 3]))
    }
    return TemplateMatch(range: slots[0]..<slots[1], holes: found)
  }
}

/// The machine that runs a program.
private struct TemplateMachine {
  /// Threads in the order of precedence: their places, and their slots one after the other.
  private struct Threads {
    var places: [Int] = []
    var slots: [Int] = []

    mutating func removeAll() {
      places.removeAll(keepingCapacity: true)
      slots.removeAll(keepingCapacity: true)
    }
  }

  private let operations: [TemplateProgram.Operation]
  private let slotCount: Int
  /// For each operation the step at which it got its thread.
  private var marks: [Int]
  private var step = 0
  /// The slots of the thread that is being added.
  private var slots: [Int]

  init(_ program: TemplateProgram) {
    operations = program.operations
    slotCount = program.slotCount
    marks = Array(repeating: -1, count: operations.count)
    slots = Array(repeating: -1, count: slotCount)
  }

  mutating func run(_ text: [UInt8], from start: Int) -> [Int]? {
    var current = Threads()
    var next = Threads()
    var best: [Int]?
    var index = start
    let first = firstByte
    // A line break may stand within the literal text, so this saves work only in text without any.
    let literal = text.contains(10) ? [] : firstLiteral
    while true {
      if best == nil {
        if current.places.isEmpty, let first {
          guard let place = Self.start(first, literal, in: text[min(index, text.count)...]) else { break }
          index = place
        }
        // A new start comes after the threads that are there.
        step += 1
        for place in current.places { marks[place] = step }
        for slot in slots.indices { slots[slot] = -1 }
        add(0, at: index, to: &current)
      }
      if current.places.isEmpty { break }
      step += 1
      next.removeAll()
      for (thread, place) in current.places.enumerated() {
        let range = thread * slotCount..<(thread + 1) * slotCount
        if case .match = operations[place] {
          best = Array(current.slots[range])
          break
        }
        guard index < text.count, let following = advance(operations[place], place, text[index]) else { continue }
        for slot in 0..<slotCount { slots[slot] = current.slots[range.lowerBound + slot] }
        add(following, at: index + 1, to: &next)
      }
      swap(&current, &next)
      if index >= text.count { break }
      index += 1
    }
    return best
  }

  /// The byte with which every match begins, if there is only one.
  private var firstByte: UInt8? {
    if operations.count > 1, case .firstByte(let byte) = operations[1] { return byte }
    return nil
  }

  /// The text with which every match begins.
  private var firstLiteral: [UInt8] {
    var literal: [UInt8] = []
    for operation in operations.dropFirst() {
      switch operation {
      case .firstByte(let byte) where literal.isEmpty: literal.append(byte)
      case .byte(let byte) where !literal.isEmpty: literal.append(byte)
      default: return literal
      }
    }
    return literal
  }

  /// The first place at which a match may begin.
  private static func start(_ first: UInt8, _ literal: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
    var rest = text
    while let place = rest.firstIndex(of: first) {
      rest = rest[place...]
      if rest.starts(with: literal) { return place }
      rest = rest.dropFirst()
    }
    return nil
  }

  private func advance(_ operation: TemplateProgram.Operation, _ place: Int, _ byte: UInt8) -> Int? {
    switch operation {
    case .firstByte(let wanted): return byte == wanted ? place + 1 : nil
    case .byte(let wanted):
      if byte == wanted { return place + 1 }
      return byte == 10 ? place : nil
    case .space: return byte == 32 || byte == 10 ? place + 1 : nil
    case .hole(let kind): return kind.takes(byte) ? place + 1 : nil
    case .split, .jump, .save, .match: return nil
    }
  }

  /// Adds a thread with `slots` at a place, or at those to which it leads without taking a byte.
  ///
  /// The depth is bounded by the nesting of choices and the run of operations that take no byte.
  private mutating func add(_ place: Int, at index: Int, to threads: inout Threads) {
    guard marks[place] != step else { return }
    marks[place] = step
    switch operations[place] {
    case .jump(let target): add(target, at: index, to: &threads)
    case .split(let first, let second):
      add(first, at: index, to: &threads)
      add(second, at: index, to: &threads)
    case .save(let slot):
      let before = slots[slot]
      slots[slot] = index
      add(place + 1, at: index, to: &threads)
      slots[slot] = before
    default:
      threads.places.append(place)
      threads.slots.append(contentsOf: slots)
    }
  }
}

extension SyncErrorTemplate.HoleKind {
  /// Whether a hole of this kind takes a byte of folded text.
  fileprivate func takes(_ byte: UInt8) -> Bool {
    switch self {
    case .text: true
    case .line: byte != 10
    case .word: byte != 32 && byte != 10
    case .number: byte &- 0x30 < 10
    case .name: byte &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2D || byte == 0x5F || byte >= 0x80
    case .guid: byte &- 0x30 < 10 || byte &- 0x61 < 6 || byte == 0x2D || byte == 0x7B || byte == 0x7D || byte == 10
    }
  }
}
