import Directory
import Findings
import TestFindings
import Testing

@testable import Reporting

@Suite struct ValueExcerptTests {
  private func carets(_ excerpt: ValueExcerpt) -> String { String(decoding: excerpt.carets, as: UTF8.self) }

  private func excerpt(_ text: String, _ spans: [(Int, Int)], width: Int = 80) -> ValueExcerpt {
    ValueExcerpt(Array(text.utf8), spans: spans.map { FlaggedSpan(offset: $0.0, length: $0.1) }, width: width)
  }

  @Test(
    arguments: [
      ("smtp:jo doe@x", [(7, 1)], "smtp:jo␣doe@x", "       ^"),
      ("a b", [], "a b", ""),
      (" a b ", [], "␣a b␣", ""),
      ("a\u{A0}b", [(1, 1)], #"a\u{00A0}b"#, " ^^^^^^^^"),
      ("漢字x", [(1, 1)], "漢字x", "  ^^"),
      ("漢字x", [(2, 1)], "漢字x", "    ^"),
      ("e\u{301}xy", [(2, 1)], "e\u{301}xy", " ^"),
      ("e\u{301}xy", [(1, 1)], #"e\u{0301}xy"#, " ^^^^^^^^"),
      ("\u{301}x", [(1, 1)], #"\u{0301}x"#, "        ^"),
      ("a@b@c", [(3, 1)], "a@b@c", "   ^"),
      ("abc", [(3, 0)], "abc ", "   ^"),
      ("abc", [(1, 0)], "abc", " ^"),
      ("", [(0, 0)], " ", "^"),
      ("abcdef", [(1, 2), (2, 3)], "abcdef", " ^^^^"),
      ("abc", [(7, 1), (-1, 1)], "abc", ""),
      ("abc", [(1, 99)], "abc", " ^^"),
      ("한글\u{1112}\u{1161}x", [(4, 1)], "한글\u{1112}\u{1161}x", "      ^"),
      ("a\u{200D}b", [(2, 1)], #"a\u{200D}b"#, "         ^"),
    ] as [(String, [(Int, Int)], String, String)])
  func caretsStandUnderTheShownCharacters(text: String, spans: [(Int, Int)], shown: String, carets: String) {
    let excerpt = excerpt(text, spans)
    #expect(excerpt.text.unicodeScalars.elementsEqual(shown.unicodeScalars), "\(excerpt.text.debugDescription)")
    #expect(self.carets(excerpt) == carets)
    #expect(!excerpt.isShortened)
  }

  @Test func bytesThatAreNotUTF8CountAsCharacters() {
    let excerpt = ValueExcerpt([0x61, 0xFF, 0xFE, 0x62], spans: [FlaggedSpan(offset: 2, length: 1)], width: 40)
    #expect(excerpt.text == #"a\xFF\xFEb"#)
    #expect(self.carets(excerpt) == "     ^^^^")
  }

  @Test func aLongValueIsShortenedAroundItsFlaggedPlaces() {
    let text = String(repeating: "a", count: 300) + "!" + String(repeating: "b", count: 300)
    let excerpt = excerpt(text, [(300, 1)], width: 40)
    #expect(excerpt.text == "…aaaaaaaaaaaa!bbbbbbbbbbbb…")
    #expect(self.carets(excerpt) == "             ^")
    #expect(excerpt.isShortened && excerpt.hiddenPlaces == 0)
  }

  /// The short way for long plain values shows what the excerpt shows, and leaves others to it.
  @Test func longPlainValuesAreShortenedAlike() {
    var random = TestRandom(seed: 43)
    for _ in 0..<500 {
      let width = 24 + random.number(below: 80)
      let value = (0..<random.number(below: 300)).map { _ in UInt8(0x20 + random.number(below: 0x5F)) }
      var shown: [UInt8] = []
      if ValueExcerpt.appendShortened(value.span, width: width, to: &shown) {
        let excerpt = ValueExcerpt(value, spans: [], width: width)
        #expect(shown == excerpt.shown && excerpt.isShortened)
      } else {
        #expect(shown.isEmpty)
        #expect(value.count <= width || value.first == 0x20 || value.last == 0x20 || value.contains(0x5C))
      }
    }
  }

  @Test func severalPlacesAreShownWithGapsBetween() {
    let text = String(repeating: "a", count: 100) + "!" + String(repeating: "b", count: 100) + "?" + "ccc"
    let excerpt = excerpt(text, [(100, 1), (201, 1)], width: 50)
    #expect(excerpt.text == "…aaaaaaaaaaaa!bbbbbbbbbbbb…bbbbbbbbbbbb?ccc")
    #expect(self.carets(excerpt) == "             ^                         ^")
  }

  @Test func placesThatDoNotFitAreCounted() {
    let text = String(repeating: "abcdefghij", count: 100)
    let excerpt = excerpt(text, stride(from: 0, to: 1000, by: 10).map { ($0, 1) }, width: 40)
    #expect(excerpt.width <= 40)
    #expect(excerpt.hiddenPlaces > 80 && excerpt.hiddenPlaces < 100)
    #expect(excerpt.cells.count(where: \.isFlagged) + excerpt.hiddenPlaces == 100)
  }

  @Test func aLongFlaggedPlaceShowsBothEnds() {
    let text = "x" + String(repeating: "!", count: 200) + "y"
    let excerpt = excerpt(text, [(1, 200)], width: 60)
    #expect(excerpt.text == "x\(String(repeating: "!", count: 24))…\(String(repeating: "!", count: 12))y")
  }

  @Test func withoutPlacesTheEndsAreShown() {
    let excerpt = excerpt(String(repeating: "a", count: 100) + "end", [], width: 40)
    #expect(excerpt.text.hasSuffix("aaaaaend") && excerpt.text.contains("…"))
    #expect(excerpt.width <= 40)
  }

  @Test func aValueOfAMegabyteIsShownWhereItIsBad() {
    let value = [UInt8](repeating: 0x61, count: 1 << 20) + [0xFF] + [UInt8](repeating: 0x62, count: 1 << 20)
    let excerpt = ValueExcerpt(value, spans: [FlaggedSpan(offset: 1 << 20, length: 1)], width: 60)
    #expect(excerpt.text.contains(#"a\xFFb"#))
    #expect(excerpt.width <= 60)
  }

  @Test func nothingHostileBreaksTheAlignment() {
    var random = TestRandom(seed: 50)
    for _ in 0..<3000 {
      let value = random.value().bytes
      let spans = (0..<random.number(below: 4)).map { _ in
        FlaggedSpan(offset: random.number(below: 12), length: random.number(below: 3))
      }
      let width = 24 + random.number(below: 60)
      let excerpt = ValueExcerpt(value, spans: spans, width: width)
      #expect(excerpt.width <= width + 1)
      #expect(self.carets(excerpt).allSatisfy { $0 == " " || $0 == "^" })
      #expect(excerpt.carets.count <= excerpt.width)
      #expect(excerpt.text.unicodeScalars.allSatisfy { !TerminalText.isEscaped($0) })
      let measured = excerpt.text.unicodeScalars.reduce(0) { $0 + DisplayWidth.of($1) }
      #expect(measured == excerpt.width)
    }
  }
}
