/// The value of an attribute, or a distinguished name: bytes that are usually, but not always, UTF-8 text.
public struct AttributeValue: Hashable, Sendable {
  /// The bytes as they are in the directory.
  public var bytes: [UInt8]

  /// A value of these bytes.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// A value of the UTF-8 bytes of a text.
  public init(_ text: String) { self.bytes = Array(text.utf8) }

  /// A value of bytes that lie in a larger buffer.
  public init(_ bytes: Span<UInt8>) {
    self.bytes = [UInt8](copying: bytes)
  }

  /// The text, or nil when the bytes are not valid UTF-8.
  public var text: String? { String(validating: bytes, as: UTF8.self) }
}
