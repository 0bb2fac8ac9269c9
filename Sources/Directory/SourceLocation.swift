/// Where something stands in what was read.
public struct SourceLocation: Hashable, Sendable {
  /// The file as named on the command line, `<stdin>`, or the URL of a server.
  public var source: String
  /// The line, counted from 1; nil for entries from a server.
  public var line: Int?
  /// The column in characters, counted from 1; nil where only the line is known.
  public var column: Int?

  /// A location; see the properties.
  public init(source: String, line: Int? = nil, column: Int? = nil) {
    self.source = source
    self.line = line
    self.column = column
  }
}

extension SourceLocation: CustomStringConvertible {
  /// `path:line:column`, as far as known.
  public var description: String {
    [source, line.map(String.init), column.map(String.init)].compactMap { $0 }.joined(separator: ":")
  }
}
