import Testing

@testable import Directory

@Suite struct AttributeTableTests {
  private func intern(_ name: String, _ table: inout AttributeTable) -> AttributeID? {
    let bytes = Array(name.utf8)
    return table.intern(bytes.span)
  }

  @Test func givenNamesKeepTheirNumbers() {
    var table = AttributeTable(["mail", "proxyAddresses", "cn;lang-de"])
    #expect(intern("PROXYaddresses", &table) == 1)
    #expect(table.id(of: "Mail") == 0)
    #expect(table.id(of: "sn") == nil)
    #expect(table[1].name == "proxyAddresses")
  }

  @Test func numbersIgnoreCaseAndKeepTheFirstSpelling() throws {
    var table = AttributeTable()
    let id = try #require(intern("displayName", &table))
    #expect(intern("DISPLAYNAME", &table) == id)
    #expect(intern("displayname", &table) == id)
    #expect(table[id].name == "displayName")
    #expect(table[id].type == id)
    #expect(table[id].unranged == id)
    #expect(table[id].range == nil)
    // `@` and `` ` `` differ by the bit that tells cases of letters apart, and are no letters.
    #expect(intern("a@", &table) != intern("a`", &table))
  }

  @Test func optionsAreSplitOff() throws {
    var table = AttributeTable()
    let id = try #require(intern("userCertificate;binary", &table))
    #expect(table[id].name == "userCertificate;binary")
    #expect(table[table[id].type].name == "userCertificate")
    #expect(table[id].unranged == id)
  }

  @Test func rangesAreSplitOff() throws {
    var table = AttributeTable()
    let part = try #require(intern("member;range=0-1499", &table))
    let last = try #require(intern("Member;RANGE=1500-*", &table))
    let optioned = try #require(intern("member;x-a;range=0-1", &table))
    let member = try #require(table.id(of: "member"))
    #expect(table[part].unranged == member)
    #expect(table[part].name == "member")
    #expect(table[part].range?.first == 0)
    #expect(table[part].range?.last == 1499)
    #expect(table[last].unranged == member)
    #expect(table[last].range?.first == 1500)
    #expect(table[last].range?.last == nil)
    #expect(table[table[optioned].unranged].name == "member;x-a")
    #expect(table[optioned].type == member)
    for other in ["member;range=x-1", "member;range=1", "member;range=1-2-3", "member;range=1-99999999999999999999"] {
      let id = try #require(intern(other, &table))
      #expect(table[id].range == nil)
      #expect(table[id].unranged == id)
    }
  }

  @Test func manyNamesAndTheLimit() {
    var table = AttributeTable()
    for number in 0..<AttributeTable.capacity {
      #expect(intern("a\(number)", &table) == AttributeID(number))
    }
    #expect(intern("one-more", &table) == nil)
    #expect(intern("other;option", &table) == nil)
    #expect(intern("A77", &table) == 77)
    #expect(table.count == AttributeTable.capacity)
  }
}
