import Testing
import Bytes

@Suite struct XMLStreamTests {
  static let sample = "<?xml version=\"1.0\"?>\n<a x='1' y=\"a&amp;b\">\n <b>t&lt;u</b> <c/><d> </d>ü</a>\n"
  static let expected = ["<a x=1 y=a&b>", "<b>", "t<u", "</b>", "<c>", "</c>", "<d>", " ", "</d>", "ü", "</a>"]

  @Test(arguments: [1, 2, 3, 7, 1000]) func eventsDoNotDependOnPieces(piece: Int) throws {
    let plain = try Recorder.events(of: Array(Self.sample.utf8), piece: piece)
    #expect(plain == Self.expected)
    #expect(try Recorder.events(of: utf16(Self.sample), piece: piece) == Self.expected)
    #expect(try Recorder.events(of: utf16(Self.sample, bigEndian: true, mark: false), piece: piece) == Self.expected)
    #expect(try Recorder.events(of: Array(Self.sample.utf8), XMLOptions(.fragments), piece: piece) == Self.expected)
  }

  @Test func declaredEncodings() throws {
    let latin = Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>".utf8) + [0xFC] + Array("</a>".utf8)
    #expect(try Recorder.events(of: latin) == ["<a>", "ü", "</a>"])
    let czech = Array("<?xml version='1.0' encoding='windows-1250'?><a>".utf8) + [0xE8] + Array("</a>".utf8)
    #expect(try Recorder.events(of: czech, piece: 5) == ["<a>", "č", "</a>"])
    let japanese = Array("<?xml version='1.0' encoding='Shift_JIS'?><a>".utf8) + [0x93, 0xFA] + Array("</a>".utf8)
    #expect(try Recorder.events(of: japanese, piece: 1) == ["<a>", "日", "</a>"])
    // UTF-8 that says it is UTF-16, as strings that were saved again.
    let wrong = "<?xml version='1.0' encoding='utf-16'?><a>ü</a>"
    #expect(try Recorder.events(of: Array(wrong.utf8)) == ["<a>", "ü", "</a>"])
    #expect(Recorder.failure(of: "<?xml version='1.0' encoding='klingon'?><a/>")?.kind == .encoding)
  }

  @Test(arguments: [1, 4, 100]) func fragmentsMayStandInARowWithNoiseBetween(piece: Int) throws {
    let text = "noise <a>1</a> noise <?xml version='1.0'?>\n<b>2</b><c/> more"
    #expect(
      try Recorder.events(of: Array(text.utf8), XMLOptions(.fragments), piece: piece)
        == ["<a>", "1", "</a>", "<b>", "2", "</b>", "<c>", "</c>"])
  }

  @Test func namespacesAndCDATA() throws {
    let text = "<p:a xmlns:p='urn:p' p:x='1'><![CDATA[<&>]]>t</p:a>"
    #expect(try Recorder.events(of: Array(text.utf8)) == ["<a x=1>", "<&>t", "</a>"])
    let ampersands = "<a x='&amp;#38;&#38;&lt;&#x26;amp;'/>"
    #expect(try Recorder.events(of: Array(ampersands.utf8)) == ["<a x=&#38;&<&amp;>", "</a>"])
    #expect(try Recorder.events(of: Array("<q:a/>".utf8)) == ["<a>", "</a>"])
  }

  @Test func mistakesHavePlaces() throws {
    let mismatch = try #require(Recorder.failure(of: "<a>\n<b></a>"))
    #expect(mismatch.kind == .notWellFormed)
    #expect(mismatch.line == 2)
    let entity = try #require(Recorder.failure(of: "<a>&nbsp;</a>"))
    #expect(entity.message.contains("nbsp"))
    let end = try #require(Recorder.failure(of: "<a>\n<b>"))
    #expect(end.message == "the text ends within <b>")
    #expect(end.line == 2)
    let inFragment = try #require(Recorder.failure(of: "<a><<</a>", XMLOptions(.fragments)))
    #expect(inFragment.line == 1 && inFragment.column < 9)
    #expect(Recorder.failure(of: "<a/><b/>") != nil)
    #expect(Recorder.failure(of: "") != nil)
    #expect(Recorder.failure(of: "", XMLOptions(.fragments)) == nil)
  }
}

/// What strangers may send.
@Suite struct XMLAttackTests {
  @Test(arguments: [1, 1000], [XMLOptions.Shape.document, .fragments])
  func externalEntitiesAreNotRead(piece: Int, shape: XMLOptions.Shape) throws {
    let text = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"
    let failure = try #require(Recorder.failure(of: text, XMLOptions(shape), piece: piece))
    if shape == .document { #expect(failure.kind == .documentType) }
  }

  @Test func entityBombsAreRefused() throws {
    var text = "<!DOCTYPE a [<!ENTITY e0 'lol'>"
    for level in 1...12 {
      text += "<!ENTITY e\(level) '" + String(repeating: "&e\(level - 1);", count: 10) + "'>"
    }
    text += "]><a>&e12;</a>"
    #expect(Recorder.failure(of: text)?.kind == .documentType)
    #expect(Recorder.failure(of: "<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/x.dtd'><a/>")?.kind == .documentType)
    #expect(
      Recorder.failure(of: "<!DOCTYPE a [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]><a/>")?.kind == .documentType)
  }

  @Test func depthNamesAttributesAndTextsAreLimited() throws {
    let deep = String(repeating: "<a>", count: 100_000)
    #expect(Recorder.failure(of: deep)?.kind == .limit)
    #expect(Recorder.failure(of: deep, XMLOptions(.fragments))?.kind == .limit)
    #expect(Recorder.failure(of: "<" + String(repeating: "a", count: 300) + "/>")?.kind == .limit)
    let many = (0..<200).map { " a\($0)=''" }.joined()
    #expect(Recorder.failure(of: "<a\(many)/>")?.kind == .limit)
    var options = XMLOptions()
    options.maximumTextLength = 100
    #expect(Recorder.failure(of: "<a>" + String(repeating: "t", count: 101) + "</a>", options)?.kind == .limit)
    #expect(Recorder.failure(of: "<a x='" + String(repeating: "t", count: 101) + "'/>", options)?.kind == .limit)
    #expect(Recorder.failure(of: "<a>" + String(repeating: "t", count: 100) + "</a>", options) == nil)
  }

  @Test func stoppingFromWithinTheHandler() throws {
    final class Stopper: XMLHandler {
      var names: [String] = []
      weak var reader: XMLStreamReader?
      func start(_ name: String, _ attributes: [XMLAttribute], line: Int) {
        names.append(name)
        if name == "b" { reader?.stop() }
      }
      func text(_ text: String) {}
      func end(_ name: String) {}
    }
    let stopper = Stopper()
    let reader = XMLStreamReader(XMLOptions(), handler: stopper)
    stopper.reader = reader
    try reader.feed(Array("<a><b/><c/></a>".utf8)[...])
    try reader.finish()
    #expect(stopper.names == ["a", "b"])
    #expect(reader.isOver)
  }
}
