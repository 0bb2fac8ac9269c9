import Testing

@testable import Directory

/// Spellings of distinguished names, and which lies below which.
@Suite struct DistinguishedNameTests {
  private static func normalized(_ dn: String) -> [UInt8] {
    let bytes = Array(dn.utf8)
    return DistinguishedName.normalized(bytes.span)
  }

  @Test(arguments: [
    ("CN=Jo,DC=Contoso,DC=COM", "cn=jo,dc=contoso,dc=com"), (" CN = Jo Doe , DC = com ", "cn=jo doe,dc=com"),
    ("CN=a  b,DC=c", "cn=a  b,dc=c"), ("CN=Doe\\, Jo,DC=c", "cn=doe\\, jo,dc=c"), ("CN=a\\ ,DC=c", "cn=a\\ ,dc=c"),
    ("CN=a\\  ,DC=c", "cn=a\\ ,dc=c"), ("CN=\\ a,DC=c", "cn=\\ a,dc=c"), ("CN=a + SN = b,DC=c", "cn=a+sn=b,dc=c"),
    ("CN=\\2C\\AB,DC=c", "cn=\\2c\\ab,dc=c"), ("", ""), ("   ", ""), ("CN=a\\", "cn=a\\"), ("CN=Ä", "cn=Ä"),
    ("CN=a\\\\ ,DC=c", "cn=a\\\\,dc=c"), ("CN=a\\0ACNF:1", "cn=a\\0acnf:1"),
  ])
  func spellingsBecomeOne(_ dn: String, _ normalized: String) {
    #expect(String(decoding: Self.normalized(dn), as: UTF8.self) == normalized)
    #expect(Self.normalized(normalized) == Self.normalized(dn), "normalizing once is enough")
  }

  @Test(arguments: [
    ("DC=c", "DC=c"), ("DC=c", "CN=a,DC=c"), ("", "CN=a"), ("", ""), ("OU=x,DC=c", "CN=a, OU=X , DC=C"),
    ("DC=c", "CN=a\\\\,DC=c"), ("OU=a\\,b,DC=c", "CN=x,OU=A\\,B,DC=c"), ("DC=c", "CN=a\\,DC=b,DC=c"),
    ("DC=c", "CN=a\\\\\\\\,DC=c"),
  ])
  func liesBelow(_ base: String, _ dn: String) {
    #expect(DistinguishedName.isAtOrBelow(Self.normalized(base), Self.normalized(dn)))
  }

  @Test(arguments: [
    ("DC=c", "DC=d"), ("CN=a,DC=c", "DC=c"), ("DC=c", "CN=aDC=c"), ("DC=c", "CN=a\\,DC=c"), ("DC=c", ""),
    ("OU=x,DC=c", "OU=xx,DC=c"), ("OU=x,DC=c", "CN=a,OU=y,OU=x,DC=d"), ("DC=c", "CN=a\\\\\\,DC=c"), ("DC=c", "C"),
    ("b,DC=c", "OU=a\\,b,DC=c"), ("DC=c", "CN=a,XDC=c"),
  ])
  func doesNotLieBelow(_ base: String, _ dn: String) {
    #expect(!DistinguishedName.isAtOrBelow(Self.normalized(base), Self.normalized(dn)))
  }

  /// Any bytes at all: nothing crashes, and normalizing twice changes nothing.
  @Test func anyBytes() {
    var state: UInt64 = 1
    let bytes: [UInt8] = [0x20, 0x2C, 0x5C, 0x3D, 0x2B, 0x41, 0x00, 0xFF]
    for length in 0..<2_000 {
      var dn: [UInt8] = []
      for _ in 0..<length % 12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        dn.append(bytes[Int(state >> 61)])
      }
      let once = DistinguishedName.normalized(dn.span)
      #expect(DistinguishedName.normalized(once.span) == once, "\(dn)")
      #expect(DistinguishedName.isAtOrBelow(once, once))
    }
  }
}
