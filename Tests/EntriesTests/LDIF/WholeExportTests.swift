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

  @Test(arguments: [
    ldapsearch, "dn: CN=Ann,DC=contoso,DC=com\nchangetype: add\nobjectClass: user\nmail: ann@contoso.com\n",
    "# record 1\ndn: CN=Ann,DC=contoso,DC=com\nobjectClass: user\nmail: ann@contoso.com\n",
  ])
  func aTextThatWasCutWithinALineIsNotWhole(_ text: String) throws {
    let bytes = Array(text.utf8)
    #expect(try Outcome(bytes).isWhole)
    let values = text.utf8.count - "ann@contoso.com\n".utf8.count
    for cut in values..<bytes.count where bytes[cut - 1] != 10 && cut < bytes.count {
      let outcome = try Outcome(Array(bytes[..<cut]))
      #expect(outcome.failure?.message.contains("was cut off") == true, "\(cut)")
      // The value that was cut is no value of the directory.
      #expect(outcome.entries == (text == Self.ldapsearch ? 1 : 0))
    }
  }

  @Test func aHandWrittenTextMayEndWithinALine() throws {
    let outcome = try Outcome(Array("dn: CN=Ann,DC=contoso,DC=com\nobjectClass: user\nmail: ann@contoso.com".utf8))
    #expect(outcome.isWhole && outcome.entries == 1)
    #expect(outcome.remarks.count == 1)
  }

  @Test(arguments: ["gzip", "zstd"]) func noCutOfCompressedDataPasses(_ format: String) throws {
    let text = Array(Self.ldapsearch.utf8)
    let compressed = format == "gzip" ? InputTests.gzip(text) : InputTests.zstd(text)
    #expect(try Outcome(compressed).entries == 2)
    for cut in 4..<compressed.count {
      #expect(try !Outcome(Array(compressed[..<cut])).isWhole, "\(cut) of \(compressed.count)")
    }
  }

  @Test func utf16ThatIsDamagedIsNotWhole() throws {
    func utf16(_ units: [UInt16]) -> [UInt8] { [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }
    let units = Array("dn: CN=Ann,DC=contoso,DC=com\ncn: Ann\n".utf16)
    #expect(try Outcome(utf16(units)).isWhole)
    let odd = try Outcome(utf16(units) + [0x61])
    #expect(odd.entries == 1 && odd.gaps.count == 1)
    for lone in [UInt16(0xD83D), 0xDE00] {
      let outcome = try Outcome(utf16(units.dropLast() + [lone, 10]))
      #expect(outcome.entries == 1 && outcome.gaps.count == 1)
    }
  }

  @Test(arguments: [("2", 2), ("1000", 1_000)]) func theNumberOfEntriesIsRead(_ text: String, _ number: Int) throws {
    let end = "\n# search result\nsearch: 2\nresult: 0 Success\n\n# numResponses: 3\n# numEntries: \(text)\n"
    #expect(try Outcome(Array((Self.ldapsearch + end).utf8)).announced == number)
    // Behind it another export begins, of which nobody knows the number.
    #expect(try Outcome(Array((Self.ldapsearch + end + "\n" + Self.ldapsearch).utf8)).announced == nil)
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
