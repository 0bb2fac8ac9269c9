import Directory
import RuleSet

/// What the engine knows of a value before any check: where its address type ends and where its domain begins.
struct ValueShape {
  /// Offset of the first colon; -1 when there is none.
  var colon = -1
  /// Offset of the last `@`; -1 when there is none.
  var at = -1
  /// Which of the program's address types stands before the colon: `none`, `other`, or a position from 2 on.
  var type: UInt8 = ValueShape.none
  /// Union of the slot's character classes over all bytes.
  var classes: UInt32 = 0
  /// Whether the value is known to be printable ASCII.
  var isPrintable = false

  static let none: UInt8 = 0
  static let other: UInt8 = 1
}

/// A check on single values, compiled to plain data so that a clean value costs table look-ups.
///
/// What does not fit a machine word (sets, texts, patterns) lies in `CheckTables` and is touched when the quick test
/// could not clear the value.
struct ValueCheck: Sendable {
  enum Kind: UInt8, Sendable {
    case characters, sequence, occurrences, length, notBlank, pattern, addressType, domain, oneOf, number, containedIn
  }

  /// Position of the rule in the program.
  @Small var rule: Int
  var kind: Kind
  /// Slot of the attribute.
  @Small var slot = 0
  /// Object classes to which the rule applies, one bit each.
  var objectClasses: UInt64
  /// Address types to which the rule applies, one bit each (`ValueShape.type`).
  var types: UInt64 = .max
  /// Whether an address begins behind the type (`when: value-prefix…` is given).
  var addressFollowsType = false
  /// Types that must be spelled exactly so, as a number in `CheckTables.exactTypes`; -1 for none.
  @Small var exactTypes = -1
  /// Compiled filter, as a position in `CheckTables.filters`; -1 for none.
  @Small var filter = -1
  var part: Part = .whole
  var position: Check.Position = .anywhere
  /// Bit of the slot's class table for `characters`.
  var classBit: UInt32 = 0
  @Small var minimum = 0
  @Small var maximum = Int.max
  /// Depends on the kind: counts bytes (length), must match (pattern), minds case (sequence, one-of), type required.
  var flag = false
  /// Position of the check's own table in `CheckTables`; -1 for none.
  @Small var table = -1
  /// A second one: excepted suffixes, refused types; for `contained-in` the types of the other attribute, as a number in
  /// `CheckTables.exactTypes`.
  @Small var secondTable = -1
  var compare: Comparison = .text
  /// Slot of the other attribute of `contained-in`.
  @Small var otherSlot = 0
  var domainTest: DomainTestKind = .routable
  /// Slot of an attribute that may hold the part before the `@`; -1 for none.
  @Small var nameSlot = -1

  enum DomainTestKind: UInt8, Sendable { case routable, verified, refused }

  /// Whether the check depends on where an address type ends, or on which it is.
  var needsType: Bool {
    part == .prefix || part == .afterPrefix || addressFollowsType || types != .max || exactTypes >= 0
      || kind == .addressType
  }

  /// The bytes that the check looks at; nil when the value has no such part.
  @inline(__always)
  func range(of count: Int, _ shape: ValueShape) -> Range<Int>? {
    switch part {
    case .whole: return 0..<count
    case .prefix: return shape.colon >= 0 ? 0..<shape.colon : nil
    case .afterPrefix: return shape.colon + 1..<count
    case .localPart:
      let start = addressFollowsType ? shape.colon + 1 : 0
      return start..<(shape.at >= start ? shape.at : count)
    case .domain:
      let start = addressFollowsType ? shape.colon + 1 : 0
      return shape.at >= start ? shape.at + 1..<count : nil
    }
  }
}

/// What a `number` check demands.
struct NumberLimits: Sendable {
  var lowest: Int64
  var highest: Int64
  var allOfBits: Int64
  var noneOfBits: Int64
}

/// Lists of address types that must be spelled exactly so, by number.
struct ExactTypes: Sendable {
  private struct Spelling: Sendable {
    /// The type and its colon, if they are no longer than eight bytes, and ones where they are.
    var word: UInt64 = 0
    var mask: UInt64 = 0
    var text: [UInt8]
  }

  private var spellings: [Spelling] = []
  private var lists: [Range<Int>] = []

  /// Adds a list.
  ///
  /// - Returns: its number.
  mutating func add(_ types: [String]) -> Int {
    let start = spellings.count
    for type in types {
      var spelling = Spelling(text: Array(type.utf8) + [UInt8(ascii: ":")])
      if spelling.text.count <= 8 {
        for (place, byte) in spelling.text.enumerated() {
          spelling.word |= UInt64(byte) << UInt64(8 * place)
          spelling.mask |= 0xFF << UInt64(8 * place)
        }
      }
      spellings.append(spelling)
    }
    lists.append(start..<spellings.count)
    return lists.count - 1
  }

  /// Whether a value begins with one of the types of a list and a colon.
  @inline(__always)
  func begins(_ value: Span<UInt8>, with list: Int) -> Bool {
    let first = value.count >= 8 ? value.withUnsafeBytes { Words.word($0, 0) } : 0
    for number in lists[list] {
      if value.count >= 8, spellings[number].mask != 0 {
        if first & spellings[number].mask == spellings[number].word { return true }
      } else if beginsSlowly(value, spellings[number].text) {
        return true
      }
    }
    return false
  }

  private func beginsSlowly(_ value: Span<UInt8>, _ text: [UInt8]) -> Bool {
    value.count >= text.count && Words.areEqual(value.extracting(0..<text.count), text.span)
  }
}

/// What compiled checks share and look up. A class, so that a call hands on one word instead of a copy of all tables.
final class CheckTables: Sendable {
  /// The tables while rules are compiled.
  struct Draft: Sendable {
    var matchers: [CharacterMatcher] = []
    var texts: [[[UInt8]]] = []
    var exactTypes = ExactTypes()
    var automata: [PatternAutomaton] = []
    var filters = CompiledFilters()
    var numbers: [NumberLimits] = []
  }

  let matchers: [CharacterMatcher]
  /// Lists of texts, folded unless the check minds case.
  let texts: [[[UInt8]]]
  /// Address types that must be spelled exactly so.
  let exactTypes: ExactTypes
  let automata: [PatternAutomaton]
  let filters: CompiledFilters
  let numbers: [NumberLimits]
  let topLevelDomains: TopLevelDomains
  let verifiedDomains: VerifiedDomains?

  init(_ draft: Draft, _ options: RuleProgram.Options) {
    matchers = draft.matchers
    texts = draft.texts
    exactTypes = draft.exactTypes
    automata = draft.automata
    filters = draft.filters
    numbers = draft.numbers
    topLevelDomains = options.topLevelDomains
    verifiedDomains = options.verifiedDomains
  }
}

extension CheckTables {
  /// Whether `check` fails on a value; nothing is allocated for a value that passes.
  @inline(__always)
  func fails(
    _ check: ValueCheck, _ value: Span<UInt8>, _ shape: ValueShape, _ classTable: Span<UInt32>,
    _ index: borrowing EntryIndex,
    _ values: Span<ValueRecord>, _ bytes: Span<UInt8>
  ) -> Bool {
    switch check.kind {
    case .characters:
      if check.position == .anywhere, shape.classes & check.classBit == 0 { return false }
      return charactersFail(check, value, shape, classTable)
    case .length:
      guard let range = check.range(of: value.count, shape) else { return false }
      if range.count <= check.maximum, check.minimum <= 0 { return false }
      let length = check.flag ? range.count : ScalarReader.utf16Count(value, range)
      return length > check.maximum || length < check.minimum
    case .notBlank:
      if value.count > 0, value[0] > 0x20, value[0] < 0x7F { return false }
      return TextFold.trimmed(value).isEmpty
    default:
      return structureFails(check, value, shape, index, values, bytes)
    }
  }

  private func charactersFail(
    _ check: ValueCheck, _ value: Span<UInt8>, _ shape: ValueShape, _ classTable: Span<UInt32>
  ) -> Bool {
    guard let range = check.range(of: value.count, shape), !range.isEmpty else { return false }
    switch check.position {
    case .anywhere:
      for index in range where classTable[Int(value[index])] & check.classBit != 0 {
        // Sets beyond the 31st of a slot share a bit, so it only asks for a closer look.
        if value[index] >= 0x80 { return hasFlagged(check, value, range) }
        if matchers[check.table].flags(UInt32(value[index])) { return true }
      }
      return false
    case .start, .end, .edges:
      let first = value[range.lowerBound]
      let last = value[range.upperBound - 1]
      let isSuspect =
        check.position != .end && classTable[Int(first)] & check.classBit != 0
        || check.position != .start && classTable[Int(last)] & check.classBit != 0
      return isSuspect && !flagged(check, value, range).isEmpty
    }
  }

  /// Whether any character of a range is flagged.
  private func hasFlagged(_ check: ValueCheck, _ value: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
      let (scalar, length) = ScalarReader.scalar(at: index, of: value)
      if matchers[check.table].flags(scalar) { return true }
      index += length
    }
    return false
  }

  /// The flagged byte ranges of a `characters` check in order: one per character, at an edge one per run.
  func flagged(_ check: ValueCheck, _ value: Span<UInt8>, _ range: Range<Int>) -> [Range<Int>] {
    let matcher = matchers[check.table]
    var scalars: [(range: Range<Int>, isFlagged: Bool)] = []
    var index = range.lowerBound
    while index < range.upperBound {
      let (scalar, length) = ScalarReader.scalar(at: index, of: value)
      scalars.append((index..<index + length, matcher.flags(scalar)))
      index += length
    }
    if check.position == .anywhere { return scalars.filter(\.isFlagged).map(\.range) }
    // A blank part has no edge; that it is blank is for other rules to say.
    if TextFold.trimmed(value.extracting(range)).isEmpty { return [] }
    let leading = check.position == .end ? 0 : scalars.prefix(while: \.isFlagged).count
    let rest = scalars.dropFirst(leading)
    let trailing = check.position == .start ? 0 : rest.reversed().prefix(while: \.isFlagged).count
    return [scalars.prefix(leading), ArraySlice(rest.suffix(trailing))].compactMap { run in
      guard let first = run.first, let last = run.last else { return nil }
      return first.range.lowerBound..<last.range.upperBound
    }
  }

  private func structureFails(
    _ check: ValueCheck, _ value: Span<UInt8>, _ shape: ValueShape, _ index: borrowing EntryIndex,
    _ values: Span<ValueRecord>,
    _ bytes: Span<UInt8>
  ) -> Bool {
    if check.kind == .addressType { return addressTypeFails(check, value, shape) }
    if check.kind == .containedIn { return !isContained(check, value, index, values, bytes) }
    guard let range = check.range(of: value.count, shape) else { return false }
    switch check.kind {
    case .sequence:
      for text in texts[check.table] where Self.find(text, in: value, range, isExact: check.flag) != nil { return true }
      return false
    case .occurrences:
      let count = Self.count(texts[check.table][0], in: value, range)
      return count < check.minimum || count > check.maximum
    case .pattern:
      return automata[check.table].matches(value.extracting(range), isPrintable: shape.isPrintable) != check.flag
    case .domain:
      return domainFails(check, value.extracting(range))
    case .oneOf:
      return !contains(texts[check.table], value.extracting(range), isExact: check.flag)
    case .number:
      guard let number = CompiledFilters.integer(value) else { return true }
      let limits = numbers[check.table]
      return number < limits.lowest || number > limits.highest || number & limits.allOfBits != limits.allOfBits
        || number & limits.noneOfBits != 0
    default:
      return false
    }
  }

  private func addressTypeFails(_ check: ValueCheck, _ value: Span<UInt8>, _ shape: ValueShape) -> Bool {
    guard shape.colon > 0 else { return check.flag }
    let type = value.extracting(0..<shape.colon)
    if check.table >= 0, !contains(texts[check.table], type, isExact: false) { return true }
    return check.secondTable >= 0 && contains(texts[check.secondTable], type, isExact: false)
  }

  /// Whether a domain fails a `domain` check; one that is no well-formed domain is left to the rules of form.
  func domainFails(_ check: ValueCheck, _ domain: Span<UInt8>) -> Bool {
    let domain = domain.extracting(TextFold.trimmed(domain))
    guard Self.isWellFormed(domain) else { return false }
    if check.secondTable >= 0, isAtOrBelow(texts[check.secondTable], domain) { return false }
    switch check.domainTest {
    case .refused: return isAtOrBelow(texts[check.table], domain)
    case .verified: return verifiedDomains.map { !$0.contains(domain: domain) } ?? false
    case .routable:
      var start = domain.count
      while start > 0, domain[start - 1] != UInt8(ascii: ".") { start -= 1 }
      guard start < domain.count else { return false }
      return start == 0 || !topLevelDomains.contains(label: domain.extracting(start..<domain.count))
    }
  }

  /// Labels of letters, digits, hyphens (not at their ends), underscores and anything that is not ASCII, set apart by dots.
  private static func isWellFormed(_ domain: Span<UInt8>) -> Bool {
    var last = UInt8(ascii: ".")
    for index in domain.indices {
      let byte = domain[index]
      switch byte {
      case UInt8(ascii: "."): if last == UInt8(ascii: ".") || last == UInt8(ascii: "-") { return false }
      case UInt8(ascii: "-"): if last == UInt8(ascii: ".") { return false }
      case UInt8(ascii: "_"), 0x80...: break
      default: guard TextFold.lower(byte) &- 97 < 26 || byte &- 48 < 10 else { return false }
      }
      last = byte
    }
    return last != UInt8(ascii: ".") && last != UInt8(ascii: "-")
  }

  /// Whether a domain is one of the suffixes or below one.
  private func isAtOrBelow(_ suffixes: [[UInt8]], _ domain: Span<UInt8>) -> Bool {
    for suffix in suffixes where domain.count >= suffix.count {
      let start = domain.count - suffix.count
      if start > 0, domain[start - 1] != UInt8(ascii: ".") { continue }
      if TextFold.areEqual(domain.extracting(start..<domain.count), suffix.span) { return true }
    }
    return false
  }

  /// Whether an attribute of the entry holds the part of a value before the `@`.
  func holdsName(
    _ check: ValueCheck, _ value: Span<UInt8>, _ shape: ValueShape, _ index: borrowing EntryIndex,
    _ values: Span<ValueRecord>, _ bytes: Span<UInt8>
  ) -> Bool {
    let start = check.addressFollowsType ? shape.colon + 1 : 0
    guard shape.at >= start else { return false }
    let name = value.extracting(start..<shape.at)
    var other = index.first(check.nameSlot)
    while other >= 0 {
      if TextFold.areEqual(bytes.extracting(values[Int(other)].range), name) { return true }
      other = index.next(after: other)
    }
    return false
  }

  private func contains(_ texts: [[UInt8]], _ value: Span<UInt8>, isExact: Bool) -> Bool {
    for text in texts {
      if isExact {
        if Words.areEqual(value, text.span) { return true }
      } else if TextFold.areEqual(value, text.span) {
        return true
      }
    }
    return false
  }

  private func isContained(
    _ check: ValueCheck, _ value: Span<UInt8>, _ index: borrowing EntryIndex, _ values: Span<ValueRecord>,
    _ bytes: Span<UInt8>
  ) -> Bool {
    guard let range = ValueKey.range(of: value, compare: check.compare, trims: false) else { return true }
    let key = value.extracting(range)
    var other = index.first(check.otherSlot)
    while other >= 0 {
      let candidate = bytes.extracting(values[Int(other)].range)
      if check.secondTable < 0 || exactTypes.begins(candidate, with: check.secondTable) {
        if let range = ValueKey.range(of: candidate, compare: check.compare, trims: false),
          ValueKey.areEqual(key, candidate.extracting(range), check.compare)
        {
          return true
        }
      }
      other = index.next(after: other)
    }
    return false
  }

  /// Offset of the first occurrence of a text in a range; the text is folded unless the search is exact.
  static func find(_ text: [UInt8], in value: Span<UInt8>, _ range: Range<Int>, isExact: Bool) -> Int? {
    guard !text.isEmpty, range.count >= text.count else { return nil }
    let first = text[0]
    if !isExact, !TextFold.isASCII(text.span) { return findFolded(text, in: value, range) }
    for start in range.lowerBound...(range.upperBound - text.count) {
      let byte = value[start]
      guard (isExact ? byte : TextFold.lower(byte)) == first else { continue }
      var offset = 1
      while offset < text.count {
        let byte = value[start + offset]
        guard (isExact ? byte : TextFold.lower(byte)) == text[offset] else { break }
        offset += 1
      }
      if offset == text.count { return start }
    }
    return nil
  }

  /// The same for a folded text that is not ASCII. Letters of which the cases differ in length in UTF-8 are found in the
  /// length of the text only.
  private static func findFolded(_ text: [UInt8], in value: Span<UInt8>, _ range: Range<Int>) -> Int? {
    for start in range.lowerBound...(range.upperBound - text.count) where value[start] & 0xC0 != 0x80 {
      if TextFold.fold(value.extracting(start..<start + text.count)) == text { return start }
    }
    return nil
  }

  /// Number of occurrences that do not overlap.
  static func count(_ text: [UInt8], in value: Span<UInt8>, _ range: Range<Int>) -> Int {
    if text.count == 1 {
      var count = 0
      for index in range where value[index] == text[0] { count += 1 }
      return count
    }
    var count = 0
    var from = range.lowerBound
    while let found = find(text, in: value, from..<range.upperBound, isExact: true) {
      count += 1
      from = found + text.count
    }
    return count
  }
}
