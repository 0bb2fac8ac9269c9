import Directory
import Findings
import RuleEngine
import RuleSet
import Testing

@testable import Doctor

@Suite struct FaultFindingTests {
  private static func shipped() throws -> [(rule: Rule, fault: DoctorFault, summary: RuleSummary)] {
    let catalogue = try RuleCatalogue.load(
      .engine, embedded: RuleCatalogue.shippedFiles.filter { $0.path.contains("doctor") })
    return try RuleSelection(catalogue, ruleSet: "doctor", subject: .forest).rules.compactMap { active in
      (active.rule.check as? DoctorCheck).map {
        (active.rule, $0.fault, RuleSummary(active.rule, severity: active.severity))
      }
    }
  }

  /// What `doctor` can find has a rule, and its table has a reason and a remedy to show.
  @Test func everyFaultHasItsRule() throws {
    let rules = try Self.shipped()
    #expect(rules.map(\.fault.rawValue).sorted() == DoctorFault.allCases.map(\.rawValue).sorted())
    for rule in rules {
      #expect(rule.rule.id == "doctor-\(rule.fault.rawValue)")
      #expect(rule.rule.explanation.split(separator: "\n").count == 2, "\(rule.rule.id)")
      #expect((rule.fault.feature == nil) || rule.rule.severity == .info, "\(rule.rule.id)")
    }
  }

  /// Every feature has a fault of its own, and those that can be named are the ones that not everybody uses.
  @Test func everyFeatureHasItsFault() {
    let faults = ConnectorFeature.allCases.map(\.fault)
    #expect(Set(faults).count == faults.count)
    for feature in ConnectorFeature.allCases { #expect(feature.fault.rawValue == "rights-\(feature.rawValue)") }
    #expect(DoctorFault.rightsBasicRead.feature == nil)
    #expect(DoctorFault.rightsExchangeHybrid.feature == "exchange-hybrid")
  }

  private static func result(_ observations: [Observation]) -> Survey.Result {
    Survey.Result(source: "ldaps://dc1", domain: "DC=contoso,DC=com", observations: observations)
  }

  @Test func aFaultBecomesAFindingOfItsRule() throws {
    let rules = try Self.shipped().map { ($0.fault, $0.summary) }
    var names = ObjectNames()
    for number in 0..<30 { names.add("CN=\(number),DC=contoso,DC=com") }
    let fault = Fault(.inheritanceOff, count: 30, total: 40, objects: names)
    let finding = try #require(Self.result([.fault(.inheritance, fault)]).findings(rules).first)
    #expect(finding.rule == "doctor-inheritance-off")
    #expect(finding.severity == .error)
    #expect(finding.dn.text == "DC=contoso,DC=com")
    #expect(finding.attribute == "nTSecurityDescriptor")
    #expect(finding.message.hasPrefix("inheritance of rights is off on 30 of 40 objects"))
    #expect(finding.related.count == 20)
    #expect(finding.location.source == "ldaps://dc1")
    // The number of objects is no part of what is known again.
    let fewer = Fault(.inheritanceOff, count: 29, total: 40)
    #expect(Self.result([.fault(.inheritance, fewer)]).findings(rules).first?.fingerprint == finding.fingerprint)
  }

  @Test func messagesNameAccountsAndValues() throws {
    let rules = try Self.shipped().map { ($0.fault, $0.summary) }
    func message(_ fault: Fault) -> String? {
      Self.result([.fault(.connectorAccount, fault)]).findings(rules).first?.message
    }
    #expect(
      message(Fault(.connectorAccountPrivileged, account: "MSOL_1", detail: "Domain Admins"))
        == "MSOL_1 is a member of Domain Admins")
    #expect(
      message(Fault(.forestFunctionalLevel, value: "Windows 2000")) == "the forest functional level is Windows 2000")
    for fault in DoctorFault.allCases {
      let text = try #require(message(Fault(fault, value: "V", count: 1, total: 2, account: "A", detail: "D")))
      #expect(!text.contains("{"), "\(fault)")
    }
  }

  @Test func theTableHasEveryProbeThatARuleAsksFor() throws {
    let rules = try Self.shipped().filter { $0.fault != .recycleBinOff }.map { ($0.fault, $0.summary) }
    let result = Self.result([
      .well(.netBIOSNames, "CONTOSO"), .notSeen(.suffixes, "no answer", remedy: "ask again"),
      .fault(.recycleBin, Fault(.recycleBinOff)), .fault(.connectorAccount, Fault(.connectorAccountDisabled)),
    ])
    let checks = result.checks(rules)
    #expect(checks.map(\.check) == ["netbios-name", "upn-suffix", "connector-account"])
    #expect(checks.map(\.status) == [.ok, .couldNotLook, .found])
    #expect(checks[1].remedy == "ask again")
    #expect(checks[2].rule == "doctor-connector-account-disabled")
    #expect(result.gaps == ["ldaps://dc1: Suffixes of user principal names: no answer"])
    #expect(result.findings(rules).map(\.rule) == ["doctor-connector-account-disabled"])
  }
}
