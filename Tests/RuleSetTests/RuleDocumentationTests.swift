@testable import IdFix
import RuleSet
import Testing

@Suite struct RuleDocumentationTests {
  @Test func explainsARule() throws {
    let catalogue = try RuleCatalogue.load(.all, embedded: SampleFiles.files)
    let rule = try #require(catalogue.rule("proxy-address-illegal-character"))
    let expected = """
      proxy-address-illegal-character
      proxyAddresses value has a character that the cloud refuses

      Severity    error
      Effect      dropped: the value is left out without an error
      Certainty   documented: a page of the vendor says so
      Attribute   `proxyAddresses`
      Applies to  entries of class `user` or `group` that match
                  `(&(mail=*)(!(adminDescription=User_*)))`
      Looks at    values of address type `smtp`
      Found when  what follows the address type contains U+0020 SPACE,
                  `<`, U+00A0 NO-BREAK SPACE, U+00A1 to U+00FF or
                  characters beyond ASCII
      Suggestion  take the flagged characters away; a letter with a
                  diacritic becomes its base letter
      Rule sets   `base` (warning)

      It is dropped

      Not right
        smtp:jo↓ doe@contoso.com
          → smtp:jodoe@contoso.com

        dn: CN=A,DC=contoso,DC=com
        objectClass: user
        proxyAddresses: smtp:a↓ @contoso.com

      Right
        SMTP:jo.doe@contoso.com
        smtp:o'neil@contoso.com   with mail: a, b; cn: no

      References
        https://learn.microsoft.com/

      """
    #expect(RuleDocumentation.text(for: rule, in: catalogue, width: 66) == expected)
  }

  @Test func writesMarkdown() throws {
    let catalogue = try RuleCatalogue.load(.all, embedded: SampleFiles.files)
    let rule = try #require(catalogue.rule("mail-too-long"))
    let expected = """
      ## mail-too-long

      mail is longer than the cloud takes

      - **Severity:** error
      - **Effect:** blocked (the object is not synchronized, or its export fails)
      - **Certainty:** documented (a page of the vendor says so)
      - **Attribute:** `mail`
      - **Applies to:** entries of class `user`, `inetorgperson`, `group` or `contact`
      - **Found when:** the value has more than 256 characters
      - **Rule sets:** `base`

      The export fails, and the object stays as it was.

      **Not right:**

      - `jo@↓contoso.com`

      **Right:**

      - `jo@contoso.com`

      **References:**

      - <https://learn.microsoft.com/windows/win32/adschema/a-mail>

      """
    #expect(RuleDocumentation.markdown(for: rule, in: catalogue, level: 2) == expected)
    let page = RuleDocumentation.markdown(for: catalogue)
    #expect(
      page.contains("| [mail-too-long](#mail-too-long) | error | blocked | mail is longer than the cloud takes |"))
    #expect(page.contains("### proxy-address-illegal-character\n"))
  }

  static let checks: [(String, String)] = [
    ("not-blank:", "the value is empty or only white space"),
    ("present:", "the entry lacks the attribute, or all its values are blank"),
    ("absent: {}", "the entry has the attribute"),
    (
      "unique: { compare: address, trim: true }",
      "two entries hold the same value (as an SMTP address, ignoring case, without white space at the ends)"
    ),
    ("unique: { within: entry, compare: exact }", "two values of one entry hold the same value (byte for byte)"),
    (
      "sequence: { forbidden: [\"..\", \"\\u00A0\"], part: local-part }",
      "the part before the last `@` contains `..` or U+00A0 NO-BREAK SPACE"
    ),
    ("occurrences: { of: \"@\", min: 1, max: 1 }", "the value contains `@` fewer than 1 or more than 1 time"),
    ("length: { unit: bytes, min: 2 }", "the value has fewer than 2 bytes"),
    (
      "pattern: { matches: \"a`b\", case-sensitive: true }",
      "the value does not match the pattern `` a`b `` (minding case)"
    ),
    ("pattern: { forbidden: a }", "the value matches the pattern `a`"),
    (
      "address-type: { required: true, known: [SMTP, sip], refused: [ms] }",
      "there is no address type before a colon, or the address type is none of `smtp` or `sip`, or the address type is `ms`"
    ),
    ("domain: { routable: true, except: [.Local] }", "the domain has no public top-level domain, except `local`"),
    ("domain: { refused: [contoso.com], part: whole }", "the value is or ends in `contoso.com`"),
    ("one-of: { values: [a, \" \"] }", "the value is none of `a` or U+0020 SPACE"),
    (
      "number: { min: 1, max: 5, all-of-bits: 2, none-of-bits: 4 }",
      "the value is not a whole number, is less than 1, is more than 5, lacks one of the bits 2 or has one of the bits 4"
    ),
    (
      "contained-in: { attribute: proxyAddresses, compare: address, prefix-exact: SMTP }",
      "no value of `proxyAddresses` with the prefix `SMTP:` of the same entry is equal (as an SMTP address, ignoring case)"
    ),
    (
      "count: { of: { prefix-exact: [SMTP] }, max: 1 }",
      "the entry has more than 1 value of address type exactly `SMTP`"
    ),
    (
      "characters: { allowed: [letter-ascii, digit, \".\"], position: edges }",
      "the value starts or ends with anything but ASCII letters, digits and `.`"
    ),
    (
      "characters: { forbidden: [control, U+0041-U+0043], position: end }",
      "the value ends with control characters or U+0041 to U+0043"
    ),
  ]

  @Test(arguments: checks)
  func putsChecksInWords(_ check: String, _ words: String) throws {
    let text = SampleFiles.rule([
      ("length: { max: 256 }", check), ("\"{value} has {length} characters, {max} are allowed\"", "It is wrong"),
    ])
    let catalogue = try RuleCatalogue.load(.all, embedded: [SampleFiles.file("mail-too-long.yaml", text)])
    let rule = try #require(catalogue.rule("mail-too-long"))
    #expect(RuleDocumentation.markdown(for: rule, in: catalogue).contains("- **Found when:** \(words)\n"))
  }

  @Test func hidesNothingInvisible() throws {
    let text = SampleFiles.rule([
      ("\"jo@↓contoso.com\"", "\"jo@↓con\\u200Btoso.com\""),
      ("value: \"jo@contoso.com\"", "value: \"jo@con\\u200Btoso.com\""),
    ])
    let catalogue = try RuleCatalogue.load(.all, embedded: [SampleFiles.file("mail-too-long.yaml", text)])
    let rule = try #require(catalogue.rule("mail-too-long"))
    #expect(RuleDocumentation.text(for: rule, in: catalogue).contains("  jo@↓con<U+200B>toso.com\n"))
    #expect(RuleDocumentation.markdown(for: rule, in: catalogue).contains("- `jo@↓con<U+200B>toso.com`\n"))
  }
}
