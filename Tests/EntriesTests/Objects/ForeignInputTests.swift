import Bytes
import Directory
import Foundation
import Testing

@testable import Entries

/// What is no export gets the next command; what is near a file gets its name.
@Suite struct ForeignInputTests {
  @Test(arguments: [
    (
      "DISTINGUISHEDNAME,COMMONNAME,OBJECTCLASS,ATTRIBUTE,ERROR,VALUE,UPDATE,ACTION\n\"CN=a\",a,user,mail,format,x,y,EDIT\n",
      "convert"
    ),
    ("ElfFile\u{0}\u{0}", "resolve"), ("win-ad-ob\u{0}x\n", "ADExplorerSnapshot.py"),
    ("win-ad-XX\u{0}x\n", "did not finish"),
    ("ld = ldap_open(\"dc1\", 389);\nDn: CN=a\n", "ldp"),
    ("Repadmin: running command /showattr against x\nDN: CN=a\n", "repadmin"),
    ("objectClass: top\ncn: a\nADsPath: LDAP://dc/CN=a\n", "dsquery"), ("Connecting to \"(null)\"\nLogging in\n", "-f"),
    ("\r\nDistinguishedName : CN=a\r\nEnabled           : True\r\n", "Export-Clixml"),
    ("<?xml version=\"1.0\"?>\n<Objects>\n<Object/></Objects>\n", "ConvertTo-Xml"),
    ("Name;Type;Description\nJo;User;x\n", "Export-Clixml"),
  ])
  func theNextCommandIsSaid(_ text: String, _ command: String) {
    let read = ExportReading(text)
    #expect(read.failure?.kind == .wrongFormat && read.failure?.message.contains(command) == true, "\(read)")
  }

  @Test(arguments: [
    ("C:\\Users\\jo\\export.ldf", "/mnt/c/Users/jo/export.ldf"), ("\\\\server\\share\\x.ldf", "share of Windows"),
    ("dc1.contoso.com", "ldaps://dc1.contoso.com"), ("ldap//dc1", "ldaps://dc1"), ("ldaps:dc1", "ldaps://dc1"),
  ])
  func whatWasMeantIsSaid(_ path: String, _ hint: String) {
    #expect(PathHint.text(path).contains(hint))
    #expect(throws: SourceFailure.self) { try Entries.open(.file(path)) }
  }

  @Test func aNearFileIsNamed() throws {
    let folder = NSTemporaryDirectory() + "near-\(UUID())/"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data().write(to: URL(fileURLWithPath: folder + "export.ldif"))
    #expect(PathHint.text(folder + "exprot.ldif") == "; did you mean \(folder)export.ldif?")
    #expect(PathHint.text(folder + "users.csv") == "")
  }

  /// A folder is its files; what beside them is no export is told, and ends nothing.
  @Test func foldersAreTheirFiles() throws {
    let folder = NSTemporaryDirectory() + "exports-\(UUID())"
    try FileManager.default.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in [
      ("b.csv", "DN,cn\nCN=b,b\n"), ("a.ldif", "dn: CN=a\ncn: a\n"), ("README.txt", "Exports of Monday\n"), ("c", ""),
    ] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }
    let places = SourcePlace.file(folder).places()
    #expect(places.dropLast().map(\.name) == ["README.txt", "a.ldif", "b.csv", "c"].map { folder + "/" + $0 })
    var names: [String] = []
    var remarks: [String] = []
    var gaps: [String] = []
    for place in places {
      let source = try Entries.open(place)
      var reader = EntryReader(source)
      while let page = try reader.next() { names += page.entries.map { String(decoding: $0.dn, as: UTF8.self) } }
      remarks += source.remarks
      gaps += source.gaps
    }
    #expect(names == ["CN=a", "CN=b"])
    #expect(remarks.count == 2 && remarks[0].contains("README.txt was left out"))
    #expect(
      remarks.last == "1 folder in \(folder) was not read; name what is to be read as well: \(folder)/sub")
    // What a failed export leaves behind.
    #expect(gaps == ["\(folder)/c was left out: it is empty"])
    #expect(SourcePlace.file(folder + "/sub").places().count == 1)
    #expect(throws: SourceFailure.self) { try Entries.open(SourcePlace.file(folder + "/sub").places()[0]) }
    #expect(SourcePlace.standardInput.places().count == 1)
  }

  /// Folders in folders are not read, whatever is in them and wherever links lead.
  @Test func foldersInFoldersAreTold() throws {
    let folder = NSTemporaryDirectory() + "exports-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["4", "2", "1", "3"] {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    try FileManager.default.createSymbolicLink(atPath: folder + "/5", withDestinationPath: folder)
    let places = SourcePlace.file(folder).places()
    #expect(places.count == 1)
    let names = (1...3).map { "\(folder)/\($0)" }.joined(separator: ", ")
    #expect { try Entries.open(places[0]) } throws: { ($0 as? SourceFailure)?.message.hasSuffix("\(names), …") == true }
    try Data("dn: CN=a\ncn: a\n".utf8).write(to: URL(fileURLWithPath: folder + "/a.ldif"))
    let all = SourcePlace.file(folder + "/").places()
    #expect(all.map(\.name) == [folder + "/a.ldif", folder + "/"])
    let remark = try Entries.open(all[1]).remarks.first
    #expect(remark?.hasPrefix("5 folders in ") == true && remark?.hasSuffix("\(names), …") == true)
  }

  /// Two exports and a note, one of them deflated.
  private static let archive =
    "UEsDBBQAAAAIAAAAIVBtQ48wFgAAABQAAAAFAAAAYi5jc3Zz8dNJzuNScvazTdJxcbatUNJJ4gIAUEsDBBQAAAAAAAAAIVBW4m+o"
    + "FAAAABQAAAAGAAAAYS5sZGlmZG46IENOPWEsREM9eApjbjogYQpQSwMEFAAAAAAAAAAhUCAwOjYGAAAABgAAAAgAAABub3RlLnR4"
    + "dGhlbGxvClBLAQIUAxQAAAAIAAAAIVBtQ48wFgAAABQAAAAFAAAAAAAAAAAAAACAAQAAAABiLmNzdlBLAQIUAxQAAAAAAAAAIVBW"
    + "4m+oFAAAABQAAAAGAAAAAAAAAAAAAACAATkAAABhLmxkaWZQSwECFAMUAAAAAAAAACFQIDA6NgYAAAAGAAAACAAAAAAAAAAAAAAA"
    + "gAFxAAAAbm90ZS50eHRQSwUGAAAAAAMAAwCdAAAAnQAAAAAA"
  /// An export behind a password.
  private static let encrypted =
    "UEsDBBQAAQAAAAAAIVBW4m+oFAAAABQAAAAGAAAAYS5sZGlmZG46IENOPWEsREM9eApjbjogYQpQSwECFAMUAAEAAAAAACFQVuJv"
    + "qBQAAAAUAAAABgAAAAAAAAAAAAAAgAEAAAAAYS5sZGlmUEsFBgAAAAABAAEANAAAADgAAAAAAA=="
  private static let xz =
    "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQATZG46IENOPWEsREM9eApjbjogYQoAMsogfnAUeXEAASwU+AptAx+2830BAAAAAARZ"
    + "Wg=="

  @Test func archivesAreTheirMembers() throws {
    let file = TemporaryFile(try Base64Text.decode(Self.archive))
    let places = SourcePlace.file(file.path).places()
    #expect(places.map(\.name) == ["a.ldif", "b.csv", "note.txt"].map { file.path + "/" + $0 })
    var lines: [String] = []
    var spooled = 0
    var gaps: [String] = []
    for place in places {
      let source = try Entries.open(place)
      source.spool = { (text, _) in spooled += text.count }
      var reader = EntryReader(source)
      while let page = try reader.next() { lines += page.entries.map { "\($0.place)" } }
      gaps += source.gaps
    }
    #expect(gaps.count == 1 && gaps[0].hasPrefix("\(file.path)/note.txt was left out"))
    #expect(lines == ["\(file.path)/a.ldif:1", "\(file.path)/b.csv:2"] && spooled > 40)
    #expect(throws: SourceFailure.self) { try readAll(.file(file.path)) }
  }

  @Test func passwordsAndDamageAreTold() throws {
    let file = TemporaryFile(try Base64Text.decode(Self.encrypted))
    let places = SourcePlace.file(file.path).places()
    #expect(places.count == 1)
    #expect { try Entries.open(places[0]) } throws: { "\($0)".contains("encrypted") }
    let cut = TemporaryFile(Array(try Base64Text.decode(Self.archive).prefix(60)))
    for place in SourcePlace.file(cut.path).places() {
      #expect(throws: SourceFailure.self) { try readAll(place) }
    }
  }

  @Test func xzIsToldByItsContent() throws {
    let bytes = try Base64Text.decode(Self.xz)
    #expect(ExportReading(bytes).lines == ["dn: CN=a,DC=x", "cn: a"])
    // The second stream goes on right behind the last line of the first.
    #expect(ExportReading(bytes + bytes).problems.first?.place.line == 3)
    #expect(ExportReading(Array(bytes.dropLast(20))).failure?.kind == .corruptCompression)
  }

  private func readAll(_ place: SourcePlace) throws {
    var reader = EntryReader(try Entries.open(place))
    while try reader.next() != nil {}
  }
}
