/// Turns the bytes of a text, given in pieces, into UTF-8.
///
/// A byte order mark is taken away. Bytes that are not UTF-8 are read as windows-1252 when `repairs` is set, which is what
/// they nearly always are in text from Windows; otherwise they are handed on as they are, for a stricter reader to refuse.
/// Surrogates of UTF-16 without their other half become U+FFFD.
public struct TextDecoder: Sendable {
  /// How many bytes are looked at before the encoding is decided.
  public static let sniffLength = 4

  private let repairs: Bool
  /// The encoding; nil until enough of the text is there to tell.
  private(set) public var encoding: TextEncoding?
  /// How many bytes were read as windows-1252 because they are no UTF-8.
  public private(set) var repairedBytes = 0
  /// Bytes that wait for more: the first ones, or half a character.
  private var pending: [UInt8] = []
  private var highSurrogate: UInt16?

  /// A decoder for one text.
  ///
  /// - Parameters:
  ///   - encoding: The encoding if it is known from elsewhere; nil to tell it by the first bytes.
  ///   - repairs: Whether bytes that are no UTF-8 are read as windows-1252.
  public init(_ encoding: TextEncoding? = nil, repairs: Bool) {
    self.encoding = encoding
    self.repairs = repairs
  }

  /// Decodes a piece and appends it to `text`.
  public mutating func decode(_ bytes: ArraySlice<UInt8>, into text: inout [UInt8]) {
    if pending.isEmpty, encoding == .utf8, !repairs {
      text += bytes
      return
    }
    var input = bytes
    if !pending.isEmpty {
      pending += bytes
      input = pending[...]
      pending = []
    }
    if encoding == nil {
      guard input.count >= Self.sniffLength else {
        pending = Array(input)
        return
      }
      input = begin(input)
    }
    decodeMore(input, into: &text)
  }

  /// Decodes what still waits for more, as it is the end.
  public mutating func finish(into text: inout [UInt8]) {
    var rest = pending[...]
    pending = []
    if encoding == nil {
      rest = begin(rest)
      let waiting = Array(rest)
      decodeMore(waiting[...], into: &text)
      rest = pending[...]
      pending = []
    }
    if highSurrogate != nil { Self.append(0xFFFD, to: &text) }
    highSurrogate = nil
    if encoding == .utf8, repairs {
      repairedBytes += rest.count
      for byte in rest { Self.append(Self.windows1252(byte), to: &text) }
    } else if encoding == .utf8 {
      text += rest
    } else if !rest.isEmpty {
      Self.append(0xFFFD, to: &text)
    }
  }

  private mutating func begin(_ start: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let (detected, mark) = TextEncoding.detect(start)
    encoding = detected
    return start.dropFirst(mark)
  }

  private mutating func decodeMore(_ input: ArraySlice<UInt8>, into text: inout [UInt8]) {
    switch encoding {
    case .utf16(let isBigEndian): decodeUTF16(input, isBigEndian, into: &text)
    case .windows1252: for byte in input { Self.append(Self.windows1252(byte), to: &text) }
    case .utf8 where repairs: decodeRepairing(input, into: &text)
    case .utf8, nil: text += input
    }
  }

  // MARK: UTF-16

  private mutating func decodeUTF16(_ input: ArraySlice<UInt8>, _ isBigEndian: Bool, into text: inout [UInt8]) {
    var index = input.startIndex
    let end = input.endIndex
    let (low, high) = isBigEndian ? (1, 0) : (0, 1)
    while end - index >= 2 {
      let unit = UInt16(input[index + high]) << 8 | UInt16(input[index + low])
      index += 2
      if highSurrogate == nil, unit < 0x80 {
        text.append(UInt8(truncatingIfNeeded: unit))
        continue
      }
      append(unit, to: &text)
    }
    pending = Array(input[index...])
  }

  private mutating func append(_ unit: UInt16, to text: inout [UInt8]) {
    if let first = highSurrogate {
      highSurrogate = nil
      if unit & 0xFC00 == 0xDC00 {
        Self.append(0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(unit & 0x3FF)), to: &text)
        return
      }
      Self.append(0xFFFD, to: &text)
    }
    switch unit & 0xFC00 {
    case 0xD800: highSurrogate = unit
    case 0xDC00: Self.append(0xFFFD, to: &text)
    default: Self.append(UInt32(unit), to: &text)
    }
  }

  // MARK: UTF-8 that may not be

  private mutating func decodeRepairing(_ input: ArraySlice<UInt8>, into text: inout [UInt8]) {
    var index = input.startIndex
    while index < input.endIndex {
      // Runs of ASCII, which is nearly everything, are copied at once.
      let end = ByteRuns.asciiEnd(input.span, from: index - input.startIndex) + input.startIndex
      text += input[index..<end]
      index = end
      guard index < input.endIndex else { return }
      let length = Self.sequenceLength(input[index...])
      switch length {
      case .complete(let count):
        text += input[index..<index + count]
        index += count
      case .incomplete:
        pending = Array(input[index...])
        return
      case .invalid:
        repairedBytes += 1
        Self.append(Self.windows1252(input[index]), to: &text)
        index += 1
      }
    }
  }

  private enum Sequence { case complete(Int), incomplete, invalid }

  /// Whether a well-formed sequence (Unicode, table 3-7) of more than one byte begins here.
  private static func sequenceLength(_ bytes: ArraySlice<UInt8>) -> Sequence {
    let start = bytes.startIndex
    let count: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch bytes[start] {
    case 0xC2...0xDF: count = 2
    case 0xE0: (count, second) = (3, 0xA0...0xBF)
    case 0xED: (count, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: count = 3
    case 0xF0: (count, second) = (4, 0x90...0xBF)
    case 0xF4: (count, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: count = 4
    default: return .invalid
    }
    for offset in 1..<count {
      guard start + offset < bytes.endIndex else { return .incomplete }
      let allowed = offset == 1 ? second : 0x80...0xBF
      if !allowed.contains(bytes[start + offset]) { return .invalid }
    }
    return .complete(count)
  }

  /// U+0080 to U+009F of windows-1252; the five bytes without a character stand for themselves.
  private static let upperControls: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D,
    0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,
    0x017E, 0x0178,
  ]

  private static func windows1252(_ byte: UInt8) -> UInt32 {
    (0x80...0x9F).contains(byte) ? upperControls[Int(byte) - 0x80] : UInt32(byte)
  }

  private static func append(_ value: UInt32, to text: inout [UInt8]) {
    let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
    if let encoded = UTF8.encode(scalar) { text.append(contentsOf: encoded) }
  }
}
