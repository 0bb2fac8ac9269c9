import RuleSet
import Testing

@testable import SyncErrors

@Suite struct TemplateMatcherTests {
  /// Random templates over random texts: the same match with the same holes as the plain machine finds.
  @Test func agreesWithThePlainMachine() throws {
    var random = SystemRandomNumberGenerator()
    let parts = [
      "a", "b", "ab", "aab", " ", " ", "{h}", "{h:line}", "{h:word}", "{h:number}", "{h:name}", "{h:guid}", "<a|b>",
      "<ab|>", "<a {h}|b>", "<<a|b>1|>", "<|a>", "1", "\\-", "a, b", ", ", "a: ", "b=", " - ", "'", "\"",
    ]
    var matches = 0
    for _ in 0..<600 {
      var template = ["a", "b", "1", "ab", "<a|b>a", " a", "{h0} b"].randomElement(using: &random) ?? "a"
      for number in 1...Int.random(in: 1...6, using: &random) {
        var part = parts.randomElement(using: &random) ?? "a"
        if template.hasSuffix("}"), part.hasPrefix("{") { part = "a" + part }
        part = part.replacing("{h", with: "{h\(number)")
        template += part
      }
      guard let compiled = try? program(template) else { continue }
      var matcher = TemplateMatcher()
      for _ in 0..<40 {
        let text = String(
          (0..<Int.random(in: 0...14, using: &random)).map { _ in
            "aaabb11 \n-,,:==–’”".randomElement(using: &random) ?? "a"
          })
        let message = MessageText(text)
        for start in 0...min(2, message.folded.count) {
          var machine = PikeMachine(compiled)
          let expected = machine.run(message.folded, from: start)
          let found = matcher.run(compiled, message.folded, from: start)
          #expect(found == expected, "'\(template)' on \(text.debugDescription) from \(start)")
          if found != nil { matches += 1 }
        }
      }
    }
    #expect(matches > 1000)
  }

  /// Every example of the catalogue, and every template of it.
  @Test func agreesOnTheCatalogue() throws {
    let definitions = try SyncErrorCatalogue.load().definitions
    let programs = definitions.flatMap { $0.templates.map { TemplateProgram($0) } }
    for example in definitions.flatMap(\.examples) {
      let text = MessageText(example.text)
      let words = text.words()
      for program in programs {
        var machine = PikeMachine(program)
        let expected = machine.run(text.folded, from: 0)
        var matcher = TemplateMatcher()
        #expect(matcher.run(program, text.folded, from: 0) == expected)
        // What matches has the words that are asked for first.
        if expected != nil { #expect(program.mayMatch(words)) }
      }
    }
  }

  /// Texts that a matcher which tries one way after the other could be lost in.
  @Test(arguments: ["a ", "a", "\n", "a\n", "a\n\n", " ", "ab"]) func anEvilTextTakesNoLongerThanItsLength(unit: String)
    throws
  {
    let text = MessageText(Array(String(repeating: unit, count: 100_000 / unit.utf8.count).utf8))
    for template in [
      "a {b} a {c} a {d} a {e} a {f} x", "a{b:word}a{c}ax", "{b}<a|b>{c}<aa|b>x", "a{b:name}<ab|>{c:line}\\ x", "{a}ax",
    ] {
      #expect(try program(template).match(text) == nil)
    }
  }
}

/// The oracle of `TemplateMatcher`: a machine that looks at each byte of a text once.
///
/// It keeps all threads of the program that are alive at a byte, at most one for each operation, so that no text can make it
/// slower than its length times the length of the program (Pike's algorithm). Threads are ordered: the first that ends wins.
struct PikeMachine {
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
    case .one(let bytes): return bytes.has(byte) ? place + 1 : nil
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
