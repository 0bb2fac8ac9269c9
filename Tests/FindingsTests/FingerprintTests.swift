import Directory
import TestFindings
import Testing

@testable import Findings

@Suite struct SipHash128Tests {
  /// Published vectors (`vectors_sip128`): the key is the bytes 0 to 15, the message the bytes 0 to n - 1.
  @Test(arguments: [
    (0, "a3817f04ba25a8e66df67214c7550293"), (1, "da87c1d86b99af44347659119b22fc45"),
    (2, "8177228da4a45dc7fca38bdef60affe4"), (7, "a1f1ebbed8dbc153c0b84aa61ff08239"),
    (8, "3b62a9ba6258f5610f83e264f31497b4"), (9, "264499060ad9baabc47f8b02bb6d71ed"),
    (15, "5493e99933b0a8117e08ec0f97cfc3d9"), (16, "6ee2a4ca67b054bbfd3315bf85230577"),
    (31, "2939b0183223fafc1723de4f52c43d35"), (63, "5150d1772f50834a503e069a973fbd7c"),
  ])
  func publishedVectors(count: Int, expected: String) {
    var hash = SipHash128(key0: 0x0706_0504_0302_0100, key1: 0x0f0e_0d0c_0b0a_0908)
    for byte in 0..<count { hash.combine(UInt8(byte)) }
    let (low, high) = hash.finalize()
    #expect(hexadecimal(low) + hexadecimal(high) == expected)
  }

  @Test func aWordIsItsBytes() {
    var words = SipHash128()
    words.combine(word: 0x8877_6655_4433_2211)
    var bytes = SipHash128()
    for byte in [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88] as [UInt8] { bytes.combine(byte) }
    #expect(words.finalize() == bytes.finalize())
  }

  /// A part of a word, behind any number of bytes, is its bytes.
  @Test func aPartOfAWordIsItsBytes() {
    for before in 0..<9 {
      for count in 1..<8 {
        var words = SipHash128()
        var bytes = SipHash128()
        for byte in 0..<before {
          words.combine(UInt8(byte))
          bytes.combine(UInt8(byte))
        }
        let word: UInt64 = 0x0077_6655_4433_2211 & ((1 << UInt64(count * 8)) - 1)
        words.combine(word: word, count: count)
        for place in 0..<count { bytes.combine(UInt8(truncatingIfNeeded: word >> UInt64(place * 8))) }
        words.combine(0xAA)
        bytes.combine(0xAA)
        #expect(words.finalize() == bytes.finalize())
      }
    }
  }

  private func hexadecimal(_ word: UInt64) -> String {
    (0..<8).map { (index) in
      let text = String(UInt8(truncatingIfNeeded: word >> UInt64(index * 8)), radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }
}

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
