/// The attribute whose value becomes the sign-in name in the cloud.
public enum SignInAttribute: String, Sendable, CaseIterable {
  case userPrincipalName
  /// An alternate login id: the UPN is that of the cloud only after it was made from mail.
  case mail
}

/// What synchronizes the directory.
public enum SyncClient: String, Sendable, CaseIterable {
  /// Entra Connect Sync.
  case connect
  /// Entra Cloud Sync.
  case cloudSync = "cloud-sync"
}

/// What a run knows of the tenant and of its synchronization.
struct RunFacts {
  var hasVerifiedDomains: Bool
  var signIn: SignInAttribute
  var syncClient: SyncClient?
}

extension Rule.Requirement {
  /// Whether a run meets it.
  func isMet(_ facts: RunFacts) -> Bool {
    switch self {
    case .verifiedDomains: facts.hasVerifiedDomains
    case .noVerifiedDomains: !facts.hasVerifiedDomains
    case .userPrincipalName: facts.signIn == .userPrincipalName
    case .alternateSignIn: facts.signIn != .userPrincipalName
    case .cloudSync: facts.syncClient == .cloudSync
    case .noSyncClient: facts.syncClient == nil
    }
  }

  /// What to do about a rule that was enabled in a run that does not meet it.
  var advice: String {
    switch self {
    case .verifiedDomains: "needs the verified domains of the tenant; add --verified-domain DOMAIN"
    case .noVerifiedDomains: "works without --verified-domain only; take one of them out"
    case .userPrincipalName: "works without --upn-attribute mail only; take one of them out"
    case .alternateSignIn: "is about sign-in with mail; add --upn-attribute mail"
    case .cloudSync: "is about Cloud Sync; add --sync-client cloud-sync"
    case .noSyncClient: "works without --sync-client only; take one of them out"
    }
  }
}

extension Rule {
  /// The rule for a directory whose people sign in with another attribute: what it says of userPrincipalName holds for
  /// that one. Where a rule compares several attributes, userPrincipalName drops out, because it does not reach the cloud.
  func signingIn(with attribute: SignInAttribute) -> Rule {
    let usual = SignInAttribute.userPrincipalName.rawValue
    func isUsual(_ name: String) -> Bool { name.lowercased() == usual.lowercased() }
    guard attribute != .userPrincipalName, attributes.contains(where: isUsual) else { return self }
    guard let ownCheck = check.signingIn(with: attribute) else { return self }
    var rule = self
    rule.check = ownCheck
    if attributes.count > 1 {
      rule.attributes = attributes.filter { !isUsual($0) }
    } else {
      rule.attributes = [attribute.rawValue]
      rule.filter = filter?.renaming(usual, to: attribute.rawValue)
    }
    return rule
  }
}

extension Filter {
  /// The filter with another attribute in the place of one.
  func renaming(_ name: String, to other: String) -> Filter {
    func renamed(_ attribute: String) -> String { attribute.lowercased() == name.lowercased() ? other : attribute }
    switch self {
    case .and(let filters): return .and(filters.map { $0.renaming(name, to: other) })
    case .or(let filters): return .or(filters.map { $0.renaming(name, to: other) })
    case .not(let filter): return .not(filter.renaming(name, to: other))
    case .present(let attribute): return .present(attribute: renamed(attribute))
    case .equal(let attribute, let value): return .equal(attribute: renamed(attribute), value: value)
    case .equalExact(let attribute, let value): return .equalExact(attribute: renamed(attribute), value: value)
    case .substrings(let attribute, let initial, let any, let final, let isCaseSensitive):
      return .substrings(
        attribute: renamed(attribute), initial: initial, any: any, final: final, caseSensitive: isCaseSensitive)
    case .greaterOrEqual(let attribute, let value): return .greaterOrEqual(attribute: renamed(attribute), value: value)
    case .lessOrEqual(let attribute, let value): return .lessOrEqual(attribute: renamed(attribute), value: value)
    case .allBits(let attribute, let mask): return .allBits(attribute: renamed(attribute), mask: mask)
    case .anyBit(let attribute, let mask): return .anyBit(attribute: renamed(attribute), mask: mask)
    }
  }
}
