/// A message with placeholders as rule files have it, split at load.
public struct MessageTemplate: Sendable, Equatable {
  /// A piece of a message.
  public enum Piece: Sendable, Equatable {
    /// Words that are the same in every message.
    case text(String)
    /// What stands here in a message.
    case placeholder(Placeholder)
  }

  /// What a message can name.
  public enum Placeholder: String, Sendable, CaseIterable {
    case value, attribute, characters, count, length, max, min, part, type, domain, holders, other
    /// IdFix error names that a `steps` chain gives, joined with `, `.
    case errors
    /// Of how many `count` are part, the account that is meant, and what else is known of it: what `doctor` finds.
    case total, account, detail
  }

  /// The message, piece by piece.
  public var pieces: [Piece]

  /// A message of these pieces.
  public init(pieces: [Piece]) { self.pieces = pieces }

  /// No message.
  public static let none = MessageTemplate(pieces: [])
}
