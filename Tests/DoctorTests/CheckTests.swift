import Directory
import Findings
import Testing

@testable import LDAP
@testable import Doctor

@Suite struct CheckTests {
  static func object(_ dn: String, _ attributes: [String: [String]]) -> LDAPObject {
    LDAPObject(
      dn: Array(dn.utf8),
      attributes: attributes.map { .init(description: $0.key, values: $0.value.map { Array($0.utf8) }) })
  }

  @Test func functionalLevels() {
    #expect(ForestSurvey.forestLevel(7).status == .ok)
    #expect(ForestSurvey.forestLevel(7).summary == "Windows Server 2016")
    #expect(ForestSurvey.forestLevel(2).status == .ok)
    #expect(ForestSurvey.forestLevel(1).status == .problem)
    #expect(ForestSurvey.forestLevel(nil).status == .couldNotLook)
    #expect(ForestSurvey.domainLevel(0).status == .problem)
  }

  @Test func dotsInNetBIOSNames() {
    let good = Self.object("CN=A", ["nETBIOSName": ["CONTOSO"]])
    let bad = Self.object("CN=B", ["nETBIOSName": ["CON.TOSO"]])
    #expect(ForestSurvey.netBIOSNames([good]).status == .ok)
    #expect(ForestSurvey.netBIOSNames([good, bad]).status == .problem)
    #expect(ForestSurvey.netBIOSNames([good, bad]).objects == ["CON.TOSO"])
    #expect(ForestSurvey.netBIOSNames([]).status == .couldNotLook)
  }

  @Test func suffixesThatNobodyCanVerify() {
    #expect(ForestSurvey.suffixes(domains: ["ad.contoso.com"], others: []).status == .ok)
    #expect(ForestSurvey.suffixes(domains: ["contoso.local"], others: ["contoso.com"]).status == .ok)
    #expect(ForestSurvey.suffixes(domains: ["contoso.local", "single"], others: ["x.test"]).status == .problem)
    #expect(ForestSurvey.suffixes(domains: ["contoso.com"], others: nil).status == .couldNotLook)
  }

  @Test func recycleBin() {
    let on = Self.object("CN=Partitions", ["msDS-EnabledFeature": ["CN=Recycle Bin Feature,CN=Optional Features,CN=X"]])
    #expect(ForestSurvey.recycleBin(on).status == .ok)
    #expect(ForestSurvey.recycleBin(Self.object("CN=Partitions", [:])).status == .advice)
    #expect(ForestSurvey.recycleBin(nil).status == .couldNotLook)
  }

  @Test func versionsOfExchange() {
    #expect(ExchangeSurvey.schema(nil).status == .ok)
    #expect(
      ExchangeSurvey.schema(Self.object("CN=S", ["rangeUpper": ["17003"]])).summary.contains("Exchange 2019 CU10"))
    #expect(ExchangeSurvey.schema(Self.object("CN=S", ["rangeUpper": ["99999"]])).summary.contains("newer than"))
    #expect(ExchangeSurvey.schema(Self.object("CN=S", ["rangeUpper": ["14000"]])).summary.contains("older than"))
    #expect(ExchangeSurvey.schema(Self.object("CN=S", [:])).status == .couldNotLook)
    let organization = Self.object("CN=Contoso,CN=Microsoft Exchange", ["objectVersion": ["16758"]])
    func domain(_ version: String) -> LDAPObject {
      Self.object("CN=Microsoft Exchange System Objects", ["objectVersion": [version]])
    }
    #expect(ExchangeSurvey.organization(organization, domain: domain("13241")).status == .ok)
    #expect(ExchangeSurvey.organization(organization, domain: domain("13236")).status == .problem)
    #expect(ExchangeSurvey.organization(organization, domain: domain("13243")).status == .ok)
    #expect(ExchangeSurvey.organization(organization, domain: nil).status == .advice)
    #expect(ExchangeSurvey.organization(Self.object("CN=Contoso", [:]), domain: nil).status == .couldNotLook)
  }

  @Test func hybridConfiguration() {
    let hybrid = Self.object("CN=Hybrid", ["msExchCoexistenceDomains": ["contoso.com", "autod:fabrikam.com"]])
    #expect(ExchangeSurvey.hybrid([]).summary == "none")
    #expect(ExchangeSurvey.hybrid([hybrid]).status == .ok)
    #expect(ExchangeSurvey.hybrid([Self.object("CN=Hybrid", [:])]).status == .advice)
    let domains = ["contoso.com", "autod:fabrikam.com"]
    #expect(ExchangeSurvey.acceptedDomains(["contoso.com", "*.com"], hybrid: domains).status == .ok)
    #expect(ExchangeSurvey.acceptedDomains(["contoso.com"], hybrid: domains).objects == ["fabrikam.com"])
    #expect(ExchangeSurvey.acceptedDomains([], hybrid: []).status == .couldNotLook)
  }

  @Test func acceptedDomainsWithWildcards() {
    #expect(ExchangeSurvey.isAccepted("contoso.com", ["contoso.com"]))
    #expect(ExchangeSurvey.isAccepted("eu.contoso.com", ["*.contoso.com"]))
    #expect(!ExchangeSurvey.isAccepted("contoso.com", ["*.contoso.com"]))
    #expect(!ExchangeSurvey.isAccepted("badcontoso.com", ["*.contoso.com", "contoso.com"]))
    #expect(ExchangeSurvey.isAccepted("anything.example", ["*"]))
  }

  @Test func proxiesForMailboxMoves() {
    let on = Self.object("CN=EWS1", ["msExchMRSProxyFlags": ["1"]])
    let off = Self.object("CN=EWS2", ["msExchMRSProxyFlags": ["0"]])
    let unset = Self.object("CN=EWS3", [:])
    #expect(ExchangeSurvey.moveProxies([], isHybrid: true).status == .ok)
    #expect(ExchangeSurvey.moveProxies([off, unset], isHybrid: true).status == .problem)
    #expect(ExchangeSurvey.moveProxies([on, off], isHybrid: true).status == .advice)
    #expect(ExchangeSurvey.moveProxies([on, off], isHybrid: true).objects == ["CN=EWS2"])
    #expect(ExchangeSurvey.moveProxies([off], isHybrid: false).status == .ok)
  }

  @Test func inheritanceIsToldByReason() throws {
    let protectedBytes = DescriptorBytes.descriptor(control: 0x9004, entries: [])
    let openBytes = DescriptorBytes.descriptor(control: 0x8004, entries: [])
    func object(_ name: String, _ classes: [String], _ descriptor: [UInt8]?, _ more: [String: [String]] = [:])
      -> LDAPObject
    {
      var object = Self.object("CN=\(name),DC=x", more.merging(["objectClass": classes]) { $1 })
      if let descriptor { object.attributes.append(.init(description: "nTSecurityDescriptor", values: [descriptor])) }
      return object
    }
    var tally = ObjectTally(acceptedDomains: ["contoso.com"])
    tally.protected = [DistinguishedName.normalized(Array("CN=admin,DC=x".utf8).span)]
    let user = ["top", "person", "user"]
    tally.count(
      object("plain", user, openBytes, ["proxyAddresses": ["SMTP:a@contoso.com", "smtp:a@fabrikam.com", "X400:c=x"]]))
    tally.count(object("off", user, protectedBytes))
    tally.count(object("admin", user, protectedBytes, ["adminCount": ["1"]]))
    tally.count(object("former", user, protectedBytes, ["adminCount": ["1"]]))
    tally.count(object("unit", ["top", "organizationalUnit"], protectedBytes))
    tally.count(object("krbtgt", user, protectedBytes, ["isCriticalSystemObject": ["TRUE"]]))
    tally.count(object("machine", user + ["computer"], protectedBytes))
    let checks = Dictionary(uniqueKeysWithValues: tally.checks().map { ($0.id, $0) })
    #expect(checks["inheritance"]?.objects == ["CN=off,DC=x"])
    #expect(checks["inheritance"]?.status == .problem)
    #expect(checks["protected-accounts"]?.objects == ["CN=admin,DC=x"])
    #expect(checks["protected-accounts"]?.status == .advice)
    #expect(checks["admin-count"]?.objects == ["CN=former,DC=x"])
    #expect(checks["inheritance-units"]?.objects == ["CN=unit,DC=x"])
    #expect(checks["address-domains"]?.objects == ["fabrikam.com (1 objects)"])
    #expect(checks["object-count"]?.summary.hasPrefix("4 ") == true)
    tally.count(object("hidden", user, nil))
    #expect(tally.checks().first?.status == .couldNotLook)
    #expect(tally.checks().first?.objects == ["CN=hidden,DC=x"])
  }

  @Test func onlyTheFirstObjectsAreNamed() {
    var names = ObjectNames()
    for number in 0..<50 { names.add("CN=\(number)") }
    #expect(names.first.count == PreflightCheck.namedObjects)
    #expect(names.count == 50)
  }
}
