/// Reads one JSON value (RFC 8259) given in pieces, in memory that does not grow with the text.
///
/// Strict: what RFC 8259 does not allow is a failure. The one thing it leaves open, half a surrogate pair in an escape,
/// becomes U+FFFD. What follows the value is left to the caller.
public struct JSONStreamReader {
  private enum State {
    /// A value comes; `]` may come instead at the start of an array.
    case value, arrayStart
    /// A key comes; `}` may come instead at the start of an object.
    case key, objectStart
    case colon
    /// A comma comes, or the end of the object or array.
    case separator
    case string, escape, hexadecimal
    case number, word
    case complete
  }

  private let limits: JSONLimits
  private let handler: any JSONHandler
  private var state = State.value
  /// For each open object or array: whether it is an object.
  private var open: [Bool] = []
  /// The text of the string, number or word that is being read.
  private var text: [UInt8] = []
  private var isKey = false
  private var hexadecimal: UInt32 = 0
  private var hexadecimalCount = 0
  private var highSurrogate: UInt32?
  private var line = 1
  private var column = 0
  private var failure: JSONFailure?
  /// How many bytes have been read so far: up to the byte that is wrong when reading has failed.
  public private(set) var count = 0

  /// A reader of one value.
  public init(_ limits: JSONLimits = JSONLimits(), handler: any JSONHandler) {
    self.limits = limits
    self.handler = handler
  }

  /// Whether the value has been read to its end.
  public var isComplete: Bool { state == .complete }

  /// Reads a piece of the text.
  ///
  /// - Returns: How many bytes belong to the value, white space before it included: fewer than there are only when it is
  ///   complete.
  public mutating func feed(_ bytes: ArraySlice<UInt8>) throws(JSONFailure) -> Int {
    if let failure { throw failure }
    var index = bytes.startIndex
    defer { count += index - bytes.startIndex }
    while index < bytes.endIndex, state != .complete {
      let byte = bytes[index]
      // The byte after a number belongs to what follows.
      if state == .number, !Self.isNumberByte(byte) {
        try finishNumber()
        continue
      }
      if byte == 10 {
        line += 1
        column = 0
      } else {
        column += 1
      }
      try take(byte)
      index += 1
    }
    return index - bytes.startIndex
  }

  /// Reads the end of the text.
  ///
  /// - Throws: that the value is not complete.
  public mutating func finish() throws(JSONFailure) {
    if let failure { throw failure }
    if state == .number { try finishNumber() }
    if state != .complete { throw mistake("the text ends within the JSON value", isCut: true) }
  }

  private mutating func mistake(_ message: String, isCut: Bool = false) -> JSONFailure {
    let failure = JSONFailure(line: line, column: max(1, column), message: message, isCut: isCut)
    self.failure = failure
    return failure
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 13 || byte == 9 }
  private static func isNumberByte(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || "+-.eE".utf8.contains(byte)
  }

  private mutating func take(_ byte: UInt8) throws(JSONFailure) {
    switch state {
    case .string: try takeInString(byte)
    case .escape: try takeEscape(byte)
    case .hexadecimal: try takeHexadecimal(byte)
    case .number: try append(byte)
    case .word: try takeInWord(byte)
    case .complete: break
    case .value, .arrayStart, .key, .objectStart, .colon, .separator:
      if !Self.isSpace(byte) { try takeStructure(byte) }
    }
  }

  private mutating func append(_ byte: UInt8) throws(JSONFailure) {
    guard text.count < limits.maximumLength else {
      throw mistake("a text is longer than \(limits.maximumLength) bytes")
    }
    text.append(byte)
  }

  // MARK: structure

  private mutating func takeStructure(_ byte: UInt8) throws(JSONFailure) {
    switch (state, byte) {
    case (.arrayStart, UInt8(ascii: "]")), (.objectStart, UInt8(ascii: "}")): close()
    case (.value, _), (.arrayStart, _): try beginValue(byte)
    case (.key, UInt8(ascii: "\"")), (.objectStart, UInt8(ascii: "\"")):
      isKey = true
      state = .string
    case (.colon, UInt8(ascii: ":")): state = .value
    case (.separator, UInt8(ascii: ",")): state = open.last == true ? .key : .value
    case (.separator, UInt8(ascii: "}")) where open.last == true: close()
    case (.separator, UInt8(ascii: "]")) where open.last == false: close()
    default: throw mistake("expected \(expectation), found \(Self.shown(byte))")
    }
  }

  private var expectation: String {
    switch state {
    case .key: "a key in double quotes"
    case .objectStart: "a key in double quotes or `}`"
    case .colon: "`:`"
    case .separator: open.last == true ? "`,` or `}`" : "`,` or `]`"
    default: "a value"
    }
  }

  private static func shown(_ byte: UInt8) -> String {
    (0x21...0x7E).contains(byte) ? "`\(Unicode.Scalar(byte))`" : "the byte \(byte)"
  }

  private mutating func beginValue(_ byte: UInt8) throws(JSONFailure) {
    switch byte {
    case UInt8(ascii: "{"): try begin(isObject: true)
    case UInt8(ascii: "["): try begin(isObject: false)
    case UInt8(ascii: "\""):
      isKey = false
      state = .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
      state = .word
      text = [byte]
    case _ where byte &- 0x30 < 10 || byte == UInt8(ascii: "-"):
      state = .number
      text = [byte]
    default: throw mistake("expected a value, found \(Self.shown(byte))")
    }
  }

  private mutating func begin(isObject: Bool) throws(JSONFailure) {
    guard open.count < limits.maximumDepth else {
      throw mistake("objects and arrays are nested more than \(limits.maximumDepth) deep")
    }
    open.append(isObject)
    state = isObject ? .objectStart : .arrayStart
    if isObject { handler.beginObject(line: line) } else { handler.beginArray() }
  }

  private mutating func close() {
    if open.removeLast() { handler.endObject() } else { handler.endArray() }
    finishValue()
  }

  private mutating func finishValue() { state = open.isEmpty ? .complete : .separator }

  // MARK: strings

  private mutating func takeInString(_ byte: UInt8) throws(JSONFailure) {
    if highSurrogate != nil, byte != UInt8(ascii: "\\") { try flushSurrogate() }
    switch byte {
    case UInt8(ascii: "\""): try finishString()
    case UInt8(ascii: "\\"): state = .escape
    case 0..<0x20: throw mistake("a control character within a string; it is written as an escape")
    default: try append(byte)
    }
  }

  private mutating func finishString() throws(JSONFailure) {
    guard let string = String(validating: text, as: UTF8.self) else { throw mistake("a string that is not UTF-8") }
    text.removeAll(keepingCapacity: text.capacity < 1 << 20)
    if isKey {
      state = .colon
      handler.key(string)
    } else {
      finishValue()
      handler.string(string)
    }
  }

  private mutating func takeEscape(_ byte: UInt8) throws(JSONFailure) {
    if byte == UInt8(ascii: "u") {
      state = .hexadecimal
      hexadecimal = 0
      hexadecimalCount = 0
      return
    }
    try flushSurrogate()
    state = .string
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): try append(byte)
    case UInt8(ascii: "b"): try append(8)
    case UInt8(ascii: "f"): try append(12)
    case UInt8(ascii: "n"): try append(10)
    case UInt8(ascii: "r"): try append(13)
    case UInt8(ascii: "t"): try append(9)
    default: throw mistake("there is no escape `\\\(Unicode.Scalar(byte))`")
    }
  }

  private mutating func takeHexadecimal(_ byte: UInt8) throws(JSONFailure) {
    let digit: UInt32
    switch byte {
    case 0x30...0x39: digit = UInt32(byte - 0x30)
    case 0x41...0x46: digit = UInt32(byte - 0x41 + 10)
    case 0x61...0x66: digit = UInt32(byte - 0x61 + 10)
    default: throw mistake("four hexadecimal digits follow `\\u`")
    }
    hexadecimal = hexadecimal << 4 | digit
    hexadecimalCount += 1
    guard hexadecimalCount == 4 else { return }
    state = .string
    if let high = highSurrogate, hexadecimal & 0xFC00 == 0xDC00 {
      highSurrogate = nil
      try append(scalar: 0x10000 + ((high & 0x3FF) << 10 | hexadecimal & 0x3FF))
      return
    }
    try flushSurrogate()
    if hexadecimal & 0xFC00 == 0xD800 { highSurrogate = hexadecimal } else { try append(scalar: hexadecimal) }
  }

  private mutating func flushSurrogate() throws(JSONFailure) {
    guard highSurrogate != nil else { return }
    highSurrogate = nil
    try append(scalar: 0xFFFD)
  }

  private mutating func append(scalar value: UInt32) throws(JSONFailure) {
    guard let encoded = UTF8.encode(Unicode.Scalar(value) ?? "\u{FFFD}") else { return }
    for byte in encoded { try append(byte) }
  }

  // MARK: numbers and words

  private mutating func takeInWord(_ byte: UInt8) throws(JSONFailure) {
    text.append(byte)
    switch String(decoding: text, as: UTF8.self) {
    case "true", "false":
      let value = text.count == 4
      finishValue()
      handler.boolean(value)
    case "null":
      finishValue()
      handler.null()
    case let word where ["true", "false", "null"].contains { $0.hasPrefix(word) }: return
    default: throw mistake("expected a value; words are `true`, `false` and `null` only")
    }
    text.removeAll(keepingCapacity: true)
  }

  private mutating func finishNumber() throws(JSONFailure) {
    let number = String(decoding: text, as: UTF8.self)
    guard JSONNumber.isSound(text.span) else { throw mistake("`\(number.prefix(40))` is not a number") }
    text.removeAll(keepingCapacity: true)
    finishValue()
    handler.number(number)
  }
}
