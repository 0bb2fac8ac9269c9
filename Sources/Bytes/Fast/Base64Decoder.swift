/// Room: base64 (RFC 4648, section 4) without allocation.
///
/// Four tables give the contribution of each of four characters already shifted to its place, so that a group costs four
/// look-ups and three ORs; a character outside the alphabet sets a bit above the 24 that hold data, and one test per
/// value of the OR of all groups suffices. Decoding may overwrite its own input, because the output of a group (four
/// bytes are stored, three of them count) never reaches beyond the input of that group, provided that it starts at
/// least two bytes before it. Not for input with line breaks or other characters in it: that is unfolded first.
@frozen
public struct Base64Decoder: Sendable {
  /// Table `n` at `n * 256` is for the n-th character of a group.
  @usableFromInline let tables: [UInt32]
  @inlinable static var invalid: UInt32 { 0x8000_0000 }

  /// Makes the tables.
  public init() {
    var tables = [UInt32](repeating: Self.invalid, count: 1024)
    for (value, character) in Base64Text.alphabet.enumerated() {
      let bits = UInt32(value)
      // Little-endian: the first byte of the output is the lowest.
      let group = [
        bits << 2, (bits & 0x30) >> 4 | (bits & 0x0f) << 12, (bits & 0x3c) << 6 | (bits & 3) << 22, bits << 16,
      ]
      for position in 0..<4 { tables[position * 256 + Int(character)] = group[position] }
    }
    self.tables = tables
  }

  /// Calls `body` with the tables.
  @inlinable @inline(__always)
  public func withTables<Result>(_ body: (UnsafePointer<UInt32>) -> Result?) -> Result? {
    tables.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return nil }
      return body(base)
    }
  }

  /// Decodes `count` characters and returns the number of bytes written, or -1 when they are not base64.
  ///
  /// - Parameters:
  ///   - output: Has room for `count / 4 * 3 + 4` bytes; see above on overlapping.
  @inlinable @inline(__always)
  public static func decode(
    _ input: UnsafePointer<UInt8>, count: Int, to output: UnsafeMutablePointer<UInt8>, tables: UnsafePointer<UInt32>
  ) -> Int {
    guard count & 3 == 0 else { return -1 }
    guard count > 0 else { return 0 }
    var seen: UInt32 = 0
    var from = 0
    var to = 0
    // The last group may be padded.
    let last = count - 4
    while from < last {
      let group = group(input + from, tables)
      seen |= group
      store(group, output + to)
      from += 4
      to += 3
    }
    var length = 3
    var final = tables[Int(input[last])] | tables[256 + Int(input[last + 1])]
    if input[last + 3] != UInt8(ascii: "=") {
      final |= tables[512 + Int(input[last + 2])] | tables[768 + Int(input[last + 3])]
    } else if input[last + 2] != UInt8(ascii: "=") {
      final |= tables[512 + Int(input[last + 2])]
      length = 2
    } else {
      length = 1
    }
    seen |= final
    guard seen & invalid == 0 else { return -1 }
    store(final, output + to)
    return to + length
  }

  @inlinable @inline(__always)
  static func group(_ input: UnsafePointer<UInt8>, _ tables: UnsafePointer<UInt32>) -> UInt32 {
    tables[Int(input[0])] | tables[256 + Int(input[1])] | tables[512 + Int(input[2])] | tables[768 + Int(input[3])]
  }

  @inlinable @inline(__always)
  static func store(_ group: UInt32, _ output: UnsafeMutablePointer<UInt8>) {
    UnsafeMutableRawPointer(output).storeBytes(of: group.littleEndian, as: UInt32.self)
  }
}
