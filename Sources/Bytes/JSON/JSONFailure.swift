/// Why reading JSON ended before the end of the text.
public struct JSONFailure: Error, Hashable, Sendable {
  /// The line, counted from 1.
  public var line: Int
  /// The column in bytes, counted from 1.
  public var column: Int
  /// What is wrong, in one sentence without a full stop.
  public var message: String
  /// Whether the text ends where it should go on.
  public var isCut: Bool

  /// A failure; see the properties.
  public init(line: Int, column: Int, message: String, isCut: Bool = false) {
    self.line = line
    self.column = column
    self.message = message
    self.isCut = isCut
  }
}

/// How much a reader of JSON takes.
public struct JSONLimits: Sendable {
  /// The deepest nesting of objects and arrays.
  public var maximumDepth = 64
  /// The longest string or number, in bytes.
  public var maximumLength = 8 << 20

  /// The default limits, which are far above what the formats need.
  public init() {}
}

/// Takes what a `JSONStreamReader` finds, in the order of the text.
public protocol JSONHandler: AnyObject {
  /// An object begins on a line of the text, counted from 1.
  func beginObject(line: Int)
  /// A key of the object that was begun last.
  func key(_ name: String)
  /// An object ends.
  func endObject()
  /// An array begins.
  func beginArray()
  /// An array ends.
  func endArray()
  /// A string.
  func string(_ text: String)
  /// A number, as written.
  func number(_ text: String)
  /// `true` or `false`.
  func boolean(_ value: Bool)
  /// `null`.
  func null()
}
