import Bytes
import Directory
import Glibc
import RuleSet

/// LDAP filters compiled for evaluation on indexed entries; each is known by its number.
///
/// An absent attribute makes a comparison false, so that `(!(a=b))` holds for an entry without `a`, as in Active
/// Directory (MS-ADTS 3.1.1.3.1.3.1). Nodes are plain values that point into shared pools: filters are tried on every
/// entry, and reference counting would cost more than the comparison.
struct CompiledFilters: Sendable {
  private enum Kind {
    case and, or, not, present, equal, equalExact, substrings, greaterOrEqual, lessOrEqual, allBits, anyBit
  }

  /// A place in `pool`.
  private struct Piece: Sendable {
    var start: Int = 0
    var count: Int = 0
  }

  private struct Node: Sendable {
    var kind: Kind
    /// Slot of the attribute; -1 is the DN, -2 its first RDN.
    var slot: Int = 0
    var mask: Int64 = 0
    /// The assertion value or initial part; folded unless the match is exact.
    var value = Piece()
    var final = Piece()
    /// Children in `children`, or middle parts in `parts`.
    var list = 0..<0
    var isCaseSensitive = false
    /// First byte of the assertion value in lower case when it is ASCII; 0 when there is none or it may match otherwise.
    var firstByte: UInt8 = 0
  }

  private var nodes: [Node] = []
  private var children: [Int] = []
  private var parts: [Piece] = []
  private var pool: [UInt8] = []

  /// Compiles a filter; `slot` gives the slot of an attribute name.
  ///
  /// - Returns: the number of the filter.
  mutating func add(_ filter: Filter, slot: (String) -> Int) -> Int {
    func position(_ attribute: String) -> Int {
      switch attribute.lowercased() {
      case Filter.distinguishedName: -1
      case Filter.firstRDN: -2
      default: slot(attribute)
      }
    }
    var node: Node
    switch filter {
    case .and(let filters): node = Node(kind: .and, list: add(filters, slot: slot))
    case .or(let filters): node = Node(kind: .or, list: add(filters, slot: slot))
    case .not(let filter): node = Node(kind: .not, list: add([filter], slot: slot))
    case .present(let attribute): node = Node(kind: .present, slot: position(attribute))
    case .equal(let attribute, let value) where attribute.lowercased() == "objectcategory" && !value.contains(0x3D):
      return add(
        .substrings(
          attribute: attribute, initial: ObjectCategory.beginning(ofClass: value), any: [], final: [],
          caseSensitive: false), slot: slot)
    case .equal(let attribute, let value):
      node = Node(kind: .equal, slot: position(attribute), value: store(value, folds: true))
    case .equalExact(let attribute, let value):
      node = Node(kind: .equalExact, slot: position(attribute), value: store(value, folds: false))
    case .substrings(let attribute, let initial, let any, let final, let isCaseSensitive):
      node = Node(kind: .substrings, slot: position(attribute), isCaseSensitive: isCaseSensitive)
      node.value = store(initial, folds: !isCaseSensitive)
      node.final = store(final, folds: !isCaseSensitive)
      let middle = any.map { store($0, folds: !isCaseSensitive) }
      node.list = parts.count..<parts.count + middle.count
      parts += middle
    case .greaterOrEqual(let attribute, let value):
      node = Node(kind: .greaterOrEqual, slot: position(attribute), value: store(value, folds: true))
    case .lessOrEqual(let attribute, let value):
      node = Node(kind: .lessOrEqual, slot: position(attribute), value: store(value, folds: true))
    case .allBits(let attribute, let mask): node = Node(kind: .allBits, slot: position(attribute), mask: mask)
    case .anyBit(let attribute, let mask): node = Node(kind: .anyBit, slot: position(attribute), mask: mask)
    }
    node.firstByte = firstByte(node.value)
    nodes.append(node)
    return nodes.count - 1
  }

  private mutating func add(_ filters: [Filter], slot: (String) -> Int) -> Range<Int> {
    let positions = filters.map { add($0, slot: slot) }
    children += positions
    return children.count - positions.count..<children.count
  }

  private func firstByte(_ piece: Piece) -> UInt8 {
    guard piece.count > 0, pool[piece.start] < 0x80 else { return 0 }
    return TextFold.lower(pool[piece.start])
  }

  private mutating func store(_ bytes: [UInt8], folds: Bool) -> Piece {
    let stored = folds ? TextFold.fold(bytes.span) : bytes
    let piece = Piece(start: pool.count, count: stored.count)
    pool += stored
    return piece
  }

  // MARK: - What a filter cannot do without

  /// Parts of a filter of which one must match an entry for the filter to match it: where there is a choice, those that
  /// are cheap to try and rarely match.
  func necessaryParts(_ position: Int) -> [Int] {
    let node = nodes[position]
    switch node.kind {
    case .or: return node.list.flatMap { necessaryParts(children[$0]) }
    case .and:
      let choices = node.list.map { necessaryParts(children[$0]) }
      return choices.min { weight($0) < weight($1) } ?? [position]
    default: return [position]
    }
  }

  private func weight(_ positions: [Int]) -> Int { positions.reduce(0) { $0 + weight($1) } }

  private func weight(_ position: Int) -> Int {
    let node = nodes[position]
    switch node.kind {
    case .and, .or: return 10
    case .not: return nodes[children[node.list.lowerBound]].kind == .present ? 2 : 10
    case .present: return 8
    case .allBits, .anyBit: return 2
    case .equal, .equalExact, .substrings, .greaterOrEqual, .lessOrEqual:
      return opening(position) == nil ? 4 : 1
    }
  }

  /// The slot of a part that only matches values that have a certain byte, and that byte; a negative slot is the DN.
  func content(_ position: Int) -> (slot: Int, byte: UInt8)? {
    let node = nodes[position]
    guard node.kind == .substrings else { return nil }
    for part in node.list where parts[part].count > 0 {
      let byte = pool[parts[part].start]
      // Other bytes have two cases, or may stand for a character that is folded to something else.
      if byte < 0x80, byte | 0x20 &- 97 >= 26 { return (node.slot, byte) }
    }
    return nil
  }

  /// The slot of a part that only matches values that begin with a byte (in either case, or beyond ASCII), and that byte.
  func opening(_ position: Int) -> (slot: Int, byte: UInt8)? {
    let node = nodes[position]
    guard node.firstByte != 0, node.slot >= 0, Self.opens(node.kind) else { return nil }
    return (node.slot, node.firstByte)
  }

  private static func opens(_ kind: Kind) -> Bool { kind == .equal || kind == .substrings || kind == .equalExact }

  // MARK: - Evaluation

  /// Whether an entry matches the filter of a number.
  func matches(
    _ position: Int, _ entry: EntryRecord, _ index: borrowing EntryIndex, _ values: Span<ValueRecord>,
    _ bytes: Span<UInt8>
  ) -> Bool {
    let node = nodes[position]
    switch node.kind {
    case .and:
      for child in node.list where !matches(children[child], entry, index, values, bytes) { return false }
      return true
    case .or:
      for child in node.list where matches(children[child], entry, index, values, bytes) { return true }
      return false
    case .not:
      return !matches(children[node.list.lowerBound], entry, index, values, bytes)
    case .present:
      return node.slot < 0 || index.count(node.slot) > 0
    default:
      break
    }
    if node.slot < 0 {
      let dn = bytes.extracting(entry.dn)
      return test(node, node.slot == -1 ? dn : dn.extracting(0..<DistinguishedName.firstRDNLength(of: dn)))
    }
    var value = index.first(node.slot)
    while value >= 0 {
      if test(node, bytes.extracting(values[Int(value)].range)) { return true }
      value = index.next(after: value)
    }
    return false
  }

  @inline(__always)
  private func test(_ node: Node, _ value: Span<UInt8>) -> Bool {
    // The first byte decides nearly always, and costs no look into the pool.
    if node.firstByte != 0, Self.opens(node.kind) {
      guard value.count > 0 else { return false }
      if value[0] < 0x80, TextFold.lower(value[0]) != node.firstByte { return false }
    }
    return testClosely(node, value)
  }

  private func testClosely(_ node: Node, _ value: Span<UInt8>) -> Bool {
    let assertion = pool.span.extracting(node.value.start..<node.value.start + node.value.count)
    switch node.kind {
    case .equal: return TextFold.areEqual(value, assertion)
    case .equalExact: return value.count == assertion.count && Self.occurs(assertion, at: 0, in: value, true)
    case .substrings:
      if node.isCaseSensitive { return substrings(node, value) }
      guard value.count >= node.value.count + node.final.count else {
        return !TextFold.isASCII(value) && substrings(node, TextFold.fold(value).span)
      }
      // The initial part decides nearly always. (Where the value is not ASCII, folding may still make it so.)
      if TextFold.isASCII(assertion), TextFold.isASCII(value.extracting(0..<assertion.count)),
        !Self.occurs(assertion, at: 0, in: value, false)
      {
        return false
      }
      if TextFold.isASCII(value) { return substrings(node, value) }
      return substrings(node, TextFold.fold(value).span)
    case .greaterOrEqual: return Self.isOrdered(assertion, value)
    case .lessOrEqual: return Self.isOrdered(value, assertion)
    case .allBits: return Self.integer(value).map { $0 & node.mask == node.mask } ?? false
    case .anyBit: return Self.integer(value).map { $0 & node.mask != 0 } ?? false
    case .and, .or, .not, .present: return false
    }
  }

  /// Integers by value when both are, else text by folded bytes.
  private static func isOrdered(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    if let left = integer(left), let right = integer(right) { return left <= right }
    return !TextFold.fold(right).lexicographicallyPrecedes(TextFold.fold(left))
  }

  private func substrings(_ node: Node, _ value: Span<UInt8>) -> Bool {
    let pool = pool.span
    let isExact = node.isCaseSensitive
    guard value.count >= node.value.count + node.final.count else { return false }
    let initial = pool.extracting(node.value.start..<node.value.start + node.value.count)
    guard Self.occurs(initial, at: 0, in: value, isExact) else { return false }
    var from = node.value.count
    let end = value.count - node.final.count
    for index in node.list {
      let part = parts[index]
      let text = pool.extracting(part.start..<part.start + part.count)
      guard let found = Self.find(text, from: from, to: end, in: value, isExact) else { return false }
      from = found + part.count
    }
    let final = pool.extracting(node.final.start..<node.final.start + node.final.count)
    return from <= end && Self.occurs(final, at: end, in: value, isExact)
  }

  private static func find(
    _ part: Span<UInt8>, from: Int, to end: Int, in value: Span<UInt8>, _ isExact: Bool
  ) -> Int? {
    guard end - part.count >= from else { return nil }
    guard part.count > 0 else { return from }
    let first = part[0]
    // Either case of a letter; the same byte twice for anything else.
    let other = !isExact && first &- 97 < 26 ? first & 0xDF : first
    var start = from
    while start <= end &- part.count {
      if first == other {
        guard let found = firstPlace(of: first, in: value, from: start) else { return nil }
        start = found
        if start > end &- part.count { return nil }
      }
      let byte = value[start]
      if byte == first || byte == other, occurs(part, at: start, in: value, isExact) { return start }
      start &+= 1
    }
    return nil
  }

  private static func occurs(_ part: Span<UInt8>, at start: Int, in value: Span<UInt8>, _ isExact: Bool) -> Bool {
    for offset in part.indices {
      let byte = value[start + offset]
      if (isExact ? byte : TextFold.lower(byte)) != part[offset] { return false }
    }
    return true
  }

  /// A decimal integer as LDAP writes it (RFC 4517, 3.3.16); nil for anything else.
  static func integer(_ value: Span<UInt8>) -> Int64? {
    guard value.count > 0, value.count <= 20 else { return nil }
    let isNegative = value[0] == UInt8(ascii: "-")
    guard value.count > (isNegative ? 1 : 0) else { return nil }
    var result: Int64 = 0
    for index in (isNegative ? 1 : 0)..<value.count {
      let digit = value[index] &- 48
      guard digit < 10 else { return nil }
      let (product, overflow) = result.multipliedReportingOverflow(by: 10)
      let (sum, carry) =
        isNegative
        ? product.subtractingReportingOverflow(Int64(digit)) : product.addingReportingOverflow(Int64(digit))
      guard !overflow, !carry else { return nil }
      result = sum
    }
    return result
  }
}
