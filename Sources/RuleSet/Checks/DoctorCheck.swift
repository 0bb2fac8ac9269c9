import Findings

/// `doctor`: something that `doctor` finds in a forest. No entry is judged by it.
public struct DoctorCheck: CheckKind {
  /// See `CheckKind`.
  public static let name = "doctor"
  /// The forest.
  public static let subject = RuleSubject.forest
  /// What is known of a fault beside its value and the number of its objects.
  public static let placeholders: Set<MessageTemplate.Placeholder> = [.total, .account, .detail]
  /// Nothing is suggested for a forest.
  public static let suggestions: Set<SuggestionRecipe.Kind> = []
  /// Messages and suggestions of rules for entries never need it.
  public static let isHinted = false

  /// What is found.
  public let fault: DoctorFault

  /// Reads the name of what is found.
  public init?(_ node: RuleNode) {
    guard let fault = node.choice(DoctorFault.self) else { return nil }
    self.fault = fault
  }

  /// Who finds it.
  public func words(for rule: Rule) -> String {
    "`doctor` finds it in the forest" + (fault.feature.map { "; `--feature \($0)` makes it an error" } ?? "")
  }
}

/// What `doctor` can find: what the check `doctor` of a rule names.
public enum DoctorFault: String, CaseIterable, Sendable {
  case readOnlyDomainController = "read-only-domain-controller"
  case forestFunctionalLevel = "forest-functional-level"
  case domainFunctionalLevel = "domain-functional-level"
  case netBIOSNameWithDot = "netbios-name-with-dot"
  case noRoutableSuffix = "no-routable-suffix"
  case recycleBinOff = "recycle-bin-off"
  case exchangeDomainNotPrepared = "exchange-domain-not-prepared"
  case exchangeDomainOlderBuild = "exchange-domain-older-build"
  case hybridWithoutDomains = "hybrid-without-domains"
  case hybridDomainNotAccepted = "hybrid-domain-not-accepted"
  case moveProxyOff = "move-proxy-off"
  case moveProxyPartlyOff = "move-proxy-partly-off"
  case connectorAccountNotKnown = "connector-account-not-known"
  case connectorAccountDisabled = "connector-account-disabled"
  case connectorAccountPrivileged = "connector-account-privileged"
  case inheritanceOff = "inheritance-off"
  case inheritanceOfUnitsOff = "inheritance-of-units-off"
  case protectedAccounts = "protected-accounts"
  case formerlyProtected = "formerly-protected"
  case consistencyGuidInUse = "consistency-guid-in-use"
  case manyObjects = "many-objects"
  case addressDomainNotAccepted = "address-domain-not-accepted"
  case rightsBasicRead = "rights-basic-read"
  case rightsConsistencyGuid = "rights-consistency-guid"
  case rightsPasswordHashSync = "rights-password-hash-sync"
  case rightsExchangeHybrid = "rights-exchange-hybrid"
  case rightsPublicFolders = "rights-public-folders"
  case rightsPasswordWriteback = "rights-password-writeback"
  case rightsGroupWriteback = "rights-group-writeback"
  case rightsKeyCredentials = "rights-key-credentials"

  /// The feature whose rights are missing, when it is one that not everybody uses: where it is in use, it is an error.
  public var feature: String? {
    switch self {
    case .rightsPasswordHashSync, .rightsExchangeHybrid, .rightsPublicFolders, .rightsPasswordWriteback,
      .rightsGroupWriteback, .rightsKeyCredentials:
      String(rawValue.dropFirst("rights-".count))
    default: nil
    }
  }
}
