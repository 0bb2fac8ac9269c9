/// What a server says of itself (RFC 4512, 5.1; MS-ADTS 3.1.1.3.2).
public struct RootDSE: Sendable {
  /// The entry as it came.
  public let object: LDAPObject

  /// Attributes that are asked for.
  static let attributes = [
    "*", "namingContexts", "defaultNamingContext", "rootDomainNamingContext", "configurationNamingContext",
    "schemaNamingContext", "supportedControl", "supportedCapabilities", "supportedSASLMechanisms", "dnsHostName",
    "dsServiceName", "highestCommittedUSN", "domainFunctionality", "forestFunctionality",
    "domainControllerFunctionality", "isGlobalCatalogReady", "vendorName", "subschemaSubentry",
  ]

  /// Suffixes that the server holds.
  public var namingContexts: [String] { object.texts("namingContexts") }
  /// The server's own domain (Active Directory).
  public var defaultNamingContext: String? { object.text("defaultNamingContext") }
  /// The first domain of the forest.
  public var rootDomainNamingContext: String? { object.text("rootDomainNamingContext") }
  /// Configuration of the forest.
  public var configurationNamingContext: String? { object.text("configurationNamingContext") }
  /// Schema of the forest.
  public var schemaNamingContext: String? { object.text("schemaNamingContext") }
  /// The server's name in the DNS.
  public var dnsHostName: String? { object.text("dnsHostName") }
  /// The server's own object below the configuration.
  public var dsServiceName: String? { object.text("dsServiceName") }
  /// Highest update sequence number that was given.
  public var highestCommittedUSN: Int? { object.number("highestCommittedUSN") }
  /// Functional level of the domain: 0 is Windows 2000, 7 Windows Server 2016.
  public var domainFunctionality: Int? { object.number("domainFunctionality") }
  /// Functional level of the forest, in the same numbers.
  public var forestFunctionality: Int? { object.number("forestFunctionality") }
  /// Mechanisms of SASL that may be used.
  public var saslMechanisms: [String] { object.texts("supportedSASLMechanisms") }

  /// Whether the server knows a control.
  public func supports(control oid: String) -> Bool { object.texts("supportedControl").contains(oid) }

  /// Whether the server is Active Directory or speaks like it (`LDAP_CAP_ACTIVE_DIRECTORY_OID`, MS-ADTS 3.1.1.3.4.3.1).
  public var isActiveDirectory: Bool { object.texts("supportedCapabilities").contains("1.2.840.113556.1.4.800") }
}
