@testable import Directory
import Bytes
import Testing

/// Forms of identifiers, with the public samples of Microsoft's pages and of people's blogs.
@Suite struct IdentifierTests {
  private static let worked = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"

  @Test(arguments: [
    (worked, Identifier.Form.guid), ("{3F2504E0-4F89-41D3-9A0C-0305E82C3301}", .guid),
    ("4AQlP4lP00GaDAMF6CwzAQ==", .sourceAnchor), ("objectGUID:: 4AQlP4lP00GaDAMF6CwzAQ==", .sourceAnchor),
    ("4AQlP4lP00GaDAMF6CwzAQ", .sourceAnchor), ("4AQlP4lP00GaDAMF\n  6CwzAQ==", .sourceAnchor),
    (#"(objectGUID=\E0\04\25\3F\89\4F\D3\41\9A\0C\03\05\E8\2C\33\01)"#, .guidFilter),
    ("e004253f894fd3419a0c0305e82c3301", .guidHex), ("0xE004253F894FD3419A0C0305E82C3301", .guidHex),
    ("CN={3441516C50346C503030476144414D463643777A41513D3D}", .connectorSpaceDN),
    ("cn={3441516c50346c503030476144414d463643777a41513d3d}", .connectorSpaceDN),
    ("CN={3441516C50346C503030476\n    144414D463643777A41513D3D}", .connectorSpaceDN),
    ("3441516C50346C503030476144414D463643777A41513D3D", .connectorSpaceDN),
    ("CN=3f2504e0-4f89-41d3-9a0c-0305e82c3301", .guidDN), ("CN={3F2504E0-4F89-41D3-9A0C-0305E82C3301}", .guidDN),
    ("<GUID=3f2504e0-4f89-41d3-9a0c-0305e82c3301>", .extendedDN),
    ("<GUID=e004253f894fd3419a0c0305e82c3301>", .extendedDN),
    (#"CN=Bob\0ACNF:3f2504e0-4f89-41d3-9a0c-0305e82c3301,OU=x,DC=contoso,DC=com"#, .conflictDN),
    (#"CN=Bob\0ADEL:3f2504e0-4f89-41d3-9a0c-0305e82c3301,CN=Deleted Objects,DC=contoso,DC=com"#, .deletedDN),
  ])
  func everyFormIsOneGUID(_ text: String, _ form: Identifier.Form) {
    let identifier = Identifier(text)
    #expect(identifier.form == form)
    #expect(identifier.guid?.description == Self.worked)
  }

  /// The samples that public pages show, decoded.
  @Test(arguments: [
    ("CN={514635484D4B376E38307176645973555049486139513D3D}", "30475e40-e7ae-4af3-af75-8b143c81daf5"),
    ("CN={783456306961654236304B58786A66746377643748773D3D}", "897485c7-81a7-42eb-97c6-37ed73077b1f"),
    ("CN={49483470516544687930436775392F31734F4A7874513D3D}", "41297e20-e1e0-40cb-a0bb-dff5b0e271b5"),
    ("eX5b50Rf+UizRIMe2CA/tg==", "e75b7e79-5f44-48f9-b344-831ed8203fb6"),
    ("1CnF/RnI9Uyx0ofuAsnZTg==", "fdc529d4-c819-4cf5-b1d2-87ee02c9d94e"),
  ])
  func publicSamples(_ text: String, _ guid: String) {
    #expect(Identifier(text).guid?.description == guid)
    #expect(Identifier(text).nature == .directory)
  }

  @Test func cloudAnchors() {
    let user = Identifier(
      "CN={557365725F33663235303465302D346638392D343164332D396130632D303330356538326333333031}")
    #expect(user.form == .cloudAnchorDN)
    #expect(user.cloudAnchor == CloudAnchor(text: "User_3f2504e0-4f89-41d3-9a0c-0305e82c3301"))
    #expect(user.nature == .cloud)
    #expect(user.guid == nil)
    let none = Identifier(
      "CN={4F626A656374547970655F30303030303030302D303030302D303030302D303030302D303030303030303030303030}")
    #expect(none.cloudAnchor?.text == "ObjectType_00000000-0000-0000-0000-000000000000")
    let anchor = CloudAnchor(text: "User_ad894f51-c3b1-40fc-8725-5a672b156356")
    let value = Base64Text.encode(anchor?.anchorBytes ?? [])
    #expect(value.hasPrefix("VAAAAFUAcwBlAHIAXwBhAGQAOAA5"))
    #expect(value.hasSuffix("UANgAAAA=="))
    #expect(Identifier(value).cloudAnchor == anchor)
    #expect(Identifier("User_64c6616b-f961-4882-a03e-9209d01711aa").nature == .cloud)
  }

  @Test func textAnchorOfAnotherConnector() throws {
    let bytes = try Base64Text.decode("EgAAAFUASwAwADANQA3ADMAMwA5AA==".replacing("ADANQA3", with: "ADAANQA3"))
    #expect(AnchorText.decode(bytes) == "UK0057339")
    #expect(Identifier("EgAAAFUASwAwADAANQA3ADMAMwA5AA==").sourceAnchorText == "UK0057339")
  }

  @Test func invalidBase64IsToldAndNoGUID() {
    let identifier = Identifier("H552hI9GwEykZwosf74JeOQ==")
    #expect(identifier.form == .name)
    #expect(identifier.guid == nil)
    #expect(identifier.notes.first?.contains("25 characters") == true)
    #expect(identifier.notes.first?.contains("one character is too many") == true)
  }

  @Test func hexadecimalDigitsThatAreNotWhole() {
    let identifier = Identifier("CN={3441516C50346C503030476144414D463643777A41513D3}")
    // What is missing can only be one digit.
    #expect(identifier.notes.first?.contains("47 of 48 digits") == true)
    #expect(identifier.damage?.readings == ["CN={3441516C50346C503030476144414D463643777A41513D3D}"])
    #expect(identifier.guid == Identifier("CN={3441516C50346C503030476144414D463643777A41513D3D}").guid)
  }

  @Test(arguments: [
    ("2819A5C8-BE27-EC11-A970-000D3A1B4EEE", "2021-10-07T22:34:50Z", "00:0d:3a:1b:4e:ee"),
    ("3184d2b1-2922-ec11-8d0e-f16a15e46b81", "2021-09-30T20:05:01Z", "f1:6a:15:e4:6b:81"),
    ("F650712A-7013-E711-9160-005056B50BB9", "2017-03-28", "00:50:56:b5:0b:b9"),
  ])
  func engineIDs(_ text: String, _ time: String, _ node: String) throws {
    let identifier = Identifier("{\(text)}")
    let made = try #require(identifier.guid?.sequential)
    #expect(made.time.hasPrefix(time))
    #expect(made.nodeText == node)
    #expect(identifier.nature == .engine(made))
    #expect(identifier.remarks.joined().contains("--connector-space"))
  }

  @Test(arguments: [
    "897485c7-81a7-42eb-97c6-37ed73077b1f", "68C3525F-1235-41EE-BD97-431BE85A0ACA",
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
  ])
  func idsThatAreNotOfTheEngine(_ text: String) {
    #expect(GUID(text: text)?.sequential == nil)
  }

  @Test func entraConnector() {
    #expect(Identifier("{B891884F-051E-4A83-95AF-2544101C9083}").nature == .entraConnector)
  }

  /// A GUID printed in the wrong byte order shows itself by its version.
  @Test func swappedBytes() {
    let wrong = Identifier("e004253f-894f-d341-9a0c-0305e82c3301")
    #expect(wrong.looksByteSwapped)
    #expect(wrong.guid?.byteSwapped.description == Self.worked)
    #expect(wrong.notes.joined().contains("byte order"))
    #expect(!Identifier(Self.worked).looksByteSwapped)
    // The base64 that people make of the text's digits.
    #expect(Identifier("PyUE4E+JQdOaDAMF6CwzAQ==").guid?.byteSwapped.description == Self.worked)
  }

  @Test func workedSID() {
    let text = "S-1-5-21-1006758700-2167138679-1475694448-1283"
    let base64 = "AQUAAAAAAAUVAAAALOsBPHfpK4FwT/VXAwUAAA=="
    let filter = #"\01\05\00\00\00\00\00\05\15\00\00\00\2c\eb\01\3c\77\e9\2b\81\70\4f\f5\57\03\05\00\00"#
    for form in [
      text, text.lowercased(), base64, filter, "(objectSid=\(filter))", "objectSid:: \(base64)", "<SID=\(text)>",
    ] {
      #expect(Identifier(form).sid?.description == text, "\(form)")
    }
    #expect(SecurityIdentifier(text: "S-1-0x123456789abc-5")?.description == "S-1-0x123456789abc-5")
    for bad in [
      "S-1", "S-2-5-1", "S-1-5-", "S-1-5-4294967296", "S-1-5-+1", "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16",
    ] {
      #expect(SecurityIdentifier(text: bad) == nil, "\(bad)")
    }
  }

  @Test(arguments: [
    ("contoso\\jdoe", Identifier.Form.accountName), ("jo@contoso.com", .address), ("SMTP:jo@contoso.com", .address),
    ("SIP:jo@contoso.com", .address), ("X500:/o=Contoso/ou=First/cn=Recipients/cn=jo", .address),
    (#"CN=Smith\, Bob,OU=Sales,DC=contoso,DC=com"#, .distinguishedName), ("CN=Jo Doe", .relativeName), ("jdoe", .name),
    ("Jo Doe", .name), ("", .name), ("AdministratorsAndFriends", .name), ("a=b", .name), ("C:\\temp\\x", .name),
    ("S-1", .name), ("{}", .name), ("CN={}", .distinguishedName), ("\\", .name), ("=", .name), ("==", .name),
  ])
  func otherForms(_ text: String, _ form: Identifier.Form) {
    #expect(Identifier(text).form == form)
  }

  @Test func customAnchor() {
    // base64("EMP-0012345") in hexadecimal.
    let anchor = Base64Text.encode("EMP-0012345".utf8)
    let identifier = Identifier(ConnectorSpaceDN.of(sourceAnchor: anchor))
    #expect(identifier.form == .connectorSpaceDN)
    #expect(identifier.guid == nil)
    #expect(identifier.sourceAnchorText == anchor)
    #expect(identifier.notes.joined().contains("EMP-0012345"))
    let plain = Identifier(ConnectorSpaceDN.of(sourceAnchor: "emp:12"))
    #expect(plain.sourceAnchorText == "emp:12")
    #expect(plain.sourceAnchor == nil)
  }

  @Test func keysOfDistinguishedNames() {
    func key(_ text: String) -> [UInt8] { DistinguishedName.key(of: Array(text.utf8)) }
    let one = key(#"CN=Smith\, Bob,OU=Sales,DC=contoso,DC=com"#)
    for spelling in [
      #"cn=smith\2C Bob,ou=SALES,dc=Contoso,dc=com"#, #"CN="Smith, Bob",OU=Sales,DC=contoso,DC=com"#,
      #" CN = Smith\, Bob , OU=Sales;DC=contoso,DC=com"#,
    ] { #expect(key(spelling) == one, "\(spelling)") }
    #expect(key("CN=Smith,Bob=1") != key(#"CN=Smith\,Bob=1"#))
    #expect(key(#"CN=\C3\84"#) == key("CN=Ä"))
    #expect(key("CN=a\\+SN=b") != key("CN=a+SN=b"))
    #expect(DistinguishedName.firstRDNLength(ofKey: one) == key(#"CN=Smith\, Bob"#).count)
    #expect(DistinguishedName.components(of: Array("CN=a,".utf8)) == nil)
    #expect(DistinguishedName.components(of: Array("CN=a\\".utf8)) == nil)
    #expect(DistinguishedName.components(of: Array("Jo, Doe".utf8)) == nil)
  }

  @Test func caseVariants() {
    func variants(_ text: String) -> Set<String> {
      Set(CaseVariants.of(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) })
    }
    #expect(variants("jo") == ["jo"])
    #expect(variants("öä") == ["öä", "Öä", "öÄ", "ÖÄ"])
    #expect(variants("ß漢") == ["ß漢"])
    #expect(variants("äöüäöüäöü") == ["äöüäöüäöü", "ÄÖÜÄÖÜÄÖÜ"])
    #expect(CaseVariants.of([0xff]) == [[0xff]])
  }
}

/// Any identifier → all its forms → back.
@Suite struct IdentifierRoundTripTests {
  private struct Random {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 16
    }
    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
  }

  @Test func guids() throws {
    var random = Random(state: 7)
    for round in 0..<2_000 {
      var bytes = random.bytes(16)
      if round % 2 == 0 {
        bytes[7] = bytes[7] & 15 | 0x40
        bytes[8] = bytes[8] & 63 | 0x80
      }
      let guid = try #require(GUID(bytes))
      #expect(guid.byteSwapped.byteSwapped == guid)
      let forms = Identifier(guid.description).forms
      #expect(forms.contains { $0.key == "guid" && $0.value == guid.description })
      for form in forms {
        let expected = form.key.hasSuffix("ByteSwapped") ? guid.byteSwapped : guid
        let back = Identifier(form.value)
        #expect(back.guid == expected, "\(form.key): \(form.value)")
        #expect(Set(back.forms.map(\.key)).isSuperset(of: ["guid"]))
      }
    }
  }

  @Test func sids() throws {
    var random = Random(state: 11)
    for _ in 0..<500 {
      let count = 1 + Int(random.next() % 15)
      let sid = try #require(
        SecurityIdentifier([1, UInt8(count), 0, 0, 0, 0, 0] + random.bytes(1) + random.bytes(4 * count)))
      #expect(SecurityIdentifier(sid.bytes) == sid)
      for form in Identifier(sid.description).forms {
        #expect(Identifier(form.value).sid == sid, "\(form.key): \(form.value)")
      }
    }
  }

  @Test func cloudAnchors() throws {
    var random = Random(state: 13)
    for type in ["User", "Group", "Contact", "Device", "ObjectType"] {
      for _ in 0..<50 {
        let anchor = CloudAnchor(type: type, objectID: try #require(GUID(random.bytes(16))))
        for form in Identifier(anchor.text).forms where form.key != "cloudObjectID" {
          #expect(Identifier(form.value).cloudAnchor == anchor, "\(form.key): \(form.value)")
        }
      }
    }
  }

  @Test func names() {
    for dn in [
      #"CN=Smith\, Bob,OU=Sales,DC=contoso,DC=com"#, #"CN=a\+b+SN=\#\ x\ ,DC=c"#, #"CN=\0A\22\\,DC=c"#, "CN=Ä,DC=c",
    ] {
      let forms = Identifier(dn).forms
      let back = forms.first { $0.key == "dn" }.map { Identifier($0.value) }
      #expect(DistinguishedName.key(of: back?.distinguishedName ?? []) == DistinguishedName.key(of: Array(dn.utf8)))
    }
  }

  /// Any text at all: nothing crashes, and what is read again is the same.
  @Test func anyText() {
    var random = Random(state: 17)
    let pieces = [
      "CN=", "{", "}", "\\", "0A", "CNF:", "==", "=", "<GUID=", ">", ";", "S-1-5-", "User_", "4AQlP4lP00GaDAMF6CwzAQ",
      "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "@", "smtp:", "\n", " ", "ä", "\u{0}", "\u{202E}", "'", "\"", "(", ")",
      ",",
      "e004253f894fd3419a0c0305e82c3301", "-", "+", "0x", "DC=c",
    ]
    for _ in 0..<20_000 {
      let text = (0..<Int(random.next() % 7)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
      let identifier = Identifier(text)
      #expect(Identifier(identifier.text) == identifier)
      _ = identifier.forms
      _ = identifier.remarks
    }
  }

  /// The forms that are read quickly, against the reader of all forms: right texts, and texts with a byte more, less or
  /// another.
  @Test func usualFormsAreReadAsAllOthers() {
    var random = SystemRandomNumberGenerator()
    let bytes: [UInt8] = Array("aZ09=-{}@.:_+/ \"'(\\\u{1A}\n".utf8)
    var usual = 0
    for _ in 0..<4000 {
      let guid = GUID((0..<16).map { _ in UInt8.random(in: 0...255, using: &random) })
      guard let guid else { continue }
      let anchor = Base64Text.encode(guid.bytes)
      let texts = [
        "CN=\(guid)", "cn=\(guid.description.uppercased())", ConnectorSpaceDN.of(sourceAnchor: anchor),
        ConnectorSpaceDN.of(sourceAnchor: anchor).lowercased(), "SMTP:jo.doe@contoso.com", "sip:j_d@x",
        "jo-1@contoso.com",
        guid.description, anchor, "User_\(guid)", "CN=\(guid.braced)",
      ]
      var text = Array((texts.randomElement(using: &random) ?? "").utf8)
      let place = Int.random(in: 0..<text.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: text[place] = bytes.randomElement(using: &random) ?? 0
      case 1: text.remove(at: place)
      case 2: text.insert(bytes.randomElement(using: &random) ?? 0, at: place)
      default: break
      }
      let string = String(decoding: text, as: UTF8.self)
      let plain = IdentifierReader(string).read()
      #expect(Identifier(string) == plain, "\(string.debugDescription)")
      if UsualIdentifier.read(string) != nil { usual += 1 }
    }
    #expect(usual > 1000)
  }
}
