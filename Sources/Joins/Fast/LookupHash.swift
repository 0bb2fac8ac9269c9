import Bytes

/// Room: 64-bit hashes of keys, for telling at a glance that a value is none of those looked for.
///
/// A look-up visits every value of a directory, and all but a handful are of no interest. So a value costs one pass over
/// its bytes, eight at a time, and one look at a bit; nothing is allocated. Equal keys always have equal hashes, so nothing
/// is missed; a hash that happens to be that of a key is found out when the keys themselves are compared. The seed differs
/// per run, so that pasted text cannot pile keys up on one hash. Letters are folded by setting bit 5 of every byte, which
/// maps more than letters onto each other: legal here, because the keys are compared afterwards.
struct LookupHash: Sendable {
  let seed: UInt64

  /// The hash of bytes as they are.
  @inline(__always)
  func exact(_ bytes: UnsafePointer<UInt8>, count: Int) -> UInt64 { hash(bytes, count, fold: 0) }

  /// The hash of a text, the same for texts that differ in the case of ASCII letters.
  @inline(__always)
  func folded(_ bytes: UnsafePointer<UInt8>, count: Int) -> UInt64 {
    hash(bytes, count, fold: 0x2020_2020_2020_2020)
  }

  @inline(__always)
  private func hash(_ start: UnsafePointer<UInt8>, _ count: Int, fold: UInt64) -> UInt64 {
    let bytes = UnsafeRawPointer(start)
    var state = seed ^ fold ^ (UInt64(truncatingIfNeeded: count) &* 0xE703_7ED1_A0B4_28DB)
    var offset = 0
    while offset &+ 8 <= count {
      state = Self.mix(state ^ (bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) | fold))
      offset &+= 8
    }
    if offset < count {
      var tail: UInt64 = 0
      if count >= 8 {
        // The last eight bytes, of which the first were seen already.
        tail = bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
      } else {
        var shift: UInt64 = 0
        while offset < count {
          tail |= UInt64(start[offset]) &<< shift
          shift &+= 8
          offset &+= 1
        }
      }
      state = Self.mix(state ^ (tail | fold))
    }
    return state
  }

  /// The hash of the first RDN of a DN, the same for all spellings of one (`DistinguishedName.appendKey`): of its bytes
  /// without escapes, quotes and spaces, in lower case. Ends at the first separator of RDNs.
  @inline(__always)
  func firstRDN(_ bytes: UnsafePointer<UInt8>, count: Int) -> UInt64 {
    var state = FNV1a(seed)
    var index = 0
    var isQuoted = false
    while index < count {
      var byte = bytes[index]
      index &+= 1
      if byte &- 0x30 > 0x4a || byte == 0x5c || byte == 0x3b {
        if !isQuoted, byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") { break }
        if byte == UInt8(ascii: " ") { continue }
        if byte == UInt8(ascii: "\"") {
          isQuoted.toggle()
          continue
        }
        if byte == UInt8(ascii: "\\"), index < count {
          byte = bytes[index]
          index &+= 1
          if index < count, let high = HexText.value(of: byte), let low = HexText.value(of: bytes[index]) {
            byte = high << 4 | low
            index &+= 1
          }
          if byte == UInt8(ascii: " ") { continue }
        }
      }
      if byte &- 65 < 26 { byte |= 0x20 }
      state.combine(byte)
    }
    return Self.mix(state.value)
  }

  @inline(__always)
  private static func mix(_ word: UInt64) -> UInt64 {
    let product = word.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low
  }
}

/// Room: two bits of one word for each hash: one of them is clear for nearly every value that nobody looks for.
struct HashFilter: Sendable {
  private(set) var words: [UInt64]

  /// A filter for about so many hashes, with 32 bits for each of them, up to 8 MiB.
  init(capacity: Int) {
    var size = 64
    while size < capacity / 2, size < 1 << 20 { size *= 2 }
    words = Array(repeating: 0, count: size)
  }

  mutating func insert(_ hash: UInt64) {
    words[Int(truncatingIfNeeded: hash &>> 12) & (words.count - 1)] |= Self.bits(hash)
  }

  /// Whether a hash may have been inserted.
  ///
  /// - Parameter words: the filter's.
  @inline(__always)
  static func mayHave(_ words: UnsafeBufferPointer<UInt64>, _ hash: UInt64) -> Bool {
    let bits = bits(hash)
    return words[Int(truncatingIfNeeded: hash &>> 12) & (words.count &- 1)] & bits == bits
  }

  @inline(__always)
  private static func bits(_ hash: UInt64) -> UInt64 { 1 &<< (hash & 63) | 1 &<< (hash &>> 6 & 63) }
}
