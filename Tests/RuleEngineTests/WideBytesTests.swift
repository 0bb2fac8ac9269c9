import RuleSet
import Testing

@testable import RuleEngine

/// The rooms that look at eight and sixteen bytes at once, against the same byte by byte.
@Suite struct WordsTests {
  private static let edges: [UInt8] = [
    0x00, 0x20, 0x2D, 0x2E, 0x2F, 0x30, 0x39, 0x3A, 0x3B, 0x40, 0x41, 0x5A, 0x5B, 0x5F, 0x60, 0x61, 0x7A, 0x7B, 0x7F,
    0x80, 0xBA, 0xC1, 0xDA, 0xE1, 0xFF,
  ]

  private static func value(_ random: inout SampleRandom, upTo length: Int) -> [UInt8] {
    (0..<random.below(length + 1)).map { _ in random.below(3) == 0 ? edges[random.below(edges.count)] : 0x61 }
  }

  private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }

  @Test(arguments: 0..<4 as Range<UInt64>) func comparing(_ seed: UInt64) {
    var random = SampleRandom(seed)
    for _ in 0..<5_000 {
      let left = Self.value(&random, upTo: 40)
      var right = random.below(4) == 0 ? Self.value(&random, upTo: 40) : left
      if !right.isEmpty, random.below(2) == 0 { right[random.below(right.count)] ^= UInt8(1 << random.below(8)) }
      let isSame = WideBytes.areEqual(left.span, right.span)
      let isSameText = WideBytes.areEqualButForCase(left.span, right.span)
      #expect(isSame == (left == right), "\(left) \(right)")
      #expect(isSameText == (left.map(Self.lower) == right.map(Self.lower)), "\(left) \(right)")
      let isASCII = WideBytes.isASCII(left.span)
      #expect(isASCII == left.allSatisfy { $0 < 0x80 })
      let wanted = Self.edges[random.below(Self.edges.count)]
      let place = WideBytes.first(wanted, in: left.span)
      #expect(place == left.firstIndex(of: wanted), "\(wanted) in \(left)")
    }
  }

  /// Every byte beside every other one.
  @Test func neighboursDoNotChangeEachOther() {
    var wrong = 0
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max {
        let word = UInt64(first) | UInt64(second) << 8 | 0x6162_6364_6566 << 16
        let folded = UInt64(Self.lower(first)) | UInt64(Self.lower(second)) << 8 | 0x6162_6364_6566 << 16
        if WideBytes.lower(word) != folded { wrong += 1 }
        let bytes: [UInt8] = [0x61, first, second, 0x61, 0x61, 0x61, 0x61, 0x61]
        if WideBytes.first(second, in: bytes.span) != bytes.firstIndex(of: second) { wrong += 1 }
      }
    }
    #expect(wrong == 0)
  }

  /// The look at all separators at once says what the automaton says, at every length up to where it hands over.
  @Test(arguments: 0..<4 as Range<UInt64>) func shapesAreThoseOfTheAutomaton(_ seed: UInt64) {
    var random = SampleRandom(seed &+ 50)
    let table = PlainShape.next
    let pieces = [
      "a", "Z9", "jo.doe", "x-y", "x--y", "a_b", "@", ".", "-", "_", "@contoso.com", " ", ":", "ä", "\u{7F}",
    ]
    .map { Array($0.utf8) }
    for _ in 0..<4_000 {
      let value = random.text(of: random.below(3) == 0 ? pieces : Array(pieces.prefix(7)), upTo: 14)
      for start in [0, min(5, value.count)] {
        let quick = PlainShape.of(value.span, from: start, table.span)
        let walked = PlainShape.walked(value.span, from: start, table.span)
        #expect(quick == walked, "\(String(decoding: value, as: UTF8.self)) from \(start)")
      }
    }
  }

  /// Every byte at every place of every length.
  @Test func marksAreAtTheirPlaces() {
    var wrong: [String] = []
    for count in 1...64 {
      for place in 0..<count {
        for byte in Self.edges {
          var value = [UInt8](repeating: 0x61, count: count)
          value[place] = byte
          let marks = ByteMarks(value.span, from: 0, count)
          let bit: UInt64 = 1 << UInt64(place)
          let isAlphanumeric = (0x61...0x7A).contains(Self.lower(byte)) || (0x30...0x39).contains(byte)
          let isKnown = isAlphanumeric || [0x2D, 0x2E, 0x40, 0x5F].contains(byte)
          if marks.separators != (isAlphanumeric ? 0 : bit) || marks.ats != (byte == 0x40 ? bit : 0)
            || marks.dots != (byte == 0x2E ? bit : 0) || marks.underscores != (byte == 0x5F ? bit : 0)
            || marks.hasOthers == isKnown
          {
            wrong.append("\(byte) at \(place) of \(count)")
          }
        }
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test(arguments: 60..<64 as Range<UInt64>) func exactTypes(_ seed: UInt64) {
    var random = SampleRandom(seed)
    let names = ["SMTP", "smtp", "Smtp", "x500", "a", "msmail1", "averylongaddresstype"]
    var types = ExactTypes()
    let lists = (0..<6).map { _ in names.filter { _ in random.below(2) == 0 } }
    let numbers = lists.map { types.add($0) }
    for _ in 0..<2_000 {
      let name = names[random.below(names.count)]
      let value = Array((name + ["", ":", ":jo", ":jo@contoso.com", "x:y"][random.below(5)]).utf8)
      for (list, number) in zip(lists, numbers) {
        let begins = types.begins(value.span, with: number)
        #expect(begins == list.contains { value.starts(with: Array("\($0):".utf8)) })
      }
    }
  }

  /// Patterns decide the same on printable text, whether or not they are told that it is.
  @Test(arguments: [
    "/.*", "[^:]*[^:\\s][^:]*|:.*", "[!-?A-~]{3,9}@[^@]*", "[a-z]*", ".*", "x[ -~]*", "[ -}]*", "(?:ab)*.*c?",
  ])
  func patternsOnPrintableText(_ pattern: String) throws {
    let automaton = try PatternAutomaton(pattern, isCaseSensitive: true)
    var random = SampleRandom(70)
    for _ in 0..<2_000 {
      let text = (0..<random.below(30)).map { _ in
        random.below(2) == 0 ? UInt8(0x20 + random.below(95)) : [0x2F, 0x61, 0x7E, 0x40, 0x3A][random.below(5)]
      }
      let told = automaton.matches(text.span, isPrintable: true)
      #expect(told == automaton.matches(text.span, isPrintable: false))
    }
  }
}
