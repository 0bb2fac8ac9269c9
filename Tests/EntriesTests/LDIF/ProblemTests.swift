import Directory
import Testing

@testable import Entries

/// Bad text: the place of the fault, what is said of it, and that reading goes on behind it.
@Suite struct ProblemTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var text: String
    var place: String
    var says: String
    var testDescription: String { text.debugDescription }
    init(_ text: String, _ place: String, _ says: String) {
      self.text = text
      self.place = place
      self.says = says
    }
  }

  static let cases = [
    Case("dn: CN=a\ncn: a\nno colon here\n", "3:1", "line without a colon"),
    Case("dn: CN=a\n-\n", "2:1", "changetype: modify"),
    Case("dn: CN=a\nc n: a\n", "2:2", "' ' (space) cannot be part"),
    Case("dn: CN=a\ncä: a\n", "2:2", "U+00E4"),
    Case("dn: CN=a\n-x: a\n", "2:1", "cannot be the start"),
    Case("dn: CN=a\n: a\n", "2:1", "name before the colon is missing"),
    Case("dn: CN=a\ncn;: a\n", "2:4", "option is missing"),
    Case("dn: CN=a\n;x: a\n", "2:1", "name is missing before ';'"),
    Case("dn: CN=a\ncn;l@ng: a\n", "2:5", "'@'"),
    Case("dn: CN=a\n c\n n\ndescr\n ip\n t:ö\nde\n s c: x\n", "8:3", "' ' (space)"),
    Case("dn: CN=a\ncn:: YWJ!\n", "2:9", "'!' cannot stand in base64"),
    Case("dn: CN=a\ncn:: YW\n Jj\n ZA==\ncn:: YWJj\n YW\n ö=\n", "7:2", "U+00F6"),
    Case("dn: CN=a\ncn:: YWJ\n", "2:9", "ends too early: 3 characters"),
    Case("dn: CN=a\ncn:: YWJj\n YQ\n", "3:4", "6 characters are not a multiple of 4"),
    Case("dn: CN=a\ncn:: Y===\n", "2:7", "'='"),
    Case("dn: CN=a\ncn:: YQ==YQ==\n", "2:8", "'='"),
    Case("dn: CN=a\ncn:: YQ=a\n", "2:9", "'a'"),
    Case("dn: CN=a\ncn:: YQ== \n", "2:10", "' ' (space)"),
    Case("dn: CN=a\njpegPhoto:< file:///etc/passwd\n", "2:11", "never opened"),
    Case("dn:< file:///etc/passwd\n", "1:4", "never opened"),
    Case("search: 2\nresult:< file:///etc/passwd\n", "2:8", "never opened"),
    Case("dn: CN=a\ncn: a\ndn: CN=b\n", "3:1", "second 'dn:'"),
    Case("dn: CN=a\ncn: a\nDN: CN=b\n", "3:1", "second 'dn:'"),
    Case(" x\ndn: CN=a\n", "1:1", "begins with a space"),
    Case("cn: a\ndn: CN=a\n", "1:1", "must begin with 'dn:', but this one begins with 'cn'"),
    Case("version: 2\n\n", "1:10", "version '2'"),
    Case("dn: CN=a\nchangetype: frob\n", "2:13", "'frob'"),
    Case("dn: CN=a\nchangetype:\u{A0}add\n", "2:12", "changetype '<U+00A0 NO-BREAK SPACE>add'"),
    Case("dn: CN=a\nchangetype: a\u{200B}dd\n", "2:13", "'a<U+200B ZERO WIDTH SPACE>dd'"),
    Case("dn: CN=a\nchangetype: Größe\n", "2:13", "'Größe'"),
    Case("dn: CN=a\nchangetype:: /2FkZA==\n", "2:14", "'<byte 0xFF>add'"),
    Case("dn: CN=a\nchangetype: delete\ncn: a\n", "3:1", "nothing may follow"),
    Case("dn: CN=a\nchangetype: modify\nset: cn\n", "3:1", "expected 'add:'"),
    Case("dn: CN=a\nchangetype: modify\nadd: cn\nsn: x\n", "4:1", "expected a value of 'cn'"),
    Case("dn: CN=a\nchangetype: modify\nadd: c n\n", "3:7", "' ' (space)"),
    Case("dn: CN=a\nchangetype: modify\nadd: cn:x\n", "3:6", "nothing else"),
    Case("dn: CN=a\nchangetype: modrdn\nnewrdn: CN=b\n", "3:13", "'deleteoldrdn:' must follow"),
    Case("dn: CN=a\nchangetype: modrdn\nnewrdn: CN=b\ndeleteoldrdn: yes\n", "4:15", "0 or 1"),
    Case("dn: CN=a\nchangetype: modrdn\ncn: CN=b\n", "3:1", "expected 'newrdn:'"),
    Case("dn: CN=a\nchangetype: moddn\nnewrdn: a\ndeleteoldrdn: 1\nx: y\n", "5:1", "'newsuperior:'"),
    Case(
      "dn: CN=a\nchangetype: moddn\nnewrdn: a\ndeleteoldrdn: 1\nnewsuperior: y\nx: y\n", "6:1", "nothing may follow"),
    Case("dn: CN=a\ncontrol: 1.2\ncn: a\n", "2:1", "must say 'changetype:'"),
    Case("dn: CN=a\ncontrol: x\nchangetype: delete\n", "2:10", "object identifier"),
    Case("dn: CN=a\ncontrol:\nchangetype: delete\n", "2:9", "object identifier is missing"),
    Case("dn: CN=a\ncontrol: 1.2 maybe\nchangetype: delete\n", "2:14", "'true' or 'false'"),
    Case("dn: CN=a\ncontrol: 1.2 true x\nchangetype: delete\n", "2:19", "begins with a colon"),
    Case("dn: CN=a\ncontrol: 1.2 true:< file:///x\nchangetype: delete\n", "2:19", "never opened"),
  ]

  @Test(arguments: cases) func isToldAtItsPlace(_ example: Case) {
    // Good records around it: the one before is read fast the second time, the one behind must not be lost.
    let text = "\n" + example.text + "\ndn: CN=behind\ncn: x\n"
    let lineOffset = 4
    for lineEnd in ["\n", "\r\n"] {
      let file = ("dn: CN=before\ncn: x\n\n" + text).replacing("\n", with: lineEnd)
      let reading = Reading(file)
      #expect(reading.items.map(\.dn) == ["CN=before", "", "CN=behind"])
      guard case .problem(let line, let column, let message, let losesRecord) = reading.items[1] else { continue }
      #expect("\(line - lineOffset):\(column)" == example.place)
      #expect(message.contains(example.says), "\(message)")
      #expect(losesRecord)
      #expect(!message.hasSuffix("."))
    }
  }

  @Test func placesAreTheSameInUTF16() {
    for example in Self.cases {
      let text = "dn: CN=ok\n\n" + example.text
      let plain = Reading(text).items
      let utf16 = InputTests.utf16(text, isBigEndian: false, mark: true)
      #expect(Reading(utf16).items == plain)
      #expect(plain.count == 2)
    }
  }

  @Test func hostileTextDoesNotReachMessages() {
    let reading = Reading("dn: CN=ok\n\n\u{1b}[31mred: x\n\nversion: \u{1b}]0;x\u{7}\n\nfoo\u{202e}: x\n")
    #expect(reading.items.count == 4)
    #expect(
      reading.items.dropFirst().allSatisfy { $0.message.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value < 127 } }
    )
  }

  @Test func aRecordTooLongIsSkippedWithItsLines() {
    let long = "dn: CN=long\n" + String(repeating: "cn: 0123456789\n", count: 100)
    let text = "dn: CN=a\n\n" + long + "\ndn: CN=b\n\n" + long + "\n\ndn: CN=c\n"
    let reading = Reading(Array(text.utf8), blockSize: 32, recordLimit: 500)
    #expect(reading.items.map(\.dn) == ["CN=a", "", "CN=b", "", "CN=c"])
    #expect(reading.items.map(\.place) == ["", "3:1", "", "107:1", ""])
    #expect(reading.items.last == .entry(dn: "CN=c", line: 210, values: []))
    #expect(reading.lines == 210)
  }
}
