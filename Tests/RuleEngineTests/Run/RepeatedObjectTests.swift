import Bytes
import Directory
import Findings
import Foundation
import RuleEngine
import Testing

/// An object that stands in the sources more than once is one object, told of once, by its fullest entry.
@Suite struct RepeatedObjectTests {
  /// A user with a space in an address, so that there is something to tell.
  private func user(_ number: Int, guid: String?, unit: String = "Staff") -> String {
    var text = "dn: CN=User \(number),OU=\(unit),DC=contoso,DC=com\nobjectClass: top\nobjectClass: user\n"
    if let guid { text += "objectGUID\(guid)\n" }
    text += "cn: User \(number)\ndisplayName: User \(number)\nsAMAccountName: u\(number)\n"
    text += "userPrincipalName: u\(number)@contoso.com\nmail: u\(number)@contoso.com\nmailNickname: u\(number)\n"
    text += "proxyAddresses: SMTP:u\(number)@contoso.com\nproxyAddresses: smtp:bad \(number)@contoso.com\n\n"
    return text
  }

  private func guid(_ number: Int) -> String {
    let bytes = [UInt8(number & 0xFF), UInt8(number >> 8)] + Array(repeating: UInt8(7), count: 14)
    return ":: \(Data(bytes).base64EncodedString())"
  }

  private struct Outcome: Equatable {
    var findings: [String] = []
    var reasons: [String: Int] = [:]
    var remarks: [String] = []
  }

  private func lint(_ texts: [String], threads: Int = 1, blockSize: Int = 1 << 19, streams: Bool = false) throws
    -> Outcome
  {
    let files = try texts.map { try TemporaryFile($0) }
    var outcome = Outcome()
    let result = try Linter(try program(), threads: threads, blockSize: blockSize).run(
      files.map { .file($0.path) }, isStreaming: streams
    ) { outcome.findings.append("\($0.rule) \($0.location.line ?? 0) \($0.related.count)") }
    for part in result.coverage.outOfScope { outcome.reasons[part.reason] = part.count }
    outcome.remarks = result.coverage.remarks
    return outcome
  }

  private let reason = "stands in the sources more than once"

  @Test func exportsThatOverlapSayNoMoreThanOne() throws {
    let text = (0..<40).map { user($0, guid: guid($0)) }.joined()
    let one = try lint([text])
    #expect(one.findings.count == 40)
    for (threads, size) in [(1, 1 << 19), (2, 700), (4, 100)] {
      for streams in [false, true] {
        let twice = try lint([text, text], threads: threads, blockSize: size, streams: streams)
        #expect(twice.findings == one.findings)
        #expect(twice.reasons == [reason: 40])
        let which = streams ? "first" : "fullest"
        #expect(
          twice.remarks == ["40 objects stand in the sources more than once; the \(which) record of each was judged"])
      }
    }
  }

  @Test func oneSourceMayHoldAnObjectTwice() throws {
    let found = try lint([user(1, guid: guid(1)) + user(1, guid: guid(1), unit: "Moved") + user(2, guid: guid(2))])
    #expect(
      found.findings.map { $0.split(separator: " ")[0] } == ["proxy-address-inner-space", "proxy-address-inner-space"])
    #expect(found.reasons == [reason: 1])
    #expect(found.remarks == ["1 object stands in the sources more than once; its fullest record was judged"])
  }

  /// What follows the dropped findings of a batch keeps its suggestions and its place.
  @Test func theOthersOfABatchStay() throws {
    let first = (0..<20).map { user($0, guid: guid($0)) }.joined()
    let mixed = (10..<30).map { user($0, guid: guid($0)) }.joined()
    let expected = try lint([first, (20..<30).map { user($0, guid: guid($0)) }.joined()])
    let found = try lint([first, mixed])
    #expect(found.findings.count == expected.findings.count)
    #expect(found.reasons == [reason: 10])
  }

  @Test func theTextFormIsTheSameObject() throws {
    let bytes = user(1, guid: ":: 4AQlP4lP00GaDAMF6CwzAQ==")
    for text in ["3f2504e0-4f89-41d3-9a0c-0305e82c3301", "{3F2504E0-4F89-41D3-9A0C-0305E82C3301}"] {
      #expect(try lint([bytes, user(1, guid: ": \(text)")]).reasons == [reason: 1])
    }
  }

  /// A second object with the values of the first is a duplicate; so is one of which nobody knows which object it is.
  @Test func otherObjectsStayDuplicates() throws {
    let null = ":: AAAAAAAAAAAAAAAAAAAAAA=="
    for (one, two) in [(guid(1), guid(2)), (guid(1), nil), (nil, nil), (null, null), (": x", ": x")]
      as [(String?, String?)]
    {
      let found = try lint([user(1, guid: one), user(1, guid: two, unit: "Moved")])
      #expect(found.findings.contains { $0.hasSuffix(" 1") }, "\(one ?? "none"), \(two ?? "none")")
      #expect(found.reasons.isEmpty)
    }
  }

  /// Where objectGUID was not exported, an object is known by its name, in whatever case.
  @Test func oneNameIsOneObject() throws {
    let text = user(1, guid: nil)
    let one = try lint([text])
    let twice = try lint([text, text.replacing("CN=User", with: "cn=USER"), user(2, guid: nil)])
    #expect(twice.findings.prefix(one.findings.count) == one.findings[...])
    #expect(twice.findings.count == 2 * one.findings.count)
    #expect(twice.reasons == [reason: 1])
  }

  /// A record with a part of the attributes says nothing of the others, whether it comes first or last.
  @Test(arguments: [1 << 19, 100]) func theFullestRecordCounts(_ blockSize: Int) throws {
    let full = user(1, guid: guid(1))
    let part = full.split(separator: "\n", omittingEmptySubsequences: false).filter {
      !$0.hasPrefix("userPrincipalName") && !$0.hasPrefix("mailNickname") && !$0.hasPrefix("proxyAddresses: smtp")
    }.joined(separator: "\n").replacing("mail: u1", with: "mail: u9")
    let other = user(2, guid: guid(2)).replacing("mail: u2", with: "mail: u9")
    let expected = try lint([full + other], blockSize: blockSize)
    for texts in [[full + other, part], [part, full + other], [part, full, part, other], [part + full, other]] {
      let found = try lint(texts, blockSize: blockSize)
      #expect(
        found.findings.map { $0.split(separator: " ")[0] } == expected.findings.map { $0.split(separator: " ")[0] })
    }
  }

  /// What a partial record was left aside for is no longer told when a fuller one came.
  @Test func aRecordThatWasLeftAsideGivesWay() throws {
    let full = user(1, guid: guid(1))
    let part = "dn: CN=User 1,OU=Staff,DC=contoso,DC=com\nobjectGUID\(guid(1))\ncn: User 1\n\n"
    for texts in [[full, part], [part, full]] {
      let found = try lint(texts)
      #expect(found.findings.count == 1)
      #expect(found.reasons == [reason: 1])
    }
  }

  /// An entry that is out of scope counts once, too.
  @Test func whatIsOutOfScopeIsCountedOnce() throws {
    let computer = "dn: CN=PC,DC=contoso,DC=com\nobjectClass: computer\nobjectGUID\(guid(9))\n\n"
    let found = try lint([user(1, guid: guid(1)) + computer, computer])
    #expect(found.reasons == ["object class computer": 1, reason: 1])
  }

  @Test func anObjectClassWithASpaceNamesTheSpace() throws {
    let found = try lint([
      "dn: CN=A,DC=contoso,DC=com\nobjectClass:: dXNlciA=\n\ndn: CN=B,DC=contoso,DC=com\nobjectClass:: wqB1c2Vy\n\n"
        + user(1, guid: nil)
    ])
    #expect(
      Set(found.reasons.keys) == [
        "object class 'user ', which ends with U+0020 SPACE",
        "object class '\u{A0}user', which begins with U+00A0 NO-BREAK SPACE",
      ])
  }

  @Test func whatIsNoActiveDirectoryIsNamed() throws {
    func people(_ count: Int, _ more: String = "") -> String {
      (0..<count).map {
        "dn: uid=u\($0),ou=People,dc=harbour,dc=example\nobjectClass: inetOrgPerson\nobjectClass: posixAccount\nuid: u\($0)\n"
          + "cn: U \($0)\nmail: u\($0)@harbour.example\n\($0 == 3 ? more : "")\n"
      }.joined()
    }
    func gaps(_ texts: [String]) throws -> [String] {
      let files = try texts.map { try TemporaryFile($0) }
      return try Linter(try program(), threads: 2).run(files.map { .file($0.path) }) { _ in }.coverage.gaps.filter {
        $0.contains("does not look like Active Directory")
      }
    }
    #expect(try gaps([people(10)]).count == 1)
    #expect(try gaps([people(200)]).count == 1)
    #expect(try gaps([people(9)]).isEmpty)
    for sign in [
      "objectGUID\(guid(3))\n", "sAMAccountName: u3\n", "objectSid:: AQUAAAAAAAUVAAAAAQAAAAIAAAADAAAAUQQAAA==\n",
    ] {
      #expect(try gaps([people(10, sign)]).isEmpty)
    }
    // Each source is a directory of its own.
    #expect(try gaps([user(1, guid: guid(1)), people(10)]).count == 1)
  }
}
