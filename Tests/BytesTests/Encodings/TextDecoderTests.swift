import Testing
import Bytes

@Suite struct TextDecoderTests {
  private func decoded(_ bytes: [UInt8], repairs: Bool = true, piece: Int) -> String {
    var decoder = TextDecoder(repairs: repairs)
    var text: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      decoder.decode(rest.prefix(piece), into: &text)
      rest = rest.dropFirst(piece)
    }
    decoder.finish(into: &text)
    return String(decoding: text, as: UTF8.self)
  }

  private func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
    text.utf16.flatMap { unit -> [UInt8] in
      let bytes = [UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8)]
      return bigEndian ? bytes.reversed() : bytes
    }
  }

  @Test(arguments: [1, 2, 3, 5, 100]) func everyEncoding(piece: Int) {
    let text = "Größe 10 €, 😀"
    #expect(decoded(Array(text.utf8), piece: piece) == text)
    #expect(decoded([0xEF, 0xBB, 0xBF] + Array(text.utf8), piece: piece) == text)
    #expect(decoded(utf16("\u{FEFF}" + text, bigEndian: false), piece: piece) == text)
    #expect(decoded(utf16("\u{FEFF}" + text, bigEndian: true), piece: piece) == text)
    #expect(decoded(utf16("Gr" + text, bigEndian: false), piece: piece) == "Gr" + text)
    #expect(decoded(utf16("Gr" + text, bigEndian: true), piece: piece) == "Gr" + text)
  }

  @Test(arguments: [1, 2, 100]) func textThatIsNoUTF8IsReadAsWindows1252(piece: Int) {
    #expect(decoded([0x47, 0x72, 0xF6, 0xDF, 0x65, 0x20, 0x80], piece: piece) == "Größe €")
    #expect(decoded([0x61, 0x62, 0x63, 0x64, 0xE2, 0x82], piece: piece) == "abcdâ‚")
    #expect(decoded([0x61, 0xC0, 0x80, 0x62], piece: piece) == "aÀ€b")
  }

  @Test func halvesOfSurrogatesAndOddBytes() {
    #expect(decoded([0xFF, 0xFE, 0x3D, 0xD8, 0x41, 0x00, 0x00, 0xDC, 0x42], piece: 3) == "\u{FFFD}A\u{FFFD}\u{FFFD}")
    #expect(decoded([], piece: 1).isEmpty)
    #expect(decoded([0x41], piece: 1) == "A")
  }
}
