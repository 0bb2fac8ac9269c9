import Testing

@testable import SyncErrors

/// What is told by bytes, against the same told plainly.
@Suite struct ShortcutTests {
  private func text(
    _ parts: [String], _ count: ClosedRange<Int>, _ random: inout SystemRandomNumberGenerator
  ) -> String {
    (0..<Int.random(in: count, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
  }

  /// WideBytes that are passed over are none that would be taken for identifiers.
  @Test func plainWordsAreNoIdentifiers() {
    var random = SystemRandomNumberGenerator()
    let parts = [
      "CN=", "cn={", "3441516C", "}", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "User_", "S-1-5-21-1-2-3-4", "S-1-",
      "4AQlP4lP00GaDAMF6CwzAQ==", "4AQlP4lP00GaDAMF6CwzAQ", "=", "e004253f894fd3419a0c0305e82c3301", "anchor: ",
      "immutableid ", "ABC123==", "SMTP:", "sip:", "x500:/o=A", "jo", "@", "contoso.com", ".", " ", " ", " ", "\n", "ö",
      "日", "+", "/", "_", "-", ",", ";", "[", "]", "DC=x", "OU=y,", "\\e0", "error", "object", "<GUID=", ">", "'", "%",
    ]
    var found = 0
    for _ in 0..<3000 {
      let message = MessageText(text(parts, 1...12, &random))
      let quick = IdentifierScanner.identifiers(in: message)
      #expect(
        quick == IdentifierScanner.identifiers(in: message, looksAtAll: true),
        "\(message.string(0..<message.bytes.count))")
      found += quick.count
    }
    #expect(found > 1000)
  }

  @Test func trimming() {
    var random = SystemRandomNumberGenerator()
    let parts = [" ", "\t", "\u{0B}", "\r\n", "\u{A0}", "\u{3000}", "a", "ö", ",", ";", "\0", "e\u{301}"]
    for _ in 0..<2000 {
      let given = text(parts, 0...6, &random)
      let scalars = given.unicodeScalars
      func drops(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || ",;".unicodeScalars.contains(scalar)
      }
      let head = scalars.drop(while: drops)
      let end = head.lastIndex { !drops($0) }.map { head.index(after: $0) } ?? head.startIndex
      #expect(Trimmed.text(given, also: ",;").unicodeScalars.elementsEqual(head[..<end]))
      #expect(Trimmed.isBlank(given) == scalars.allSatisfy(\.properties.isWhitespace))
    }
  }

  /// The label of a line, as plain code finds it.
  @Test func labels() {
    var random = SystemRandomNumberGenerator()
    let parts = [
      "Log Name", "Id", " ", "  ", "\t", ":", ":", "é", "’", "-", "(", ")", "1", "/", "Ereignis-ID", "message", "日",
      "\u{A0}",
      String(repeating: "x", count: 40),
    ]
    var found = 0
    for _ in 0..<3000 {
      let line = text(parts, 1...7, &random)
      let head = LabelHead(line, isTight: true)
      let bytes = Array(line.utf8)
      var expected: String?
      if let colon = bytes.prefix(64).firstIndex(of: UInt8(ascii: ":")) {
        let label = Trimmed.text(String(decoding: bytes[..<colon], as: UTF8.self))
        let isLabel =
          label.first?.isLetter == true && label.allSatisfy { $0.isLetter || $0.isNumber || " .'’-()[]_".contains($0) }
        if isLabel { expected = label }
        #expect(head == nil || head?.colon == colon)
      }
      #expect(head?.label == expected, "\(line.debugDescription)")
      if let head {
        found += 1
        #expect(head.value(of: line) == Trimmed.text(String(decoding: bytes[(head.colon + 1)...], as: UTF8.self)))
        #expect((LabelHead(line) == nil) == !head.isLoose)
      }
    }
    #expect(found > 150)
  }

  @Test func marks() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<3000 {
      let bytes = Array(text(["a", "n", "c", "h", "o", "r", "ancho", "anchor", ":"], 0...12, &random).utf8)
      let start = Int.random(in: 0...(bytes.count + 1), using: &random)
      func plain(_ mark: String) -> Int? {
        let mark = Array(mark.utf8)
        return (start..<max(start, bytes.count)).first { bytes[$0...].starts(with: mark) }
      }
      #expect(ByteSearch.first("anchor", in: bytes, from: start) == plain("anchor"))
      #expect(ByteSearch.first("or:", in: bytes, from: start) == plain("or:"))
      #expect(ByteSearch.first(UInt8(ascii: "h"), in: bytes, from: start) == plain("h"))
    }
  }

  /// Every word, and every two that only a line feed parts, may be in the set; few others seem to be.
  @Test func words() {
    let text = MessageText("Object with\nDN failed.\n\nNext li\nne, é1 x")
    let words = text.words()
    for word in ["object", "with", "withdn", "dn", "failed", "next", "li", "line", "ne", "é1", "x"] {
      #expect(words.mayHave(MessageText.hash(Array(word.utf8))), "\(word)")
    }
    let others = (0..<1000).filter { words.mayHave(MessageText.hash(Array("other\($0)".utf8))) }
    #expect(others.count < 30)
  }
}
