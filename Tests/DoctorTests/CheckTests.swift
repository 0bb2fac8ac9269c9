import Directory
import Testing

@testable import Doctor
@testable import LDAP

@Suite struct CheckTests {
  static func object(_ dn: String, _ attributes: [String: [String]]) -> LDAPObject {
    LDAPObject(
      dn: Array(dn.utf8),
      attributes: attributes.map { .init(description: $0.key, values: $0.value.map { Array($0.utf8) }) })
  }

  @Test func functionalLevels() {
    #expect(ForestSurvey.forestLevel(7).outcome == .well)
    #expect(ForestSurvey.forestLevel(7).summary == "Windows Server 2016")
    #expect(ForestSurvey.forestLevel(2).outcome == .well)
    #expect(ForestSurvey.forestLevel(1).fault?.kind == .forestFunctionalLevel)
    #expect(ForestSurvey.forestLevel(nil).outcome == .notSeen)
    #expect(ForestSurvey.domainLevel(0).fault == Fault(.domainFunctionalLevel, value: "Windows 2000"))
  }

  @Test func dotsInNetBIOSNames() {
    let good = Self.object("CN=A", ["nETBIOSName": ["CONTOSO"]])
    let bad = Self.object("CN=B", ["nETBIOSName": ["CON.TOSO"]])
    #expect(ForestSurvey.netBIOSNames([good]).outcome == .well)
    #expect(ForestSurvey.netBIOSNames([good, bad]).fault?.value == "CON.TOSO")
    #expect(ForestSurvey.netBIOSNames([good, bad]).fault?.objects.first == ["CN=B"])
    #expect(ForestSurvey.netBIOSNames([]).outcome == .notSeen)
  }

  @Test func suffixesThatNobodyCanVerify() {
    #expect(ForestSurvey.suffixes(domains: ["ad.contoso.com"], others: []).outcome == .well)
    #expect(ForestSurvey.suffixes(domains: ["contoso.local"], others: ["contoso.com"]).outcome == .well)
    #expect(
      ForestSurvey.suffixes(domains: ["contoso.local", "single"], others: ["x.test"]).fault?.kind == .noRoutableSuffix)
    #expect(ForestSurvey.suffixes(domains: ["contoso.com"], others: nil).outcome == .notSeen)
  }

  @Test func recycleBin() {
    let on = Self.object("CN=Partitions", ["msDS-EnabledFeature": ["CN=Recycle Bin Feature,CN=Optional Features,CN=X"]])
    #expect(ForestSurvey.recycleBin(on).outcome == .well)
    #expect(ForestSurvey.recycleBin(Self.object("CN=Partitions", [:])).fault?.kind == .recycleBinOff)
    #expect(ForestSurvey.recycleBin(nil).outcome == .notSeen)
  }

  @Test func versionsOfExchange() {
    #expect(ExchangeSurvey.schema(nil).outcome == .well)
    #expect(
      ExchangeSurvey.schema(Self.object("CN=S", ["rangeUpper": ["17003"]])).summary.contains("Exchange 2019 CU10"))
    #expect(ExchangeSurvey.schema(Self.object("CN=S", ["rangeUpper": ["99999"]])).summary.contains("newer than"))
    #expect(ExchangeSurvey.schema(Self.object("CN=S", ["rangeUpper": ["14000"]])).summary.contains("older than"))
    #expect(ExchangeSurvey.schema(Self.object("CN=S", [:])).outcome == .notSeen)
    let organization = Self.object("CN=Contoso,CN=Microsoft Exchange", ["objectVersion": ["16758"]])
    func domain(_ version: String) -> LDAPObject {
      Self.object("CN=Microsoft Exchange System Objects", ["objectVersion": [version]])
    }
    #expect(ExchangeSurvey.organization(organization, domain: domain("13241")).outcome == .well)
    #expect(
      ExchangeSurvey.organization(organization, domain: domain("13236")).fault?.kind == .exchangeDomainOlderBuild)
    #expect(ExchangeSurvey.organization(organization, domain: domain("13243")).outcome == .well)
    #expect(ExchangeSurvey.organization(organization, domain: nil).fault?.kind == .exchangeDomainNotPrepared)
    #expect(ExchangeSurvey.organization(Self.object("CN=Contoso", [:]), domain: nil).outcome == .notSeen)
  }

  @Test func hybridConfiguration() {
    let hybrid = Self.object("CN=Hybrid", ["msExchCoexistenceDomains": ["contoso.com", "autod:fabrikam.com"]])
    #expect(ExchangeSurvey.hybrid([]).summary == "none")
    #expect(ExchangeSurvey.hybrid([hybrid]).outcome == .well)
    #expect(ExchangeSurvey.hybrid([Self.object("CN=Hybrid", [:])]).fault?.kind == .hybridWithoutDomains)
    let domains = ["contoso.com", "autod:fabrikam.com"]
    #expect(ExchangeSurvey.acceptedDomains(["contoso.com", "*.com"], hybrid: domains).outcome == .well)
    #expect(ExchangeSurvey.acceptedDomains(["contoso.com"], hybrid: domains).fault?.value == "fabrikam.com")
    #expect(ExchangeSurvey.acceptedDomains([], hybrid: []).outcome == .notSeen)
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
    #expect(ExchangeSurvey.moveProxies([], isHybrid: true).outcome == .well)
    #expect(ExchangeSurvey.moveProxies([off, unset], isHybrid: true).fault?.kind == .moveProxyOff)
    #expect(ExchangeSurvey.moveProxies([on, off], isHybrid: true).fault?.kind == .moveProxyPartlyOff)
    #expect(ExchangeSurvey.moveProxies([on, off], isHybrid: true).fault?.objects.first == ["CN=EWS2"])
    #expect(ExchangeSurvey.moveProxies([off], isHybrid: false).outcome == .well)
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
    let seen = Dictionary(uniqueKeysWithValues: tally.observations.map { ($0.probe, $0) })
    #expect(seen[.inheritance]?.fault?.objects.first == ["CN=off,DC=x"])
    #expect(seen[.inheritance]?.fault?.kind == .inheritanceOff)
    #expect(seen[.protectedAccounts]?.fault?.objects.first == ["CN=admin,DC=x"])
    #expect(seen[.formerlyProtected]?.fault?.objects.first == ["CN=former,DC=x"])
    #expect(seen[.unitInheritance]?.fault?.objects.first == ["CN=unit,DC=x"])
    #expect(seen[.addressDomains]?.fault?.values.first == ["fabrikam.com (1 objects)"])
    #expect(seen[.objectCount]?.summary.hasPrefix("4 ") == true)
    #expect(tally.read == 7)
    tally.count(object("hidden", user, nil))
    #expect(tally.observations.first?.outcome == .notSeen)
    #expect(tally.observations.first?.objects.first == ["CN=hidden,DC=x"])
  }

  @Test func onlyTheFirstObjectsAreNamed() {
    var names = ObjectNames()
    for number in 0..<50 { names.add("CN=\(number)") }
    #expect(names.first.count == ObjectNames.limit)
    #expect(names.count == 50)
  }
}
