/// Why a source cannot be read, or not be read to its end.
public struct LDIFFailure: Error, Sendable, Equatable {
  /// What went wrong.
  public enum Kind: Sendable, Equatable {
    /// The file could not be opened; nothing was read.
    case cannotOpen
    /// What was read is not LDIF; nothing was read as an entry.
    case notLDIF
    /// The compressed data are damaged or end too early; everything before the damage was read.
    case corruptCompression
    /// The operating system reported an error while reading; everything before it was read.
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
}

extension LDIFFailure: CustomStringConvertible {
  /// `source: message`.
  public var description: String { "\(source): \(message)" }
}
