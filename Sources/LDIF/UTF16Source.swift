/// Turns UTF-16 text, as `ldifde -u` writes it, into UTF-8.
///
/// Nothing is lost: a surrogate without its other half, which UTF-16 text may hold but Unicode text may not, becomes
/// the three bytes that UTF-8 would use for its number, so that the value reads as invalid UTF-8 instead of being repaired.
final class UTF16Source: ByteSource {
  private let source: any ByteSource
  private let isBigEndian: Bool
  private var input = [UInt8](repeating: 0, count: 1 << 16)
  private var inputStart = 0
  private var inputEnd = 0
  private var output: [UInt8] = []
  private var outputStart = 0
  private var highSurrogate: UInt16?
  private var isAtEnd = false

  init(_ source: any ByteSource, isBigEndian: Bool) {
    self.source = source
    self.isBigEndian = isBigEndian
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LDIFFailure) -> Int {
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

  private func transcodeSome() throws(LDIFFailure) {
    // An odd byte waits at the front of the buffer for its other half.
    let odd = inputEnd - inputStart
    if odd == 1 { input[0] = input[inputStart] }
    let got = try source.read(into: &input, odd..<input.count)
    inputStart = 0
    inputEnd = odd + got
    guard got > 0 else {
      isAtEnd = true
      flushSurrogate()
      // Half a code unit at the very end: kept, as a byte that is no valid text.
      if odd == 1 { output.append(0xff) }
      return
    }
    while inputStart + 1 < inputEnd {
      let first = UInt16(input[inputStart])
      let second = UInt16(input[inputStart + 1])
      append(isBigEndian ? first << 8 | second : second << 8 | first)
      inputStart += 2
    }
  }

  private func append(_ unit: UInt16) {
    if let high = highSurrogate, unit & 0xfc00 == 0xdc00 {
      highSurrogate = nil
      appendScalar(0x10000 + (UInt32(high & 0x3ff) << 10 | UInt32(unit & 0x3ff)))
      return
    }
    flushSurrogate()
    if unit & 0xfc00 == 0xd800 { highSurrogate = unit } else { appendScalar(UInt32(unit)) }
  }

  private func flushSurrogate() {
    guard let high = highSurrogate else { return }
    highSurrogate = nil
    appendScalar(UInt32(high))
  }

  private func appendScalar(_ value: UInt32) {
    let low = UInt8(truncatingIfNeeded: value & 0x3f) | 0x80
    switch value {
    case ..<0x80: output.append(UInt8(truncatingIfNeeded: value))
    case ..<0x800:
      output.append(UInt8(truncatingIfNeeded: value >> 6) | 0xc0)
      output.append(low)
    case ..<0x10000:
      output.append(UInt8(truncatingIfNeeded: value >> 12) | 0xe0)
      output.append(UInt8(truncatingIfNeeded: value >> 6 & 0x3f) | 0x80)
      output.append(low)
    default:
      output.append(UInt8(truncatingIfNeeded: value >> 18) | 0xf0)
      output.append(UInt8(truncatingIfNeeded: value >> 12 & 0x3f) | 0x80)
      output.append(UInt8(truncatingIfNeeded: value >> 6 & 0x3f) | 0x80)
      output.append(low)
    }
  }
}
