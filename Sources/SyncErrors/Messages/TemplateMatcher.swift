import RuleSet

/// The operations of a program, one instruction each at the same place.
struct TemplateCode: Sendable {
  enum Kind: UInt8 {
    case byte, firstByte, space, one, hole, split, jump, save, match
  }

  struct Instruction {
    var kind: Kind
    /// The byte of a text; for a hole whether it takes as much as it can.
    var byte: UInt8 = 0
    var holeKind: SyncErrorTemplate.HoleKind = .text
    var byteClass: ByteClass = .name
    /// Number among the places that several ways lead to; -1 for others.
    var mark: Int32 = -1
    /// Where to go on: first, then second. For `save` the slot.
    var first: Int32 = 0
    var second: Int32 = 0
    /// For a hole: one of these bytes comes behind it, if `isEndKnown`.
    var ends: (UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0)
    var isEndKnown = false
  }

  private(set) var instructions: [Instruction] = []
  private(set) var markCount = 0

  init(_ operations: [TemplateProgram.Operation]) {
    instructions = operations.map(Self.instruction)
    for place in instructions.indices where instructions[place].kind == .hole { completeHole(place) }
    // Only jumps and the loops of holes lead to a place that is reached in another way, too; and the beginning of a text
    // within a row of line feeds, which it passes over.
    for instruction in instructions where instruction.kind == .jump { mark(Int(instruction.first)) }
    for place in instructions.indices.dropFirst() where instructions[place].kind == .byte {
      let before = instructions[place - 1].kind
      if before != .byte, before != .firstByte { mark(place) }
    }
  }

  private static func instruction(_ operation: TemplateProgram.Operation) -> Instruction {
    switch operation {
    case .byte(let byte): Instruction(kind: .byte, byte: byte)
    case .firstByte(let byte): Instruction(kind: .firstByte, byte: byte)
    case .space: Instruction(kind: .space)
    case .one(let byteClass): Instruction(kind: .one, byteClass: byteClass)
    case .hole(let kind): Instruction(kind: .hole, holeKind: kind)
    case .split(let first, let second):
      Instruction(
        kind: .split, first: Int32(truncatingIfNeeded: first), second: Int32(truncatingIfNeeded: second))
    case .jump(let target): Instruction(kind: .jump, first: Int32(truncatingIfNeeded: target))
    case .save(let slot): Instruction(kind: .save, first: Int32(truncatingIfNeeded: slot))
    case .match: Instruction(kind: .match)
    }
  }

  private mutating func mark(_ place: Int) {
    guard instructions[place].mark < 0 else { return }
    instructions[place].mark = Int32(truncatingIfNeeded: markCount)
    markCount += 1
  }

  /// A hole is followed by its loop: on to `save` behind it, or back to the hole.
  private mutating func completeHole(_ place: Int) {
    mark(place)
    instructions[place].byte = instructions[place + 1].first == place ? 1 : 0
    var ends: [UInt8] = []
    guard collectFirstBytes(place + 3, into: &ends), let last = ends.last, ends.count <= 4 else { return }
    ends += repeatElement(last, count: 4 - ends.count)
    instructions[place].ends = (ends[0], ends[1], ends[2], ends[3])
    instructions[place].isEndKnown = true
  }

  /// The bytes with which what begins at a place may begin; false when they are not so few.
  private func collectFirstBytes(_ place: Int, into bytes: inout [UInt8]) -> Bool {
    let instruction = instructions[place]
    switch instruction.kind {
    // A line feed within a text is passed over.
    case .byte: add(instruction.byte, 10, to: &bytes)
    case .space: add(32, 10, to: &bytes)
    case .split where Int(instruction.first) > place && Int(instruction.second) > place:
      return collectFirstBytes(Int(instruction.first), into: &bytes)
        && collectFirstBytes(Int(instruction.second), into: &bytes)
    default: return false
    }
    return true
  }

  private func add(_ first: UInt8, _ second: UInt8, to bytes: inout [UInt8]) {
    if !bytes.contains(first) { bytes.append(first) }
    if !bytes.contains(second) { bytes.append(second) }
  }
}

/// Runs a program over a text, one way after the other, and never the same way twice from the same place.
///
/// A place in the program that several ways lead to is entered once for each byte of the text: whoever comes there later
/// would only fail again. So no text can make it slower than its length times the length of the program, as a machine is
/// that follows all ways at once (Pike's algorithm, the oracle in the tests), but a text that matches is mostly read once.
struct TemplateMatcher {
  /// What is left to be tried, or to be undone on the way back.
  private enum Step {
    case way(place: Int, index: Int)
    /// The ways out of a hole that takes as much as it can, from the longest to the shortest.
    case ends(place: Int, shortest: Int, longest: Int)
    case slot(Int, Int)
  }

  private var slots: [Int] = []
  private var steps: [Step] = []
  /// Bits for each marked place and each byte, once one is needed.
  private var visited: [UInt64] = []
  private var isVisitedReady = false
  private var markCount = 0

  /// The slots of the first match of a program at or after `start`. The matcher can be used again.
  mutating func run(_ program: TemplateProgram, _ text: [UInt8], from start: Int) -> [Int]? {
    guard start <= text.count else { return nil }
    slots.removeAll(keepingCapacity: true)
    slots.append(contentsOf: repeatElement(-1, count: program.slotCount))
    steps.removeAll(keepingCapacity: true)
    isVisitedReady = false
    markCount = program.code.markCount
    let instructions = program.code.instructions
    var index = start
    guard instructions.count > 1, instructions[1].kind == .firstByte else {
      while index <= text.count {
        if matches(text, instructions, at: index) { return slots }
        index += 1
      }
      return nil
    }
    let first = instructions[1].byte
    let isSecondKnown = instructions.count > 2 && instructions[2].kind == .byte
    let second = isSecondKnown ? instructions[2].byte : 0
    while let place = ByteSearch.first(first, in: text, from: index) {
      index = place + 1
      if isSecondKnown {
        guard index < text.count else { return nil }
        // A line feed within a text is passed over.
        if text[index] != second, text[index] != 10 { continue }
      }
      if matches(text, instructions, at: place) { return slots }
    }
    return nil
  }

  /// Whether there is a match at a place; its slots are then set.
  private mutating func matches(_ text: [UInt8], _ code: [TemplateCode.Instruction], at start: Int) -> Bool {
    var place = 0
    var index = start
    while true {
      if follow(text.span, code.span, &place, &index) { return true }
      guard goBack(&place, &index) else { return false }
    }
  }

  /// Takes the next way that has not been tried.
  private mutating func goBack(_ place: inout Int, _ index: inout Int) -> Bool {
    while let step = steps.popLast() {
      switch step {
      case .way(let nextPlace, let nextIndex):
        (place, index) = (nextPlace, nextIndex)
        return true
      case .ends(let nextPlace, let shortest, let longest):
        if longest > shortest { steps.append(.ends(place: nextPlace, shortest: shortest, longest: longest - 1)) }
        (place, index) = (nextPlace, longest)
        return true
      case .slot(let slot, let value): slots[slot] = value
      }
    }
    return false
  }

  /// Goes on until the program ends (true) or the text does not fit.
  private mutating func follow(
    _ text: Span<UInt8>, _ code: Span<TemplateCode.Instruction>, _ place: inout Int, _ index: inout Int
  ) -> Bool {
    while true {
      let instruction = code[place]
      if instruction.kind == .hole {
        guard passHole(text, instruction, &place, &index) else { return false }
        continue
      }
      if instruction.mark >= 0, !enter(instruction.mark, index, text.count) { return false }
      switch instruction.kind {
      case .byte:
        guard index < text.count else { return false }
        if text[index] == instruction.byte { place += 1 } else if text[index] != 10 { return false }
        index += 1
        Self.passLiteral(text, code, &place, &index)
      case .firstByte:
        guard index < text.count, text[index] == instruction.byte else { return false }
        place += 1
        index += 1
        Self.passLiteral(text, code, &place, &index)
      case .space:
        guard index < text.count, text[index] == 32 || text[index] == 10 else { return false }
        place += 1
        index += 1
      case .one:
        guard index < text.count, instruction.byteClass.has(text[index]) else { return false }
        place += 1
        index += 1
      case .split:
        steps.append(.way(place: Int(instruction.second), index: index))
        place = Int(instruction.first)
      case .jump: place = Int(instruction.first)
      case .save:
        let slot = Int(instruction.first)
        steps.append(.slot(slot, slots[slot]))
        slots[slot] = index
        place += 1
      case .match:
        steps.removeAll(keepingCapacity: true)
        return true
      case .hole: return false
      }
    }
  }

  /// Goes on over the bytes of a text that are there as they should be.
  @inline(__always)
  private static func passLiteral(
    _ text: Span<UInt8>, _ code: Span<TemplateCode.Instruction>, _ place: inout Int, _ index: inout Int
  ) {
    while index < text.count, code[place].kind == .byte, code[place].mark < 0, code[place].byte == text[index] {
      place += 1
      index += 1
    }
  }

  /// Lets a hole take bytes: as few as may do, or as many as it can.
  private mutating func passHole(
    _ text: Span<UInt8>, _ hole: TemplateCode.Instruction, _ place: inout Int, _ index: inout Int
  ) -> Bool {
    let start = index
    let end = place + 2
    let takesMuch = hole.byte != 0
    while index < text.count, hole.holeKind.takes(text[index]), enter(hole.mark, index, text.count) {
      index += 1
      if takesMuch { continue }
      if hole.isEndKnown {
        guard index < text.count else { return false }
        let byte = text[index]
        if byte != hole.ends.0, byte != hole.ends.1, byte != hole.ends.2, byte != hole.ends.3 { continue }
      }
      steps.append(.way(place: place, index: index))
      place = end
      return true
    }
    guard takesMuch, index > start else { return false }
    steps.append(.ends(place: end, shortest: start + 1, longest: index))
    // The longest is the first on the way back.
    return goBack(&place, &index)
  }

  /// Whether a marked place is entered for the first time at a byte.
  private mutating func enter(_ mark: Int32, _ index: Int, _ count: Int) -> Bool {
    if !isVisitedReady {
      visited.removeAll(keepingCapacity: true)
      visited.append(contentsOf: repeatElement(0, count: (markCount * (count + 1) + 63) / 64))
      isVisitedReady = true
    }
    let bit = Int(mark) * (count + 1) + index
    let mask: UInt64 = 1 &<< UInt64(truncatingIfNeeded: bit & 63)
    if visited[bit >> 6] & mask != 0 { return false }
    visited[bit >> 6] |= mask
    return true
  }
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
    var matcher = TemplateMatcher()
    return match(text, from: start, &matcher)
  }

  /// The same with a matcher that is used again.
  func match(_ text: MessageText, from start: Int = 0, _ matcher: inout TemplateMatcher) -> TemplateMatch? {
    guard let slots = matcher.run(self, text.folded, from: start) else { return nil }
    var found: [(name: String, kind: SyncErrorTemplate.HoleKind, range: Range<Int>)] = []
    found.reserveCapacity(holes.count)
    for (index, hole) in holes.enumerated() where slots[2 * index + 2] >= 0 && slots[2 * index + 3] >= 0 {
      found.append((hole.name, hole.kind, slots[2 * index + 2]..<slots[2 * index + 3]))
    }
    return TemplateMatch(range: slots[0]..<slots[1], holes: found)
  }
}

extension SyncErrorTemplate.HoleKind {
  /// Whether a hole of this kind takes a byte of folded text.
  func takes(_ byte: UInt8) -> Bool {
    switch self {
    case .text: true
    case .line: byte != 10
    case .word: byte != 32 && byte != 10
    case .number: byte &- 0x30 < 10
    case .name: byte &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2D || byte == 0x5F || byte >= 0x80
    case .names: Self.name.takes(byte) || byte == 32 || byte == 10 || byte == 0x2C || byte == 0x3B
    case .guid: byte &- 0x30 < 10 || byte &- 0x61 < 6 || byte == 0x2D || byte == 0x7B || byte == 0x7D || byte == 10
    }
  }
}
