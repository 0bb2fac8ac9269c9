extension CharacterClass {
  /// The members, as sorted ranges of scalar values. `invalid-utf-8` has none: it is about bytes that are no character.
  ///
  /// `Docs/rule-format.md` lists them; `white-space` is White_Space of Unicode's PropList.
  public var scalars: ScalarSet {
    switch self {
    case .letterASCII: Members.letterASCII
    case .digit: Members.digit
    case .nonASCII: Members.nonASCII
    case .control: Members.control
    case .lineBreak: Members.lineBreak
    case .whiteSpace: Members.whiteSpace
    case .noBreakSpace: Members.noBreakSpace
    case .zeroWidth: Members.zeroWidth
    case .bidi: Members.bidi
    case .diacritic: Transliteration.letters
    case .invalidUTF8: .none
    }
  }

  /// The members as sorted ranges.
  public var ranges: [ClosedRange<UInt32>] { scalars.ranges }

  /// Whether a scalar value is a member.
  public func contains(_ scalar: UInt32) -> Bool { scalars.contains(scalar) }

  /// Whether bytes that are not valid UTF-8 are members.
  public var containsInvalidUTF8: Bool { self == .invalidUTF8 || self == .nonASCII }

  private enum Members {
    static let letterASCII = ScalarSet([0x41...0x5A, 0x61...0x7A])
    static let digit = ScalarSet([0x30...0x39])
    static let nonASCII = ScalarSet([0x80...0x10FFFF])
    static let control = ScalarSet([0x00...0x1F, 0x7F...0x9F])
    static let lineBreak = ScalarSet([0x0A...0x0D, 0x85...0x85, 0x2028...0x2029])
    static let whiteSpace = ScalarSet([
      0x09...0x0D, 0x20...0x20, 0x85...0x85, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029,
      0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000,
    ])
    static let noBreakSpace = ScalarSet([0xA0...0xA0, 0x2007...0x2007, 0x202F...0x202F, 0x2060...0x2060])
    static let zeroWidth = ScalarSet([
      0xAD...0xAD, 0x034F...0x034F, 0x115F...0x1160, 0x180E...0x180E, 0x200B...0x200D, 0x2060...0x2060,
      0x3164...0x3164, 0xFE00...0xFE0F, 0xFEFF...0xFEFF,
    ])
    static let bidi = ScalarSet([0x061C...0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069])
  }
}

extension CharacterRule {
  /// The scalar values that its items name (whether forbidden or allowed).
  public var scalars: ScalarSet {
    var ranges: [ClosedRange<UInt32>] = []
    for item in items {
      switch item {
      case .range(let first, let last): ranges.append(first...max(first, last))
      case .named(let named): ranges.append(contentsOf: named.ranges)
      }
    }
    return ScalarSet(ranges)
  }

  /// Whether bytes that are not valid UTF-8 are among the items.
  public var containsInvalidUTF8: Bool {
    items.contains { item in
      if case .named(let named) = item { named.containsInvalidUTF8 } else { false }
    }
  }
}
