/// What a report is written into: an array, or the buffer of an output.
protocol ByteAppending: ~Copyable {
  /// Number of bytes so far.
  var count: Int { get }
  mutating func append(_ byte: UInt8)
  mutating func append(bytes: Span<UInt8>)
  /// Makes room for so many more bytes.
  mutating func reserve(_ additional: Int)
  /// Takes back all but the first so many bytes.
  mutating func truncate(to count: Int)
}

extension Array: ByteAppending where Element == UInt8 {
  @inline(__always)
  mutating func append(bytes: Span<UInt8>) { bytes.withUnsafeBufferPointer { append(contentsOf: $0) } }

  mutating func reserve(_ additional: Int) { reserveCapacity(count + additional) }

  mutating func truncate(to count: Int) { removeLast(self.count - count) }
}

extension ByteAppending where Self: ~Copyable {
  /// Appends the UTF-8 bytes of a text.
  @inline(__always)
  mutating func append(_ text: String) { append(bytes: text.utf8Span.span) }

  /// Appends the bytes of a text known at compile time.
  @inline(__always)
  mutating func append(literal text: StaticString) {
    append(
      bytes: Span(_unsafeElements: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)))
  }

  /// Appends a number in decimal.
  mutating func append(decimal number: Int) {
    guard number >= 10 else {
      if number >= 0 { append(UInt8(ascii: "0") + UInt8(number)) } else { append(String(number)) }
      return
    }
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var start = 20
    var rest = UInt64(number)
    // Two digits at a time, most numbers having several.
    while rest >= 10 {
      let pair = UInt8(truncatingIfNeeded: rest % 100)
      rest /= 100
      start &-= 2
      digits[start] = UInt8(ascii: "0") &+ pair / 10
      digits[start &+ 1] = UInt8(ascii: "0") &+ pair % 10
    }
    if rest > 0 {
      start &-= 1
      digits[start] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest)
    }
    append(bytes: digits.span.extracting(start..<20))
  }

  /// Appends a number with commas between groups of three digits.
  mutating func append(grouped number: Int) {
    if number.magnitude < 1000 { append(decimal: number) } else { append(Reporting.grouped(number)) }
  }

  /// Appends a number in upper-case hexadecimal with at least so many digits.
  mutating func append(hexadecimal number: UInt32, digits: Int) {
    var needed = digits
    while needed < 8, number >> UInt32(needed * 4) != 0 { needed += 1 }
    for position in stride(from: needed - 1, through: 0, by: -1) {
      let digit = UInt8(number >> UInt32(position * 4) & 15)
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10)
    }
  }

  /// Appends the base64 form (RFC 4648 section 4) of bytes.
  mutating func append(base64 bytes: Span<UInt8>) {
    reserve((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let left = bytes.count - index
      let second = left > 1 ? bytes[index + 1] : 0
      let third = left > 2 ? bytes[index + 2] : 0
      let digits: InlineArray<4, UInt8> = [
        base64Digit(bytes[index] >> 2), base64Digit((bytes[index] & 3) << 4 | second >> 4),
        left > 1 ? base64Digit((second & 15) << 2 | third >> 6) : UInt8(ascii: "="),
        left > 2 ? base64Digit(third & 63) : UInt8(ascii: "="),
      ]
      append(bytes: digits.span)
      index += 3
    }
  }
}

/// The digit of a number below 64; without branches, because the numbers are as good as random.
@inline(__always)
private func base64Digit(_ number: UInt8) -> UInt8 {
  var digit = number &+ UInt8(ascii: "A")
  digit &+= number >= 26 ? UInt8(ascii: "a") - UInt8(ascii: "A") - 26 : 0
  digit &-= number >= 52 ? UInt8(ascii: "a") + 26 - UInt8(ascii: "0") : 0
  digit &-= number >= 62 ? UInt8(ascii: "0") + 10 - UInt8(ascii: "+") : 0
  digit &+= number >= 63 ? UInt8(ascii: "/") - UInt8(ascii: "+") - 1 : 0
  return digit
}

/// Whether all bytes are printable ASCII other than the two given ones: the common case, which needs no escaping.
func isPlain(_ bytes: Span<UInt8>, except first: UInt8, _ second: UInt8) -> Bool {
  bytes.withUnsafeBytes { raw in
    guard raw.count >= 16 else { return isShortPlain(raw, except: first, second) }
    // Sixteen bytes at once; the last sixteen overlap those before.
    var isSpecial = special(raw.loadUnaligned(fromByteOffset: raw.count &- 16, as: SIMD16<UInt8>.self), first, second)
    var offset = 0
    while offset &+ 16 < raw.count {
      isSpecial =
        isSpecial .| special(raw.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self), first, second)
      offset &+= 16
    }
    return !isAny(isSpecial)
  }
}

@inline(__always)
private func special(_ bytes: SIMD16<UInt8>, _ first: UInt8, _ second: UInt8) -> SIMDMask<SIMD16<Int8>> {
  ((bytes &- SIMD16(repeating: 0x20)) .>= SIMD16(repeating: 0x5F)) .| (bytes .== SIMD16(repeating: first))
    .| (bytes .== SIMD16(repeating: second))
}

/// Whether any of the bytes is marked. (`any` of the standard library is not specialised, which costs more than all the rest.)
@inline(__always)
private func isAny(_ marks: SIMDMask<SIMD16<Int8>>) -> Bool {
  let words = unsafeBitCast(marks, to: SIMD2<UInt64>.self)
  return words[0] | words[1] != 0
}

/// The same for fewer than sixteen bytes.
private func isShortPlain(_ raw: UnsafeRawBufferPointer, except first: UInt8, _ second: UInt8) -> Bool {
  let count = raw.count
  if count >= 8 {
    // The last eight bytes overlap the first.
    let words = SIMD2(
      raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
      raw.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
    let bytes = unsafeBitCast(words, to: SIMD16<UInt8>.self)
    return !isAny(special(bytes, first, second))
  }
  if count >= 4 {
    let head = raw.loadUnaligned(fromByteOffset: 0, as: UInt32.self)
    let tail = raw.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
    let bytes = unsafeBitCast(SIMD4(head, tail, head, tail), to: SIMD16<UInt8>.self)
    return !isAny(special(bytes, first, second))
  }
  for byte in raw where byte &- 0x20 >= 0x5F || byte == first || byte == second { return false }
  return true
}

/// A number with commas between groups of three digits, `41,230`.
func grouped(_ number: Int) -> String {
  let digits = Array(String(number.magnitude).utf8)
  var result: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
  for (index, digit) in digits.enumerated() {
    if index > 0 && (digits.count - index) % 3 == 0 { result.append(UInt8(ascii: ",")) }
    result.append(digit)
  }
  return String(decoding: result, as: UTF8.self)
}

/// A count and its noun, `1 entry`, `41,230 entries`.
func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(grouped(count)) \(count == 1 ? one : many)" }
