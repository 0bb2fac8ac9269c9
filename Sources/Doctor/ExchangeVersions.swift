/// Which build of Exchange prepared a directory, told by the version numbers that its setup leaves there.
///
/// From Microsoft's table "Exchange Active Directory versions", and for Exchange 2016 CU22 and later and Exchange 2019 CU11 and
/// later from public lists made of it; what came after these is told as newer only.
enum ExchangeVersions {
  /// A build: `rangeUpper` of the schema, `objectVersion` of the domain's and of the organization's container.
  struct Build: Equatable {
    var name: String
    var schema: Int
    var domain: Int
    var organization: Int
  }

  /// Builds, oldest first.
  static let builds: [Build] = [
    Build(name: "Exchange 2016", schema: 15_317, domain: 13_236, organization: 16_210),
    Build(name: "Exchange 2016 CU1", schema: 15_323, domain: 13_236, organization: 16_211),
    Build(name: "Exchange 2016 CU2", schema: 15_325, domain: 13_236, organization: 16_212),
    Build(name: "Exchange 2016 CU3 to CU5", schema: 15_326, domain: 13_236, organization: 16_213),
    Build(name: "Exchange 2016 CU6", schema: 15_330, domain: 13_236, organization: 16_213),
    Build(name: "Exchange 2016 CU7 to CU10", schema: 15_332, domain: 13_236, organization: 16_213),
    Build(name: "Exchange 2016 CU11", schema: 15_332, domain: 13_236, organization: 16_214),
    Build(name: "Exchange 2016 CU12", schema: 15_332, domain: 13_236, organization: 16_215),
    Build(name: "Exchange 2016 CU13 to CU17", schema: 15_332, domain: 13_237, organization: 16_217),
    Build(name: "Exchange 2016 CU18", schema: 15_332, domain: 13_238, organization: 16_218),
    Build(name: "Exchange 2016 CU19", schema: 15_333, domain: 13_239, organization: 16_219),
    Build(name: "Exchange 2016 CU20", schema: 15_333, domain: 13_240, organization: 16_220),
    Build(name: "Exchange 2016 CU21", schema: 15_334, domain: 13_241, organization: 16_221),
    Build(name: "Exchange 2016 CU22", schema: 15_334, domain: 13_242, organization: 16_222),
    Build(name: "Exchange 2016 CU23", schema: 15_334, domain: 13_243, organization: 16_223),
    Build(name: "Exchange 2019", schema: 17_000, domain: 13_236, organization: 16_751),
    Build(name: "Exchange 2019 CU1", schema: 17_000, domain: 13_236, organization: 16_752),
    Build(name: "Exchange 2019 CU2 to CU6", schema: 17_001, domain: 13_237, organization: 16_754),
    Build(name: "Exchange 2019 CU7", schema: 17_001, domain: 13_238, organization: 16_755),
    Build(name: "Exchange 2019 CU8", schema: 17_002, domain: 13_239, organization: 16_756),
    Build(name: "Exchange 2019 CU9", schema: 17_002, domain: 13_240, organization: 16_757),
    Build(name: "Exchange 2019 CU10", schema: 17_003, domain: 13_241, organization: 16_758),
    Build(name: "Exchange 2019 CU11", schema: 17_003, domain: 13_242, organization: 16_759),
    Build(name: "Exchange 2019 CU12", schema: 17_003, domain: 13_243, organization: 16_760),
    Build(name: "Exchange 2019 CU13", schema: 17_003, domain: 13_243, organization: 16_761),
    Build(name: "Exchange 2019 CU14", schema: 17_003, domain: 13_243, organization: 16_762),
  ]

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
    if version > known.max() ?? 0 { return "newer than Exchange 2019 CU14" }
    return version < known.min() ?? 0 ? "older than Exchange 2016" : "a build between those that are known"
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
