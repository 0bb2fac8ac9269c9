/// An LDAP search filter (RFC 4515), parsed; `RuleEngine` evaluates it.
public indirect enum Filter: Sendable, Equatable {
  case and([Filter])
  case or([Filter])
  case not(Filter)
  case present(attribute: String)
  case equal(attribute: String, value: [UInt8])
  /// Substrings in order; `initial` and `final` are empty when the pattern starts or ends with `*`.
  case substrings(attribute: String, initial: [UInt8], any: [[UInt8]], final: [UInt8], caseSensitive: Bool)
  case greaterOrEqual(attribute: String, value: [UInt8])
  case lessOrEqual(attribute: String, value: [UInt8])
  /// `caseExactMatch`.
  case equalExact(attribute: String, value: [UInt8])
  /// `1.2.840.113556.1.4.803` (MS-ADTS 3.1.1.3.4.4.1).
  case allBits(attribute: String, mask: Int64)
  /// `1.2.840.113556.1.4.804` (MS-ADTS 3.1.1.3.4.4.2).
  case anyBit(attribute: String, mask: Int64)
}

extension Filter {
  /// Attributes, in lower case, that every entry has without holding them: its DN as text, and the first RDN of that.
  public static let distinguishedName = "distinguishedname"
  /// The first RDN of the entry's DN.
  public static let firstRDN = "rdn"
}
