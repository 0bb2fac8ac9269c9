import Bytes
import Testing

@Suite struct HexTextTests {
  @Test func decodesWhatItEncodes() {
    var random = RandomBytes(seed: 21)
    for count in 0..<100 {
      let bytes = random.bytes(count)
      #expect(HexText.decode(HexText.encode(bytes)) == bytes)
      #expect(HexText.decode(HexText.encode(bytes, upperCase: true)) == bytes)
      #expect(count == 0 || HexText.decodeFilter(HexText.filter(bytes)) == bytes)
    }
  }

  @Test func refusesWhatIsNotHexadecimal() {
    for bad in ["0", "0g", "0x00", "00 "] { #expect(HexText.decode(bad) == nil) }
    for bad in ["", "00", "\\0", "\\0g", "\\00\\"] { #expect(HexText.decodeFilter(bad) == nil) }
  }

  /// Eight digits at once, against those one by one.
  @Test func digitsOfFourBytesAtOnce() {
    var random = RandomBytes(seed: 22)
    for _ in 0..<1_000 {
      let word = UInt32(truncatingIfNeeded: random.next())
      let bytes = (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) }
      let digits = HexText.digits(word)
      let text = (0..<8).map { UInt8(truncatingIfNeeded: digits >> UInt64(8 * $0)) }
      #expect(String(decoding: text, as: UTF8.self) == HexText.encode(bytes))
    }
  }
}
