import Bytes
import Directory
import Testing

@testable import Entries

/// What tells that an export is not all that was asked for, or not all that was written.
@Suite struct WholeExportTests {
  /// What reading a file to its end came to.
  private struct Outcome {
    var entries = 0
    var problems: [SourceProblem] = []
    var failure: SourceFailure?
    var gaps: [String] = []
    var remarks: [String] = []
    var exported = ExportedAttributes.unknown
    var announced: Int?

    /// Whether nothing says that something is missing.
    var isWhole: Bool { failure == nil && gaps.isEmpty && problems.isEmpty }

    init(_ bytes: [UInt8]) throws {
      let file = TemporaryFile(bytes)
      do throws(SourceFailure) {
        let source = try Entries.open(.file(file.path))
        var reader = EntryReader(source)
        do throws(SourceFailure) {
          while let page = try reader.next() {
            entries += page.batch.entries.count
            problems += page.problems
          }
        } catch {
          failure = error
        }
        (gaps, remarks, exported, announced) = (source.gaps, source.remarks, source.exported, source.announcedEntries)
      } catch {
        failure = error
      }
    }
  }

  private static let ldapsearch = """
    # extended LDIF
    #
    # LDAPv3
    # base <dc=contoso,dc=com> with scope subtree
    # filter: (objectClass=user)
    # requesting: mail objectClass
    #

    # Ann, contoso.com
    dn: CN=Ann,DC=contoso,DC=com
    objectClass: user
    mail: ann@contoso.com

    # Bob, contoso.com
    dn: CN=Bob,DC=contoso,DC=com
    objectClass: user
    mail: bob@contoso.com

    """

  private static let searchEnd =
    "\n# search result\nsearch: 2\nresult: 0 Success\n\n# numResponses: 3\n# numEntries: 2\n"
  private static let records =
    "dn: CN=Ann,DC=contoso,DC=com\nobjectClass: user\nmail: ann@contoso.com\n\n"
    + "dn: CN=Bob,DC=contoso,DC=com\nobjectClass: user\nmail: bob@contoso.com\n\n"

  private static let ldifde = records.replacing("objectClass", with: "changetype: add\nobjectClass: top\nobjectClass")
    .replacing("\n", with: "\r\n")

  /// Texts of tools by whose habits a cut is known, each with two entries.
  static let marked = [
    ldapsearch + searchEnd, "SASL/GSSAPI authentication started\nSASL SSF: 256\n" + ldapsearch + searchEnd,
    "# record 1\n" + records.replacing("dn: CN=Bob", with: "# record 2\ndn: CN=Bob")
      + "# returned 2 records\n# 2 entries\n# 0 referrals\n",
    ldifde, ldifde.replacing("CN=Ann,", with: "CN=Ann,\r\n "),
    "# entries of dirsync-lint, each ended by an empty line\nversion: 1\n\n" + records,
  ]

  /// Wherever it is cut behind its first entry has begun, within a line or at its end, and no entry is handed out whose
  /// record did not end.
  @Test(arguments: marked) func aTextOfAKnownToolThatWasCutIsNotWhole(_ text: String) throws {
    let bytes = Array(text.utf8)
    let whole = try Outcome(bytes)
    #expect(whole.failure == nil && whole.entries == 2)
    let isEndedByComments = text.hasSuffix("# numEntries: 2\n") || text.hasSuffix("referrals\n")
    let end = text.utf8.count - (isEndedByComments ? "# 0 referrals\n# 2 entries\n# numEntries: 2\n".utf8.count : 1)
    // What is shorter does not tell its tool yet.
    let mark = try #require(text.range(of: "objectClass: top\r\n") ?? text.range(of: "dn: CN=Ann"))
    let first = mark.upperBound.utf16Offset(in: text)
    for cut in stride(from: first, to: end, by: 3) {
      let part = String(decoding: bytes[..<cut], as: UTF8.self)
      // ldifde and this program say nothing of how many records there are.
      if !isEndedByComments, part.hasSuffix("\n\n") || part.hasSuffix("\r\n\r\n") { continue }
      if part.hasSuffix("\r") { continue }
      let outcome = try Outcome(Array(part.utf8))
      #expect(outcome.failure != nil, "\(cut)")
      let ended = part.components(separatedBy: part.contains("\r") ? "\r\n\r\n" : "\n\n").dropLast()
      #expect(outcome.entries == ended.count { $0.contains("mail: ") }, "\(cut)")
    }
  }

  @Test func everyOutputThatWasJoinedHasItsEnd() throws {
    let whole = Self.ldapsearch + Self.searchEnd
    let both = try Outcome(Array((whole + "\n" + whole).utf8))
    #expect(both.isWhole && both.announced == 4)
    #expect(try !Outcome(Array((Self.ldapsearch + "\n" + whole).utf8)).isWhole)
    #expect(try !Outcome(Array((whole + "\n" + Self.ldapsearch).utf8)).isWhole)
  }

  /// Records of the database itself have attributes that no object has.
  @Test func recordsOfTheDatabaseAreNoGap() throws {
    let outcome = try Outcome(Array("dn: @INDEXLIST\n@IDXATTR: cn\n@IDXATTR: sn\n\ndn: CN=a\ncn: a\n\n".utf8))
    #expect(outcome.isWhole && outcome.entries == 2)
    #expect(try !Outcome(Array("dn: CN=a\n@IDXATTR: cn\n\n".utf8)).isWhole)
  }

  /// Referrals are records of ldbsearch and no entries.
  @Test func referralsAreNotAnnounced() throws {
    let records = "# record 1\ndn: CN=a\ncn: a\n\n# Referral\nref: ldap://b\n\n"
    let text = records + "# returned 2 records\n# 1 entries\n# 1 referrals\n"
    #expect(try Outcome(Array(text.utf8)).announced == 1)
  }

  @Test func aHandWrittenTextMayEndWithinALine() throws {
    let outcome = try Outcome(Array("dn: CN=Ann,DC=contoso,DC=com\nobjectClass: user\nmail: ann@contoso.com".utf8))
    #expect(outcome.isWhole && outcome.entries == 1)
    #expect(outcome.remarks.count == 1)
  }

  @Test(arguments: ["gzip", "zstd"]) func noCutOfCompressedDataPasses(_ format: String) throws {
    let text = Array((Self.ldapsearch + Self.searchEnd).utf8)
    let compressed = format == "gzip" ? InputTests.gzip(text) : InputTests.zstd(text)
    #expect(try Outcome(compressed).isWhole)
    for cut in 4..<compressed.count {
      #expect(try !Outcome(Array(compressed[..<cut])).isWhole, "\(cut) of \(compressed.count)")
    }
  }

  @Test func utf16ThatIsDamagedIsNotWhole() throws {
    func utf16(_ units: [UInt16]) -> [UInt8] { [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }
    let units = Array("dn: CN=Ann,DC=contoso,DC=com\ncn: Ann\n".utf16)
    #expect(try Outcome(utf16(units)).isWhole)
    let odd = try Outcome(utf16(units) + [0x61])
    // A record that has not ended may lack what would have followed.
    #expect(odd.entries == 0 && odd.failure != nil)
    let oddWithin = try Outcome(utf16(units.dropLast()) + [0x61])
    #expect(oddWithin.entries == 1 && oddWithin.gaps.count == 1 && oddWithin.remarks.count == 1)
    for lone in [UInt16(0xD83D), 0xDE00] {
      let outcome = try Outcome(utf16(units.dropLast() + [lone, 10]))
      #expect(outcome.entries == 1 && outcome.gaps.count == 1)
    }
  }

  @Test(arguments: [("2", 2), ("1000", 1_000)]) func theNumberOfEntriesIsRead(_ text: String, _ number: Int) throws {
    let end = "\n# search result\nsearch: 2\nresult: 0 Success\n\n# numResponses: 3\n# numEntries: \(text)\n"
    #expect(try Outcome(Array((Self.ldapsearch + end).utf8)).announced == number)
    #expect(try Outcome(Array("dn: CN=a\ncn: a\n\n# returned 2 records\n".utf8)).announced == 2)
  }

  @Test func theAttributesThatWereAskedForAreRead() throws {
    #expect(try Outcome(Array(Self.ldapsearch.utf8)).exported == .only(["mail", "objectclass"]))
    let all = Self.ldapsearch.replacing("mail objectClass", with: "ALL")
    #expect(try Outcome(Array(all.utf8)).exported == .all)
    #expect(try Outcome(Array("dn: CN=a\ncn: a\n".utf8)).exported == .unknown)
  }

  @Test(arguments: [
    ("dn: CN=a\r\r\ncn: a\r\r\n", 1), ("dn: CN=a\ncn: a\nchangetype: add\n", 3),
    ("dn: CN=a\ncontrol: 1.2.3 true\ncn: a\n", 2), ("dn: CN=a\nobjectClass: user\nchangetype: add\ncn: a\n", 3),
  ])
  func aMistakeIsToldOnItsLine(_ text: String, _ line: Int) throws {
    let outcome = try Outcome(Array(text.utf8))
    #expect(outcome.entries == 0)
    #expect(outcome.problems.map { $0.place.line } == [line])
  }

  @Test(arguments: [
    "dn: CN=a\rcn: a\r\rdn: CN=b\rcn: b\r", "dn: CN=a\ncn: a\n\n\u{feff}dn: CN=b\ncn: b\n",
    "$ ldapsearch -x -LLL\ndn: CN=a\ncn: a\n\ndn: CN=b\ncn: b\n",
  ])
  func otherToolsLeaveTracesThatHideNoEntry(_ text: String) throws {
    let outcome = try Outcome(Array(text.utf8))
    #expect(outcome.entries == 2 && outcome.isWhole)
  }
}
