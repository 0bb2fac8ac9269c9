/// Objects and arrays of JSON, appended to any output, with commas in their places and every bracket closed.
///
/// A comma is due unless a bracket was just opened, so nothing has to be remembered and nothing is allocated. Names are known at
/// compile time; texts are always escaped.
extension ByteAppending where Self: ~Copyable {
  /// Appends an object, whose members the closure appends.
  @inlinable @inline(__always)
  public mutating func appendObject(_ members: (inout Self) -> Void) {
    append(UInt8(ascii: "{"))
    members(&self)
    append(UInt8(ascii: "}"))
  }

  /// Appends an array, whose elements the closure appends, each with `appendElement`.
  @inlinable @inline(__always)
  public mutating func appendArray(_ elements: (inout Self) -> Void) {
    append(UInt8(ascii: "["))
    elements(&self)
    append(UInt8(ascii: "]"))
  }

  /// Appends an array with an element for each of `list`.
  @inlinable @inline(__always)
  public mutating func appendArray<List: Sequence>(of list: List, _ element: (inout Self, List.Element) -> Void) {
    appendArray { output in
      for item in list { output.appendElement { element(&$0, item) } }
    }
  }

  /// Appends an element of an array, which the closure does.
  @inlinable @inline(__always)
  public mutating func appendElement(_ value: (inout Self) -> Void) {
    if last != UInt8(ascii: "[") { append(UInt8(ascii: ",")) }
    value(&self)
  }

  /// Appends the name of a member, whose value comes next.
  ///
  /// - Parameter name: printable ASCII without quotation marks and backslashes.
  @inlinable @inline(__always)
  public mutating func appendName(_ name: StaticString) {
    append(literal: last == UInt8(ascii: "{") ? "\"" : ",\"")
    append(literal: name)
    append(literal: "\":")
  }

  /// Appends the name of a member that is known only now, with escapes where it needs them.
  @inlinable
  public mutating func appendName(_ name: String, escaping: JSONEscaping = .invisible) {
    if last != UInt8(ascii: "{") { append(UInt8(ascii: ",")) }
    JSONText.append(string: name, to: &self, escaping: escaping)
    append(UInt8(ascii: ":"))
  }

  /// Appends a member, whose value the closure appends.
  @inlinable @inline(__always)
  public mutating func appendMember(_ name: StaticString, _ value: (inout Self) -> Void) {
    appendName(name)
    value(&self)
  }

  /// Appends a member that is a string.
  @inlinable
  public mutating func appendMember(_ name: StaticString, _ text: String, escaping: JSONEscaping = .invisible) {
    appendName(name)
    JSONText.append(string: text, to: &self, escaping: escaping)
  }

  /// Appends a member that is a string, if there is one.
  @inlinable
  public mutating func appendMember(_ name: StaticString, ifThere text: String?) {
    if let text { appendMember(name, text) }
  }

  /// Appends a member that is a number.
  @inlinable
  public mutating func appendMember(_ name: StaticString, _ number: Int) {
    appendName(name)
    append(decimal: number)
  }

  /// Appends a member that is true or false.
  @inlinable
  public mutating func appendMember(_ name: StaticString, _ flag: Bool) {
    appendName(name)
    append(literal: flag ? "true" : "false")
  }

  /// Appends a member that is a list of strings.
  @inlinable
  public mutating func appendMember(_ name: StaticString, _ texts: [String]) {
    appendName(name)
    JSONText.append(strings: texts, to: &self)
  }

  /// Appends a member that is a string of bytes that are UTF-8.
  @inlinable
  public mutating func appendMember(_ name: StaticString, text: Span<UInt8>) {
    appendName(name)
    JSONText.append(text: text, to: &self)
  }

  /// Appends a member that is a text known at compile time, printable ASCII without quotation marks and backslashes.
  @inlinable
  public mutating func appendMember(_ name: StaticString, literal text: StaticString) {
    appendName(name)
    append(UInt8(ascii: "\""))
    append(literal: text)
    append(UInt8(ascii: "\""))
  }

  /// Appends a member of bytes: a string, or `{"b64":"…"}` when they are not valid UTF-8.
  @inlinable
  public mutating func appendMember(
    _ name: StaticString, value: Span<UInt8>, escaping: JSONEscaping = .invisible
  ) {
    appendName(name)
    JSONText.append(value: value, to: &self, escaping: escaping)
  }

  /// Appends a member that is an object of numbers.
  @inlinable
  public mutating func appendMember(_ name: StaticString, _ numbers: [(String, Int)]) {
    appendName(name)
    JSONText.append(members: numbers, to: &self)
  }
}
