import Bytes
import Testing

@testable import Entries

/// Objects that PowerShell wrote with `ConvertTo-Json`.
@Suite struct JSONObjectsTests {
  private static let object = """
    {
            "DistinguishedName":  "CN=Doe\\\\, Jane,DC=x",
            "ObjectClass":  "user",
            "ObjectGUID":  "5ef73093-4907-40b0-a21f-c98e191fd545",
            "proxyAddresses":  [
                                   "SMTP:jane@x.com",
                                   "smtp:a b@x.com smtp:c@x.com"
                               ],
            "mS-DS-ConsistencyGuid":  [147, 48, 247, 94, 7, 73, 176, 64, 162, 31, 201, 142, 25, 31, 213, 69],
            "SID":  {"BinaryLength":  28, "AccountDomainSid":  "S-1-5-21-1-2-3", "Value":  "S-1-5-21-1-2-3-1104"},
            "whenCreated":  "\\/Date(1493333337000)\\/",
            "Created":  {"value": "\\/Date(1493333337000)\\/", "DateTime": "Freitag"},
            "userAccountControl":  512, "pwdLastSet": 9223372036854775807,
            "otherTelephone":  {"value": ["1", "2"], "Count": 2}, "msExchHideFromAddressLists": true,
            "title":  null, "description": [], "PropertyNames":  ["title"], "PropertyCount":  12
        }
    """

  private func check(_ read: ExportReading) {
    #expect(read.failure == nil && read.gaps.isEmpty && read.remarks.isEmpty, "\(read)")
    #expect(read.lines.first == "dn: CN=Doe\\, Jane,DC=x")
    #expect(read.values("proxyAddresses") == ["SMTP:jane@x.com", "smtp:a b@x.com smtp:c@x.com"])
    #expect(read.binary("mS-DS-ConsistencyGuid") == read.binary("objectGUID"))
    #expect(read.values("whenCreated") == ["20170427224857.0Z"])
    #expect(read.values("pwdLastSet") == ["9223372036854775807"])
    #expect(read.values("otherTelephone") == ["1", "2"])
    #expect(read.values("msExchHideFromAddressLists") == ["TRUE"])
    #expect(read.binary("objectSid").count + read.values("objectSid").count == 1)
    #expect(read.exported.contains("title") && read.exported.contains("description"))
  }

  @Test func oneObjectAListLinesAndAWrapper() {
    check(ExportReading(Self.object))
    let list = ExportReading("[\r\n    \(Self.object),\n{\"DistinguishedName\":\"CN=b\"}]")
    #expect(list.places == [2, 18])
    #expect(list.values("title").isEmpty && list.lines.last == "distinguishedName: CN=b")
    check(ExportReading("{\"value\": [\(Self.object)], \"Count\": 1}"))
    let one = Self.object.replacing("\n", with: " ")
    let lines = ExportReading("\(one)\n\(one)\n")
    #expect(lines.places == [1, 2])
    let wide = "\u{FEFF}" + Self.object
    check(ExportReading(wide.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }))
  }

  @Test func snapshotsOfADExplorer() {
    let read = ExportReading(
      #"{"distinguishedName": ["CN=g,DC=x"], "objectClass": ["top", "group"], "groupType": [2147483656], "objectGUID": "#
        + #"["5ef73093-4907-40b0-a21f-c98e191fd545"], "whenCreated": [1493333337], "codePage": [0]}"#)
    #expect(read.values("groupType") == ["-2147483640"] && read.values("whenCreated") == ["20170427224857.0Z"])
    #expect(read.values("objectClass") == ["top", "group"] && read.values("codePage") == ["0"])
    #expect(read.binary("objectGUID").count == 1)
  }

  /// Names come from strangers, too: none of them gets into a record that is no name.
  @Test func namesThatAreNoneAreLeftOut() {
    let names = [
      "cn;x\\ndn: CN=evil", "cn;range=a", "cn: x", "", "ä", "changetype", "1x", "cn;range=0-\\n*", "control",
    ]
    let members = names.map { ",\"\($0)\":\"v\"" }.joined()
    let read = ExportReading("{\"dn\":\"CN=a\"\(members),\"cn;lang-de\":\"d\",\"sn\":\"s\"}")
    #expect(read.lines == ["dn: CN=a", "cn;lang-de: d", "sn: s"] && read.problems.isEmpty)
    #expect(read.remarks.count == 1)
  }

  @Test func flattenedListsAreDividedOrLost() {
    let read = ExportReading(
      #"[{"DistinguishedName":"CN=a","proxyAddresses":"SMTP:a@x.com smtp:b@x.com","member":"System.Object[]","memberOf":"CN=a,DC=x CN=b,DC=x"}]"#
    )
    #expect(read.values("proxyAddresses") == ["SMTP:a@x.com", "smtp:b@x.com"])
    #expect(read.values("memberOf") == ["CN=a,DC=x", "CN=b,DC=x"])
    #expect(read.gaps.count == 1 && read.gaps[0].hasPrefix("member was not exported"))
  }

  @Test func addressesOfExchangeAsObjects() {
    let read = ExportReading(
      #"[{"DistinguishedName":"CN=a","RecipientTypeDetails":"MailUser","EmailAddresses":[{"ProxyAddressString":"SMTP:a@x.com"},"#
        + #"{"AddressString":"b@x.com","PrefixString":"smtp"}],"WindowsEmailAddress":{"Local":"a","Domain":"x.com"}}]"#)
    #expect(read.values("proxyAddresses") == ["SMTP:a@x.com", "smtp:b@x.com"] && read.values("mail") == ["a@x.com"])
  }

  @Test func entriesOfThisProgram() {
    let read = ExportReading(
      #"{"dn":"CN=a","attributes":{"cn":["a"],"objectGUID":[{"b64":"kzD3XgdJsECiH8mOGR/VRQ=="}]}}"#)
    #expect(read.lines == ["dn: CN=a", "cn: a", "objectGUID:: kzD3XgdJsECiH8mOGR/VRQ=="])
  }

  @Test(arguments: [
    (#"{"ClassId2e4f51ef21dd47e99d3c952918aff9cd":"x"}"#, "Format-List"),
    (#"{"rule":"x","message":"y","dn":"CN=a"}"#, "findings"),
    (#"{"data":[],"meta":{"type":"users"}}"#, "BloodHound"), (#"{"id":"1","userPrincipalName":"a@x.com"}"#, "cloud"),
    (#"{"a":1}"#, "no DistinguishedName"), (#"{"a" 1}"#, "line 1, column 6"),
  ])
  func otherThingsAreNamed(_ text: String, _ reason: String) {
    let read = ExportReading(text)
    #expect(read.failure?.kind == .wrongFormat && read.failure?.message.contains(reason) == true, "\(read)")
  }

  @Test func damageIsToldAndWhatCameBeforeIsKept() {
    let read = ExportReading("[{\"dn\":\"CN=a\",\"cn\":\"a\"},\n{\"dn\":\"CN=b\" \"cn\"}]", blockSize: 1)
    #expect(read.values("cn") == ["a"] && read.failure?.kind == .readError)
    #expect(read.failure?.message.hasPrefix("line 2, column 14") == true)
    let long = ExportReading(
      "[{\"dn\":\"CN=a\",\"cn\":\"\(String(repeating: "x", count: 9_000))\"},{\"dn\":\"CN=b\",\"cn\":\"b\"}]",
      recordSize: 4_000)
    #expect(long.values("cn") == ["b"] && long.gaps.count == 1)
  }
}

/// A list without objects, and files that were cut before the first one ended.
@Suite struct EmptyListTests {
  @Test(arguments: ["[]", "[ ]\n", "\u{FEFF}[]"])
  func listsOfNothing(_ text: String) {
    let read = ExportReading(text)
    #expect(read.failure == nil && read.lines.isEmpty && read.isRecordSource)
  }

  @Test(arguments: ["[", "[{", #"[{"DistinguishedName":"CN=A,DC=x","ObjectCl"#, #"{"DistinguishedName":"CN=A,"#])
  func cutBeforeTheFirstObjectEnds(_ text: String) throws {
    let failure = try #require(ExportReading(text).failure)
    #expect(failure.kind == .readError)
    #expect(failure.message.hasSuffix("the text ends within the JSON value"))
  }
}
