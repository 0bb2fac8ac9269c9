/// Why a source of entries cannot be read, or not be read to its end.
public struct SourceFailure: Error, Sendable, Equatable {
  /// What went wrong.
  public enum Kind: Sendable, Equatable {
    /// The file cannot be opened, the server not be reached or bound to; nothing was read.
    case unavailable
    /// What was read is not of the format it should be; nothing was read as an entry.
    case wrongFormat
    /// The compressed data are damaged or end too early; everything before the damage was read.
    case corruptCompression
    /// Reading ended with an error of the operating system or of the server; everything before it was read.
    case readError
  }

  /// What went wrong.
  public var kind: Kind
  /// The source as it was named to the reader.
  public var source: String
  /// What is wrong and what to do, in one sentence without a full stop.
  public var message: String

  /// A failure; see the properties.
  public init(_ kind: Kind, source: String, message: String) {
    self.kind = kind
    self.source = source
    self.message = message
  }

  /// Whether nothing of the source was read.
  public var isUnavailable: Bool { kind == .unavailable || kind == .wrongFormat }
}

extension SourceFailure: CustomStringConvertible {
  /// `source: message`.
  public var description: String { "\(source): \(message)" }
}
