/// A file below `Rules/` or of one's own: its path for messages and its bytes.
public struct RuleDocument: Sendable {
  /// Where the file is, for messages; its last part without the extension is the name of what it holds.
  public var path: String
  /// The text.
  public var bytes: [UInt8]

  /// A file; see the properties.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  /// How the paths of shipped errors of synchronization begin.
  static let syncErrorFolder = "sync-errors/"
}
