import Directory
import Testing

@testable import Incremental

@Suite struct ReadStateTests {
  static let state = ReadState(
    scope: "dc=x\nsub", identity: "jo@contoso.com", attributes: ["cn", "mail"], server: "CN=NTDS Settings,CN=DC1",
    invocation: [1, 2], updateSequenceNumber: 100, method: .dirSync,
    contexts: [.init(name: "DC=x", guid: [7], cookie: [0, 1, 10])], time: 1_000)

  @Test func theFieldsOfAStateAreTheState() {
    #expect(ReadState(Self.state.fields) == Self.state)
    for name in Self.state.fields.keys {
      var fields = Self.state.fields
      fields[name] = nil
      #expect(ReadState(fields) == nil, "\(name)")
    }
    var many = Self.state.fields
    many["contexts"] = Array("99999999999999".utf8)
    #expect(ReadState(many) == nil)
  }

  @Test func whatIsUnchangedIsNoObstacle() {
    var wanted = Self.state
    wanted.updateSequenceNumber = 500
    wanted.time = 5_000
    wanted.attributes = ["mail"]
    #expect(Self.state.obstacle(to: wanted, lifetime: 86_400) == nil)
  }

  @Test func everythingElseIs() {
    func obstacle(_ change: (inout ReadState) -> Void) -> String {
      var wanted = Self.state
      wanted.updateSequenceNumber = 500
      change(&wanted)
      return Self.state.obstacle(to: wanted, lifetime: 86_400) ?? "none"
    }
    #expect(obstacle { $0.contexts[0].guid = [8] }.contains("another domain"))
    #expect(obstacle { $0.contexts[0].name = "DC=y" }.contains("another directory"))
    #expect(obstacle { $0.server = "CN=NTDS Settings,CN=DC2" }.contains("another domain controller"))
    #expect(obstacle { $0.invocation = [9] }.contains("restored"))
    #expect(obstacle { $0.updateSequenceNumber = 99 }.contains("went back"))
    #expect(obstacle { $0.scope = "dc=x\none" }.contains("base, scope or filter"))
    #expect(obstacle { $0.identity = "sam" }.contains("another account"))
    #expect(obstacle { $0.attributes.insert("title") }.contains("(title)"))
    #expect(obstacle { $0.time = 1_000 + 86_400 }.contains("too old"))
    #expect(obstacle { $0.time = 999 }.contains("future"))
  }
}

@Suite struct DNHashTests {
  @Test func namesAboveAreFoundAndOthersAreNot() {
    func isBelow(_ dn: String, _ places: String...) -> Bool {
      DNHash.isAtOrBelow(Array(dn.utf8).span, any: Set(places.map { DNHash.of(Array($0.utf8)) }))
    }
    #expect(isBelow("CN=Jo,OU=Staff,DC=contoso,DC=com", "ou=staff, dc=contoso,dc=com"))
    #expect(isBelow("CN=Jo,OU=Staff,DC=contoso,DC=com", "CN=jo,OU=Staff,DC=contoso,DC=com"))
    #expect(!isBelow("CN=Jo,OU=Staff,DC=contoso,DC=com", "CN=Jo"))
    #expect(!isBelow("CN=Jo\\,OU=Staff,DC=com", "OU=Staff,DC=com"))
    #expect(isBelow("CN=Jo\\\\,OU=Staff,DC=com", "OU=Staff,DC=com"))
    #expect(!isBelow("OU=MyStaff,DC=com", "OU=Staff,DC=com"))
    #expect(!isBelow("", "OU=Staff,DC=com"))
    #expect(!isBelow("CN=Jo,DC=com"))
  }
}

@Suite struct CachedTextTests {
  @Test func entriesKeepTheirText() {
    let text = """
      dn: CN=Jo,DC=x
      objectGUID:: AQIDBAUGBwgJCgsMDQ4PEA==
      whenCreated: 20261124183938.0Z
      member: CN=Sam,DC=x

      dn: CN=None,DC=x
      cn: None


      """
    var reader = CachedText()
    let entries = reader.entries(of: Array(text.utf8))
    #expect(entries.map { String(decoding: $0.text, as: UTF8.self) }.joined() == text)
    #expect(entries.map(\.guid) == [(1...16).map { UInt8($0) }, []])
    #expect(entries.map(\.created) == ["20261124183938.0Z", ""])
  }

  @Test func onlyValuesThatAreNamesCount() {
    var reader = CachedText(names: ["member", "link"])
    let places: Set = [DNHash.of(Array("CN=Sam,DC=x".utf8))]
    func names(_ lines: String) -> Bool { reader.names(any: places, in: Array("dn: CN=Jo,DC=x\n\(lines)\n\n".utf8)) }
    #expect(names("member: CN=sam,DC=X"))
    #expect(names("MEMBER: CN=Below,CN=Sam,DC=x"))
    #expect(!names("member: CN=Samuel,DC=x"))
    #expect(!names("description: CN=Sam,DC=x"))
    #expect(names("link: B:8:01020304:CN=Sam,DC=x"))
    #expect(names("link: S:3:a:b:CN=Sam,DC=x"))
    #expect(!names("link: B:99:01:CN=Sam,DC=x"))
    #expect(!names("link: B:8"))
    let isUnder = reader.names(any: places, in: Array("dn: CN=Under,CN=Sam,DC=x\ncn: Under\n\n".utf8))
    #expect(isUnder)
  }
}
