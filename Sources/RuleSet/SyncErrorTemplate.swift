/// The text of an error with holes where the texts of its instances differ (see `Docs/sync-error-format.md`).
public struct SyncErrorTemplate: Sendable, Hashable {
  /// A part of a template.
  public indirect enum Piece: Sendable, Hashable {
    /// A text, compared without regard to the case of ASCII letters.
    case text(String)
    /// One or more white-space characters, line breaks among them.
    case space
    /// A hole.
    case hole(name: String, kind: HoleKind)
    /// One of several sequences; an empty one makes the rest optional.
    case choice([[Piece]])
  }

  /// What a hole takes.
  public enum HoleKind: String, Sendable, CaseIterable {
    /// Anything.
    case text
    /// Anything but line breaks.
    case line
    /// Anything but white space.
    case word
    /// Decimal digits.
    case number
    /// Letters, digits and hyphens.
    case name
    /// Names with commas or white space between them.
    case names
    /// Hexadecimal digits, hyphens and braces.
    case guid
  }

  /// The template as written.
  public var text: String
  /// Its parts.
  public var pieces: [Piece]

  /// The names of its holes, in order.
  public var holeNames: [String] { Self.holeNames(pieces) }

  private static func holeNames(_ pieces: [Piece]) -> [String] {
    pieces.flatMap { piece -> [String] in
      switch piece {
      case .hole(let name, _): [name]
      case .choice(let choices): choices.flatMap(holeNames)
      case .text, .space: []
      }
    }
  }
}
