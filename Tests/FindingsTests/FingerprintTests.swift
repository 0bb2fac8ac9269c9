import Bytes
import Directory
import TestFindings
import Testing

@testable import Findings

@Suite struct FingerprintTests {
  private let guid = GUID(Array(0..<16 as Range<UInt8>))

  private func make(
    rule: String = "some-rule", guid: GUID? = nil, dn: String = "CN=Jo,DC=contoso,DC=com", attribute: String = "mail",
    value: AttributeValue? = AttributeValue("jo@contoso.com")
  ) -> String {
    Fingerprint(rule: rule, objectGUID: guid, dn: AttributeValue(dn), attribute: attribute, value: value).hexadecimal
  }

  /// These values are an interface: a change here loses the suppressions and baselines of every user.
  /// Computed with another implementation (`openssl mac SIPHASH`).
  @Test func theConstructionNeverChanges() {
    #expect(make() == "e202238991ee9631638eb7704fb7e2e8")
    #expect(make(guid: guid) == "f77c915acf0834a58fd781ce8862a029")
    #expect(make(value: nil) == "b67324f272535300ec8109c689f57e2d")
    #expect(make(value: AttributeValue("ÄÖ\u{212A} İ")) == "43fca926b351ce7b65a71e2ad1ef7aa0")
  }

  @Test func groupsOfHoldersAreIdentifiedByWhatTheyShare() {
    let key = Array("jo@contoso.com".utf8)
    #expect(Fingerprint(rule: "some-rule", sharedKey: key.span).hexadecimal == "10edef251b003835c894db487e61028c")
  }

  /// Keys are taken eight bytes at a time; that changes nothing, whatever is left over and whatever is not ASCII.
  @Test func keysOfAnyLengthAreTheirBytes() {
    for count in 0..<26 {
      for place in -1..<count {
        var key = (0..<count).map { UInt8(ascii: "X") + UInt8($0 % 4) }
        if place >= 0 { key[place] = 0xFE }
        var hash = SipHash128()
        for part in [Array("some-rule".utf8), [], [], key.map { $0 | (0x41...0x5A ~= $0 ? 0x20 : 0) }] {
          for byte in part { hash.combine(byte) }
          hash.combine(word: UInt64(part.count))
        }
        let (low, high) = hash.finalize()
        let prefix = Fingerprint.Prefix(rule: "some-rule")
        let lowered = NormalForm.value(key)
        #expect(Fingerprint(prefix, sharedKeyLowercasing: key.span) == Fingerprint(low: low, high: high))
        #expect(Fingerprint(prefix, sharedKey: lowered.span) == Fingerprint(low: low, high: high))
      }
    }
  }

  @Test func isTheHashOfPartsAndLengths() {
    var hash = SipHash128()
    for part in ["some-rule", "cn=jo,dc=contoso,dc=com", "mail", "jo@contoso.com"] {
      for byte in part.utf8 { hash.combine(byte) }
      hash.combine(word: UInt64(part.utf8.count))
    }
    let (low, high) = hash.finalize()
    let fingerprint = Fingerprint(
      rule: "some-rule", objectGUID: nil, dn: AttributeValue("CN=Jo,DC=contoso,DC=com"), attribute: "mail",
      value: AttributeValue("jo@contoso.com"))
    #expect(fingerprint.low == low && fingerprint.high == high)
  }

  @Test func usesTheTextFormOfTheGUID() throws {
    let guid = try #require(guid)
    var hash = SipHash128()
    for part in ["some-rule", guid.description, "mail", "jo@contoso.com"] {
      for byte in part.utf8 { hash.combine(byte) }
      hash.combine(word: UInt64(part.utf8.count))
    }
    let fingerprint = Fingerprint(
      rule: "some-rule", objectGUID: guid, dn: AttributeValue("x"), attribute: "mail",
      value: AttributeValue("jo@contoso.com"))
    #expect(fingerprint.low == hash.finalize().0)
  }

  @Test func caseAndSpacesAfterCommasDoNotMatter() {
    #expect(make(dn: "cn=JO, DC=Contoso,  dc=COM") == make())
    #expect(make(dn: "CN=Ä,DC=x") == make(dn: "cn=ä,dc=X"))
    #expect(make(attribute: "MAIL") == make())
    #expect(make(value: AttributeValue("JO@Contoso.com")) == make())
    #expect(make(value: AttributeValue("ÜÉ")) == make(value: AttributeValue("üé")))
  }

  @Test func aRenameKeepsTheFingerprintOfAnEntryWithGUID() {
    #expect(make(guid: guid, dn: "CN=Other,DC=contoso,DC=com") == make(guid: guid))
    #expect(make(guid: guid) != make())
  }

  @Test func everythingElseMatters() {
    let all = [
      make(), make(rule: "other-rule"), make(dn: "CN=Jo,OU=x,DC=contoso,DC=com"), make(attribute: "mailNickname"),
      make(value: nil), make(value: AttributeValue("")), make(value: AttributeValue("jo@contoso.com ")),
      make(value: AttributeValue([0xFF])), make(value: AttributeValue([0xFE])),
      make(dn: "CN=Jo\\, Doe,DC=x"), make(dn: "CN=Jo\\,Doe,DC=x"),
      make(rule: "some-rulec", dn: "N=Jo,DC=contoso,DC=com"),
    ]
    #expect(Set(all).count == all.count)
    #expect(all.allSatisfy { $0.count == 32 && $0.allSatisfy { "0123456789abcdef".contains($0) } })
  }

  @Test func spansInALargerBufferGiveTheSame() {
    let buffer = Array("xxCN=Jo,DC=contoso,DC=comyyJO@contoso.comzz".utf8)
    let fingerprint = Fingerprint(
      rule: "some-rule", objectGUID: nil, dn: buffer.span.extracting(2..<25), attribute: "mail",
      value: buffer.span.extracting(27..<41))
    #expect(fingerprint.hexadecimal == make())
  }

  /// A shared key is brought to lower case on the way as it would be beforehand.
  @Test func sharedKeysInLowerCase() {
    var random = TestRandom(seed: 14)
    let prefix = Fingerprint.Prefix(rule: "proxy-address-duplicate")
    for _ in 0..<500 {
      let key = random.flip() ? Array(random.text().utf8) : (0..<random.number(below: 40)).map { _ in random.byte() }
      let folded = NormalForm.value(key)
      let onTheWay = Fingerprint(prefix, sharedKeyLowercasing: key.span)
      let beforehand = Fingerprint(prefix, sharedKey: folded.span)
      #expect(onTheWay == beforehand)
    }
  }
}
