import Findings
import Directory
import Testing

@testable import IdFix

/// CSV of the three generations, and what people and programs made of it.
@Suite struct CSVTests {
  static let header9 = "DISTINGUISHEDNAME,COMMONNAME,OBJECTCLASS,ATTRIBUTE,ERROR,VALUE,UPDATE,PROPOSEDACTION,ACTION"
  static let header8 = "DISTINGUISHEDNAME,OBJECTCLASS,ATTRIBUTE,ERROR,VALUE,UPDATE,PROPOSEDACTION,ACTION"
  static let header7 = "DISTINGUISHEDNAME,OBJECTCLASS,ATTRIBUTE,ERROR,VALUE,UPDATE,ACTION"

  private func read(_ lines: String...) throws -> IdFixFile {
    try IdFixFile.read(Array((lines.joined(separator: "\r\n") + "\r\n").utf8), path: "idfix.csv")
  }

  private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

  @Test func nineColumns() throws {
    let file = try read(
      Self.header9,
      #""CN=Ann Lee,OU=Staff,DC=contoso,DC=com",Ann Lee,user,proxyAddresses,"Character, TopLevelDomain","#
        + "smtp:ann lee@contoso.local,smtp:annlee@contoso.local,Edit,")
    #expect(file.kind == .csv && file.problems.isEmpty && file.rows.count == 1)
    let row = try #require(file.rows.first)
    #expect(text(row.dn) == "CN=Ann Lee,OU=Staff,DC=contoso,DC=com" && text(row.commonName) == "Ann Lee")
    #expect(row.attribute == "proxyAddresses" && row.objectClass == "user" && row.line == 2)
    #expect(row.errors == ["Character", "TopLevelDomain"])
    #expect(text(row.value) == "smtp:ann lee@contoso.local" && text(row.update) == "smtp:annlee@contoso.local")
    #expect(row.proposal == .edit && row.action == nil)
  }

  @Test func eightColumnsHaveNoCommonName() throws {
    let row = try #require(
      read(Self.header8, #""CN=A,DC=c",user,mailnickname,Character,a b,ab,Edit,COMPLETE"#).rows.first)
    #expect(row.commonName == nil && row.attribute == "mailNickname" && row.proposal == .edit && row.isAccepted)
  }

  @Test(arguments: [("[E]", IdFixRow.Action.edit), ("[C]", .complete), ("[R]", .remove)])
  func sevenColumnsFlagTheUpdateOfDuplicates(flag: String, action: IdFixRow.Action) throws {
    let file = try read(Self.header7, #""CN=A,DC=c",user,mail,"character,duplicate",a@b.com,\#(flag)x@b.com,"#)
    let row = try #require(file.rows.first)
    #expect(file.kind == .csvOfVersion1 && row.errors == ["Character", "Duplicate"])
    #expect(row.proposal == action && text(row.update) == "x@b.com")
  }

  @Test func aFlagIsPartOfTheValueInLaterVersions() throws {
    let row = try #require(read(Self.header8, #""CN=A,DC=c",user,mail,Duplicate,a@b.com,[E]x,Edit,"#).rows.first)
    #expect(text(row.update) == "[E]x" && row.proposal == .edit)
  }

  @Test func everyAddressWasATopLevelDomainErrorInVersion1() throws {
    let file = try read(
      Self.header7, #""CN=A,DC=c",user,mail,topleveldomain,a@b.com,a@b.com,"#,
      #""CN=B,DC=c",user,mail,"character,topleveldomain",b b@b.com,bb@b.com,"#)
    #expect(file.noise == 1 && file.rows.map(\.errors) == [["Character", "TopLevelDomain"]])
    let later = try read(Self.header8, #""CN=A,DC=c",user,mail,TopLevelDomain,a@b.local,a@b.local,Edit,"#)
    #expect(later.noise == 0 && later.rows.count == 1)
  }

  @Test func headersOfAnyCaseOrderAndCulture() throws {
    let turkish = Self.header9.replacing("I", with: "İ")
    let row = #""CN=A,DC=c",A,user,mail,Length,v,u,Edit,"#
    #expect(try read(turkish, row).rows.count == 1)
    #expect(try read(Self.header9.lowercased(), row).rows == read(Self.header9, row).rows)
    let shuffled = try read(
      "notes,ACTION,attribute,VALUE,DistinguishedName,update,error,more",
      #"mine,COMPLETE,mail,"a,b","CN=A,DC=c",u,Format,"#)
    let found = try #require(shuffled.rows.first)
    #expect(text(found.dn) == "CN=A,DC=c" && text(found.value) == "a,b" && found.isAccepted)
    #expect(found.errors == ["Format"] && shuffled.problems.isEmpty)
  }

  @Test func quotesOfIdFixAndOfSpreadsheets() throws {
    let bare = try read(
      Self.header9, #""CN=Bob "B" Ray,DC=c",Bob "B" Ray,user,displayName,Character,"a "b", c","a, b",Edit,"#)
    let proper = try read(
      Self.header9, #""CN=Bob ""B"" Ray,DC=c","Bob ""B"" Ray",user,displayName,Character,"a ""b"", c","a, b",Edit,"#)
    #expect(bare.problems.isEmpty && bare.rows == proper.rows)
    #expect(text(bare.rows.first?.value) == #"a "b", c"#)
  }

  @Test func lineBreaksInValues() throws {
    let file = try read(
      Self.header9, #""CN=A,DC=c",A,user,displayName,Character,"one"#, #"two, three",one,Edit,"#,
      #""CN=B,DC=c",B,user,displayName,Character,four"#, "five,four,Edit,",
      #""CN=C,DC=c",C,user,displayName,Blank,,C,Edit,"#)
    #expect(file.problems.isEmpty)
    #expect(file.rows.map { text($0.value) } == ["one\ntwo, three", "four\nfive", nil])
    #expect(file.rows.map(\.line) == [2, 4, 6])
  }

  @Test func badLinesAreReportedWithTheirPlaceAndReadingGoesOn() throws {
    let file = try read(
      Self.header9, "garbage", #""CN=A,DC=c",A,user,department,Blank,,x,Edit,"#,
      #""CN=B,DC=c",B,user,mail,Nonsense,b@b.com,,Edit,"#, #""CN=C,DC=c",C,user,mail,Length,c@b.com,,Edit,"#)
    #expect(file.problems.map(\.location.line) == [2, 3, 4])
    #expect(file.rows.map { text($0.dn) } == ["CN=B,DC=c", "CN=C,DC=c"])
    #expect(file.rows.map(\.errors) == [["Nonsense"], ["Length"]])
  }

  @Test func pagesOneAfterTheOtherRepeatTheHeader() throws {
    let row = #""CN=A,DC=c",A,user,mail,Length,v,u,Edit,"#
    #expect(try read(Self.header9, row, Self.header9, row).rows.count == 2)
  }

  @Test func withoutAHeaderTheNumberOfColumnsTells() throws {
    #expect(try read(#""CN=A,DC=c",A,user,mail,Length,v,u,Edit,"#).rows.first?.proposal == .edit)
    #expect(try read(#""CN=A,DC=c",user,mail,Length,v,u,Edit,"#).rows.first?.proposal == .edit)
    #expect(try read(#""CN=A,DC=c",user,mail,length,v,u,"#).kind == .csvOfVersion1)
    #expect(throws: SourceFailure.self) { try read("some,other,file", "1,2,3") }
  }

  @Test func otherSeparatorsAndEncodings() throws {
    let text = Self.header9.replacing(",", with: ";") + "\r\n\"CN=Jürgen,DC=c\";J;user;mail;Length;ü;u;Edit;\r\n"
    let utf16: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let latin = text.unicodeScalars.map { UInt8($0.value) }
    for bytes in [Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8), utf16, latin] {
      let file = try IdFixFile.read(bytes, path: "x")
      #expect(file.rows.map { self.text($0.value) } == ["ü"] && file.problems.isEmpty)
    }
  }

  @Test func theGuardAgainstFormulasIsTakenAway() throws {
    let file = try read(Self.header9, #""CN=A,DC=c",A,user,mail,Character,'=a@b.com,'+a,Edit,"#)
    #expect(text(file.rows.first?.value) == "=a@b.com" && text(file.rows.first?.update) == "+a")
  }

  @Test(arguments: ["COMPLETE", "complete", " Complete "]) func acceptedInAnyCase(action: String) throws {
    let file = try read(Self.header9, #""CN=A,DC=c",A,user,mail,Length,v,u,Edit,\#(action)"#)
    #expect(file.rows.first?.isAccepted == true)
  }

  @Test func hostileLinesEnd() throws {
    let quotes = String(repeating: "\"", count: 50_000)
    let cells = String(repeating: "\"a\",", count: 20_000)
    let file = try read(Self.header9, quotes, cells, "\"CN=A," + cells, #""CN=A,DC=c",A,user,mail,Length,v,u,Edit,"#)
    #expect(file.rows.count == 1 && file.problems.count >= 3)
  }

  /// Kind: files that IdFix never wrote are named for what they are, with what reads them.
  @Test(arguments: [
    ("dn: CN=A,DC=c\nobjectClass: user\nmail: a@b.com\n", "dirsync-lint lint"),
    ("version: 1\n\n# of ldifde\ndn: CN=A,DC=c\nobjectClass: user\n", "dirsync-lint lint"),
    ("PK\u{3}\u{4}xl/workbook.xml", "as CSV"), ("ElfFile\0rest", "dirsync-lint resolve"),
    ("\"sAMAccountName\",\"mail\"\n\"a\",\"b\"\n", "none of the columns"),
  ])
  func foreignFilesAreNamed(_ text: String, _ hint: String) throws {
    let failure = #expect(throws: SourceFailure.self) { try IdFixFile.read(Array(text.utf8), path: "x") }
    #expect(failure?.kind == .wrongFormat && failure?.message.contains(hint) == true)
  }

  @Test func anyBytesAreReadWithoutHarm() throws {
    var generator = SystemRandomNumberGenerator()
    let pieces = [
      Self.header9, Self.header7, "\"CN=A,DC=c\"", ",", "\"", "\r\n", "mail", "dn: CN=A", "-", "\u{0}", "ü",
    ]
    for _ in 0..<300 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...40, using: &generator) {
        bytes += Array((pieces.randomElement(using: &generator) ?? "").utf8)
        if Int.random(in: 0..<8, using: &generator) == 0 { bytes.append(UInt8.random(in: 0...255, using: &generator)) }
      }
      guard let file = try? IdFixFile.read(bytes, path: "x") else { continue }
      #expect(file.rows.allSatisfy { IdFixWords.beginsLikeDN($0.dn[...]) })
    }
  }
}
