import Bytes
import Directory
import Testing

@testable import Resolving

/// Texts with known answers, in forms and over directories that are made up: no answer names a wrong object.
@Suite struct GeneratedTextTests {
  private struct Generator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }

    mutating func below(_ limit: Int) -> Int { Int(next() >> 11) % limit }

    mutating func element<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// The bytes of a random GUID as a directory stores them.
    mutating func guid() -> [UInt8] {
      var bytes = (0..<16).map { _ in UInt8(truncatingIfNeeded: next() >> 24) }
      bytes[7] = bytes[7] & 0x0F | 0x40
      bytes[8] = bytes[8] & 0x3F | 0x80
      return bytes
    }
  }

  private struct Person {
    var dn: String
    var anchor: String
    var name: String
    var address: String
    /// Held by another object, too.
    var shared: String?
  }

  private struct Case {
    var text: String
    var ldif: String
    var object: String?
    var holders: Set<String>
  }

  private static let given = ["Jo", "Al", "Mia", "Ann Marie", "Zoë", "Kai", "Ute", "Bo"]
  private static let family = ["Doe", "Roe", "O'Neil", "Lee", "van Dyk", "Weiß", "Poe", "Sato"]

  private static func people(_ generator: inout Generator) -> [Person] {
    var people: [Person] = []
    for number in 0..<(3 + generator.below(4)) {
      let name = "\(generator.element(given)) \(generator.element(family)) \(number)"
      let local = "u\(generator.below(90_000) + 10_000).\(number)"
      let anchor = Base64Text.encode(generator.guid())
      people.append(
        Person(
          dn: "CN=\(name),OU=People,DC=contoso,DC=com", anchor: anchor, name: name, address: "\(local)@contoso.com"))
    }
    return people
  }

  private static func ldif(_ people: [Person]) -> String {
    people.map { person in
      var lines = ["dn:: \(Base64Text.encode(person.dn.utf8))", "objectClass: user", "objectGUID:: \(person.anchor)"]
      lines += [
        "userPrincipalName: \(person.address)", "mail: \(person.address)", "proxyAddresses: SMTP:\(person.address)",
      ]
      if let shared = person.shared { lines.append("proxyAddresses: smtp:\(shared)") }
      return lines.joined(separator: "\n")
    }.joined(separator: "\n\n") + "\n\n"
  }

  private static func makeCase(_ generator: inout Generator) -> Case {
    var people = people(&generator)
    let shared = "team\(generator.below(9_000))@contoso.com"
    people[0].shared = shared
    people[1].shared = shared
    let object = generator.below(3) == 0 ? people[2] : people[generator.below(2)]
    let name = ConnectorSpaceDN.of(sourceAnchor: object.anchor)
    let clash =
      "Unable to update this object because the following attributes associated with this object have values that may already "
      + "be associated with another object in your local directory services: [ProxyAddresses smtp:\(shared);]. Correct or "
      + "remove the duplicate values in your local directory."
    let notValid =
      "Unable to update this object in Azure Active Directory, because the attribute [UserPrincipalName], is not valid. Update "
      + "the value in your local directory services."
    let holders = Set([people[0].dn, people[1].dn])
    let texts: [(String, String?, Set<String>)] = [
      ("Error Name: AttributeValueMustBeUnique\nError Detail: \(clash)\nDN: \(name)", object.dn, holders),
      (
        "Log Name:      Application\nSource:        ADSync\nDate:          3/14/2024 1:14:22 AM\nEvent ID:      6941\n"
          + "Task Category: Server\nLevel:         Error\nKeywords:      Classic\nUser:          N/A\n"
          + "Computer:      aadc01.contoso.com\nDescription:\nECMA2 MA export run caused an error.\n\n"
          + "Error Name: AttributeValueMustBeUnique\nError Detail: \(clash)\nDN: \(name)", object.dn, holders
      ),
      ("\(notValid)\nDn \(name)", object.dn, []),
      (clash, nil, holders),
      ("Identity\nError Description\nSource Anchor\n\n\(object.address)\n\(notValid)\n\(object.anchor)", object.dn, []),
      ("Password Change Result - Anchor: \(object.anchor), Dn: \(object.dn), Result: Failed.", object.dn, []),
      ("ErrorType 114\nErrorLiteral This synchronization operation, Delete, is not valid.\nDn \(name)", object.dn, []),
    ]
    let (text, dn, held) = generator.element(texts)
    return Case(text: text, ldif: ldif(people), object: dn, holders: held)
  }

  @Test func noAnswerNamesAWrongObject() throws {
    let resolver = try TextResolver()
    var generator = Generator(seed: 0x5EED_2024)
    var right = 0
    let count = 2_000
    for number in 0..<count {
      let made = Self.makeCase(&generator)
      let form = generator.element(Mangling.all)
      var material = form.apply(made.text)
      // Some have come a longer way.
      if generator.below(4) == 0, let text = String(validating: material, as: UTF8.self), !form.name.hasPrefix("mail") {
        let second = generator.element(Mangling.all)
        material = second.apply(text)
      }
      let outcomes = try resolver.outcomes(material, in: made.ldif)
      let allowed = made.object.map { [$0] } ?? made.holders
      let wrong = outcomes.flatMap(\.objects).filter { !allowed.contains($0) }
      #expect(wrong.isEmpty, "\(number), \(form.name): \(String(decoding: material, as: UTF8.self))")
      if let object = made.object {
        if outcomes.contains(where: { $0.objects == [object] }) { right += 1 }
      } else if outcomes.contains(where: { $0.objects == made.holders }) {
        right += 1
      }
    }
    // What has come a longer way than one form is not always understood, but rather not at all than wrongly.
    #expect(right * 100 >= count * 90, "\(right) of \(count)")
  }

  /// An identifier of which only a part is left never makes the holder of the value the object.
  @Test func whoeverHoldsTheValueIsNotTheObjectOfADamagedIdentifier() throws {
    let resolver = try TextResolver()
    var generator = Generator(seed: 0x0DD_B175)
    for number in 0..<400 {
      var people = Self.people(&generator)
      let shared = "team\(generator.below(9_000))@contoso.com"
      people[0].shared = shared
      let object = people[2]
      let named = Self.damagedName(of: object, &generator)
      let clash =
        "Unable to update this object because the following attributes associated with this object have values that may "
        + "already be associated with another object in your local directory services: [ProxyAddresses smtp:\(shared);]."
      let text = generator.below(2) == 0 ? "\(named)\n\(clash)" : "\(clash)\n\(named)"
      let objects = try resolver.outcomes(Array(text.utf8), in: Self.ldif(people)).flatMap(\.objects)
      #expect(objects.allSatisfy { $0 == object.dn }, "\(number): \(text)")
    }
  }

  /// A line that names an object with a label, and with what is left of an identifier.
  private static func damagedName(of person: Person, _ generator: inout Generator) -> String {
    let name = ConnectorSpaceDN.of(sourceAnchor: person.anchor)
    let bytes = Base64Text.decodeMailBody(person.anchor.utf8)
    let guid = GUID(bytes).map(\.description) ?? ""
    let (label, value) = generator.element([
      ("DN", name), ("DN", person.dn), ("Object GUID", guid), ("objectGUID", guid), ("Immutable ID", person.anchor),
      ("Source Anchor", person.anchor), ("Identity", person.address), ("User", person.address), ("Object", person.name),
    ])
    let mark = generator.element([": ", ":", " : ", " = "])
    let kept = 4 + generator.below(max(1, value.count - 6))
    return switch generator.below(4) {
    case 0: label + mark + value.prefix(kept) + "..."
    case 1: label + mark + value.prefix(kept) + "…"
    case 2: label + mark + value.prefix(kept) + String(repeating: "x", count: value.count - kept)
    default: label + mark + value.prefix(kept) + value.dropFirst(kept + 1)
    }
  }
}
