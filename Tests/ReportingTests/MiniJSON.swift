/// A strict reader of JSON (RFC 8259) for the tests, independent of the writer and of Foundation's leniencies.
indirect enum JSON: Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  struct Malformed: Error { var offset: Int }

  init(parsing bytes: [UInt8]) throws {
    var reader = Reader(bytes: bytes)
    self = try reader.value()
    reader.skipSpace()
    guard reader.index == bytes.count else { throw Malformed(offset: reader.index) }
  }

  subscript(key: String) -> JSON? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  var array: [JSON]? { if case .array(let elements) = self { elements } else { nil } }
  var string: String? { if case .string(let text) = self { text } else { nil } }

  private struct Reader {
    let bytes: [UInt8]
    var index = 0

    mutating func skipSpace() {
      while index < bytes.count {
        switch bytes[index] {
        case 0x20, 0x0A, 0x0D, 0x09: index += 1
        default: return
        }
      }
    }

    mutating func value() throws -> JSON {
      skipSpace()
      guard index < bytes.count else { throw Malformed(offset: index) }
      switch bytes[index] {
      case UInt8(ascii: "{"): return try object()
      case UInt8(ascii: "["): return try array()
      case UInt8(ascii: "\""): return .string(try string())
      case UInt8(ascii: "t"): return try word("true", .bool(true))
      case UInt8(ascii: "f"): return try word("false", .bool(false))
      case UInt8(ascii: "n"): return try word("null", .null)
      default: return try number()
      }
    }

    mutating func expect(_ byte: UInt8) throws {
      skipSpace()
      guard index < bytes.count, bytes[index] == byte else { throw Malformed(offset: index) }
      index += 1
    }

    mutating func peek() -> UInt8? {
      skipSpace()
      return index < bytes.count ? bytes[index] : nil
    }

    mutating func word(_ text: String, _ value: JSON) throws -> JSON {
      guard bytes[index...].starts(with: text.utf8) else { throw Malformed(offset: index) }
      index += text.utf8.count
      return value
    }

    mutating func number() throws -> JSON {
      let start = index
      while index < bytes.count, "+-0123456789.eE".utf8.contains(bytes[index]) { index += 1 }
      let text = String(decoding: bytes[start..<index], as: UTF8.self)
      let hasLeadingZero = text.count > 1 && text.hasPrefix("0") && !text.hasPrefix("0.")
      guard !hasLeadingZero, let number = Double(text) else { throw Malformed(offset: start) }
      return .number(number)
    }

    mutating func object() throws -> JSON {
      index += 1
      var members: [String: JSON] = [:]
      if peek() == UInt8(ascii: "}") {
        index += 1
        return .object(members)
      }
      while true {
        skipSpace()
        let name = try string()
        try expect(UInt8(ascii: ":"))
        guard members.updateValue(try value(), forKey: name) == nil else { throw Malformed(offset: index) }
        if peek() == UInt8(ascii: ",") {
          index += 1
          continue
        }
        try expect(UInt8(ascii: "}"))
        return .object(members)
      }
    }

    mutating func array() throws -> JSON {
      index += 1
      var elements: [JSON] = []
      if peek() == UInt8(ascii: "]") {
        index += 1
        return .array(elements)
      }
      while true {
        elements.append(try value())
        if peek() == UInt8(ascii: ",") {
          index += 1
          continue
        }
        try expect(UInt8(ascii: "]"))
        return .array(elements)
      }
    }

    mutating func string() throws -> String {
      try expect(UInt8(ascii: "\""))
      var units: [UInt8] = []
      while index < bytes.count {
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""):
          guard let text = String(validating: units, as: UTF8.self) else { throw Malformed(offset: index) }
          return text
        case UInt8(ascii: "\\"): units.append(contentsOf: try escape().utf8)
        case 0..<0x20: throw Malformed(offset: index)
        default: units.append(byte)
        }
      }
      throw Malformed(offset: index)
    }

    mutating func escape() throws -> String {
      guard index < bytes.count else { throw Malformed(offset: index) }
      let byte = bytes[index]
      index += 1
      let simple: [Character: String] = [
        "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t",
      ]
      if let text = simple[Character(Unicode.Scalar(byte))] { return text }
      guard byte == UInt8(ascii: "u") else { throw Malformed(offset: index) }
      let first = try unit()
      guard UTF16.isLeadSurrogate(first) else { return String(decoding: [first], as: UTF16.self) }
      guard bytes[index...].starts(with: "\\u".utf8) else { throw Malformed(offset: index) }
      index += 2
      return String(decoding: [first, try unit()], as: UTF16.self)
    }

    mutating func unit() throws -> UInt16 {
      guard index + 4 <= bytes.count,
        let unit = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
      else { throw Malformed(offset: index) }
      index += 4
      return unit
    }
  }
}
