import Bytes
import Findings
import RuleSet

/// `characters`: a part of the value has a character, anywhere or at its ends, that it must not have.
struct CharactersCheck: CheckKind {
  static let name = "characters"
  static let placeholders: Set<MessageTemplate.Placeholder> = [.characters]
  static let suggestions: Set<SuggestionRecipe.Kind> = [
    .removeCharacters, .replaceCharacters, .trim, .repairAddress, .setPrefix, .removeValue, .set,
  ]

  let part: Part
  let position: CharacterRule.Position
  let set: CharacterRule

  init?(_ node: RuleNode) {
    guard let options = node.mapping(["part", "position", "forbidden", "allowed"], what: "`characters`") else {
      return nil
    }
    let part = options.part()
    let position = options.position()
    guard let (key, list) = options.oneOf(["forbidden", "allowed"]) else { return nil }
    guard let items = list.list({ $0.characterItem() }), !options.hasMistakes, let part, let position else {
      return nil
    }
    self.part = part
    self.position = position
    set = CharacterRule(isForbidden: key == "forbidden", items: items)
  }

  func words(for rule: Rule) -> String {
    let place =
      switch position {
      case .anywhere: "contains"
      case .start: "starts with"
      case .end: "ends with"
      case .edges: "starts or ends with"
      }
    let items = set.items.map(RuleWords.item)
    return set.isForbidden
      ? "\(RuleWords.name(part)) \(place) \(RuleWords.list(items))"
      : "\(RuleWords.name(part)) \(place) anything but \(RuleWords.list(items, "and"))"
  }

  func test(_ slot: Int, _ draft: inout CheckDraft) -> CharactersTest {
    let matcher = CharacterMatcher(set)
    return CharactersTest(
      position: position, matcher: draft.add(matcher), classBit: draft.addClass(matcher, slot: slot))
  }
}

/// `characters`, compiled.
struct CharactersTest: ValueTesting {
  let position: CharacterRule.Position
  let matcher: CheckTables.Matcher
  /// Its bit in the slot's table of character classes.
  let classBit: UInt32

  @inline(__always)
  func fails(
    _ value: Span<UInt8>, _ part: ValuePart, _ shape: ValueShape, _ classes: Span<UInt32>, _ tables: CheckTables
  ) -> Bool {
    if position == .anywhere, shape.classes & classBit == 0 { return false }
    return failsClosely(value, part, shape, classes, tables)
  }

  private func failsClosely(
    _ value: Span<UInt8>, _ part: ValuePart, _ shape: ValueShape, _ classes: Span<UInt32>, _ tables: CheckTables
  ) -> Bool {
    guard let range = part.range(of: value.count, shape), !range.isEmpty else { return false }
    switch position {
    case .anywhere:
      for index in range where classes[Int(value[index])] & classBit != 0 {
        // Sets beyond the 31st of a slot share a bit, so it only asks for a closer look.
        if value[index] >= 0x80 { return hasFlagged(value, range, tables) }
        if tables[matcher].flags(UInt32(value[index])) { return true }
      }
      return false
    case .start, .end, .edges:
      let first = value[range.lowerBound]
      let last = value[range.upperBound - 1]
      let isSuspect =
        position != .end && classes[Int(first)] & classBit != 0
        || position != .start && classes[Int(last)] & classBit != 0
      return isSuspect && !flagged(value, range, tables).isEmpty
    }
  }

  /// Whether any character of a range is flagged.
  private func hasFlagged(_ value: Span<UInt8>, _ range: Range<Int>, _ tables: CheckTables) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
      let (scalar, length) = ScalarReader.scalar(at: index, of: value)
      if tables[matcher].flags(scalar) { return true }
      index += length
    }
    return false
  }

  /// The flagged byte ranges in order: one per character, at an edge one per run.
  private func flagged(_ value: Span<UInt8>, _ range: Range<Int>, _ tables: CheckTables) -> [Range<Int>] {
    guard position == .anywhere else { return flaggedEdges(value, range, tables[matcher]) }
    var places: [Range<Int>] = []
    var index = range.lowerBound
    while index < range.upperBound, places.count < Issue.mostPlaces {
      let (scalar, length) = ScalarReader.scalar(at: index, of: value)
      if tables[matcher].flags(scalar) { places.append(index..<index + length) }
      index += length
    }
    return places
  }

  /// The runs of flagged characters at the start and at the end, where they are asked for.
  private func flaggedEdges(
    _ value: Span<UInt8>, _ range: Range<Int>, _ matcher: CharacterMatcher
  ) -> [Range<Int>] {
    // A blank part has no edge; that it is blank is for other rules to say.
    if TextFold.trimmed(value.extracting(range)).isEmpty { return [] }
    /// Where the first run ends, and where the last one begins that goes on to the end.
    var leadingEnd: Int?
    var trailingStart: Int?
    var index = range.lowerBound
    while index < range.upperBound {
      let (scalar, length) = ScalarReader.scalar(at: index, of: value)
      if !matcher.flags(scalar) {
        leadingEnd = leadingEnd ?? index
        trailingStart = nil
      } else if trailingStart == nil {
        trailingStart = index
      }
      index += length
    }
    let leading = range.lowerBound..<(position == .end ? range.lowerBound : leadingEnd ?? range.upperBound)
    var trailing = (trailingStart ?? range.upperBound)..<range.upperBound
    if position == .start || leadingEnd == nil && position == .edges { trailing = range.upperBound..<range.upperBound }
    return [leading, trailing].filter { !$0.isEmpty }
  }

  func mark(
    _ issue: inout Issue, _ value: Span<UInt8>, _ range: Range<Int>, _ shape: ValueShape, _ tables: CheckTables
  ) {
    issue.flagged = flagged(value, range, tables)
  }

  func passesAll(_ values: PlainValues, _ part: ValuePart, _ tables: CheckTables) -> Bool {
    switch values.shape {
    case .other: return false
    case .text:
      // Only the ends of the whole value are known to be visible.
      let first: UInt32 = position != .anywhere && part.part == .whole ? 0x21 : 0x20
      return !(first...0x7E).contains { tables[matcher].flags($0) }
    case .word, .address:
      return values.tells(part)
        && !values.bytes(of: part.part, edgesOnly: position != .anywhere).contains { tables[matcher].flags(UInt32($0)) }
    }
  }
}
