/// Something that `doctor` looks at: a line of its table.
public struct Probe: Hashable, Sendable {
  /// Name of it; never changes.
  public let id: String
  /// What is looked at.
  public let title: String

  private init(_ id: String, _ title: String) {
    self.id = id
    self.title = title
  }

  static let activeDirectory = Probe("active-directory", "Active Directory")
  static let forestLevel = Probe("forest-functional-level", "Forest functional level")
  static let domainLevel = Probe("domain-functional-level", "Domain functional level")
  static let netBIOSNames = Probe("netbios-name", "NetBIOS names")
  static let suffixes = Probe("upn-suffix", "Suffixes of user principal names")
  static let recycleBin = Probe("recycle-bin", "Active Directory recycle bin")
  static let exchangeSchema = Probe("exchange-schema", "Exchange schema")
  static let exchangeOrganization = Probe("exchange-organization", "Exchange organization")
  static let hybridConfiguration = Probe("hybrid-configuration", "Hybrid configuration")
  static let acceptedDomains = Probe("accepted-domains", "Accepted domains")
  static let exchangeServers = Probe("exchange-servers", "Exchange servers")
  static let moveProxy = Probe("mrs-proxy", "Mailbox replication proxy")
  static let connectorAccount = Probe("connector-account", "Connector account")
  static let inheritance = Probe("inheritance", "Inheritance of rights")
  static let unitInheritance = Probe("inheritance-units", "Inheritance of organizational units")
  static let protectedAccounts = Probe("protected-accounts", "Protected accounts")
  static let formerlyProtected = Probe("admin-count", "Formerly protected accounts")
  static let consistencyGuid = Probe("consistency-guid", "mS-DS-ConsistencyGuid in use")
  static let objectCount = Probe("object-count", "Number of objects")
  static let addressDomains = Probe("address-domains", "Domains of addresses")

  static func rights(_ feature: ConnectorFeature) -> Probe {
    Probe("rights-\(feature.rawValue)", "Rights: \(feature.title)")
  }
}
