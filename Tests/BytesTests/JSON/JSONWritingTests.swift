import Bytes
import Testing

@Suite struct JSONWritingTests {
  private func text(_ write: (inout [UInt8]) -> Void) -> String {
    var bytes: [UInt8] = []
    write(&bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func commasStandBetweenMembersAndElements() {
    let json = text {
      $0.appendObject {
        $0.appendMember("a", "x{[")
        $0.appendMember("b", 7)
        $0.appendMember("none", ifThere: nil)
        $0.appendMember("c", true)
        $0.appendMember("d") { $0.appendObject { _ in } }
        $0.appendMember("e") { $0.appendArray(of: [1, 2, 3]) { $0.append(decimal: $1) } }
        $0.appendMember("f", ["p", "q"])
        $0.appendName("n\"")
        $0.appendArray { $0.appendElement { $0.appendObject { $0.appendMember("g", literal: "h") } } }
      }
    }
    #expect(
      json == #"{"a":"x{[","b":7,"c":true,"d":{},"e":[1,2,3],"f":["p","q"],"n\"":[{"g":"h"}]}"#)
  }

  /// What is written is what is read again, whatever the characters.
  @Test func stringsAreReadAsTheyWere() throws {
    var random = RandomBytes(seed: 31)
    for escaping in [JSONEscaping.invisible, .controls] {
      for _ in 0..<300 {
        let scalars = (0..<random.next() % 20).compactMap { _ -> Unicode.Scalar? in
          let limits: [UInt64] = [0x80, 0x100, 0x2100, 0x11_0000]
          return Unicode.Scalar(UInt32(random.next() % limits[Int(random.next() % 4)]))
        }
        let string = String(String.UnicodeScalarView(scalars))
        let json = text { JSONText.append(string: string, to: &$0, escaping: escaping) }
        #expect(try JSONValue(parsing: json.utf8) == .string(string))
        #expect(!json.unicodeScalars.contains { $0.properties.generalCategory == .control })
        if escaping == .invisible {
          #expect(!json.unicodeScalars.contains { $0.properties.generalCategory == .format })
        }
      }
    }
  }

  @Test func bytesThatAreNoTextAreBase64() {
    #expect(text { JSONText.append(value: [0x61, 0xFF].span, to: &$0) } == #"{"b64":"Yf8="}"#)
    #expect(text { JSONText.append(value: Array("ä\u{1}".utf8).span, to: &$0) } == #""ä\u0001""#)
  }

  @Test func controlsHaveTheirShortEscapes() {
    let string = "\u{8}\u{C}\u{1B}\u{9B}\u{200B}\"\\\n\r\t"
    let controls = text { JSONText.append(string: string, to: &$0, escaping: .controls) }
    #expect(controls == "\"\\b\\f\\u001b\\u009b\u{200B}\\\"\\\\\\n\\r\\t\"")
    let invisible = text { JSONText.append(string: string, to: &$0) }
    #expect(invisible == #""\u0008\u000C\u001B\u009B\u200B\"\\\n\r\t""#)
  }
}
