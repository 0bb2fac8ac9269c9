/// Why bytes cannot be read, or not be read to their end.
public struct ReadFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong.
  public enum Kind: Hashable, Sendable {
    /// It cannot be opened; nothing was read.
    case unavailable
    /// The compressed data are damaged or end too early; everything before the damage was read.
    case corruptCompression
    /// Reading ended with an error of the operating system; everything before it was read.
    case readError
  }

  /// What went wrong.
  public var kind: Kind
  /// What is wrong and what to do, in one sentence without a full stop that does not name the file.
  public var message: String

  /// A failure; see the properties.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
