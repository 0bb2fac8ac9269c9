import Foundation
import Testing
import TestServers

@testable import LDAP

/// Searches on a slapd with the sample directory.
@Suite struct SearchTests {
  private let base = "dc=slapd,dc=contoso,dc=test"

  @Test func pagesAddUp() throws {
    let all = try LDAPSession.open(TestConnections.slapd())
      .objects(LDAPSearch(base: base, attributes: ["cn"], pageSize: 0)).map(\.dnText)
    #expect(all.count > 300)
    let variables = try TestServers.slapd()
    let proxy = try LDAPProxy(["--to", TestConnections.address(variables)])
    for size in [1, 7, 100, 10_000] where size > 1 || all.count < 1_000 {
      var settings = TestConnections.through(proxy, try TestConnections.slapd())
      settings.pageSize = size
      let paged = try LDAPSession.open(settings).objects(LDAPSearch(base: base, attributes: ["cn"])).map(\.dnText)
      #expect(paged == all)
    }
    #expect(try proxy.requests.compactMap(\.page).filter { $0 == 100 }.count == (all.count + 99) / 100)
  }

  @Test func aPageThatIsTooLargeIsMadeSmaller() throws {
    var settings = try TestConnections.slapd(as: "SLAPD_READER")
    settings.pageSize = 5_000
    let found = try LDAPSession.open(settings).objects(LDAPSearch(base: base, attributes: ["cn"]))
    #expect(found.count > 300)
  }

  @Test func aSizeLimitIsAFailureAfterTheEntries() throws {
    let session = try LDAPSession.open(TestConnections.slapd())
    var count = 0
    let failure = TestConnections.failure {
      _ = try session.search(LDAPSearch(base: base, attributes: ["cn"], pageSize: 0, sizeLimit: 10)) {
        (_) throws(LDAPFailure) in count += 1
      }
    }
    #expect(failure?.kind == .limit && failure?.resultCode == 4)
    #expect(count == 10)
  }

  /// Values of every kind in an attribute of octets, which are compared byte for byte.
  @Test func everyValueIsFound() throws {
    let names = ["*", "(", ")", "\\", "\0", "a*b(c)d\\e\0f", " lead", "trail ", "ü日😀", "#", "\u{1}\u{7f}", "&|!=~<>:"]
    let text = names.enumerated().map { number, name in
      "dn: CN=x\(number),DC=contoso,DC=com\nobjectClass: contact\ncn: x\(number)\n"
        + "thumbnailPhoto:: \(Data(name.utf8).base64EncodedString())\n\n"
    }
    let own = try OwnSlapd(entries: text.joined())
    let session = try LDAPSession.open(TestConnections.slapd(own.variables))
    for name in names {
      let found = try session.objects(LDAPSearch(base: base, filter: .equal("thumbnailPhoto", name)))
      #expect(found.map { $0["thumbnailPhoto"] } == [[Array(name.utf8)]])
    }
    let any = try session.objects(LDAPSearch(base: base, filter: .any(names.map { .equal("thumbnailPhoto", $0) })))
    #expect(any.count == names.count)
  }

  @Test func aFilterThatIsNoneIsTold() throws {
    let session = try LDAPSession.open(TestConnections.slapd())
    let failure = TestConnections.failure {
      _ = try session.objects(LDAPSearch(base: base, filter: LDAPFilter(verbatim: "(cn=x")))
    }
    #expect(failure?.kind == .request)
  }

  @Test func aBaseThatIsNotThereIsTold() throws {
    let session = try LDAPSession.open(TestConnections.slapd())
    #expect(try session.object("cn=nobody,\(base)") == nil)
    let failure = TestConnections.failure { _ = try session.objects(LDAPSearch(base: "dc=elsewhere")) }
    #expect(failure?.kind == .noSuchObject && failure?.message.contains("dc=elsewhere") == true)
  }

  @Test func aRateIsKept() throws {
    var settings = try TestConnections.slapd()
    settings.maximumRate = 200
    let session = try LDAPSession.open(settings)
    let start = ContinuousClock.now
    var count = 0
    _ = try session.search(LDAPSearch(base: base, attributes: ["cn"])) { (_) throws(LDAPFailure) in count += 1 }
    let seconds = Double(count) / 200
    #expect(ContinuousClock.now - start >= .seconds(seconds * 0.9))
  }

  @Test func onlyBindsAndSearchesAreSent() throws {
    let variables = try TestServers.slapd()
    let proxy = try LDAPProxy(["--to", TestConnections.address(variables)])
    var directory = LDAPDirectory(name: "x", settings: TestConnections.through(proxy, try TestConnections.slapd()))
    directory.settings.pageSize = 50
    _ = try ReadRecords(directory, attributes: ["mail", "proxyAddresses"])
    #expect(Set(try proxy.requests.map(\.op)).isSubset(of: ["bind", "search", "unbind"]))
    let paged = try proxy.requests.filter { ($0.page ?? 0) > 0 }
    #expect(paged.count > 5)
    #expect(paged.allSatisfy { $0.attributes == ["mail", "proxyAddresses", "objectClass", "objectGUID"] })
  }

  @Test func rangesAreCompleted() throws {
    let members = (0..<5_000).map { "CN=Member \($0),DC=contoso,DC=com" }
    let text =
      "dn: CN=All,DC=contoso,DC=com\nobjectClass: group\ncn: All\ndescription: last\n"
      + members.map { "member: \($0)\n" }.joined() + "\n"
    let own = try OwnSlapd(entries: text)
    let proxy = try LDAPProxy(
      ["--to", TestConnections.address(own.variables), "--max-val-range", "1500", "--max-page-size", "1000"])
    let settings = TestConnections.through(proxy, try TestConnections.slapd(own.variables))
    let expected = members.map { $0.replacingOccurrences(of: "DC=contoso,DC=com", with: base) }
    let object = try LDAPSession.open(settings).object("CN=All,\(base)")
    let isWhole = object?.texts("member") == expected
    #expect(isWhole)
    #expect(object?.attributes.map(\.description).filter { $0.lowercased().hasPrefix("member") } == ["member"])
    let read = try ReadRecords(LDAPDirectory(name: "x", settings: settings))
    #expect(read.gaps == [])
    let isWholeInRecords = read.values(of: "cn=All,\(base)", "member") == expected
    #expect(isWholeInRecords)
    #expect(try proxy.requests.filter { $0.attributes == ["member;range=4500-*"] }.count == 2)
  }

  @Test func recordsAreWhatObjectsAre() throws {
    let settings = try TestConnections.slapd()
    let objects = try LDAPSession.open(settings).objects(LDAPSearch(base: base))
    let read = try ReadRecords(LDAPDirectory(name: "x", settings: settings), blockSize: 3_000)
    #expect(read.blocks > 10)
    let isInOrder = read.dns == objects.map(\.dnText)
    #expect(isInOrder)
    let expected = objects.map { object in
      object.attributes.flatMap { attribute in
        attribute.values.map { "\(attribute.description):\(String(decoding: $0, as: UTF8.self))".lowercased() }
      }
    }
    for (entry, expected) in zip(read.entries, expected) { #expect(entry.values.map { $0.lowercased() } == expected) }
  }
}
