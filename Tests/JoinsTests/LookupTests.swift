import Bytes
import Directory
import Findings
import Entries
import TestFindings
import TestSources
import Testing

@testable import Joins

/// Finding entries by identifiers in one pass.
@Suite struct LookupTests {
  private static let ldif = """
    dn: CN=Smith\\, Bob,OU=Sales,DC=contoso,DC=com
    objectClass: user
    objectGUID:: 4AQlP4lP00GaDAMF6CwzAQ==
    objectSid:: AQUAAAAAAAUVAAAALOsBPHfpK4FwT/VXAwUAAA==
    sAMAccountName: bsmith
    userPrincipalName: Bob.Smith@Contoso.com
    proxyAddresses: SMTP:bob.smith@contoso.com
    proxyAddresses: smtp:Bob@contoso.com\u{20}
    proxyAddresses: sip:bob.smith@contoso.com
    proxyAddresses;x-old: X500:/o=Contoso/cn=bob

    dn: cn=Älva Öst,OU=Sales,DC=contoso,DC=com
    objectClass: user
    objectGUID:: dYp3EtLpPUeUQ2Yzxg0yqA==
    mS-DS-ConsistencyGuid:: 4AQlP4lP00GaDAMF6CwzAQ==
    mail: bob.smith@contoso.com
    msExchMailboxGuid:: KCeqxO8+QEWkfOkTAqTPsA==
    displayName: Älva Öst

    dn: CN=Gone\\0ADEL:0b3c5c8a-54c2-4f43-8d9e-9d6f2a0cbb11,CN=Deleted Objects,DC=contoso,DC=com
    objectClass: user
    objectGUID:: ilw8C8JUQ0+Nnp1vKgy7EQ==
    isDeleted: TRUE

    """

  /// What finds what: `attribute value` of each hit, by the first RDN of its entry.
  private func find(_ texts: [String], in text: String = ldif, seed: UInt64 = 0) throws -> [String] {
    let lookup = Lookup(texts.map { LookupQuery(Identifier($0)) }, seed: seed)
    var found: [String] = []
    let reading = try lookup.run(Self.source(text)) { entry, hits in
      let dn = String(decoding: entry.dn, as: UTF8.self)
      found += hits.map {
        "\($0.query) \(dn.prefix { $0 != " " && $0 != "," }.prefix(8)) \($0.matchedBy.rawValue) \($0.attribute)"
      }
    }
    #expect(reading.isComplete)
    return found
  }

  static func source(_ text: String) -> SourcePlace {
    TextSource.place(text)
  }

  /// What was kept of a reading says which texts nobody else holds: in any attribute, any case and with any type.
  @Test(arguments: [
    ("bob.smith@contoso.com", "CN=Smith", true), ("BOB@CONTOSO.COM", "CN=Smith", false),
    ("bob@contoso.com", "cn=Älva", true), ("bob.smith@contoso.com", "cn=Älva", true),
    ("nobody@contoso.com", "CN=Smith", false), ("bsmith", "CN=Smith", false), ("bsmith", "cn=Älva", true),
  ])
  func keepsWhatEntriesHold(_ text: String, _ entry: String, _ mayBeHeld: Bool) throws {
    let lookup = Lookup(
      [LookupQuery(Identifier("CN=Smith\\, Bob,OU=Sales,DC=contoso,DC=com")), LookupQuery(Identifier("CN=Älva Öst"))],
      entryAttributes: [], keepsTexts: true)
    var held: HeldTexts? = HeldTexts()
    var own: [String: Set<UInt64>] = [:]
    _ = try lookup.run(Self.source(Self.ldif), keeping: &held) { found, _ in
      own[String(String(decoding: found.dn, as: UTF8.self).prefix(8).prefix { $0 != " " && $0 != "," })] =
        lookup.heldTexts(of: found)
    }
    let query = LookupQuery(LookupQuery.readings(of: .init(type: "", value: text)))
    let open = lookup.mayBeHeld([query], own: [try #require(own[entry])], in: try #require(held))
    #expect(open == (mayBeHeld ? [0] : []))
  }

  /// A second reading never finds a holder of a text that the first one calls free.
  @Test(arguments: 0..<20) func whatIsFreeIsHeldByNobody(seed: UInt64) throws {
    var random = TestRandom(seed: seed)
    let names = (0..<40).map { "user\($0)@contoso.com" }
    let attributes = ["mail", "userPrincipalName", "proxyAddresses", "mailNickname", "sAMAccountName", "targetAddress"]
    let text = (0..<30).map { number in
      "dn: CN=\(number),DC=c\n"
        + (0..<Int.random(in: 0...20, using: &random)).map { _ in
          let name = names.randomElement(using: &random) ?? ""
          return "\(attributes.randomElement(using: &random) ?? "mail"): \(Bool.random(using: &random) ? "SMTP:" : "")"
            + (Bool.random(using: &random) ? name.uppercased() : name) + "\n"
        }.joined() + "\n"
    }.joined()
    let lookup = Lookup([], entryAttributes: [], keepsTexts: true)
    var held: HeldTexts? = HeldTexts()
    _ = try lookup.run(Self.source(text), keeping: &held) { _, _ in }
    let queries = names.map { LookupQuery(LookupQuery.readings(of: .init(type: "", value: $0))) }
    var found: Set<Int> = []
    _ = try Lookup(queries).run(Self.source(text)) { _, hits in found.formUnion(hits.map(\.query)) }
    let open = lookup.mayBeHeld(queries, own: queries.map { _ in [] }, in: try #require(held))
    #expect(found.isSubset(of: open))
  }

  @Test(arguments: [
    (
      "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
      ["0 CN=Smith objectGUID objectGUID", "0 cn=Älva mS-DS-ConsistencyGuid mS-DS-ConsistencyGuid"]
    ),
    (
      "e004253f-894f-d341-9a0c-0305e82c3301",
      [
        "0 CN=Smith objectGUID-byte-swapped objectGUID",
        "0 cn=Älva mS-DS-ConsistencyGuid-byte-swapped mS-DS-ConsistencyGuid",
      ]
    ),
    ("S-1-5-21-1006758700-2167138679-1475694448-1283", ["0 CN=Smith sid objectSid"]),
    ("cn=smith\\2c bob,ou=sales,dc=CONTOSO,dc=com", ["0 CN=Smith dn dn"]),
    ("CN=älva öst,OU=Sales,DC=contoso,DC=com", ["0 cn=Älva dn dn"]),
    ("CN=ÄLVA ÖST", ["0 cn=Älva rdn dn"]),
    ("contoso\\BSMITH", ["0 CN=Smith sAMAccountName sAMAccountName"]),
    (
      "bob.smith@contoso.com",
      [
        "0 CN=Smith userPrincipalName userPrincipalName", "0 CN=Smith address proxyAddresses",
        "0 CN=Smith address proxyAddresses", "0 cn=Älva address mail",
      ]
    ),
    (
      "SMTP:bob.smith@contoso.com",
      [
        "0 CN=Smith userPrincipalName userPrincipalName", "0 CN=Smith address proxyAddresses", "0 cn=Älva address mail",
      ]
    ),
    ("sip:bob.smith@contoso.com", ["0 CN=Smith address proxyAddresses"]),
    ("smtp:bob@contoso.com", ["0 CN=Smith address proxyAddresses"]),
    ("x500:/O=contoso/CN=BOB", ["0 CN=Smith address proxyAddresses"]),
    ("c4aa2728-3eef-4540-a47c-e91302a4cfb0", ["0 cn=Älva msExchMailboxGuid msExchMailboxGuid"]),
    ("0b3c5c8a-54c2-4f43-8d9e-9d6f2a0cbb11", ["0 CN=Gone\\ objectGUID objectGUID"]),
    ("älva öst", ["0 cn=Älva displayName displayName"]),
    ("2819A5C8-BE27-EC11-A970-000D3A1B4EEE", []), ("User_3f2504e0-4f89-41d3-9a0c-0305e82c3301", []), ("nobody", []),
    ("", []),
  ])
  func finds(_ text: String, _ expected: [String]) throws {
    #expect(try find([text]) == expected)
  }

  @Test func manyAtOnce() throws {
    let texts = ["nobody", "bsmith", "CN=Smith\\, Bob,OU=Sales,DC=contoso,DC=com", "bsmith"]
    #expect(
      try find(texts) == [
        "2 CN=Smith dn dn", "1 CN=Smith sAMAccountName sAMAccountName", "3 CN=Smith sAMAccountName sAMAccountName",
      ])
  }

  /// The table against a plain comparison of everything with everything, for random small alphabets and seeds.
  @Test func sameAsPlainComparison() throws {
    var numbers = SeededNumbers(seed: 5)
    func next(_ limit: Int) -> Int { numbers.below(limit) }
    func word() -> String { String((0..<next(4) + 1).map { _ in ["a", "B", "A", "b", "@", "0"][next(6)] }) }
    for _ in 0..<200 {
      let values = (0..<20).map { _ in word() }
      let wanted = (0..<5).map { _ in word() }
      let text = values.enumerated().map { "dn: CN=\($0),DC=c\nsAMAccountName: \($1)\n\n" }.joined()
      let queries = wanted.map { LookupQuery(LookupQuery.text($0, AttributeSet(.samAccountName))) }
      var found: Set<String> = []
      _ = try Lookup(queries, seed: UInt64(next(1 << 30))).run(Self.source(text)) { entry, hits in
        for hit in hits {
          found.insert("\(hit.query)-\(String(decoding: entry.dn, as: UTF8.self))")
        }
      }
      var expected: Set<String> = []
      for (query, want) in wanted.enumerated() {
        for (number, value) in values.enumerated() where want.lowercased() == value.lowercased() {
          expected.insert("\(query)-CN=\(number),DC=c")
        }
      }
      #expect(found == expected)
    }
  }

  /// Of most entries only what is looked for is read; what is handed over is whole all the same, and in its place.
  @Test func entriesComeWhole() throws {
    let text = """
      version: 1

      # a comment
      dn: CN=a,DC=c\r
      objectClass: user\r
      mail: a@c.de\r
      description: one\r

      dn: CN=bad,DC=c
      no value

      dn:: Q049w7YsREM9Yw==
      changetype: add
      # another
      objectClass: user
      info: folded
        text
      photo:: AAEC
      proxyAddresses;x-old: smtp:B@c
       .de
      description;lang-en: two


      dn: CN=c,DC=c
      mail: other@c.de
      """
    let lookup = Lookup([LookupQuery(Identifier("a@c.de")), LookupQuery(Identifier("b@c.de"))])
    var found: [String] = []
    let reading = try lookup.run(Self.source(text)) { entry, hits in
      found.append("\(entry.place.line ?? 0) \(String(decoding: entry.dn, as: UTF8.self))")
      for value in entry.values {
        let name = entry.batch.attributes[value.attribute].name
        found.append("\(entry.place(of: value).line ?? 0) \(name) \(value.bytes.count)")
      }
      found += hits.map { "hit \($0.query) \($0.location.line ?? 0) \($0.location.column ?? 0) \($0.attribute)" }
    }
    #expect(
      found == [
        "4 CN=a,DC=c", "5 objectClass 4", "6 mail 6", "7 description 3", "hit 0 6 7 mail",
        "12 CN=ö,DC=c", "15 objectClass 4", "16 info 11", "18 photo 3", "19 proxyAddresses;x-old 11",
        "21 description;lang-en 3", "hit 1 19 23 proxyAddresses",
      ])
    #expect(reading.entriesRead == 3)
    #expect(reading.recordsLost == 1)
    #expect(reading.attributesSeen == ["mail", "proxyAddresses"])
  }

  /// All kinds of keys in random entries, against comparing each value of a whole reading with each key.
  @Test func sameAsReadingEverything() throws {
    var random = SystemRandomNumberGenerator()
    let guids = (0..<6).compactMap { _ in GUID((0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }) }
    let names = ["jo", "Jo", "al", "älva", "ÄLVA"]
    func address() -> String {
      "\(names.randomElement(using: &random) ?? "")@\(["a.de", "B.de"].randomElement(using: &random) ?? "")"
    }
    for _ in 0..<60 {
      var text = ""
      for number in 0..<Int.random(in: 1...12, using: &random) {
        text += "dn: CN=\(names.randomElement(using: &random) ?? "") \(number),DC=c\nobjectClass: user\n"
        for attribute in ["objectGUID", "mS-DS-ConsistencyGuid", "msExchMailboxGuid"] where Bool.random(using: &random)
        {
          text += "\(attribute):: \(Base64Text.encode(guids.randomElement(using: &random)?.bytes ?? []))\n"
        }
        for attribute in ["mail", "userPrincipalName", "proxyAddresses", "proxyAddresses", "description"]
        where Bool.random(using: &random) {
          let type =
            attribute == "proxyAddresses" ? ["smtp:", "SMTP:", "sip:", ""].randomElement(using: &random) ?? "" : ""
          text += "\(attribute): \(type)\(address())\n"
        }
        text += "\n"
      }
      let wanted = (0..<5).map { _ in
        Bool.random(using: &random) ? guids.randomElement(using: &random)?.description ?? "" : address()
      }
      let queries = wanted.map { LookupQuery(Identifier($0)) }
      var found: Set<String> = []
      _ = try Lookup(queries).run(Self.source(text)) { entry, hits in
        let dn = String(decoding: entry.dn, as: UTF8.self)
        for hit in hits { found.insert("\(hit.query) \(dn) \(hit.attribute) \(hit.value.bytes)") }
      }
      #expect(found == Self.plainHits(queries, text))
    }
  }

  private static func plainHits(_ queries: [LookupQuery], _ text: String) -> Set<String> {
    var reader = BatchReader(source: "test", hasLines: true)
    let batch = reader.read(Array(text.utf8))
    var hits: Set<String> = []
    for entry in batch.views {
      let dn = String(decoding: entry.dn, as: UTF8.self)
      for value in entry.values {
        let name = batch.attributes[value.attribute].name
        guard let attribute = LookupAttribute.allCases.first(where: { $0.attributeName == name }) else { continue }
        let bytes = Array(value.bytes)
        for (number, query) in queries.enumerated() {
          let isHit = query.readings.contains { reading in
            guard reading.attributes.contains(AttributeSet(attribute)) else { return false }
            switch attribute.comparison {
            case .bytes: return reading.kind == .bytes && reading.key == bytes
            case .text: return reading.kind == .text && reading.key == LookupQuery.folded(bytes)
            case .typedAddress:
              let length = LookupScan.typeLength(of: bytes[...])
              let type = length == 0 ? "smtp" : String(decoding: bytes[..<(length - 1)], as: UTF8.self).lowercased()
              return reading.kind == .text && reading.key == LookupQuery.folded(Array(bytes[length...]))
                && (reading.addressType == nil || reading.addressType == type)
            case .distinguishedName: return false
            }
          }
          if isHit { hits.insert("\(number) \(dn) \(name) \(bytes)") }
        }
      }
    }
    return hits
  }

  @Test func lostRecordsMakeItIncomplete() throws {
    var problems: [String] = []
    let lookup = Lookup([LookupQuery(Identifier("jo"))])
    let reading = try lookup.run(Self.source("dn: CN=a\nx\n\ndn: CN=jo\ncn: jo\n")) { _, _ in }
    #expect(reading.recordsLost == 1)
    #expect(!reading.isComplete)
    problems = reading.gaps
    #expect(problems.isEmpty)
  }
}
