import Bytes
import Testing

@Suite struct SipHash128Tests {
  /// Published vectors (`vectors_sip128`): the key is the bytes 0 to 15, the message the bytes 0 to n - 1.
  @Test(arguments: [
    (0, "a3817f04ba25a8e66df67214c7550293"), (1, "da87c1d86b99af44347659119b22fc45"),
    (2, "8177228da4a45dc7fca38bdef60affe4"), (7, "a1f1ebbed8dbc153c0b84aa61ff08239"),
    (8, "3b62a9ba6258f5610f83e264f31497b4"), (9, "264499060ad9baabc47f8b02bb6d71ed"),
    (15, "5493e99933b0a8117e08ec0f97cfc3d9"), (16, "6ee2a4ca67b054bbfd3315bf85230577"),
    (31, "2939b0183223fafc1723de4f52c43d35"), (63, "5150d1772f50834a503e069a973fbd7c"),
  ])
  func publishedVectors(count: Int, expected: String) {
    var hash = SipHash128(key0: 0x0706_0504_0302_0100, key1: 0x0f0e_0d0c_0b0a_0908)
    for byte in 0..<count { hash.combine(UInt8(byte)) }
    let (low, high) = hash.finalize()
    #expect(hexadecimal(low) + hexadecimal(high) == expected)
  }

  @Test func aWordIsItsBytes() {
    var words = SipHash128()
    words.combine(word: 0x8877_6655_4433_2211)
    var bytes = SipHash128()
    for byte in [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88] as [UInt8] { bytes.combine(byte) }
    #expect(words.finalize() == bytes.finalize())
  }

  /// A part of a word, behind any number of bytes, is its bytes.
  @Test func aPartOfAWordIsItsBytes() {
    for before in 0..<9 {
      for count in 1..<8 {
        var words = SipHash128()
        var bytes = SipHash128()
        for byte in 0..<before {
          words.combine(UInt8(byte))
          bytes.combine(UInt8(byte))
        }
        let word: UInt64 = 0x0077_6655_4433_2211 & ((1 << UInt64(count * 8)) - 1)
        words.combine(word: word, count: count)
        for place in 0..<count { bytes.combine(UInt8(truncatingIfNeeded: word >> UInt64(place * 8))) }
        words.combine(0xAA)
        bytes.combine(0xAA)
        #expect(words.finalize() == bytes.finalize())
      }
    }
  }

  private func hexadecimal(_ word: UInt64) -> String {
    (0..<8).map { (index) in
      let text = String(UInt8(truncatingIfNeeded: word >> UInt64(index * 8)), radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }
}
