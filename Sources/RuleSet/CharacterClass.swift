import Directory
import Findings

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
