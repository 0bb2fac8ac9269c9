/// A set of characters that are forbidden, or the only ones allowed.
public struct CharacterRule: Sendable, Equatable {
  /// Whether `items` are the forbidden characters (else the allowed ones).
  public var isForbidden: Bool
  /// What belongs to the set.
  public var items: [Item]

  /// A set; see the properties.
  public init(isForbidden: Bool, items: [Item]) {
    self.isForbidden = isForbidden
    self.items = items
  }

  /// Where in a part a character is looked for.
  public enum Position: String, Sendable, BitwiseCopyable, CaseIterable { case anywhere, start, end, edges }

  /// One item of a set.
  public enum Item: Sendable, Equatable {
    /// Scalar values from `first` to `last`.
    case range(UInt32, UInt32)
    case named(CharacterClass)
  }
}

/// Named classes of characters; `Docs/rule-format.md` lists their members.
public enum CharacterClass: String, Sendable, CaseIterable {
  case letterASCII = "letter-ascii"
  case digit
  case nonASCII = "non-ascii"
  case control
  case lineBreak = "line-break"
  case whiteSpace = "white-space"
  case noBreakSpace = "no-break-space"
  case zeroWidth = "zero-width"
  case bidi
  case diacritic
  case invalidUTF8 = "invalid-utf-8"
}
