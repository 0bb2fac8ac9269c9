import Bytes
import Directory
import Testing

@testable import Entries

@Suite struct PrintingTests {
  private func print(_ text: String, _ format: EntryPrinter.Format, names: [String] = []) -> [String] {
    var parser = LDIFParser(attributes: AttributeTable(names))
    var block = LDIFBlock(text: Array(text.utf8))
    var batch = EntryBatch(attributes: AttributeTable())
    parser.parse(&block, into: &batch)
    batch.lineBase = 100
    var printer = EntryPrinter(format)
    printer.print(batch)
    return String(decoding: printer.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  @Test func entriesAsJSON() {
    let lines = print(
      """
      dn: CN="a\\b"
      objectClass: top
      cn: ä\u{1}\u{9}
      ObjectClass: user
      objectGUID:: AP8=
      info:
      CN:: wp8Kf+KAiQ==

      """, .ndjson, names: ["CN", "OBJECTCLASS"])
    #expect(
      lines == [
        #"{"dn":"CN=\"a\\b\"","line":101,"attributes":{"objectClass":["top","user"],"cn":["ä\u0001\t","\u009f\n\u007f"#
          + "\u{2009}" + #""],"objectGUID":[{"b64":"AP8="}],"info":[""]}}"#, "",
      ])
  }

  /// The text of a record that was made from a row has other lines than the row.
  @Test func anEntryOfATableHasTheNamesOfItsColumns() throws {
    let file = TemporaryFile(Array("DN,objectClass,cn,sn\r\n\"CN=Jo,DC=x\",contact,Jo,Doe\r\n".utf8))
    var reader = EntryReader(try Entries.open(.file(file.path)))
    let page = try #require(try reader.next())
    for (format, wanted) in [
      (EntryPrinter.Format.ndjson, "\"cn\":[\"Jo\"],\"sn\":[\"Doe\"]"), (.ldif, "cn: Jo\nsn: Doe\n"),
    ] {
      var printer = EntryPrinter(format)
      printer.print(page.batch)
      #expect(String(decoding: printer.bytes, as: UTF8.self).contains(wanted))
    }
  }

  @Test func everyKindOfRecordAsJSONInInputOrder() {
    let lines = print(
      """
      dn: CN=a
      changetype: delete

      bad

      dn: CN=b

      dn: CN=c
      control: 1.2 true:: AP8=
      changetype: modify
      add: mail
      mail: x
      -
      delete: cn
      -

      dn: CN=d
      changetype: modrdn
      newrdn: CN=e
      deleteoldrdn: 0
      newsuperior: DC=x

      dn: CN=f
      control: 1.3
      changetype: add
      member;range=0-1: CN=x

      """, .ndjson)
    #expect(
      lines == [
        #"{"dn":"CN=a","changetype":"delete"}"#,
        #"{"error":{"line":104,"column":1,"message":"line without a colon: expected 'attribute: value'; the rest of a"#
          + #" long value begins with a space on each line"}}"#,
        #"{"dn":"CN=b","line":106,"attributes":{}}"#,
        #"{"dn":"CN=c","changetype":"modify","modifications":[{"op":"add","attribute":"mail","values":["x"]},"#
          + #"{"op":"delete","attribute":"cn","values":[]}],"#
          + #""controls":[{"oid":"1.2","critical":true,"value":{"b64":"AP8="}}]}"#,
        #"{"dn":"CN=d","changetype":"modrdn","newrdn":"CN=e","deleteoldrdn":false,"newsuperior":"DC=x"}"#,
        #"{"dn":"CN=f","line":123,"attributes":{"member":["CN=x"]},"controls":[{"oid":"1.3","critical":false}]}"#, "",
      ])
  }

  @Test func entriesAsLDIF() {
    let long = String(repeating: "0123456789", count: 10)
    let lines = print("dn: CN=ä\nCN:  <x\ndescription: \(long)\ninfo: x \ncn: :\nde\n sc: y\n", .ldif)
    #expect(
      lines == [
        "# entries of dirsync-lint, each ended by an empty line", "version: 1", "", "dn:: Q049w6Q=", "CN:: PHg=",
        "description: 012345678901234567890123456789012345678901234567890123456789012",
        " 3456789012345678901234567890123456789", "info:: eCA=", "cn:: Og==", "desc: y", "", "",
      ])
  }

  @Test func changesAsLDIF() {
    let text =
      "dn: CN=a\ncontrol: 1.2 true: x\nchangetype: modify\nadd: mail\nmail: x\nmail:: w6Q=\n-\ndelete: cn\n-\n\n"
      + "dn: CN=b\nchangetype: modrdn\nnewrdn: CN=c\ndeleteoldrdn: 1\nnewsuperior: DC=x\n\n"
      + "dn: CN=c\nchangetype: delete\n\ndn: CN=d\ncontrol: 1.3 false\nchangetype: add\ncn: d\n\n"
    let lines = print(text, .ldif)
    #expect(
      lines.joined(separator: "\n") == "# entries of dirsync-lint, each ended by an empty line\nversion: 1\n\n" + text)
  }

  @Test(arguments: [
    ("", true), ("abc", true), (" a", false), (":a", false), ("<a", false), ("a ", false), ("a:<", true),
    ("a\n", false), ("a\r", false), ("a\0", false), ("ä", false), ("\u{7f}", true), (" ", false),
  ]) func safeStrings(value: String, isSafe: Bool) {
    let bytes = Array(value.utf8)
    let result = LDIFWriter.isSafe(bytes.span)
    #expect(result == isSafe)
  }

  private func isValid(_ bytes: [UInt8]) -> Bool { ScalarReader.isValid(bytes.span) }

  @Test func utf8Validity() {
    let good = ["", "a", "ä", "€", "😀", "\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}\u{d7ff}\u{e000}"]
    for text in good { #expect(isValid(Array(text.utf8))) }
    let bad: [[UInt8]] = [
      [0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xc2], [0xe0, 0x9f, 0xbf], [0xed, 0xa0, 0x80], [0xf0, 0x8f, 0xbf, 0xbf],
      [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82], [0xe2, 0x28, 0xa1], [0xff], [0xf0, 0x9f, 0x98],
    ]
    for bytes in bad { #expect(!isValid(bytes), "\(bytes)") }
    // The standard library is the oracle for random bytes.
    var generator = SeededGenerator(1)
    for _ in 0..<3000 {
      let bytes = (0..<Int.random(in: 0..<6, using: &generator)).map { _ in
        UInt8.random(in: generator.next() % 3 == 0 ? 0...255 : 0x80...0xf8, using: &generator)
      }
      #expect(isValid(bytes) == (String(validating: bytes, as: UTF8.self) != nil))
    }
  }
}
