/// A pattern, parsed: the part of regular expressions that a finite automaton decides in one pass over a value.
///
/// A pattern always means the whole part of a value. `.` is any character, a line break too; `\d` and `\w` are ASCII,
/// `\s` is white space of Unicode. `Docs/rule-format.md` lists the syntax.
public indirect enum PatternSyntax: Sendable, Hashable {
  /// Nothing: the empty text.
  case empty
  /// One character out of a set.
  case character(ScalarSet)
  /// One after the other.
  case sequence([PatternSyntax])
  /// One of several.
  case alternatives([PatternSyntax])
  /// As often as `min` to `max` times; nil stands for any number.
  case repetition(PatternSyntax, min: Int, max: Int?)

  /// The highest number in `{m,n}`.
  public static let maximumRepetition = 1_000
  /// The largest number of character positions that a pattern may have when its repetitions are written out.
  public static let maximumSize = 10_000
  /// The deepest nesting of groups.
  public static let maximumDepth = 100

  /// Reads a pattern.
  ///
  /// - Parameter ignoringCase: whether letters also stand for their upper and lower case forms (simple mappings).
  /// - Throws: `PatternError` with the column of the first mistake.
  public init(parsing text: String, ignoringCase: Bool = false) throws(PatternError) {
    var parser = PatternParser(text, ignoringCase: ignoringCase)
    self = try parser.parse()
    guard size <= Self.maximumSize else {
      throw PatternError(
        column: 1,
        message: "the pattern is too large: its repetitions written out are more than \(Self.maximumSize) characters")
    }
  }

  /// The number of character positions with all repetitions written out, saturating well above `maximumSize`.
  public var size: Int {
    let limit = 1_000_000_000
    switch self {
    case .empty: return 0
    case .character: return 1
    case .sequence(let parts), .alternatives(let parts):
      return parts.reduce(0) { Swift.min(limit, $0 + $1.size) }
    case .repetition(let part, let min, let max):
      return Swift.min(limit, part.size * Swift.max(1, max ?? min))
    }
  }
}

/// A mistake in a pattern.
public struct PatternError: Error, Hashable, Sendable {
  /// Column in characters (Unicode scalar values), counted from 1.
  public var column: Int
  /// One sentence without a full stop, saying what a right one looks like.
  public var message: String
}

/// A set of Unicode scalar values as sorted, separate, non-adjacent ranges. Surrogates are never in it.
public struct ScalarSet: Sendable, Hashable {
  /// The members.
  public private(set) var ranges: [ClosedRange<UInt32>]

  /// Every scalar value.
  public static let all = ScalarSet([0...0xD7FF, 0xE000...0x10FFFF])
  /// No scalar value.
  public static let none = ScalarSet([])

  /// The union of ranges, in any order.
  public init(_ ranges: some Sequence<ClosedRange<UInt32>>) {
    self.ranges = Self.normalized(ranges.flatMap(Self.withoutSurrogates))
  }

  /// One scalar value.
  public init(_ scalar: Unicode.Scalar) { ranges = [scalar.value...scalar.value] }

  /// Whether a scalar value is a member.
  public func contains(_ scalar: UInt32) -> Bool {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].lowerBound <= scalar
  }

  /// The members of either.
  public func union(_ other: ScalarSet) -> ScalarSet { ScalarSet(ranges + other.ranges) }

  /// All scalar values that are no members.
  public var inverted: ScalarSet {
    var gaps: [ClosedRange<UInt32>] = []
    var start: UInt32 = 0
    for range in ranges {
      if range.lowerBound > start { gaps.append(start...(range.lowerBound - 1)) }
      start = range.upperBound + 1
    }
    if start <= 0x10FFFF { gaps.append(start...0x10FFFF) }
    return ScalarSet(gaps)
  }

  /// Whether there is no member.
  public var isEmpty: Bool { ranges.isEmpty }

  /// The set with the upper, lower and title case forms of its members, as far as those are one scalar value.
  public var addingCases: ScalarSet {
    var added = ranges
    for range in ranges {
      for (from, to) in SimpleCases.pairs where range.contains(from) { added.append(to...to) }
    }
    return ScalarSet(added)
  }

  private static func withoutSurrogates(_ range: ClosedRange<UInt32>) -> [ClosedRange<UInt32>] {
    let upper = Swift.min(range.upperBound, 0x10FFFF)
    guard range.lowerBound <= upper else { return [] }
    var parts: [ClosedRange<UInt32>] = []
    if range.lowerBound <= 0xD7FF { parts.append(range.lowerBound...Swift.min(upper, 0xD7FF)) }
    if upper >= 0xE000 { parts.append(Swift.max(range.lowerBound, 0xE000)...upper) }
    return parts
  }

  private static func normalized(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var result: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, range.lowerBound <= last.upperBound + 1 {
        result[result.count - 1] = last.lowerBound...Swift.max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }
}

/// Letters and their other cases.
enum SimpleCases {
  /// Where letters with case are: blocks of Latin, Greek, Cyrillic, Armenian, Georgian and Cherokee with their supplements, of
  /// letter-like signs, and of scripts beyond U+10000. (To look at all characters would take longer than to compile all patterns.)
  static let scripts: [Range<UInt32>] = [
    0x41..<0x588, 0x10A0..<0x1100, 0x13A0..<0x1400, 0x1C80..<0x1CC0, 0x1D79..<0x2000, 0x2126..<0x218A, 0x24B6..<0x24EA,
    0x2C00..<0x2D30, 0xA640..<0xA800, 0xAB30..<0xABC0, 0xFB00..<0xFB18, 0xFF21..<0xFF5B, 0x10400..<0x10600,
    0x10C80..<0x10D90, 0x118A0..<0x118E0, 0x16E40..<0x16EE0, 0x1E900..<0x1E944,
  ]

  /// Every pair of different letters that are the same ignoring case, in both directions.
  static let pairs: [(UInt32, UInt32)] = {
    var groups: [UInt32: [UInt32]] = [:]
    // The dotless ı has its upper case in common with i, and is another letter all the same (CaseFolding.txt).
    for value in scripts.joined() where value != 0x131 {
      guard let scalar = Unicode.Scalar(value), scalar.properties.changesWhenCaseMapped else { continue }
      let upper = single(scalar.properties.uppercaseMapping) ?? scalar
      let folded = single(upper.properties.lowercaseMapping) ?? upper
      groups[folded.value, default: []].append(value)
    }
    var pairs: [(UInt32, UInt32)] = []
    for group in groups.values where group.count > 1 {
      for from in group { for to in group where to != from { pairs.append((from, to)) } }
    }
    return pairs
  }()

  private static func single(_ mapping: String) -> Unicode.Scalar? {
    mapping.unicodeScalars.count == 1 ? mapping.unicodeScalars.first : nil
  }
}
