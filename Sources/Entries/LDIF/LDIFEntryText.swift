import Bytes

/// Entries as LDIF text (RFC 2849) for programs: lines are not folded, and descriptions and values come as spans, so that
/// nothing is made for a value but its text. `LDIFWriter` is for people.
///
/// An entry is `begin`, for each attribute `attribute` and any number of `append`, then `end`.
public struct LDIFEntryText: Sendable {
  /// The text so far; whole entries where the last call was `end`.
  public var bytes: [UInt8] = []
  private var description: [UInt8] = []
  /// Values of the entry so far, counted to two only.
  private var values = 0
  /// Where the entry's first value stands.
  private var firstValue = 0

  /// No text.
  public init() {}

  /// Begins an entry.
  public mutating func begin(dn: Span<UInt8>) {
    bytes.append(UInt8(ascii: "d"))
    bytes.append(UInt8(ascii: "n"))
    append(value: dn)
    values = 0
    firstValue = bytes.count
  }

  /// Names the attribute of the values that follow.
  ///
  /// - Parameter description: attribute description; must be well-formed (`isWellFormed`).
  public mutating func attribute(_ description: Span<UInt8>) {
    self.description.removeAll(keepingCapacity: true)
    self.description.append(bytes: description)
  }

  /// Adds a value of the attribute to the entry.
  public mutating func append(_ value: Span<UInt8>) {
    if values < 2 {
      values += 1
      // Near the DN these would be read as directives of LDIF; `changetype: add` before them prevents it.
      if isDirective {
        bytes.insert(contentsOf: "changetype: add\n".utf8, at: firstValue)
        values = 2
      }
    }
    bytes.append(contentsOf: description)
    append(value: value)
  }

  /// Ends the entry.
  public mutating func end() { bytes.append(10) }

  /// Takes back everything behind a number of bytes.
  public mutating func truncate(to count: Int) { bytes.removeLast(bytes.count - count) }

  /// Whether a text can stand before the colon of a line and is nothing but an attribute description there.
  public static func isWellFormed(_ description: Span<UInt8>) -> Bool {
    guard description.count > 0 else { return false }
    for index in description.indices {
      let byte = description[index]
      let isLetter = (byte | 0x20) &- 97 < 26
      guard
        isLetter || byte &- 48 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ";")
          || byte == UInt8(ascii: ".")
          || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "*")
      else { return false }
    }
    return true
  }

  private var isDirective: Bool {
    guard description.count == 7 || description.count == 10 else { return false }
    let name = String(decoding: description, as: UTF8.self).lowercased()
    return name == "control" || name == "changetype"
  }

  private mutating func append(value: Span<UInt8>) {
    bytes.append(UInt8(ascii: ":"))
    if LDIFWriter.isSafe(value) {
      if value.count > 0 { bytes.append(32) }
      bytes.append(bytes: value)
    } else {
      bytes.append(UInt8(ascii: ":"))
      bytes.append(32)
      bytes.append(base64: value)
    }
    bytes.append(10)
  }
}
