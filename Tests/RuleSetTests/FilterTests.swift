@testable import RuleSet
import Testing

@Suite struct FilterTests {
  static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  static let right: [(String, Filter)] = [
    ("(mail=*)", .present(attribute: "mail")),
    ("(mail=**)", .present(attribute: "mail")),
    ("(cn=Jo Doe)", .equal(attribute: "cn", value: bytes("Jo Doe"))),
    ("(cn= a )", .equal(attribute: "cn", value: bytes(" a "))),
    ("(cn=)", .equal(attribute: "cn", value: [])),
    ("(cn~=jo)", .equal(attribute: "cn", value: bytes("jo"))),
    ("(cn=\\2a\\28\\29\\5C\\00\\fF)", .equal(attribute: "cn", value: [0x2A, 0x28, 0x29, 0x5C, 0, 0xFF])),
    ("(cn=Zoë)", .equal(attribute: "cn", value: bytes("Zoë"))),
    ("(cn=a=b:=c)", .equal(attribute: "cn", value: bytes("a=b:=c"))),
    (
      "(cn=a*)",
      .substrings(attribute: "cn", initial: bytes("a"), any: [], final: [], caseSensitive: false)
    ),
    (
      "(cn=*a*b*)",
      .substrings(attribute: "cn", initial: [], any: [bytes("a"), bytes("b")], final: [], caseSensitive: false)
    ),
    (
      "(cn=a**\\2a*z)",
      .substrings(attribute: "cn", initial: bytes("a"), any: [bytes("*")], final: bytes("z"), caseSensitive: false)
    ),
    ("(n>=5)", .greaterOrEqual(attribute: "n", value: bytes("5"))),
    ("(n<=-5)", .lessOrEqual(attribute: "n", value: bytes("-5"))),
    ("(cn:caseExactMatch:=Jo)", .equalExact(attribute: "cn", value: bytes("Jo"))),
    ("(cn:2.5.13.5:=Jo)", .equalExact(attribute: "cn", value: bytes("Jo"))),
    ("(cn:caseignorematch:=Jo)", .equal(attribute: "cn", value: bytes("Jo"))),
    (
      "(proxyAddresses:caseExactSubstringsMatch:=SMTP:*@*)",
      .substrings(
        attribute: "proxyAddresses", initial: bytes("SMTP:"), any: [bytes("@")], final: [], caseSensitive: true)
    ),
    ("(userAccountControl:1.2.840.113556.1.4.803:=2)", .allBits(attribute: "userAccountControl", mask: 2)),
    ("(groupType:1.2.840.113556.1.4.804:=-2147483648)", .anyBit(attribute: "groupType", mask: -2_147_483_648)),
    ("(userCertificate;binary=*)", .present(attribute: "userCertificate;binary")),
    ("(2.5.4.3=*)", .present(attribute: "2.5.4.3")),
    ("(&)", .and([])),
    ("(|)", .or([])),
    ("(!(cn=*))", .not(.present(attribute: "cn"))),
    (
      "(&(a=*)(|(b=*)(c=*)))",
      .and([.present(attribute: "a"), .or([.present(attribute: "b"), .present(attribute: "c")])])
    ),
    (" ( & (a=*)\n  (b=*) ) ", .and([.present(attribute: "a"), .present(attribute: "b")])),
  ]

  @Test(arguments: right)
  func reads(_ text: String, _ filter: Filter) throws {
    #expect(try Filter(parsing: text) == filter)
    #expect(try Filter(parsing: filter.description) == filter)
  }

  static let wrong: [(String, Int, String)] = [
    ("", 1, "a filter cannot be empty; one that every user meets: (mail=*)"),
    ("mail=*", 1, "expected `(`; a filter looks like (mail=*) or (&(a=1)(b=2))"),
    ("(mail=*", 8, "expected `)` to close the filter"),
    (
      "(mail=*))", 9, "nothing may follow the filter's closing parenthesis; combine filters with (&(…)(…)) or (|(…)(…))"
    ),
    ("(=x)", 2, "expected the name of an attribute, as in (mail=*)"),
    ("(1a=x)", 2, "`1a` is not the name of an attribute; a name has ASCII letters, digits and hyphens"),
    ("(mail)", 6, "expected `=`, `>=`, `<=` or `:` after the attribute `mail`, as in (mail=*)"),
    ("(mail =x)", 6, "expected `=`, `>=`, `<=` or `:` after the attribute `mail`, as in (mail=*)"),
    ("(a=\\2)", 4, "`\\` in a value is followed by two hexadecimal digits; a literal one is written \\5c"),
    ("(a=\\", 4, "`\\` in a value is followed by two hexadecimal digits; a literal one is written \\5c"),
    ("(a=(b))", 4, "a literal `(` in a value is written \\28"),
    ("(a=\0)", 4, "a literal NUL in a value is written \\00"),
    ("(a>=b*)", 5, "`>=` takes a whole value; write a literal `*` as \\2a"),
    (
      "(a:dn:=x)", 4,
      "matching rule `dn` is not available; available are `1.2.840.113556.1.4.803`, `1.2.840.113556.1.4.804`, `caseExactMatch`, `caseExactSubstringsMatch`, `caseIgnoreMatch`, `caseIgnoreSubstringsMatch`"
    ),
    (
      "(a:caseExactMatch=x)", 18,
      "expected `:=` after the matching rule, as in (userAccountControl:1.2.840.113556.1.4.803:=2)"
    ),
    (
      "(a:caseExactSubstringsMatch:=x)", 30,
      "a substring match needs a `*`, as in SMTP:*@*; for whole values there is caseExactMatch"
    ),
    (
      "(a:1.2.840.113556.1.4.803:=x)", 28,
      "a bit test takes a whole number, as in (userAccountControl:1.2.840.113556.1.4.803:=2)"
    ),
    ("(!(a=*)(b=*))", 8, "`!` takes one filter; to negate several write (!(|(…)(…)))"),
    ("(é=1)", 2, "expected the name of an attribute, as in (mail=*)"),
  ]

  @Test(arguments: wrong)
  func refuses(_ text: String, _ column: Int, _ message: String) {
    #expect(throws: FilterError(column: column, message: message)) { try Filter(parsing: text) }
  }

  @Test func limitsNesting() throws {
    let deep = { (count: Int) in
      String(repeating: "(!", count: count - 1) + "(a=*)" + String(repeating: ")", count: count - 1)
    }
    #expect(try Filter(parsing: deep(100)).attributes == ["a"])
    #expect(throws: FilterError(column: 201, message: "a filter may be nested at most 100 parentheses deep")) {
      try Filter(parsing: deep(101))
    }
    #expect(throws: FilterError.self) { try Filter(parsing: String(repeating: "(&", count: 1_000_000)) }
  }

  @Test func listsAttributes() throws {
    let filter = try Filter(parsing: "(&(Mail=*)(|(cn=a)(!(sn>=b)))(mail=x*)(uac:1.2.840.113556.1.4.803:=2))")
    #expect(filter.attributes == ["mail", "cn", "sn", "uac"])
  }
}
