import Directory
import Findings
import Testing

@testable import Resolving

/// Steps for clashing values do no harm: attribute by attribute, value by value, whoever has the error.
@Suite struct ConflictStepsTests {
  /// A clash: the attribute, and what each of the two holders has, attribute and value.
  struct Clash: Sendable, CustomStringConvertible {
    var attribute: String
    var first: [(String, String)]
    var second: [(String, String)]
    /// Whether the value can be another without the object being another one.
    var isChangeable = true

    var description: String { "\(attribute): \(first) against \(second)" }
  }

  private static let upn = ("userPrincipalName", "jo@contoso.com")
  private static let mail = ("mail", "jo@contoso.com")
  private static let primary = ("proxyAddresses", "SMTP:jo@contoso.com")
  private static let secondary = ("proxyAddresses", "smtp:jo@contoso.com")
  private static let target = ("targetAddress", "SMTP:jo@contoso.com")
  private static let sip = ("proxyAddresses", "sip:jo@contoso.com")
  private static let sipAddress = ("msRTCSIP-PrimaryUserAddress", "sip:jo@contoso.com")
  private static let x500 = ("proxyAddresses", "X500:/o=Contoso/cn=jo")

  static let clashes = [
    Clash(attribute: "userPrincipalName", first: [upn], second: [upn]),
    Clash(attribute: "userPrincipalName", first: [upn], second: [upn, mail, primary]),
    Clash(attribute: "userPrincipalName", first: [upn], second: [mail, primary]),
    Clash(attribute: "userPrincipalName", first: [upn], second: [secondary]),
    Clash(attribute: "proxyAddresses", first: [primary], second: [primary]),
    Clash(attribute: "proxyAddresses", first: [primary, mail], second: [secondary]),
    Clash(attribute: "proxyAddresses", first: [secondary], second: [secondary]),
    Clash(attribute: "proxyAddresses", first: [secondary, mail], second: [mail]),
    Clash(attribute: "proxyAddresses", first: [secondary], second: [target]),
    Clash(attribute: "proxyAddresses", first: [secondary], second: [upn]),
    Clash(attribute: "proxyAddresses", first: [sip], second: [sipAddress]),
    Clash(attribute: "proxyAddresses", first: [x500], second: [x500]),
    Clash(attribute: "mail", first: [mail], second: [mail]),
    Clash(attribute: "mail", first: [mail, primary], second: [mail, secondary]),
    Clash(attribute: "mail", first: [mail], second: [primary]),
    Clash(attribute: "targetAddress", first: [target], second: [primary]),
    Clash(attribute: "msRTCSIP-PrimaryUserAddress", first: [sipAddress], second: [sip]),
    Clash(attribute: "mailNickname", first: [("mailNickname", "jo")], second: [("mailNickname", "jo")]),
    Clash(attribute: "sAMAccountName", first: [("sAMAccountName", "jo")], second: [("sAMAccountName", "jo")]),
    Clash(attribute: "employeeID", first: [("employeeID", "1")], second: [("employeeID", "1")]),
    Clash(
      attribute: "mS-DS-ConsistencyGuid", first: [("mS-DS-ConsistencyGuid", "abcdefghijklmnop")],
      second: [("objectGUID", "abcdefghijklmnop")], isChangeable: false),
    Clash(
      attribute: "objectSid", first: [("objectSid", "\u{1}x")], second: [("sIDHistory", "\u{1}x")], isChangeable: false),
    Clash(
      attribute: "legacyExchangeDN", first: [("legacyExchangeDN", "/o=Contoso/cn=jo")],
      second: [("legacyExchangeDN", "/o=Contoso/cn=jo")], isChangeable: false),
    Clash(
      attribute: "displayName", first: [("displayName", "Jo")], second: [("displayName", "Jo")], isChangeable: false),
  ]

  private static let names = ["CN=First,DC=c", "CN=Second,DC=c", "CN=Third,DC=c"]

  private func places(_ dn: String, _ values: [(String, String)]) -> [RelatedValue] {
    values.map { attribute, value in
      RelatedValue(
        dn: AttributeValue(Array(dn.utf8)), objectGUID: nil, objectClass: "user", attribute: attribute,
        value: AttributeValue(Array(value.utf8)), location: SourceLocation(source: "t", line: 1))
    }
  }

  private func steps(_ clash: Clash, errs: String) -> [NextStep] {
    let holders = places(Self.names[0], clash.first) + places(Self.names[1], clash.second)
    return ConflictSteps(attribute: clash.attribute, holders: holders).steps(
      ofError: [AttributeValue(Array(errs.utf8))])
  }

  @Test(arguments: clashes, names) func areChoicesForEachHolder(_ clash: Clash, errs: String) {
    let steps = steps(clash, errs: errs)
    // Also where the object of the error is none of them: its value may have been corrected since.
    #expect(steps.count == 2)
    for (name, values) in [(Self.names[0], clash.first), (Self.names[1], clash.second)] {
      let own = steps.filter { $0.text.contains(name) }
      #expect(own.count == 1)
      guard let text = own.first?.text else { continue }
      // The attribute that clashes, where the holder has it there.
      let places = values.map { $0.0 }
      if places.contains(clash.attribute), clash.attribute != "mail" {
        #expect(text.lowercased().contains(clash.attribute.lowercased()))
      }
      expectNoHarm(text, values, clash)
    }
  }

  private func expectNoHarm(_ text: String, _ values: [(String, String)], _ clash: Clash) {
    guard clash.isChangeable else {
      #expect(text.hasPrefix("Get-ADObject"))
      return
    }
    #expect(!text.contains("-Clear"))
    for name in ["userPrincipalName", "mail", "sAMAccountName", "targetAddress"] {
      #expect(!text.contains("-Remove @{\(name)="))
    }
    let removes = text.contains("-Remove")
    for (attribute, value) in values where removes && attribute == "proxyAddresses" && text.contains("'\(value)'") {
      let isSecondary = value.hasPrefix("smtp:") || value.hasPrefix("X500:")
      #expect(isSecondary || text.contains("-Add @{proxyAddresses="))
    }
    if removes || clash.attribute == "mail", values.contains(where: { $0.0 == "mail" }) {
      // Mail would keep the value alive.
      #expect(text.contains("mail=$new"))
    }
    // What is put in is asked for; nothing is made up.
    if text.contains("-Add") || text.contains("-Replace") || text.contains("Set-ADUser") {
      #expect(text.hasPrefix("$new = Read-Host "))
    }
  }

  @Test func theOnlyHolderIsLeftAloneUnlessItHasTheError() {
    let holder = places(Self.names[0], [Self.primary, Self.mail])
    let others = ConflictSteps(attribute: "proxyAddresses", holders: holder)
    #expect(others.steps(ofError: [AttributeValue(Array(Self.names[1].utf8))]).isEmpty)
    #expect(others.steps(ofError: [AttributeValue(Array(Self.names[0].utf8))]).count == 1)
  }

  @Test func holdersOfOneNameAreCalledByTheirWholeNames() {
    let (east, west, other) = ("CN=Jo Doe,DC=east,DC=c", "CN=jo doe,DC=west,DC=c", "CN=Al Roe,DC=c")
    let holders = [east, west, other].flatMap { places($0, [Self.secondary]) }
    let titles = ConflictSteps(attribute: "proxyAddresses", holders: holders).steps(ofError: []).map(\.title)
    #expect(titles.count == 3)
    #expect(titles[0].contains(east) && titles[1].contains(west))
    #expect(titles[2].contains("CN=Al Roe") && !titles[2].contains(other))
  }

  @Test func theDeletedAreNotChanged() {
    let gone = "CN=Gone\\0ADEL:0b3c5c8a-54c2-4f43-8d9e-9d6f2a0cbb11,CN=Deleted Objects,DC=c"
    let holders = places(Self.names[0], [Self.upn]) + places(gone, [Self.upn])
    let steps = ConflictSteps(attribute: "userPrincipalName", holders: holders).steps(ofError: [])
    #expect(steps.count == 1)
    #expect(steps.allSatisfy { $0.text.contains(Self.names[0]) })
  }
}
