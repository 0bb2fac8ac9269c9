import Bytes
import Directory
import Testing

@testable import Entries

/// What the tools that write LDIF really write.
@Suite struct DialectTests {
  @Test func ldapsearchHeadersReferralsAndTrailer() {
    let reading = Reading(
      """
      # extended LDIF
      #
      # LDAPv3
      # base <dc=contoso,dc=com> with scope subtree
      # filter: (objectClass=*)
      #

      # Jo Doe, Staff, contoso.com
      dn: CN=Jo Doe,OU=Staff,DC=contoso,DC=com
      cn: Jo Doe

      # search reference
      ref: ldap://ForestDnsZones.contoso.com/DC=ForestDnsZones,DC=contoso,DC=com

      # search result
      search: 2
      result: 0 Success
      control: 1.2.840.113556.1.4.319 false MAUCAQAEAA==
      pagedresults: cookie=

      # numResponses: 3
      # numEntries: 1
      # numReferences: 1

      """)
    #expect(reading.items.map(\.dn) == ["CN=Jo Doe,OU=Staff,DC=contoso,DC=com"])
    #expect(reading.failure == nil)
    #expect(reading.lines == 23)
  }

  @Test func aSearchThatFailedIsRemarkedOn() {
    let reading = Reading("dn: CN=a\ncn: a\n\nsearch: 2\nresult: 4 Size limit exceeded\n")
    #expect(reading.items.count == 2)
    #expect(
      reading.items.last
        == .problem(
          line: 5, column: 9,
          message:
            "the search that wrote this ended with result '4 Size limit exceeded': entries are missing, export again",
          losesRecord: false))
  }

  @Test func onlyATrailerIsAnEmptyResult() {
    let reading = Reading("search: 2\nresult: 0 Success\n")
    #expect(reading.items == [])
    #expect(reading.failure == nil)
  }

  @Test func ldapsearchQuietReferral() {
    let reading = Reading("dn: CN=a\ncn: a\n\n# refldap://x.contoso.com/DC=x\n\ndn: CN=b\n\n")
    #expect(reading.items.map(\.dn) == ["CN=a", "CN=b"])
  }

  @Test func ldbsearch() {
    let reading = Reading(
      """
      # record 1
      dn: CN=a,DC=x
      cn: a

      # Referral
      ref: ldap:///CN=Configuration,DC=x

      # returned 2 records
      # 1 entries
      # 1 referrals

      """)
    #expect(reading.items.map(\.dn) == ["CN=a,DC=x"])
    #expect(reading.failure == nil)
  }

  @Test func ldifde() {
    let record = "dn: CN=a,DC=x\r\nchangetype: add\r\ncn: a\r\nobjectGUID:: AAECAwQFBgcICQoLDA0ODw==\r\n\r\n"
    let reading = Reading(record + record + record)
    #expect(reading.items.count == 3)
    #expect(reading.items.map(\.dn) == ["CN=a,DC=x", "CN=a,DC=x", "CN=a,DC=x"])
    for item in reading.items {
      guard case .entry(_, _, let values, _) = item else { continue }
      #expect(values.map(\.name) == ["cn", "objectGUID"])
      #expect(values[1].bytes.bytes == Array(0...15))
    }
  }

  @Test func changeTypeFurtherDownIsAMistake() {
    let record = "dn: CN=a\nobjectClass: top\ncn: a\nchangeType: modify\n\n"
    let reading = Reading(record + record)
    #expect(reading.items.map(\.place) == ["4:1", "9:1"])
    #expect(reading.items.allSatisfy { $0.message.contains("right behind 'dn:'") })
  }

  @Test(arguments: [
    "cn;range=0-1: a\nchangetype: modify", "cn: a\nchangetype: add", "changetype: add\nchangetype: add",
  ])
  func onlyAPlainCnMayStandBeforeChangeType(_ lines: String) {
    let reading = Reading("dn: CN=a\n\(lines)\ncn: a\n")
    #expect(reading.items.map(\.place) == ["3:1"])
  }

  @Test func anExportAppendedToAnother() {
    let reading = Reading("version: 1\ndn: CN=a\n\nversion: 1\n\ndn: CN=b\n")
    #expect(reading.items.map(\.dn) == ["CN=a", "CN=b"])
  }

  @Test func idFixLDFExport() {
    let reading = Reading(
      """
      dn: CN=Ann Lee,OU=Staff,DC=contoso,DC=com
      cn: Ann Lee
      changetype: modify
      replace: userPrincipalName
      userPrincipalName: annlee@contoso.com
      -

      """)
    let change = ChangeRecord.Change.modify([
      Modification(
        operation: .replace, attribute: "userPrincipalName", values: [Array("annlee@contoso.com".utf8)])
    ])
    #expect(
      reading.items == [
        .change(ChangeRecord(dn: Array("CN=Ann Lee,OU=Staff,DC=contoso,DC=com".utf8), change: change), line: 1)
      ])
  }

  @Test func idFixUpdateFileIsNamed() {
    let record = "distinguishedName: CN=a\nobjectClass: user\nattribute: mail\nvalue: x\nupdate: y\naction: Edit\n-\n\n"
    let reading = Reading(record + "dn: CN=b\n\n")
    #expect(reading.failure == nil)
    #expect(reading.items.map(\.place) == ["1:1", ""])
    #expect(reading.items[0].message.contains("IdFix update file"))
    #expect(reading.items[1].dn == "CN=b")
  }

  @Test func byteOrderMarkBeforeDN() throws {
    let reading = Reading("\u{feff}dn: CN=a\nfoo\n\ndn: CN=b\ncn: b\n")
    #expect(reading.items.map(\.place) == ["2:1", ""])
    let file = TemporaryFile(Array("\u{feff}dn: CN=ä\ncn: b\n".utf8))
    let reader = try LDIFBlockReader(path: file.path)
    var block = LDIFBlock()
    #expect(try reader.next(into: &block))
    #expect(reader.isSeekable)
    // The offset counts the mark, so that the record can be read again from the file.
    #expect(block.textOffset == 3)
  }

  @Test func rangedValuesAreMergedAndIncompleteOnesTold() {
    let text = """
      dn: CN=whole
      member;range=0-1: CN=a
      member;range=0-1: CN=b
      member;range=2-*: CN=c

      dn: CN=part
      cn: x
      member;range=0-1: CN=a
      Member;Range=0-1: CN=b
      member;x-opt;range=0-1: CN=b

      """
    for repeats in 1...2 {
      var parser = LDIFParser()
      var block = LDIFBlock(text: Array(String(repeating: text + "\n", count: repeats).utf8))
      var batch = EntryBatch(attributes: AttributeTable())
      parser.parse(&block, into: &batch)
      let read = items(of: batch)
      #expect(read[2 * repeats - 2].values == ["member=CN=a", "member=CN=b", "member=CN=c"])
      #expect(read[2 * repeats - 1].values == ["cn=x", "member=CN=a", "member=CN=b", "member;x-opt=CN=b"])
      let incomplete = batch.incompleteRanges.map { "\($0.entry) \(batch.attributes[$0.attribute].name)" }
      #expect(incomplete == (0..<repeats).flatMap { ["\(2 * $0 + 1) member", "\(2 * $0 + 1) member;x-opt"] })
    }
  }

  @Test func changeRecords() {
    let reading = Reading(
      """
      version: 1

      dn: CN=a
      control: 1.2.840.113556.1.4.805 true
      control: 1.2.3
      control: 1.2.4 false: text
      control: 1.2.5:: AP8=
      changetype: delete

      dn: CN=b
      changetype: Modify
      add: mail
      mail: a@b
      MAIL:: YQ==
      -
      delete: cn
      -
      replace: sn;lang-de
      sn;lang-de:
      -
      increment: uidNumber
      uidNumber: 1

      dn: CN=c
      changetype: moddn
      newrdn: CN=d
      deleteoldrdn: 0
      newsuperior: DC=x

      dn:: Q049ZA==
      changetype: modrdn
      newrdn:: Q049ZQ==
      deleteoldrdn: 1

      dn: CN=f
      control: 1.2.3 true
      changetype: add
      cn: f

      dn: CN=g
      changetype: modify
      """)
    let bytes = { (text: String) in Array(text.utf8) }
    let controls = [
      ChangeControl(oid: "1.2.840.113556.1.4.805", isCritical: true, value: nil),
      ChangeControl(oid: "1.2.3", isCritical: false, value: nil),
      ChangeControl(oid: "1.2.4", isCritical: false, value: bytes("text")),
      ChangeControl(oid: "1.2.5", isCritical: false, value: [0, 255]),
    ]
    let modifications = [
      Modification(operation: .add, attribute: "mail", values: [bytes("a@b"), bytes("a")]),
      Modification(operation: .delete, attribute: "cn", values: []),
      Modification(operation: .replace, attribute: "sn;lang-de", values: [[]]),
      Modification(operation: .increment, attribute: "uidNumber", values: [bytes("1")]),
    ]
    #expect(
      reading.items == [
        .change(ChangeRecord(dn: bytes("CN=a"), change: .delete, controls: controls), line: 3),
        .change(ChangeRecord(dn: bytes("CN=b"), change: .modify(modifications)), line: 10),
        .change(
          ChangeRecord(
            dn: bytes("CN=c"),
            change: .modifyDN(newRDN: bytes("CN=d"), deleteOldRDN: false, newSuperior: bytes("DC=x"))), line: 24),
        .change(
          ChangeRecord(
            dn: bytes("CN=d"), change: .modifyDN(newRDN: bytes("CN=e"), deleteOldRDN: true, newSuperior: nil)),
          line: 30),
        .entry(
          dn: "CN=f", line: 35, values: [.init(name: "cn", bytes: "f", line: 38, column: 5)],
          controls: [ChangeControl(oid: "1.2.3", isCritical: true, value: nil)]),
        .change(ChangeRecord(dn: bytes("CN=g"), change: .modify([])), line: 40),
      ])
  }

  /// `ldifde` writes `changetype: add` in each record: the scanner has to know it after the first, or every record of such an
  /// export is read byte by byte.
  @Test func theScannerLearnsWhatLdifdeWrites() {
    var attributes = AttributeTable()
    var spellings = SpellingTable(readCount: .max)
    let text = Array("dn: CN=a\r\nchangetype: add\r\ncn: a\r\n\r\n".utf8) + Array(repeating: 0, count: LDIFBlock.slack)
    var reader = LDIFRecordParser(text, end: text.count - LDIFBlock.slack, position: 0, line: 0)
    guard case .entry = reader.read(&attributes, &spellings) else {
      Issue.record("no entry")
      return
    }
    let number = spellings.number(of: Array("changetype:".utf8))
    #expect(number.map { spellings.spellings[$0].kind } == .directive)
    #expect(spellings.number(of: Array("cn:".utf8)) != nil)
  }
}
