import RuleSet

/// Which build of Exchange prepared a directory, told by the version numbers that its setup leaves there
/// (`Rules/data/exchange-builds.yaml`).
enum ExchangeVersions {
  /// Builds, oldest first.
  static let builds = ExchangeBuild.shipped

  /// The builds with a version of the schema, in words.
  static func name(ofSchema version: Int) -> String {
    let matching = builds.filter { $0.schema == version }
    guard let first = matching.first, let last = matching.last else {
      return relation(of: version, builds.map(\.schema))
    }
    return first == last ? first.name : "\(first.name) … \(last.name)"
  }

  /// The builds with a version of the organization, in words.
  static func name(ofOrganization version: Int) -> String {
    builds.last { $0.organization == version }?.name ?? relation(of: version, builds.map(\.organization))
  }

  /// The version that the domain's container has when an organization's version has reached it; nil where that is not known.
  static func domain(forOrganization version: Int) -> Int? { builds.last { $0.organization == version }?.domain }

  private static func relation(of version: Int, _ known: [Int]) -> String {
    if version > known.max() ?? 0 { return "newer than \(builds.last?.name ?? "any that is known")" }
    return version < known.min() ?? 0
      ? "older than \(builds.first?.name ?? "any that is known")" : "a build between those that are known"
  }
}

/// Functional levels of domains and forests (MS-ADTS 6.1.4.2).
enum FunctionalLevel {
  static func name(_ level: Int) -> String {
    switch level {
    case 0: "Windows 2000"
    case 1: "Windows Server 2003 interim"
    case 2: "Windows Server 2003"
    case 3: "Windows Server 2008"
    case 4: "Windows Server 2008 R2"
    case 5: "Windows Server 2012"
    case 6: "Windows Server 2012 R2"
    case 7: "Windows Server 2016"
    case 10: "Windows Server 2025"
    default: "level \(level)"
    }
  }
}
