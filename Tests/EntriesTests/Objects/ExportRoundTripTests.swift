import Bytes
import Directory
import Foundation
import TestSources
import Testing

@testable import Entries

/// The same objects in every form say the same, to the byte.
@Suite struct ExportRoundTripTests {
  private static let sample: [WrittenEntry] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = folder.appending(path: "../../../Fixtures/sample/directory.ldif").standardizedFileURL
    return (try? entries(.file(file.path))) ?? []
  }()

  private static func entries(_ place: SourcePlace) throws -> [WrittenEntry] {
    var reader = EntryReader(try Entries.open(place))
    var entries: [WrittenEntry] = []
    while let page = try reader.next() { entries += page.entries.map { WrittenEntry($0) } }
    return entries
  }

  private func read(_ export: [UInt8]) throws -> [WrittenEntry] {
    let file = TemporaryFile(export)
    return try Self.entries(.file(file.path))
  }

  /// Names of objects that a form of text cannot hold are left out.
  private func named(_ entries: [WrittenEntry]) -> [WrittenEntry] {
    entries.filter { String(validating: $0.dn, as: UTF8.self) != nil }
  }

  /// Every export has the name as an attribute.
  private func facts(_ entries: [WrittenEntry]) -> [[String]] {
    entries.map { entry in
      var entry = entry
      entry.attributes.removeAll { $0.name.lowercased() == "distinguishedname" }
      return entry.facts
    }
  }

  private func check(_ entries: [WrittenEntry], _ write: ([WrittenEntry]) -> [UInt8]) throws {
    let (read, expected) = (facts(try read(write(entries))), facts(entries))
    #expect(read.count == expected.count)
    for (read, expected) in zip(read, expected) { #expect(read == expected) }
  }

  @Test func theSampleDirectoryIsTheSame() throws {
    let entries = named(Self.sample)
    #expect(entries.count > 300)
    try check(entries.map(withChain), ExportWriting.csvde)
    try check(entries.map(withChain), ExportWriting.json)
    try check(entries.map(withChain), ExportWriting.clixml)
  }

  /// A single class stands for all that it is made from.
  private func withChain(_ entry: WrittenEntry) -> WrittenEntry {
    var entry = entry
    for place in entry.attributes.indices where entry.attributes[place].name.lowercased() == "objectclass" {
      guard entry.attributes[place].values.count == 1 else { continue }
      entry.attributes[place].values = ObjectClassSchema.chain(
        of: String(decoding: entry.attributes[place].values[0], as: UTF8.self)
      ).map { Array($0.utf8) }
    }
    return entry
  }

  @Test func aTableHoldsWhatHasNoLineEnds() throws {
    let entries = named(Self.sample).map(withChain).filter { entry in
      entry.attributes.allSatisfy { attribute in
        (attribute.values.count == 1 || AttributeSchema.shipped.isMultivalued(attribute.name))
          && attribute.values.allSatisfy { value in
            WrittenEntry.isOctets(attribute.name) && attribute.values.count == 1
              || WrittenEntry.isText(attribute.name, value) && !value.contains(10) && !value.contains(13)
          }
          && (attribute.values.count > 1 || !isDivisible(attribute))
      }
    }
    #expect(entries.count > 200)
    try check(entries) { ExportWriting.powerShellCSV($0) }
  }

  /// One value in which a list could be seen.
  private func isDivisible(_ attribute: (name: String, values: [[UInt8]])) -> Bool {
    let property = ExportedProperty(attribute.name, hasProperties: true, isOfExchange: false)
    return property.isMultivalued
      && JoinedValues.parts(of: attribute.values[0], property, wasMade: true) != [attribute.values[0]]
  }

  private static let pieces: [[UInt8]] =
    [
      "\"", ";", "\\", "\n", "\r\n", "\u{0}", "]]>", "_x0041_", "_x", "=cmd|' /C calc'!A0", "😀", "\u{A0}", "&lt;",
      "X'41'", " ",
      ",", "'", "{", "[", "\u{FEFF}", "\u{FFFE}", "\u{1F}", "\u{85}", "#TYPE ", "sep=;", "a", "smtp:", "<![CDATA[", "é",
      "-->",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80]]

  private static let names = [
    "displayName", "description", "proxyAddresses", "info", "member", "objectGUID", "userCertificate",
    "extensionAttribute1",
  ]

  private func hostile(_ count: Int) -> [WrittenEntry] {
    var random = SystemRandomNumberGenerator()
    func value() -> [UInt8] {
      let pieces = (0..<Int.random(in: 1...6, using: &random)).compactMap { _ in
        Self.pieces.randomElement(using: &random)
      }
      return Array(pieces.joined())
    }
    return (0..<count).map { number in
      let names = Self.names.filter { _ in Bool.random(using: &random) }
      let attributes = names.map { name in
        (name: name, values: (0..<Int.random(in: 1...3, using: &random)).map { _ in value() })
      }
      let text = String(decoding: value(), as: UTF8.self).filter { $0 != "\0" }
      return WrittenEntry(dn: Array("CN=\(number)\(text),DC=x".utf8), attributes)
    }
  }

  /// Files that were put one behind the other, each with a mark of its encoding; what stands twice; text that is no UTF-8.
  @Test func filesBehindEachOther() {
    let mark = "\u{FEFF}"
    let table = "\"DistinguishedName\",\"cn\"\r\n\"CN=a,DC=x\",\"\(mark)a\"\r\n"
    let read = ExportReading("\(mark)\(table)\(mark)#TYPE Selected.User\r\n\(mark)\(table)")
    #expect(read.values("cn") == [mark + "a", mark + "a"] && read.gaps.isEmpty && read.problems.isEmpty)
    let list = "[{\"DistinguishedName\":\"CN=a,DC=x\",\"cn\":\"\(mark)a\"}]\r\n"
    let objects = ExportReading("\(mark)\(list)\(mark)\(list)\(mark)")
    #expect(objects.values("cn") == [mark + "a", mark + "a"] && objects.failure == nil)
  }

  @Test(arguments: [
    "DN,cn,cn,CN\n\"CN=a,DC=x\",one,two,one\n", "DistinguishedName;cn;CN\n\"CN=a,DC=x\";one;two\n",
    "{\"DistinguishedName\":\"CN=a,DC=x\",\"cn\":\"one\",\"CN\":\"two\",\"Cn\":\"one\"}",
    "<Objs><Obj RefId=\"0\"><Props><S N=\"DistinguishedName\">CN=a</S><S N=\"cn\">one</S><S N=\"CN\">two</S></Props></Obj></Objs>",
  ])
  func whatStandsTwiceIsTold(_ export: String) {
    let read = ExportReading(export)
    #expect(read.values("cn") == ["one"])
    #expect(read.remarks == ["FILE has more than one cn with different values on one object; the first was read"])
    #expect(ExportReading(export.replacing("two", with: "one")).remarks.isEmpty)
  }

  @Test(arguments: ["DistinguishedName,cn\n\"CN=a,DC=x\",@\n", "{\"DistinguishedName\":\"CN=a,DC=x\",\"cn\":\"@\"}"])
  func guessedCharactersAreTold(_ export: String) {
    let read = ExportReading(export.utf8.map { $0 == UInt8(ascii: "@") ? 0xFF : $0 })
    #expect(read.values("cn") == ["ÿ"])
    #expect(read.remarks.count == 1 && read.remarks[0].contains("windows-1252"))
  }

  /// What is hostile to a form comes through it as it was.
  @Test(arguments: 0..<8) func hostileValuesComeThrough(_: Int) throws {
    let entries = hostile(40)
    try check(entries, ExportWriting.csvde)
    try check(entries, ExportWriting.json)
    try check(entries, ExportWriting.clixml)
  }
}
