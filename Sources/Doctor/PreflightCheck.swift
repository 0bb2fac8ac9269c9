import Findings

extension PreflightCheck {
  /// The check with why it matters, what to do and who says so.
  func because(_ reason: String, remedy: String = "", _ references: String...) -> PreflightCheck {
    var check = self
    check.reason = reason
    check.remedy = remedy
    check.references = references
    return check
  }

  /// The check with what it is about.
  func naming(_ objects: ObjectNames) -> PreflightCheck {
    var check = self
    check.objects = objects.first
    check.objectCount = objects.count
    return check
  }
}

/// Names of objects: the first few, and how many there are.
struct ObjectNames: Sendable, Equatable {
  private(set) var first: [String] = []
  private(set) var count = 0

  init(_ names: [String] = []) { for name in names { add(name) } }

  mutating func add(_ name: String) {
    count += 1
    if first.count < PreflightCheck.namedObjects { first.append(name) }
  }
}

/// Pages that checks refer to.
enum Page {
  static let prerequisites =
    "https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-install-prerequisites"
  static let connectorAccount =
    "https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-configure-ad-ds-connector-account"
  static let designConcepts = "https://learn.microsoft.com/entra/identity/hybrid/connect/plan-connect-design-concepts"
  static let protectedAccounts =
    "https://learn.microsoft.com/windows-server/identity/ad-ds/plan/security-best-practices/"
    + "appendix-c--protected-accounts-and-groups-in-active-directory"
  static let permissionErrors =
    "https://learn.microsoft.com/troubleshoot/entra/entra-id/user-prov-sync/"
    + "troubleshoot-permission-issue-sync-service-manager"
  static let exchangeVersions =
    "https://learn.microsoft.com/exchange/plan-and-deploy/prepare-ad-and-domains#exchange-active-directory-versions"
  static let hybridPrerequisites = "https://learn.microsoft.com/exchange/hybrid-deployment-prerequisites"
  static let moveProxy =
    "https://learn.microsoft.com/exchange/architecture/mailbox-servers/mrs-proxy-endpoint"
  static let nonRoutable =
    "https://learn.microsoft.com/microsoft-365/enterprise/prepare-a-non-routable-domain-for-directory-synchronization"
  static let filtering =
    "https://learn.microsoft.com/entra/identity/hybrid/connect/tshoot-connect-objectsync"
  static let serviceLimits =
    "https://learn.microsoft.com/entra/identity/users/directory-service-limits-restrictions"
}
