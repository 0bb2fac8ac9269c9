import Directory

/// A problem with the text of a source, ready to be shown as `path:line:column: error: message`.
public struct Problem: Sendable, Equatable {
  /// Where the fault is.
  public var location: SourceLocation
  /// What is wrong, without a full stop; may contain parts of the input as they are.
  public var message: String
  /// A problem at a location.
  public init(location: SourceLocation, message: String) {
    self.location = location
    self.message = message
  }
}
