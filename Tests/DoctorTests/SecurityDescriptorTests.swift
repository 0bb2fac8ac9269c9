import Directory
import Testing

@testable import Doctor

@Suite struct SecurityDescriptorTests {
  static let account = "S-1-5-21-1-2-3-1105"
  static let group = "S-1-5-21-1-2-3-1200"

  @Test func partsAreRead() throws {
    let guid = try #require(GUID(text: "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2"))
    let other = try #require(GUID(text: "bf967aba-0de6-11d0-a285-00aa003049e2"))
    let owner = try #require(SecurityIdentifier(text: "S-1-5-32-544"))
    let bytes = DescriptorBytes.descriptor(
      control: 0x9004, owner: owner,
      entries: [
        DescriptorBytes.entry(1, 0x20, Self.account), DescriptorBytes.entry(0, 0x10, "S-1-1-0", flags: 0x1A),
        DescriptorBytes.objectEntry(5, 0x100, Self.group, object: guid, inherited: other),
        DescriptorBytes.objectEntry(6, 0x30, Self.group, inherited: other),
        DescriptorBytes.entry(0x09, 0x10, Self.group), [0x77, 0, 8, 0, 1, 2, 3, 4],
      ])
    let descriptor = try #require(SecurityDescriptor(bytes))
    #expect(descriptor.isInheritanceDisabled)
    #expect(descriptor.owner == owner)
    let list = try #require(descriptor.accessList)
    #expect(list.map(\.kind) == [.deny, .allow, .allow, .deny, .conditional(isAllow: true), .other])
    #expect(list.map(\.mask) == [0x20, 0x10, 0x100, 0x30, 0x10, 0])
    #expect(list[2].objectType == guid)
    #expect(list[2].inheritedObjectType == other)
    #expect(list[3].objectType == nil)
    #expect(list[3].inheritedObjectType == other)
    #expect(list[1].isEffective == false)
    #expect(list[0].account?.description == Self.account)
  }

  @Test func inheritanceIsOnWithoutTheFlag() throws {
    #expect(try #require(SecurityDescriptor(DescriptorBytes.descriptor(entries: []))).isInheritanceDisabled == false)
  }

  @Test func noListLetsEverybodyIn() throws {
    let token = AccessToken(account: try #require(SecurityIdentifier(text: Self.account)), groups: [])
    let open = try #require(SecurityDescriptor(DescriptorBytes.descriptor(control: 0x8004, entries: nil)))
    #expect(open.accessList == nil)
    #expect(open.decide(.writeProperty, on: .everything, for: token) == .granted)
    let closed = try #require(SecurityDescriptor(DescriptorBytes.descriptor(entries: [])))
    #expect(closed.decide(.readProperty, on: .everything, for: token) == .notGranted)
  }

  /// Every place where a descriptor is cut or a byte is another: no crash, and what is read stays inside.
  @Test func damagedBytesAreNoDescriptorOrOneThatCanBeRead() throws {
    let guid = try #require(GUID(text: "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2"))
    let bytes = DescriptorBytes.descriptor(
      owner: SecurityIdentifier(text: "S-1-5-32-544"),
      entries: [
        DescriptorBytes.entry(0, 0x10, Self.account), DescriptorBytes.objectEntry(5, 0x100, Self.group, object: guid),
      ])
    #expect(SecurityDescriptor(bytes) != nil)
    for length in 0..<bytes.count { #expect(SecurityDescriptor(Array(bytes[..<length])) == nil) }
    let token = AccessToken(account: try #require(SecurityIdentifier(text: Self.account)), groups: [])
    for index in bytes.indices {
      for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF, bytes[index] ^ 1] {
        var damaged = bytes
        damaged[index] = value
        _ = SecurityDescriptor(damaged)?.decide(.readProperty, on: .everything, for: token)
      }
    }
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let noise = (0..<Int.random(in: 0...80, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      _ = SecurityDescriptor([1, 0, 4, 0x80] + noise)
    }
  }

  @Test func aSizeThatLeadsOutsideIsRefused() {
    var bytes = DescriptorBytes.descriptor(entries: [DescriptorBytes.entry(0, 0x10, Self.account)])
    bytes[16] = 0xFF
    #expect(SecurityDescriptor(bytes) == nil)
    // An entry that says it has no bytes would never end.
    var endless = DescriptorBytes.descriptor(entries: [DescriptorBytes.entry(0, 0x10, Self.account)])
    endless[20 + 8 + 2] = 0
    #expect(SecurityDescriptor(endless) == nil)
  }
}

@Suite struct AccessEvaluationTests {
  static let attribute = GUID((1...16).map { UInt8($0) })
  static let propertySet = GUID((21...36).map { UInt8($0) })
  static let stranger = GUID((41...56).map { UInt8($0) })

  static func decide(
    _ entries: [AccessControlEntry], _ right: AccessRight = .writeProperty, groups: [String] = []
  ) throws -> AccessDecision {
    let descriptor = SecurityDescriptor(control: 0x8004, accessList: entries)
    let token = AccessToken(
      account: try #require(SecurityIdentifier(text: SecurityDescriptorTests.account)),
      groups: groups.compactMap { SecurityIdentifier(text: $0) })
    let target = AccessTarget(types: [attribute, propertySet].compactMap { $0 })
    return descriptor.decide(right, on: target, for: token)
  }

  static func entry(
    _ kind: AccessControlEntry.Kind, _ mask: UInt32, _ account: String = SecurityDescriptorTests.account,
    on type: GUID? = nil,
    flags: UInt8 = 0
  ) throws -> AccessControlEntry {
    AccessControlEntry(
      kind, mask: mask, account: try #require(SecurityIdentifier(text: account)), objectType: type, flags: flags)
  }

  @Test func theFirstEntryThatSpeaksDecides() throws {
    let allow = try Self.entry(.allow, 0x20)
    let deny = try Self.entry(.deny, 0x20)
    #expect(try Self.decide([allow, deny]) == .granted)
    #expect(try Self.decide([deny, allow]) == .denied)
    #expect(try Self.decide([]) == .notGranted)
  }

  @Test func anEntryCountsForItsAttributeAndItsSet() throws {
    #expect(try Self.decide([try Self.entry(.allow, 0x20, on: Self.attribute)]) == .granted)
    #expect(try Self.decide([try Self.entry(.allow, 0x20, on: Self.propertySet)]) == .granted)
    #expect(try Self.decide([try Self.entry(.allow, 0x20, on: Self.stranger)]) == .notGranted)
    #expect(
      try Self.decide([try Self.entry(.deny, 0x20, on: Self.propertySet), try Self.entry(.allow, 0x20)]) == .denied)
  }

  @Test func groupsCountAndOthersDoNot() throws {
    let entry = try Self.entry(.allow, 0x20, SecurityDescriptorTests.group)
    #expect(try Self.decide([entry]) == .notGranted)
    #expect(try Self.decide([entry], groups: [SecurityDescriptorTests.group]) == .granted)
    for everybody in ["S-1-1-0", "S-1-5-11"] {
      #expect(try Self.decide([try Self.entry(.allow, 0x20, everybody)]) == .granted)
    }
    #expect(try Self.decide([try Self.entry(.allow, 0x20, "S-1-5-7")]) == .notGranted)
  }

  @Test func entriesForObjectsBelowDoNotCountHere() throws {
    #expect(try Self.decide([try Self.entry(.allow, 0x20, flags: 0x0A)]) == .notGranted)
    // Inherited itself, and effective.
    #expect(try Self.decide([try Self.entry(.allow, 0x20, flags: 0x12)]) == .granted)
  }

  @Test func genericRightsAreTheirSpecificOnes() throws {
    #expect(try Self.decide([try Self.entry(.allow, 0x1000_0000)]) == .granted)
    #expect(try Self.decide([try Self.entry(.allow, 0x4000_0000)]) == .granted)
    #expect(try Self.decide([try Self.entry(.allow, 0x8000_0000)]) == .notGranted)
    #expect(try Self.decide([try Self.entry(.allow, 0x8000_0000)], .readProperty) == .granted)
    #expect(try Self.decide([try Self.entry(.allow, 0x1000_0000)], .controlAccess) == .granted)
  }

  @Test func conditionsAreNotGuessed() throws {
    let conditional = try Self.entry(.conditional(isAllow: true), 0x20)
    #expect(try Self.decide([conditional]) == .conditional)
    #expect(try Self.decide([conditional, try Self.entry(.allow, 0x20)]) == .conditional)
    #expect(try Self.decide([conditional, try Self.entry(.deny, 0x20)]) == .denied)
  }

  @Test func attributesThatTheSchemaLacksNeedNoRight() throws {
    var schema = SchemaGUIDs()
    schema.add(attribute: "Mail", own: try #require(Self.attribute), propertySet: Self.propertySet)
    let right = NeededRight(feature: .basicRead, right: .readProperty, subject: .attribute("mail"))
    let missing = NeededRight(
      feature: .keyCredentials, right: .writeProperty, subject: .attribute("msDS-KeyCredentialLink"))
    #expect(schema.target(of: right, onClass: "user")?.types == [Self.attribute, Self.propertySet].compactMap { $0 })
    #expect(schema.target(of: missing, onClass: "user") == nil)
  }
}
