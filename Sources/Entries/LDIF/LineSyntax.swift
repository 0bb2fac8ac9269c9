import Directory

/// A fault in the text of a record: its place and what is wrong.
struct LineFault: Error, Equatable {
  /// Counted from 0 at the start of the batch.
  var line: Int
  /// In characters, counted from 1.
  var column: Int
  var message: String
}

extension LogicalLine {
  /// A fault at a byte of this line.
  func fault(at index: Int, _ message: String) -> LineFault {
    let place = place(of: index)
    return LineFault(line: place.line, column: place.column, message: message)
  }
}

/// The parts of a line `description: value` (RFC 2849, `attrval-spec`), as indices into a `LogicalLine`.
struct LineSyntax {
  /// Index of the colon that ends the description.
  var colon: Int
  /// Index at which the value's text begins, behind colons and fill.
  var valueStart: Int
  var isBase64: Bool

  /// Takes a line apart.
  init(_ line: LogicalLine) throws(LineFault) {
    let bytes = line.bytes
    if bytes.last == 13 {
      throw line.fault(
        at: bytes.count - 1,
        "a carriage return stands before the line break (CR CR LF): the file was converted twice; copy or export it again"
      )
    }
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { throw Self.missingColon(line) }
    try Self.checkDescription(line, colon)
    self.init(colon: colon)
    try readMark(line)
  }

  /// The parts of a line whose description, or whatever comes before a value, ends with a colon at `colon`.
  init(colon: Int) {
    self.colon = colon
    valueStart = colon + 1
    isBase64 = false
  }

  /// Reads what stands between the colon and the value's text.
  mutating func readMark(_ line: LogicalLine) throws(LineFault) {
    let bytes = line.bytes
    var start = colon + 1
    isBase64 = start < bytes.count && bytes[start] == UInt8(ascii: ":")
    if isBase64 { start += 1 }
    if !isBase64, start < bytes.count, bytes[start] == UInt8(ascii: "<") {
      throw line.fault(
        at: start,
        "the value is given by a URL, which is never opened; export with the value itself (ldapsearch without -t or -T)"
      )
    }
    while start < bytes.count, bytes[start] == UInt8(ascii: " ") { start += 1 }
    valueStart = start
  }

  /// Whether the description is `name`, ignoring the case of ASCII letters.
  func isName(_ name: [UInt8], _ line: LogicalLine) -> Bool {
    line.bytes[..<colon].elementsEqual(name) { Self.lower($0) == Self.lower($1) }
  }

  /// The description in lower case, for comparing with the words of LDIF.
  func word(_ line: LogicalLine) -> String {
    colon > 64 ? "" : String(decoding: line.bytes[..<colon].map(Self.lower), as: UTF8.self)
  }

  /// The value, decoded.
  func value(_ line: LogicalLine) throws(LineFault) -> [UInt8] {
    let text = line.bytes[valueStart...]
    guard isBase64 else { return Array(text) }
    return try Self.decodeBase64(text, line)
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

  private static func missingColon(_ line: LogicalLine) -> LineFault {
    if line.bytes == [UInt8(ascii: "-")] {
      return line.fault(at: 0, "a line '-' has its place in a record with 'changetype: modify' only")
    }
    return line.fault(
      at: 0,
      "line without a colon: expected 'attribute: value'; the rest of a long value begins with a space on each line")
  }

  /// RFC 2849 `AttributeDescription`; underscores are accepted because some servers have them, and `=` and `*` in
  /// options because of `range=0-*`.
  private static func checkDescription(_ line: LogicalLine, _ colon: Int) throws(LineFault) {
    if colon == 0 { throw line.fault(at: 0, "the attribute name before the colon is missing") }
    var isOption = false
    var isFirst = true
    for index in 0..<colon {
      let byte = line.bytes[index]
      if byte == UInt8(ascii: ";") {
        if isFirst { throw line.fault(at: index, "a name is missing before ';' in the attribute description") }
        isOption = true
        isFirst = true
        continue
      }
      let isAlphanumeric = lower(byte) &- 97 < 26 || byte &- 48 < 10
      let isMark = byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      let isAllowed: Bool
      if isOption {
        isAllowed = isAlphanumeric || isMark || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "*")
      } else {
        isAllowed = isAlphanumeric || !isFirst && (isMark || byte == UInt8(ascii: "."))
      }
      if !isAllowed {
        throw line.fault(
          at: index,
          "character \(InputQuote.character(line.bytes[index...])) cannot be \(isFirst ? "the start" : "part") of an attribute name"
        )
      }
      isFirst = false
    }
    if isFirst { throw line.fault(at: colon, "an option is missing behind ';' in the attribute description") }
  }

  /// Decodes base64 text, telling the place of the first fault.
  private static func decodeBase64(_ text: ArraySlice<UInt8>, _ line: LogicalLine) throws(LineFault) -> [UInt8] {
    let equals = UInt8(ascii: "=")
    if let index = text.firstIndex(where: { sixBits($0) == nil && $0 != equals }) {
      throw line.fault(at: index, "character \(InputQuote.character(text[index...])) cannot stand in base64 text")
    }
    var output: [UInt8] = []
    output.reserveCapacity(text.count / 4 * 3)
    var group: UInt32 = 0
    var count = 0
    var padding = 0
    for index in text.indices {
      let byte = text[index]
      if byte == equals, count & 3 >= 2 || padding > 0, padding < 2, text.endIndex - index <= 2 {
        padding += 1
      } else if let bits = sixBits(byte), padding == 0 {
        group = group << 6 | bits
      } else {
        throw line.fault(
          at: index,
          "character \(InputQuote.character(text[index...])) cannot stand here in base64 text: '=' is for its end")
      }
      if padding > 0 { group <<= 6 }
      count += 1
      if count & 3 == 0 {
        output.append(UInt8(truncatingIfNeeded: group >> 16))
        if padding < 2 { output.append(UInt8(truncatingIfNeeded: group >> 8)) }
        if padding < 1 { output.append(UInt8(truncatingIfNeeded: group)) }
        group = 0
      }
    }
    if count & 3 != 0 {
      throw line.fault(
        at: text.endIndex, "the base64 text ends too early: \(count) characters are not a multiple of 4")
    }
    return output
  }

  private static func sixBits(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 65...90: UInt32(byte) - 65
    case 97...122: UInt32(byte) - 71
    case 48...57: UInt32(byte) + 4
    case 43: 62
    case 47: 63
    default: nil
    }
  }
}
