import Testing

@testable import LDAP

@Suite struct ControlTests {
  @Test func valuesAreBER() {
    #expect(LDAPControl.securityDescriptorFlags(7).value == [0x30, 3, 2, 1, 7])
    #expect(LDAPControl.pagedResults(size: 1_000, cookie: [1]).value == [0x30, 7, 2, 2, 3, 0xE8, 4, 1, 1])
    #expect(LDAPControl.dirSync(flags: 0x8000_0001).value == [0x30, 11, 2, 4, 0x80, 0, 0, 1, 2, 1, 0, 4, 0])
  }

  @Test(arguments: [0, 1, 127, 128, 255, 256, 65_535, 1 << 40, -1, -128, -129, Int.min, Int.max])
  func integersComeBack(_ number: Int) {
    var reader = BERReader(BER.integer(number)[...])
    #expect(reader.readInteger() == number)
    #expect(reader.isAtEnd)
  }

  @Test(arguments: [0, 1, 127, 128, 300, 70_000]) func lengthsComeBack(_ count: Int) {
    let content = [UInt8](repeating: 7, count: count)
    var reader = BERReader(BER.octets(content)[...])
    #expect(reader.read(tag: BER.octetsTag).map { Array($0) } == content)
  }

  @Test(arguments: [[], [4], [4, 5, 1], [4, 0x80], [4, 0x85, 1, 1, 1, 1, 1], [4, 0x84, 0x7f, 0xff, 0xff, 0xff, 1]])
  func brokenElementsAreRefused(_ bytes: [UInt8]) {
    var reader = BERReader(bytes[...])
    #expect(reader.read() == nil)
  }

  @Test func cookiesAreRead() {
    let value = BER.sequence(BER.integer(1) + BER.integer(0) + BER.octets([9, 8]))
    let response = DirSyncResponse([LDAPControl(oid: LDAPControl.OID.dirSync, value: value)])
    #expect(response?.hasMore == true)
    #expect(response?.cookie == [9, 8])
    #expect(DirSyncResponse([LDAPControl(oid: LDAPControl.OID.dirSync, value: [0x30, 1, 2])]) == nil)
    #expect(DirSyncResponse([]) == nil)
  }
}

@Suite struct AttributeRangeTests {
  @Test func rangesAreRead() {
    let first = AttributeRange("member;range=0-1499")
    #expect(first?.attribute == "member" && first?.first == 0 && first?.last == 1_499)
    #expect(first?.next == "member;range=1500-*")
    let last = AttributeRange("member;Range=1500-*")
    #expect(last?.last == nil && last?.next == nil)
  }

  @Test(arguments: [
    "member", "member;binary", "member;range=", "member;range=5-4", "member;range=a-b", "member;range=-1-*",
  ])
  func otherDescriptionsAreNoRanges(_ description: String) {
    #expect(AttributeRange(description) == nil)
  }
}
