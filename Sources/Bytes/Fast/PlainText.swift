// Room: whether a text needs no escapes, sixteen bytes at once.
//
// Why the reads are sound: every one lies within the bytes; where their number is no multiple of what is read at once, the last
// read overlaps those before it. Not for finding where the first byte stands that needs an escape.

/// Whether all bytes are printable ASCII other than the two given ones: the common case, which needs no escaping.
@inlinable
public func isPlain(_ bytes: Span<UInt8>, except first: UInt8, _ second: UInt8) -> Bool {
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

@inlinable @inline(__always)
func special(_ bytes: SIMD16<UInt8>, _ first: UInt8, _ second: UInt8) -> SIMDMask<SIMD16<Int8>> {
  ((bytes &- SIMD16(repeating: 0x20)) .>= SIMD16(repeating: 0x5F)) .| (bytes .== SIMD16(repeating: first))
    .| (bytes .== SIMD16(repeating: second))
}

/// Whether any of the bytes is marked. (`any` of the standard library is not specialised, which costs more than all the rest.)
@inlinable @inline(__always)
func isAny(_ marks: SIMDMask<SIMD16<Int8>>) -> Bool {
  let words = unsafeBitCast(marks, to: SIMD2<UInt64>.self)
  return words[0] | words[1] != 0
}

/// The same for fewer than sixteen bytes.
@inlinable
func isShortPlain(_ raw: UnsafeRawBufferPointer, except first: UInt8, _ second: UInt8) -> Bool {
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
