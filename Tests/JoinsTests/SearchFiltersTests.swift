import Directory
import Entries
import TestSources
import Testing

@testable import Joins

/// Filters that ask a server for what is looked for.
@Suite struct SearchFiltersTests {
  private func filters(_ texts: String...) -> [String] {
    SearchFilters(LookupTable(texts.map { LookupQuery(Identifier($0)) }, extraAttributes: [], seed: 0)).batches
  }

  @Test func terms() {
    #expect(
      filters("4AQlP4lP00GaDAMF6CwzAQ==") == [
        #"(|(objectGUID=\e0\04\25\3f\89\4f\d3\41\9a\0c\03\05\e8\2c\33\01)"#
          + #"(msExchMailboxGuid=\e0\04\25\3f\89\4f\d3\41\9a\0c\03\05\e8\2c\33\01)"#
          + #"(msExchArchiveGUID=\e0\04\25\3f\89\4f\d3\41\9a\0c\03\05\e8\2c\33\01)"#
          + #"(objectGUID=\3f\25\04\e0\4f\89\41\d3\9a\0c\03\05\e8\2c\33\01))"#,
        #"(|(mS-DS-ConsistencyGuid=\e0\04\25\3f\89\4f\d3\41\9a\0c\03\05\e8\2c\33\01)"#
          + #"(mS-DS-ConsistencyGuid=\3f\25\04\e0\4f\89\41\d3\9a\0c\03\05\e8\2c\33\01))"#,
      ])
    #expect(filters("contoso\\jo(x)") == [#"(|(sAMAccountName=jo\28x\29))"#])
    #expect(filters("sip:jo@c.com") == ["(|(proxyAddresses=sip:jo@c.com)(msRTCSIP-PrimaryUserAddress=sip:jo@c.com))"])
    #expect(filters("CN=Jo \\28x\\29") == [#"(|(name=jo \28x\29))"#])
    #expect(filters("CN=a\\,b,DC=c") == [#"(|(distinguishedName=cn=a\5c,b,dc=c))"#])
    #expect(filters("User_3f2504e0-4f89-41d3-9a0c-0305e82c3301").isEmpty)
  }

  /// Whatever is looked for, no value opens or closes a term.
  @Test func hostileTexts() {
    for text in ["*)(objectClass=*", "smtp:*)(|(x=*", "a\u{0}b@c", "(()", "CN=*)(x=y,DC=c", "x\\y)z", "\u{202E}@a"] {
      for filter in filters(text) {
        var depth = 0
        var deepest = 0
        for character in filter {
          if character == "(" { depth += 1 }
          if character == ")" { depth -= 1 }
          deepest = max(deepest, depth)
          #expect(character != "*" && character != "\u{0}")
        }
        #expect(depth == 0 && deepest == 2, "\(filter)")
      }
    }
  }

  @Test func batches() {
    let queries = (0..<1_000).map { LookupQuery(Identifier("contoso\\user\($0)")) }
    let all = SearchFilters(LookupTable(queries, extraAttributes: [], seed: 0)).batches
    #expect(all.count == 5)
    #expect(all.allSatisfy { $0.count { $0 == "(" } == 201 })
  }

  /// A server hands over an entry for each filter that finds it; it is one entry all the same.
  @Test func entriesThatComeTwiceAreOne() throws {
    let text = "dn: CN=Jo,DC=c\nobjectClass: user\nsAMAccountName: jo\n\n"
    var asked: [String] = []
    let server = SampleServer(name: "server", answersFilters: true) { request in
      #expect(request.filters == ["(|(sAMAccountName=jo))"])
      return TextSource(Array((text + text).utf8))
    }
    _ = try Lookup([LookupQuery(Identifier("contoso\\jo"))]).run(.server(server)) { entry, _ in
      asked.append(String(decoding: entry.dn, as: UTF8.self))
    }
    #expect(asked == ["CN=Jo,DC=c"])
    let unused = SampleServer(name: "server", answersFilters: true) { _ in
      Issue.record("a server was asked for nothing")
      return TextSource([])
    }
    _ = try Lookup([LookupQuery(Identifier("User_3f2504e0-4f89-41d3-9a0c-0305e82c3301"))]).run(.server(unused)) {
      _, _ in
    }
  }
}
