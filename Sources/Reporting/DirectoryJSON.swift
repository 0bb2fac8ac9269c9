import Bytes
import Directory

extension JSONText {
  /// Appends a directory value: a string, or `{"b64":"…"}` when it is not valid UTF-8.
  static func append<Output: ByteAppending & ~Copyable>(value: AttributeValue, to bytes: inout Output) {
    append(value: value.bytes.span, to: &bytes)
  }

  /// Appends a GUID in its text form as a string.
  static func append<Output: ByteAppending & ~Copyable>(guid: GUID, to bytes: inout Output) {
    bytes.append(quote)
    let text = guid.text
    bytes.append(bytes: text.span)
    bytes.append(quote)
  }
}

extension ByteAppending where Self: ~Copyable {
  /// Appends a member that is a directory value.
  mutating func appendMember(_ name: StaticString, _ value: AttributeValue) {
    appendName(name)
    JSONText.append(value: value, to: &self)
  }

  /// Appends a member that is a GUID in its text form.
  mutating func appendMember(_ name: StaticString, _ guid: GUID) {
    appendName(name)
    JSONText.append(guid: guid, to: &self)
  }
}
