/// Turns UTF-16 text, as `ldifde -u` writes it, into UTF-8.
///
/// Nothing is lost: a surrogate without its other half, which UTF-16 text may hold but Unicode text may not, becomes
/// the three bytes that UTF-8 would use for its number, so that the value reads as invalid UTF-8 instead of being repaired.
public final class UTF16Source: ByteSource {
  private let source: any ByteSource
  private let isBigEndian: Bool
  private var input = [UInt8](repeating: 0, count: 1 << 16)
  private var inputStart = 0
  private var inputEnd = 0
  private var output: [UInt8] = []
  private var outputStart = 0
  private var highSurrogate: UInt16?
  private var isAtEnd = false
  private var loneSurrogates = 0
  /// Whether the text ends in the middle of a code unit. Known at the end.
  public private(set) var endsWithinUnit = false
  private var isAtLineStart = true

  /// What of the text is no UTF-16, in one sentence without a full stop; nil while nothing is. Known at the end.
  public var damage: String? {
    if endsWithinUnit { return "the UTF-16 text ends in the middle of a character: the file was cut off or damaged" }
    guard loneSurrogates > 0 else { return nil }
    return
      "\(loneSurrogates) \(loneSurrogates == 1 ? "half" : "halves") of a character without the other in the UTF-16 text:"
      + " values with it are damaged"
  }

  /// Transcodes what a source yields, without looking for a byte order mark.
  public init(_ source: any ByteSource, isBigEndian: Bool) {
    self.source = source
    self.isBigEndian = isBigEndian
  }

  /// Fills a part of `buffer`.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    while outputStart == output.count {
      if isAtEnd { return 0 }
      output.removeAll(keepingCapacity: true)
      outputStart = 0
      try transcodeSome()
    }
    let count = min(buffer.count, output.count - outputStart)
    buffer.copyBytes(from: output[outputStart..<outputStart + count])
    outputStart += count
    return count
  }

  private func transcodeSome() throws(ReadFailure) {
    // An odd byte waits at the front of the buffer for its other half.
    let odd = inputEnd - inputStart
    if odd == 1 { input[0] = input[inputStart] }
    let got = try source.read(into: &input, odd..<input.count)
    inputStart = 0
    inputEnd = odd + got
    guard got > 0 else {
      isAtEnd = true
      flushSurrogate(to: &output)
      // Half a code unit at the very end: kept, as a byte that is no valid text, in the value that it damages. Alone on a
      // line it would damage what comes before, which is whole.
      if odd == 1 {
        endsWithinUnit = true
        if !isAtLineStart || !output.isEmpty { output.append(0xff) }
      }
      return
    }
    // Worked on as locals: each access to a property of an object is checked for exclusivity.
    let bytes = input
    var text: [UInt8] = []
    swap(&text, &output)
    let (low, high) = isBigEndian ? (1, 0) : (0, 1)
    while inputEnd - inputStart >= 2 {
      var index = inputStart
      if highSurrogate == nil {
        while index + 1 < inputEnd, bytes[index + high] == 0, bytes[index + low] < 0x80 {
          text.append(bytes[index + low])
          index += 2
        }
      }
      inputStart = index
      if index + 1 < inputEnd {
        append(UInt16(bytes[index + high]) << 8 | UInt16(bytes[index + low]), to: &text)
        inputStart += 2
      }
    }
    swap(&text, &output)
    if let last = output.last { isAtLineStart = last == 10 }
  }

  private func append(_ unit: UInt16, to text: inout [UInt8]) {
    if let high = highSurrogate, unit & 0xfc00 == 0xdc00 {
      highSurrogate = nil
      Self.append(scalar: 0x10000 + (UInt32(high & 0x3ff) << 10 | UInt32(unit & 0x3ff)), to: &text)
      return
    }
    flushSurrogate(to: &text)
    if unit & 0xfc00 == 0xd800 {
      highSurrogate = unit
      return
    }
    if unit & 0xfc00 == 0xdc00 { loneSurrogates += 1 }
    Self.append(scalar: UInt32(unit), to: &text)
  }

  private func flushSurrogate(to text: inout [UInt8]) {
    guard let high = highSurrogate else { return }
    highSurrogate = nil
    loneSurrogates += 1
    Self.append(scalar: UInt32(high), to: &text)
  }

  private static func append(scalar value: UInt32, to text: inout [UInt8]) {
    let low = UInt8(truncatingIfNeeded: value & 0x3f) | 0x80
    switch value {
    case ..<0x80: text.append(UInt8(truncatingIfNeeded: value))
    case ..<0x800:
      text.append(UInt8(truncatingIfNeeded: value >> 6) | 0xc0)
      text.append(low)
    case ..<0x10000:
      text.append(UInt8(truncatingIfNeeded: value >> 12) | 0xe0)
      text.append(UInt8(truncatingIfNeeded: value >> 6 & 0x3f) | 0x80)
      text.append(low)
    default:
      text.append(UInt8(truncatingIfNeeded: value >> 18) | 0xf0)
      text.append(UInt8(truncatingIfNeeded: value >> 12 & 0x3f) | 0x80)
      text.append(UInt8(truncatingIfNeeded: value >> 6 & 0x3f) | 0x80)
      text.append(low)
    }
  }
}
