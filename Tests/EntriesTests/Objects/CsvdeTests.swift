import Bytes
import Testing

@testable import Entries

/// Tables of csvde, as it writes them and as they come after other programs had them.
@Suite struct CsvdeTests {
  private static let table = """
    DN,objectClass,cn,objectGUID,objectSid,mail,proxyAddresses,userAccountControl,homeDirectory\r
    "CN=Doe\\, Jane,OU=Staff,DC=contoso,DC=com",user,"Doe, Jane",X'2ac45bffd5e13b4594a146964583d8da',\
    X'01020000000000052000000020020000',jane@contoso.com,\
    SMTP:jane@contoso.com;smtp:jd@contoso.com;X400:c=us\\;a= \\;p=Contoso\\;s=Doe\\;,512,\\\\\\\\fs1\\\\home\\\\jane\r
    X'434e3d4ac3bc7267',user,X'4ac3bc7267',,,,,512,\r
    "DC=contoso,DC=com",domainDNS\r

    """

  @Test(arguments: [1, 1 << 16]) func valuesAreThoseOfTheDirectory(blockSize: Int) {
    let read = ExportReading(Self.table, blockSize: blockSize)
    #expect(read.failure == nil && read.gaps.isEmpty && read.problems.isEmpty && read.remarks.isEmpty)
    #expect(
      read.lines.filter { $0.hasPrefix("dn:") } == [
        "dn: CN=Doe\\, Jane,OU=Staff,DC=contoso,DC=com", "dn: CN=Jürg", "dn: DC=contoso,DC=com",
      ])
    #expect(
      read.values("objectClass") == [
        "top", "person", "organizationalPerson", "user", "top", "person", "organizationalPerson", "user", "top",
        "domain", "domainDNS",
      ])
    #expect(
      read.values("proxyAddresses") == [
        "SMTP:jane@contoso.com", "smtp:jd@contoso.com", "X400:c=us;a= ;p=Contoso;s=Doe;",
      ])
    #expect(read.values("homeDirectory") == ["\\\\fs1\\home\\jane"])
    #expect(read.values("cn") == ["Doe, Jane", "Jürg"])
    #expect(read.binary("objectGUID") == ["KsRb/9XhO0WUoUaWRYPY2g=="])
    #expect(read.places == [2, 3, 4])
    #expect(
      read.exported
        == .only([
          "objectclass", "cn", "objectguid", "objectsid", "mail", "proxyaddresses", "useraccountcontrol",
          "homedirectory",
        ]))
  }

  @Test func whatNobodyAsksForTellsAWholeExport() {
    let read = ExportReading(
      "DN,objectClass,instanceType,whenCreated,uSNCreated,objectGUID\n\"DC=x\",domainDNS,5,,1,\n")
    #expect(read.exported == .all)
  }

  /// What is printed has the names of the table, though no value has a line of its own.
  @Test func namesAreThoseOfTheTable() throws {
    let file = TemporaryFile(Array("DN,cn,sn\nCN=a,b,c\n".utf8))
    var reader = EntryReader(try Entries.open(.file(file.path)))
    var printer = EntryPrinter(.ldif)
    printer.bytes.removeAll()
    while let page = try reader.next() { printer.print(page.batch) }
    #expect(String(decoding: printer.bytes, as: UTF8.self) == "dn: CN=a\ncn: b\nsn: c\n\n")
  }

  @Test func utf16IsTheSame() {
    let wide = "\u{FEFF}" + Self.table
    let bytes = wide.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    #expect(ExportReading(bytes).lines == ExportReading(Self.table).lines)
  }

  @Test func codePagesAreGuessedOrNamed() throws {
    let bytes =
      Array("DN,objectClass,cn\n\"CN=J".utf8) + [0xB3, UInt8(ascii: "\"")] + Array(",user,J".utf8) + [0xB3, 10]
    let guessed = ExportReading(bytes)
    #expect(guessed.values("cn") == ["J³"])
    #expect(guessed.remarks.count == 1 && guessed.remarks[0].contains("--encoding"))
    let named = ExportReading(bytes, encoding: try #require(NamedEncoding("windows-1250")))
    #expect(named.values("cn") == ["Jł"] && named.remarks.isEmpty)
    #expect(NamedEncoding("no-such-encoding") == nil)
    let shifted = Array("DN,cn\nCN=x,".utf8) + [0x83, 0x65, 10]
    #expect(ExportReading(shifted, encoding: try #require(NamedEncoding("Shift_JIS"))).values("cn") == ["テ"])
  }

  @Test func surplusCellsAreToldWithTheirPlace() {
    let read = ExportReading("DN,cn\nCN=ä,b,c,d\n\"CN=x\",x\n")
    #expect(read.lines == ["dn: CN=x", "cn: x"])
    #expect(read.gaps.count == 1)
    #expect(read.gaps[0].hasPrefix("FILE: line 2, column 8: the row has 4 cells and the table 2 columns"))
  }

  @Test func partsOfListsAreJudgedAsParts() {
    let members = (0..<1_500).map { "CN=\($0)" }.joined(separator: ";")
    let cut = ExportReading("DN,objectClass,member\nCN=g,group,\(members)\n")
    #expect(cut.parts == ["member"] && cut.values("member").count == 1_500)
    #expect(ExportReading("DN,objectClass,member\nCN=g,group,\(members);CN=x\n").parts.isEmpty)
    let named = ExportReading("DN,objectClass,member;range=0-1\nCN=g,group,CN=a;CN=b\n")
    #expect(named.parts == ["member"] && named.values("member") == ["CN=a", "CN=b"])
  }

  @Test func damageOfSpreadsheetsIsLoss() {
    let read = ExportReading("DN,cn,memberOf,employeeID\nCN=a,a,##########,1.30547E+17\nCN=b,#NAME?,CN=g,7\n")
    #expect(read.values("employeeID") == ["7"] && read.values("memberOf") == ["CN=g"])
    #expect(read.gaps.count == 3 && read.gaps.allSatisfy { $0.contains("spreadsheet") }, "\(read.gaps)")
  }

  @Test func tablesBehindEachOtherAreOne() {
    #expect(ExportReading("DN,cn\nCN=a,a\nDN,cn\nCN=b,b\n").values("cn") == ["a", "b"])
    let other = ExportReading("DN,cn\nCN=a,a\nDN,mail\nCN=b,b\n")
    #expect(other.values("cn") == ["a"] && other.failure?.message.hasPrefix("line 3: another table") == true)
  }

  @Test func openQuotesAndLongRowsAreTold() {
    let open = ExportReading("DN,cn\nCN=a,a\n\"CN=b,b\nCN=c,c\n")
    #expect(open.values("cn") == ["a"])
    #expect(open.gaps.count == 1 && open.gaps[0].contains("line 3: the table ends within a quoted cell"))
    let long = ExportReading(
      "DN,cn\n\"CN=a,a\n" + String(repeating: "x", count: 3_000) + "\nCN=c,c\n", recordSize: 2_000)
    #expect(long.values("cn") == ["c"] && long.gaps.count == 1)
  }
}

/// Tables that were cut within a row.
@Suite struct CutTableTests {
  @Test(arguments: [
    "DN,objectClass,mail\r\nCN=a,user,a@b.com\r\nCN=b,user,b@b.c",
    "DN,objectClass,mail\r\nCN=a,user,a@b.com\r\nCN=b,us",
    "\"DistinguishedName\",\"ObjectClass\",\"mail\"\r\n\"CN=a\",\"user\",\"a@b.com\"\r\n\"CN=b\",\"user\",\"b@b.c\"",
  ])
  func theRowThatIsCutIsLeftOutAndTold(text: String) {
    let read = ExportReading(text)
    #expect(read.places.count == 1 && read.gaps.contains { $0.contains("line 3") && $0.contains("cut off") })
    let whole = ExportReading(text.split(separator: "\r\n").prefix(2).joined(separator: "\r\n") + "\r\n")
    #expect(whole.places.count == 1 && whole.gaps.isEmpty && whole.lines == read.lines)
  }

  /// Who writes by hand may leave the last line open.
  @Test func aTableByHandIsRemarkedOn() {
    let read = ExportReading("DistinguishedName,ObjectClass,mail\nCN=a,user,a@b.com")
    #expect(read.places.count == 1 && read.gaps.isEmpty && read.remarks.contains { $0.contains("has no end") })
  }
}
