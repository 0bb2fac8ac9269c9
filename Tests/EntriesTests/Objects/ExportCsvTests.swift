import Bytes
import Testing

@testable import Entries

/// Tables that `Export-Csv` wrote of objects of the ActiveDirectory module and of Exchange.
@Suite struct ExportCsvTests {
  @Test func propertiesBecomeAttributes() {
    let read = ExportReading(
      """
      #TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser\r
      "DistinguishedName","EmailAddress","Enabled","Surname","SID","ObjectGUID","ObjectClass","proxyAddresses","info","PropertyCount"\r
      "CN=Jo,DC=x","jo@x.com","False","Doe","S-1-5-32-544","5ef73093-4907-40b0-a21f-c98e191fd545","user",\
      "SMTP:jo@x.com;smtp:j@x.com","two\r
      lines ""quoted"" x","12"\r
      "CN=Al,DC=x",,"True","","","","contact",,,\r

      """)
    #expect(read.failure == nil && read.gaps.isEmpty, "\(read)")
    #expect(read.values("mail") == ["jo@x.com"] && read.values("sn") == ["Doe"])
    #expect(read.values("userAccountControl") == ["2", "0"])
    #expect(read.binary("objectGUID") == ["kzD3XgdJsECiH8mOGR/VRQ=="])
    #expect(read.values("proxyAddresses") == ["SMTP:jo@x.com", "smtp:j@x.com"])
    #expect(read.values("info") == ["two\r\nlines \"quoted\" x"])
    #expect(read.places == [3, 5])
    #expect(!read.lines.contains { $0.hasPrefix("Property") || $0.hasPrefix("SID") })
    #expect(read.exported.contains("mail") && read.exported.contains("info") && !read.exported.contains("title"))
  }

  @Test func theNameOfTheDirectorySaysItBest() {
    let read = ExportReading("DistinguishedName;City;l;Office\n\"CN=a,DC=x\";old;new;1\n")
    #expect(read.values("l") == ["new"] && read.values("physicalDeliveryOfficeName") == ["1"])
  }

  @Test(arguments: [
    "Microsoft.ActiveDirectory.Management.ADPropertyValueCollection", "System.Object[]", "System.String[]",
    "Microsoft.Exchange.Data.MultiValuedProperty`1[System.String]", "System.Collections.ArrayList",
  ])
  func namesOfTypesAreLoss(_ type: String) {
    let read = ExportReading("DistinguishedName,proxyAddresses,mail\n\"CN=a\",\(type),\n\"CN=b\",\(type),b@x.com\n")
    #expect(read.values("proxyAddresses").isEmpty)
    #expect(read.gaps.count == 1)
    #expect(read.gaps[0].hasPrefix("proxyAddresses was not exported to FILE: 2 objects hold the name of a type"))
    #expect(read.gaps[0].contains("Export-Clixml"))
    #expect(!read.exported.contains("proxyaddresses") && read.exported.contains("mail"))
  }

  @Test func wordsWithDotsAreNoTypes() {
    for value in ["System.Admin", "Microsoft.Office", "System", "Deserialized.x y"] {
      #expect(ExportReading("DistinguishedName,cn\nCN=a,\(value)\n").values("cn") == [value])
    }
  }

  @Test(arguments: [
    "SMTP:a@x.com;smtp:b@x.com", "SMTP:a@x.com, smtp:b@x.com", "SMTP:a@x.com | smtp:b@x.com",
    "SMTP:a@x.com smtp:b@x.com",
    "SMTP:a@x.com\nsmtp:b@x.com\n", "SMTP:a@x.com\r\nsmtp:b@x.com",
  ])
  func addressesWereJoinedInAnyWay(_ joined: String) {
    let read = ExportReading("DistinguishedName,EmailAddresses\nCN=a,\"\(joined)\"\n")
    #expect(read.values("proxyAddresses") == ["SMTP:a@x.com", "smtp:b@x.com"])
  }

  @Test func addressesAreNotDividedWithin() {
    let x400 = "X400:c=us;a= ;p=Contoso;s=Doe;"
    let x500 = "X500:/o=Ex, Inc/ou=a b/cn=c"
    let read = ExportReading(
      "DistinguishedName,proxyAddresses\nCN=a,\"\(x400);smtp:a@x.com;\(x500)\"\nCN=b,\"smtp:b c@x.com\"\n")
    #expect(read.values("proxyAddresses") == [x400, "smtp:a@x.com", x500, "smtp:b c@x.com"])
  }

  /// The second value has no type, or a wrong one; no address of SMTP goes on behind a semicolon.
  @Test(arguments: ["b@x.com", "smtp :b@x.com", "'smtp:b@x.com'"])
  func addressesWithoutTypesAreValues(_ second: String) {
    let read = ExportReading("DistinguishedName,proxyAddresses\nCN=a,\"SMTP:a@x.com;\(second);smtp:c@x.com\"\n")
    #expect(read.values("proxyAddresses") == ["SMTP:a@x.com", second, "smtp:c@x.com"])
    let one = ExportReading("DistinguishedName,proxyAddresses\nCN=a,\"SMTP:a;b@x.com;smtp:c@x.com\"\n")
    #expect(one.values("proxyAddresses") == ["SMTP:a;b@x.com", "smtp:c@x.com"])
  }

  /// Blanks are the values' own where one separator has none.
  @Test func blanksAroundSeparators() {
    let read = ExportReading(
      "DistinguishedName,proxyAddresses\nCN=a,\"SMTP:a@x.com ;smtp:b@x.com; smtp:c@x.com;smtp:d@x.com\"\n")
    #expect(read.values("proxyAddresses") == ["SMTP:a@x.com ", "smtp:b@x.com", " smtp:c@x.com", "smtp:d@x.com"])
  }

  @Test(arguments: [";", "; ", "|", ", ", "\n"]) func certificatesWereJoinedInAnyWay(_ separator: String) {
    let read = ExportReading("DistinguishedName,userCertificate\nCN=a,\"/wAB\(separator)/wACAw==\"\n")
    #expect(read.binary("userCertificate") == ["/wAB", "/wACAw=="] && read.gaps.isEmpty)
  }

  @Test func recipientsOfExchange() {
    let read = ExportReading(
      """
      "Alias","EmailAddresses","ExternalEmailAddress","RecipientTypeDetails","ExchangeGuid","DistinguishedName","HiddenFromAddressListsEnabled","CustomAttribute1","RemoteRecipientType","ManagedBy","MaxSendSize"
      "jo","SMTP:jo@x.com smtp:j@x.com","SMTP:jo@y.com","RemoteUserMailbox","00000000-0000-0000-0000-000000000000","CN=Jo,DC=x","False","c1","ProvisionMailbox, SharedMailbox","x.com/Users/Al","Unlimited"
      "sales","smtp:s@x.com","","MailUniversalSecurityGroup","5ef73093-4907-40b0-a21f-c98e191fd545","CN=S,DC=x","True","","None","",""

      """)
    #expect(read.values("mailNickname") == ["jo", "sales"] && read.values("targetAddress") == ["SMTP:jo@y.com"])
    #expect(read.values("msExchRecipientTypeDetails") == ["2147483648", "1024"])
    #expect(read.values("msExchRemoteRecipientType") == ["97"])
    #expect(read.binary("msExchMailboxGuid").count == 1)
    #expect(read.values("msExchHideFromAddressLists") == ["FALSE", "TRUE"])
    #expect(read.values("extensionAttribute1") == ["c1"])
    #expect(read.values("objectClass") == ["top", "person", "organizationalPerson", "user", "top", "group"])
    #expect(!read.lines.contains { $0.contains("Unlimited") || $0.contains("x.com/Users") })
    #expect(read.remarks.contains { $0.contains("as Exchange sees them") })
    #expect(!read.exported.contains("useraccountcontrol"))
  }

  @Test func theCloudIsRefused() {
    let read = ExportReading(
      "DistinguishedName,RecipientType\n\"CN=a,OU=Microsoft Exchange Hosted Organizations,DC=P,DC=PROD,DC=OUTLOOK,DC=COM\",UserMailbox\n"
    )
    #expect(read.failure?.kind == .wrongFormat && read.failure?.message.contains("Exchange Online") == true)
  }

  @Test func lostLettersAreTold() {
    let ascii = ExportReading("\"DistinguishedName\",\"displayName\"\n\"CN=J?rg\",\"J?rg\"\n")
    #expect(ascii.gaps.count == 1 && ascii.gaps[0].contains("-Encoding UTF8"))
    #expect(ExportReading("\"DistinguishedName\",\"displayName\"\n\"CN=x\",\"Jürg?\"\n").gaps.isEmpty)
  }

  @Test func hintsAndMarksOfSpreadsheets() {
    let read = ExportReading("\u{FEFF}sep=;\r\nDistinguishedName;cn\r\n\"CN=a;b\";x\r\n;;\r\n")
    #expect(read.lines.first == "dn: CN=a;b" && read.values("cn") == ["x"])
    let typed = ExportReading("#TYPE Microsoft.ActiveDirectory.Management.ADUser,,\nDistinguishedName,cn\nCN=a,x\n")
    #expect(typed.values("cn") == ["x"])
  }

  @Test func tablesWithoutNamesAreRefused() {
    let read = ExportReading("#TYPE Microsoft.ActiveDirectory.Management.ADUser\n\"Name\",\"mail\"\n\"a\",\"b\"\n")
    #expect(read.failure?.kind == .wrongFormat && read.failure?.message.contains("DistinguishedName") == true)
    #expect(!ExportReading("Name;Type;Description\nJo;User;x\n").isRecordSource)
  }
}

/// Tables that went through a spreadsheet, or that show for people what a list holds.
@Suite struct ShownValueTests {
  private func read(_ columns: String, _ cells: String) -> ExportReading {
    ExportReading("\"DistinguishedName\",\"ObjectClass\",\(columns)\n\"CN=a,DC=x\",\"user\",\(cells)\n")
  }

  private func values(_ column: String, _ cell: String) -> [String] {
    read("\"\(column)\"", "\"\(cell)\"").lines.filter { $0.hasPrefix("\(column):") }
      .map { String($0.dropFirst(column.count + 2)) }
  }

  /// The greatest number stands for never, in whatever way a program shows it.
  @Test(arguments: [
    "9.22E+18", "9,22337E+18", "31.12.9999 23:59:59", "12/31/9999 11:59:59 PM", "9999-12-31T23:59:59.9999999Z",
    "9223372036854775807",
  ])
  func never(_ text: String) { #expect(values("accountExpires", text) == ["9223372036854775807"]) }

  @Test func otherTimesOf64Bits() {
    #expect(values("accountExpires", "2024-01-01T00:00:00Z") == ["133485408000000000"])
    #expect(values("accountExpires", "0") == ["0"])
    #expect(values("accountExpires", "31.12.2026 23:59:59") == ["31.12.2026 23:59:59"])
    let rounded = read("\"accountExpires\"", "\"1.33E+17\"")
    #expect(
      rounded.lines == [
        "dn: CN=a,DC=x", "objectClass: top", "objectClass: person", "objectClass: organizationalPerson",
        "objectClass: user", "distinguishedName: CN=a,DC=x",
      ])
    #expect(rounded.gaps.count == 1)
  }

  @Test func listsAsTheyAreShown() {
    #expect(values("proxyAddresses", "{SMTP:a@x.de, smtp:b@x.de}") == ["SMTP:a@x.de", "smtp:b@x.de"])
    #expect(values("proxyAddresses", "{SMTP:a@x.de}") == ["SMTP:a@x.de"])
    #expect(values("proxyAddresses", "{}") == [])
    #expect(values("member", "{CN=a,OU=b,DC=x, CN=c,DC=x}") == ["CN=a,OU=b,DC=x", "CN=c,DC=x"])
    // Who has one value has no list.
    #expect(values("mail", "{a@x.de}") == ["{a@x.de}"])
  }

  @Test(arguments: ["{SMTP:a@x.de, smtp:b@x.de...}", "{SMTP:a@x.de, smtp:b@x.de…}", "{SMTP:a@x.de, smtp:b@x.de, ...}"])
  func listsThatAreShownInPart(_ text: String) {
    let read = read("\"proxyAddresses\"", "\"\(text)\"")
    #expect(read.parts == ["proxyAddresses", "proxyAddresses"] || read.parts == ["proxyAddresses"])
    #expect(read.lines.suffix(2) == ["proxyAddresses: SMTP:a@x.de", "proxyAddresses: smtp:b@x.de"])
  }
}
