import Directory

/// Writes nested JSON with the commas in their places.
struct JSONBuilder {
  /// What has been written.
  var bytes: [UInt8] = []

  /// Writes an object.
  mutating func object(_ fill: (inout Object) -> Void) {
    bytes.append(UInt8(ascii: "{"))
    var object = Object(builder: JSONBuilder())
    swap(&object.builder.bytes, &bytes)
    fill(&object)
    swap(&object.builder.bytes, &bytes)
    bytes.append(UInt8(ascii: "}"))
  }

  /// Writes an array.
  mutating func array(_ fill: (inout Array) -> Void) {
    bytes.append(UInt8(ascii: "["))
    var array = Array(builder: JSONBuilder())
    swap(&array.builder.bytes, &bytes)
    fill(&array)
    swap(&array.builder.bytes, &bytes)
    bytes.append(UInt8(ascii: "]"))
  }

  /// Writes a string.
  mutating func string(_ text: String) { JSONText.append(string: text, to: &bytes) }

  /// Writes a directory value as the other formats do.
  mutating func value(_ value: AttributeValue) { JSONText.append(value: value, to: &bytes) }

  /// The members of an object.
  struct Object {
    fileprivate var builder: JSONBuilder
    private var isFirst = true

    fileprivate init(builder: JSONBuilder) { self.builder = builder }

    /// Writes a member whose value the closure writes.
    mutating func member(_ name: String, _ write: (inout JSONBuilder) -> Void) {
      if !isFirst { builder.bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      builder.string(name)
      builder.bytes.append(UInt8(ascii: ":"))
      write(&builder)
    }

    /// Writes a member that is a string.
    mutating func member(_ name: String, _ text: String) { member(name) { $0.string(text) } }

    /// Writes a member that is a number.
    mutating func member(_ name: String, _ number: Int) { member(name) { $0.bytes.append(decimal: number) } }

    /// Writes a member that is true or false.
    mutating func member(_ name: String, _ flag: Bool) {
      member(name) { $0.bytes.append(flag ? "true" : "false") }
    }
  }

  /// The elements of an array.
  struct Array {
    fileprivate var builder: JSONBuilder
    private var isFirst = true

    fileprivate init(builder: JSONBuilder) { self.builder = builder }

    /// Writes an element, which the closure does.
    mutating func element(_ write: (inout JSONBuilder) -> Void) {
      if !isFirst { builder.bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      write(&builder)
    }
  }
}
