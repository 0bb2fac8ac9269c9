import Bytes
import Testing

@Suite struct Base64TextTests {
  /// The examples of RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ]) func examplesOfTheStandard(text: String, encoded: String) throws {
    #expect(Base64Text.encode(text.utf8) == encoded)
    #expect(try Base64Text.decode(encoded) == Array(text.utf8))
  }

  @Test func decodesWhatItEncodes() throws {
    var random = RandomBytes(seed: 19)
    for count in 0..<300 {
      let bytes = random.bytes(count)
      let text = Base64Text.encode(bytes)
      #expect(text.utf8.count == (count + 2) / 3 * 4)
      #expect(try Base64Text.decode(text) == bytes)
      #expect(count == 0 || Base64Text.isAlphabetOnly(text))
    }
  }

  @Test(arguments: ["A", "AB", "ABC", "A===", "AB=C", "AB==AB==", "AAAA=", "A\u{e4}==", "AB==\n", "AR=="])
  func refusesWhatIsNoBase64(bad: String) {
    #expect(throws: Base64Text.Fault.self) { try Base64Text.decode(bad) }
  }

  /// Mail wraps base64, and what is pasted of it is cut anywhere: every whole byte counts.
  @Test func takesWhatIsLeftOfMail() throws {
    var random = RandomBytes(seed: 21)
    for count in 0..<200 {
      let bytes = random.bytes(count)
      let text = Array(Base64Text.encode(bytes).utf8)
      let wrapped = text.enumerated().flatMap { $0 % 19 == 18 ? [13, 10, $1, UInt8(ascii: "!")] : [$1] }
      #expect(Base64Text.decodeMailBody(wrapped) == bytes)
      let cut = text.prefix(Int(random.next() % UInt64(text.count + 1))).prefix { $0 != UInt8(ascii: "=") }
      #expect(Base64Text.decodeMailBody(cut) == Array(bytes.prefix(cut.count * 6 / 8)))
    }
  }

  /// The decoder of LDIF values, over its own input or not, against the plain one.
  @Test func decodesInPlaceAsThePlainDecoder() throws {
    let decoder = Base64Decoder()
    var random = RandomBytes(seed: 20)
    for round in 0..<2_000 {
      var text = Array(Base64Text.encode(random.bytes(Int(random.next() % 70))).utf8)
      // Every other text has a character that is not its own.
      if round % 2 == 1, !text.isEmpty { text[Int(random.next() % UInt64(text.count))] = random.bytes(1)[0] }
      let plain = Self.plainlyDecoded(text)
      let shift = Int(random.next() % 3) + 2
      var memory = [UInt8](repeating: 0, count: shift) + text + [UInt8](repeating: 0, count: 8)
      let length = memory.withUnsafeMutableBufferPointer { buffer -> Int? in
        guard let base = buffer.baseAddress else { return nil }
        return decoder.withTables { tables in
          Base64Decoder.decode(base + shift, count: text.count, to: base, tables: tables)
        }
      }
      #expect(length == plain?.count ?? -1, "\(text)")
      if let plain { #expect(Array(memory[..<plain.count]) == plain) }
    }
  }

  /// Base64 with padding, in which the bits that the padding leaves over may be anything.
  private static func plainlyDecoded(_ text: [UInt8]) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard padding <= 2 else { return nil }
    var bits: [UInt8] = []
    for character in text.dropLast(padding) {
      guard let value = Base64Text.value(of: character) else { return nil }
      bits += (0..<6).reversed().map { value >> UInt8($0) & 1 }
    }
    return stride(from: 0, through: bits.count - 8, by: 8).map { start in
      bits[start..<start + 8].reduce(0) { $0 << 1 | $1 }
    }
  }
}
