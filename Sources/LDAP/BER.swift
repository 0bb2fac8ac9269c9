/// The little of BER (X.690) that values of controls are made of.
enum BER {
  static let integerTag: UInt8 = 0x02
  static let octetsTag: UInt8 = 0x04
  static let sequenceTag: UInt8 = 0x30

  static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    guard content.count >= 128 else { return [tag, UInt8(content.count)] + content }
    var length: [UInt8] = []
    var rest = content.count
    while rest > 0 {
      length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
      rest >>= 8
    }
    return [tag, 0x80 | UInt8(length.count)] + length + content
  }

  static func sequence(_ content: [UInt8]) -> [UInt8] { element(sequenceTag, content) }
  static func octets(_ content: [UInt8]) -> [UInt8] { element(octetsTag, content) }

  /// Two's complement in as few bytes as will do.
  static func integer(_ value: Int) -> [UInt8] {
    var bytes = (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * (7 - $0))) }[...]
    while bytes.count > 1 {
      let isNegative = bytes[bytes.startIndex + 1] & 0x80 != 0
      guard bytes.first == (isNegative ? 0xFF : 0) else { break }
      bytes = bytes.dropFirst()
    }
    return element(integerTag, Array(bytes))
  }
}

/// Reads BER or DER elements one after the other; nil for anything that is not well-formed.
struct BERReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  /// The tag of the next element.
  var nextTag: UInt8? { rest.first }

  /// The next element.
  mutating func read() -> (tag: UInt8, content: ArraySlice<UInt8>)? {
    guard rest.count >= 2 else { return nil }
    let tag = rest[rest.startIndex]
    var length = Int(rest[rest.startIndex + 1])
    var head = 2
    if length & 0x80 != 0 {
      let count = length & 0x7F
      guard (1...4).contains(count), rest.count >= 2 + count else { return nil }
      length = rest.dropFirst(2).prefix(count).reduce(0) { $0 << 8 | Int($1) }
      head += count
    }
    guard rest.count - head >= length else { return nil }
    let content = rest.dropFirst(head).prefix(length)
    rest = rest.dropFirst(head + length)
    return (tag, content)
  }

  /// The content of the next element, if it has the tag.
  mutating func read(tag: UInt8) -> ArraySlice<UInt8>? {
    guard nextTag == tag else { return nil }
    return read()?.content
  }

  /// The next element, if it is an integer of at most eight bytes.
  mutating func readInteger() -> Int? {
    guard let content = read(tag: BER.integerTag), let first = content.first, content.count <= 8 else { return nil }
    return content.dropFirst().reduce(Int(Int8(bitPattern: first))) { $0 << 8 | Int($1) }
  }
}
