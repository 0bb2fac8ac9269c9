import Bytes
import RuleSet

/// A pattern whose automaton would be too large.
public struct PatternFailure: Error, Sendable {
  /// The pattern as written.
  public var pattern: String
  /// One sentence without a full stop.
  public var message: String
}

/// Room: patterns as deterministic automata over bytes.
///
/// One table look-up per byte, whatever the pattern: no pattern that a user writes can blow up on a hostile value. That is
/// sound because the syntax has no back-references and no look-around, so every pattern is a regular language; the price is
/// the number of states, which is capped when the pattern is loaded. The automaton runs on the bytes of UTF-8; bytes that
/// are not valid UTF-8 match nothing.
struct PatternAutomaton: Sendable {
  /// More states than this is refused.
  static let maximumStates = 4_000
  private static let maximumNodes = 40_000

  /// Class of each byte; bytes of one class lead to the same states everywhere.
  private var byteClass: [UInt8] = Array(repeating: 0, count: 256)
  private var classCount = 0
  /// Next state by `state * classCount + class`; state 0 is dead.
  private var next: [UInt16] = []
  private var isAccepting: [Bool] = []
  /// Whether no printable ASCII leads out of a state.
  private var staysOnText: [Bool] = []
  /// Length in bytes of the shortest text that matches.
  private(set) var shortest = 0

  /// Compiles a pattern that must match the whole text.
  init(_ pattern: String, isCaseSensitive: Bool) throws(PatternFailure) {
    let syntax: PatternSyntax
    do {
      syntax = try PatternSyntax(parsing: pattern, ignoringCase: !isCaseSensitive)
    } catch {
      throw PatternFailure(pattern: pattern, message: error.message)
    }
    var graph = ByteGraph()
    let end = graph.addNode()
    let start = graph.build(syntax, to: end)
    guard graph.nodes.count <= Self.maximumNodes else {
      throw PatternFailure(pattern: pattern, message: "the pattern is too large; use fewer or smaller repetitions")
    }
    guard determinize(graph, start: start, end: end) else {
      throw PatternFailure(
        pattern: pattern,
        message: "the pattern needs more than \(Self.maximumStates) states; use fewer overlapping repetitions")
    }
    findDead()
    let textClasses = Set(byteClass[0x20...0x7E].map(Int.init))
    staysOnText = isAccepting.indices.map { state in
      textClasses.allSatisfy { Int(next[state * classCount + $0]) == state }
    }
  }

  /// The state before the first byte.
  var start: Int { 1 }

  /// Number of states.
  var stateCount: Int { isAccepting.count }

  /// The state after one more byte.
  func next(_ state: Int, _ byte: UInt8) -> Int { Int(next[state * classCount + Int(byteClass[Int(byte)])]) }

  /// Whether a text that ends in this state matches.
  func isAccepting(_ state: Int) -> Bool { isAccepting[state] }

  /// Whether the whole text matches.
  ///
  /// - Parameter isPrintable: whether the text is known to be printable ASCII: a state that no such byte leaves then decides.
  func matches(_ text: Span<UInt8>, isPrintable: Bool = false) -> Bool {
    if text.count < shortest { return false }
    var state = 1
    for index in text.indices {
      let before = state
      state = Int(next[state &* classCount &+ Int(byteClass[Int(text[index])])])
      if state == 0 { return false }
      if state == before, isPrintable, staysOnText[state] { break }
    }
    return isAccepting[state]
  }

  /// Offset of the character (or broken byte) at which a match became impossible; the length when the text is only
  /// incomplete.
  func failureOffset(_ text: Span<UInt8>) -> Int {
    var state = 1
    var index = 0
    while index < text.count {
      let (value, length) = ScalarReader.scalar(at: index, of: text)
      // A byte that is no part of UTF-8 matches nothing, even where it could begin a character.
      if value == ScalarReader.invalid { return index }
      for byte in index..<index + length {
        state = Int(next[state * classCount + Int(byteClass[Int(text[byte])])])
        if state == 0 { return index }
      }
      index += length
    }
    return text.count
  }

  private mutating func determinize(_ graph: ByteGraph, start: Int, end: Int) -> Bool {
    assignClasses(graph)
    var states: [[Int32]: UInt16] = [[]: 0]
    var sets: [[Int32]] = [[]]
    var marks = ByteGraph.Marks(count: graph.nodes.count)
    let first = graph.closure([Int32(start)], &marks)
    states[first] = 1
    sets.append(first)
    next = Array(repeating: 0, count: classCount)
    var state = 1
    let representatives = (0..<classCount).map { number in
      UInt8(byteClass.firstIndex(of: UInt8(number)) ?? 0)
    }
    let edges = FlatEdges(graph)
    var reached: [Int32] = []
    // Of one state most classes lead to the same few sets.
    var known: [(reached: [Int32], next: UInt16)] = []
    while state < sets.count {
      let own = sets[state].flatMap { edges.of($0) }
      known.removeAll(keepingCapacity: true)
      for number in 0..<classCount {
        let byte = representatives[number]
        reached.removeAll(keepingCapacity: true)
        for edge in own where edges.low[edge] <= byte && byte <= edges.high[edge] { reached.append(edges.to[edge]) }
        if let place = known.lastIndex(where: { $0.reached == reached }) {
          next.append(known[place].next)
          continue
        }
        let set = graph.closure(reached, &marks)
        let number = states[set] ?? UInt16(sets.count)
        if Int(number) == sets.count {
          guard sets.count < Self.maximumStates else { return false }
          states[set] = number
          sets.append(set)
        }
        next.append(number)
        known.append((reached, number))
      }
      state += 1
    }
    isAccepting = sets.map { $0.contains(Int32(end)) }
    return true
  }

  /// Gives two bytes one class when every edge has both or neither.
  private mutating func assignClasses(_ graph: ByteGraph) {
    var starts = Array(repeating: false, count: 257)
    starts[0] = true
    for node in graph.nodes {
      for edge in node.edges {
        starts[Int(edge.bytes.lowerBound)] = true
        starts[Int(edge.bytes.upperBound) + 1] = true
      }
    }
    var number = -1
    for byte in 0..<256 {
      if starts[byte] { number += 1 }
      byteClass[byte] = UInt8(number)
    }
    classCount = number + 1
  }

  private mutating func findDead() {
    var isLive = isAccepting
    var changed = true
    while changed {
      changed = false
      // States are numbered as they are reached, so going backwards settles most of them in one round.
      for state in isLive.indices.reversed() where !isLive[state] {
        let row = next[state * classCount..<(state + 1) * classCount]
        if row.contains(where: { isLive[Int($0)] }) {
          isLive[state] = true
          changed = true
        }
      }
    }
    // States that lead nowhere become the dead state, so that matching can end there.
    for position in next.indices where !isLive[Int(next[position])] { next[position] = 0 }
    if !isLive[1] { for position in classCount..<2 * classCount { next[position] = 0 } }
    var reached: Set<Int> = [1]
    var seen = reached
    while !reached.contains(where: { isAccepting[$0] }), !reached.isEmpty {
      shortest += 1
      reached = Set(
        reached.flatMap { state in
          next[state * classCount..<(state + 1) * classCount].map(Int.init)
        }
      ).subtracting(seen)
      seen.formUnion(reached)
    }
  }
}

/// The edges of a graph in flat arrays: they are looked through for every state and byte class.
private struct FlatEdges {
  private var starts: [Int] = [0]
  private(set) var low: [UInt8] = []
  private(set) var high: [UInt8] = []
  private(set) var to: [Int32] = []

  init(_ graph: ByteGraph) {
    for node in graph.nodes {
      for edge in node.edges {
        low.append(edge.bytes.lowerBound)
        high.append(edge.bytes.upperBound)
        to.append(Int32(edge.to))
      }
      starts.append(to.count)
    }
  }

  /// The places of a node's edges.
  func of(_ node: Int32) -> Range<Int> { starts[Int(node)]..<starts[Int(node) + 1] }
}

/// A nondeterministic automaton over bytes (Thompson's construction).
private struct ByteGraph {
  struct Edge {
    var bytes: ClosedRange<UInt8>
    var to: Int
  }
  struct Node {
    var edges: [Edge] = []
    var free: [Int] = []
  }
  private(set) var nodes: [Node] = []
  private var continuations: [Int: Int] = [:]

  mutating func addNode() -> Int {
    nodes.append(Node())
    return nodes.count - 1
  }

  /// Adds nodes that match `syntax` and then go on at `target`; returns where to begin.
  mutating func build(_ syntax: PatternSyntax, to target: Int) -> Int {
    guard nodes.count <= 50_000 else { return target }
    switch syntax {
    case .empty:
      return target
    case .character(let set):
      let node = addNode()
      for range in set.ranges { add(range, from: node, to: target) }
      return node
    case .sequence(let parts):
      var target = target
      for part in parts.reversed() { target = build(part, to: target) }
      return target
    case .alternatives(let parts):
      let starts = parts.map { build($0, to: target) }
      let node = addNode()
      nodes[node].free = starts
      return node
    case .repetition(let part, let min, let max):
      return buildRepetition(part, min: min, max: max, to: target)
    }
  }

  private mutating func buildRepetition(_ part: PatternSyntax, min: Int, max: Int?, to target: Int) -> Int {
    let end = target
    var target = target
    if let max {
      for _ in 0..<Swift.max(0, max - min) {
        let node = addNode()
        // A copy is left out together with all that follow it, so each leads to the end at once: if it led to the next one, a
        // state would have to hold all that are left.
        nodes[node].free = [build(part, to: target), end]
        target = node
      }
    } else {
      let loop = addNode()
      let body = build(part, to: loop)
      nodes[loop].free = [body, target]
      target = loop
    }
    for _ in 0..<min { target = build(part, to: target) }
    return target
  }

  /// All nodes that can be reached from `seeds` without a byte, sorted.
  func closure(_ seeds: [Int32], _ marks: inout Marks) -> [Int32] {
    marks.round += 1
    var found: [Int32] = []
    for seed in seeds where marks.isNew(seed) { found.append(seed) }
    var next = 0
    while next < found.count {
      for other in nodes[Int(found[next])].free where marks.isNew(Int32(other)) { found.append(Int32(other)) }
      next += 1
    }
    found.sort()
    return found
  }

  /// Which nodes a round has met; rounds are numbered, so nothing has to be cleared.
  struct Marks {
    var round = 0
    private var last: [Int]

    init(count: Int) { last = Array(repeating: 0, count: count) }

    mutating func isNew(_ node: Int32) -> Bool {
      guard last[Int(node)] != round else { return false }
      last[Int(node)] = round
      return true
    }
  }

  /// Adds the byte sequences of a range of scalar values.
  private mutating func add(_ range: ClosedRange<UInt32>, from node: Int, to target: Int) {
    var low = range.lowerBound
    for limit: UInt32 in [0x7F, 0x7FF, 0xFFFF, 0x10FFFF] where low <= limit && low <= range.upperBound {
      let high = min(limit, range.upperBound)
      addSameLength(Self.encode(low), Self.encode(high), from: node, to: target)
      low = high + 1
    }
  }

  private mutating func addSameLength(_ low: [UInt8], _ high: [UInt8], from node: Int, to target: Int) {
    guard low.count > 1 else {
      nodes[node].edges.append(Edge(bytes: low[0]...high[0], to: target))
      return
    }
    let lowest = [UInt8](repeating: 0x80, count: low.count - 1)
    let highest = [UInt8](repeating: 0xBF, count: low.count - 1)
    if low[0] == high[0] {
      guard Array(low.dropFirst()) != lowest || Array(high.dropFirst()) != highest else {
        nodes[node].edges.append(Edge(bytes: low[0]...low[0], to: continuation(low.count - 1, to: target)))
        return
      }
      let inner = addNode()
      nodes[node].edges.append(Edge(bytes: low[0]...low[0], to: inner))
      addSameLength(Array(low.dropFirst()), Array(high.dropFirst()), from: inner, to: target)
      return
    }
    var first = low[0]
    var last = high[0]
    if Array(low.dropFirst()) != lowest {
      addSameLength(low, [low[0]] + highest, from: node, to: target)
      first += 1
    }
    if Array(high.dropFirst()) != highest {
      addSameLength([high[0]] + lowest, high, from: node, to: target)
      last -= 1
    }
    if first <= last {
      let rest = continuation(low.count - 1, to: target)
      nodes[node].edges.append(Edge(bytes: first...last, to: rest))
    }
  }

  /// A node that matches `count` continuation bytes of any value, shared by all that lead to `target`.
  private mutating func continuation(_ count: Int, to target: Int) -> Int {
    guard count > 0 else { return target }
    let key = target * 4 + count
    if let known = continuations[key] { return known }
    let rest = continuation(count - 1, to: target)
    let node = addNode()
    nodes[node].edges.append(Edge(bytes: 0x80...0xBF, to: rest))
    continuations[key] = node
    return node
  }

  private static func encode(_ value: UInt32) -> [UInt8] {
    switch value {
    case 0...0x7F: [UInt8(value)]
    case 0x80...0x7FF: [UInt8(0xC0 | value >> 6), UInt8(0x80 | value & 0x3F)]
    case 0x800...0xFFFF: [UInt8(0xE0 | value >> 12), UInt8(0x80 | value >> 6 & 0x3F), UInt8(0x80 | value & 0x3F)]
    default:
      [
        UInt8(0xF0 | value >> 18 & 0x07), UInt8(0x80 | value >> 12 & 0x3F), UInt8(0x80 | value >> 6 & 0x3F),
        UInt8(0x80 | value & 0x3F),
      ]
    }
  }
}
