import Bytes
import Directory
import TestSources
import Testing

@testable import Entries

/// Objects that are taken apart where they stand come to the same as those that are read byte by byte.
///
/// A list that a wrapper of PowerShell holds (`{"value": […], "Count": 2}`) is read byte by byte.
@Suite struct JSONScannerTests {
  /// Makes texts of objects, the same ones for the same seed.
  private struct Maker {
    private var numbers: SeededNumbers

    init(seed: UInt64) { numbers = SeededNumbers(seed: seed) }

    mutating func below(_ limit: Int) -> Int { numbers.below(limit) }

    private static let texts = [
      "", "a", "Jo Doe", "smtp:jo@contoso.com", #"CN=Doe\\, Jo,DC=x"#, #"\u0027\"\/\b\f\n\r\t"#, #"\ud83d\ude00"#,
      #"\ud83d"#,
      #"\ud83dx\ude00"#, "Zoë 😀", "System.Object[]", "Microsoft.ActiveDirectory.Management.ADPropertyValueCollection",
      " x ",
      "1,5", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "S-1-5-21-1-2-3-500", "/Date(1605771872777)/", "True", "{a, b}",
      String(repeating: "0123456789", count: 40),
    ]
    private static let names = [
      "mail", "proxyAddresses", "ObjectGUID", "objectSid", "Enabled", "accountExpires", "whenCreated", "displayName",
      "EmailAddress", "ObjectClass", "objectClass", "odd name", "msExchRecipientTypeDetails", "member", "value", "MAIL",
      "",
    ]

    private mutating func scalar() -> String {
      switch below(8) {
      case 0: ["1", "-0", "1.5e3", "0", "12345678901234567890"][below(5)]
      case 1: ["true", "false", "null"][below(3)]
      default: "\"\(Self.texts[below(Self.texts.count)])\""
      }
    }

    private mutating func value(_ depth: Int) -> String {
      switch below(depth > 2 ? 6 : 9) {
      case 6: "[\((0..<below(4)).map { _ in scalar() }.joined(separator: ","))]"
      case 7: "[ \((0..<below(3)).map { _ in value(depth + 1) }.joined(separator: " ,\n")) ]"
      case 8: object(depth + 1)
      default: scalar()
      }
    }

    mutating func object(_ depth: Int = 0) -> String {
      var members: [String] = []
      if depth == 0, below(10) > 0 { members.append(#""DistinguishedName":"CN=\#(below(1_000)),DC=x""#) }
      for _ in 0..<below(9) { members.append("\"\(Self.names[below(Self.names.count)])\" : \(value(depth))") }
      return "{\(members.joined(separator: ",\r\n  "))}"
    }
  }

  /// Without what tells the place of an object in the file.
  private func content(_ text: String, blockSize: Int = 1 << 16) -> [String] {
    let read = ExportReading(text, blockSize: blockSize)
    #expect(read.failure == nil, "\(read.failure?.message ?? "") of \(text.prefix(400))")
    let gaps = read.gaps.map { $0.replacing(#/line \d+/#, with: "line") }
    var exported: [String] = []
    if case .only(let names) = read.exported { exported = names.sorted() }
    return read.lines + gaps + read.remarks + exported
  }

  private func expectSame(_ found: [String], _ wanted: [String]) {
    guard found != wanted else { return }
    let place =
      zip(found, wanted).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(found.count, wanted.count)
    let shown = (found.dropFirst(place - 1).prefix(3), wanted.dropFirst(place - 1).prefix(3))
    Issue.record("from \(place) of \(found.count) and \(wanted.count): \(Array(shown.0)) in place of \(Array(shown.1))")
  }

  @Test(arguments: 0..<150) func isTheSameAsByteByByte(seed: Int) {
    var maker = Maker(seed: UInt64(seed) &* 7919 &+ 1)
    // The first object is read as a value in any case.
    let first = #"{"DistinguishedName":"CN=first","ObjectClass":"user"}"#
    let objects = [first] + (0..<12).map { _ in maker.object() }
    let list = "[\(objects.joined(separator: ",\n"))]"
    let careful = content("{\"value\":\(list),\"Count\":13}")
    expectSame(content(list), careful)
    expectSame(content(list, blockSize: 1), careful)
    // What is a wrapper at the top is none in a list.
    let lines = objects.filter { !$0.contains("\"value\"") }
    expectSame(
      content(lines.joined(separator: "\n")), content("{\"value\":[\(lines.joined(separator: ","))],\"Count\":1}"))
  }

  /// Mistakes are told where they are, whatever came before.
  @Test(arguments: [
    (#"{"a":"b"},"#, 3, 1), (#"{"DN":"x" "y":1}"#, 2, 11), (#"{"DN":"\q"}"#, 2, 9), (#"{"DN":01}"#, 2, 8),
    (#"{"DN":tru3}"#, 2, 10), ("{\"DN\":\n\"a\tb\"}", 3, 3), (#"{"DN":[1,]}"#, 2, 10), (#"{"DN":{"a":[}}"#, 2, 13),
    ("x", 2, 1),
    (#"{"DN":"a"} {"DN":"b"}"#, 2, 12), (#"{"DN":"a",}"#, 2, 11), (#"{"DN":"\ud8"}"#, 2, 12),
  ])
  func mistakes(_ text: String, _ line: Int, _ column: Int) {
    let start = "[{\"DistinguishedName\":\"CN=first\",\"ObjectClass\":\"user\"},\n"
    let read = ExportReading(start + text + (text.hasSuffix(",") ? "\n]" : "]"))
    #expect(
      read.failure?.message.hasPrefix("line \(line), column \(column): ") == true, "\(read.failure?.message ?? "-")")
    #expect(read.lines.first == "dn: CN=first")
    #expect(read.failure?.kind == .readError)
  }

  @Test func placesOfObjects() {
    let text =
      "[\r\n{\"DistinguishedName\":\"CN=a\"},\n\n {\"DistinguishedName\":\"CN=b\",\n\"x\":\n1},{\"DistinguishedName\":\"CN=c\"}]"
    #expect(ExportReading(text).places == [2, 4, 6])
    #expect(ExportReading(text, blockSize: 1).places == [2, 4, 6])
  }

  /// Names of properties in any number take no memory without end.
  @Test func namesInAnyNumber() {
    let members = (0..<PropertyTable.most + 10).map { "\"p\($0)\":\"v\"" }.joined(separator: ",")
    let text =
      "[{\"DistinguishedName\":\"CN=a\"},{\"DistinguishedName\":\"CN=b\",\(members)},{\"DistinguishedName\":\"CN=c\",\"mail\":\"c@x.de\"}]"
    let read = ExportReading(text)
    #expect(read.lines.filter { $0.hasPrefix("dn:") } == ["dn: CN=a", "dn: CN=b", "dn: CN=c"])
    #expect(read.gaps.contains { $0.contains("more than \(PropertyTable.most) names of properties") })
  }

  /// An object that is longer than what is scanned at once is read all the same.
  @Test func longObjects() {
    let members = (0..<200_000).map { "\"CN=\($0),OU=Somewhere Far Away,DC=contoso,DC=com\"" }.joined(separator: ",")
    let text =
      "[{\"DistinguishedName\":\"CN=first\"},{\"DistinguishedName\":\"CN=a\",\"member\":[\(members)]},{\"DistinguishedName\":\"CN=b\"}]"
    let read = ExportReading(text)
    #expect(read.lines.filter { $0.hasPrefix("member:") }.count == 200_000)
    #expect(read.lines.filter { $0.hasPrefix("dn:") } == ["dn: CN=first", "dn: CN=a", "dn: CN=b"])
  }
}
