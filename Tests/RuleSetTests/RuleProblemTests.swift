import Foundation
import Testing

@testable import RuleSet

/// One mistake in an otherwise right rule, and the problems it gives.
struct Mistake: Sendable, CustomTestStringConvertible {
  var old: String
  var new: String
  var problems: [String]

  init(_ old: String, _ new: String, _ problems: String...) {
    self.old = old
    self.new = new
    self.problems = problems
  }

  var testDescription: String { new }
}

@Suite struct RuleProblemTests {
  static let check = "  length: { max: 256 }"
  static let mark = "  invalid:\n    - { value: \"jo@contoso.com\", flagged: \"jo@↓contoso.com\" }"
  static let message = "\"{value} has {length} characters, {max} are allowed\""

  static let heads = [
    Mistake(
      "title: mail", "titel: mail", "1:1: `title` is missing; write `title: one line for people`",
      "2:1: unknown key `titel`; did you mean `title`?"),
    Mistake("status: stable\n", "", "1:1: `status` is missing; write `status: stable`"),
    Mistake(
      "status: stable", "status: finished", "3:9: `finished` is not one of `experimental`, `stable` or `deprecated`"),
    Mistake(
      "severity: error", "severity: eror",
      "4:11: `eror` is not one of `info`, `warning` or `error`; did you mean `error`?"),
    Mistake("effect: blocked", "effect: [blocked]", "5:9: expected a text, found a list"),
    Mistake("certainty: documented", "certainty:", "6:11: `` is not one of `documented`, `observed` or `inferred`"),
    Mistake(
      "id: mail-too-long", "id: mail-long",
      "1:5: the id `mail-long` is not the name of its file; rename the file to mail-long.yaml, or write `mail-too-long`"
    ),
    Mistake(
      "id: mail-too-long", "id: Mail_Long",
      "1:5: `Mail_Long` is not kebab-case; write lower-case letters and digits with hyphens, as in mail-too-long"),
    Mistake(
      "attribute: mail\n", "attribute: e mail\n",
      "7:12: `e mail` is not the name of an attribute; write its LDAP display name, as in proxyAddresses"),
    Mistake(
      "attribute: mail\n", "attribute: mail\nattributes: [mail]\n",
      "8:13: `attribute` and `attributes` are both given; keep one"),
    Mistake(
      "attribute: mail\n", "attributes: []\n", "7:13: the list is empty; name at least one, or leave the key out"),
    Mistake("attribute: mail\n", "attributes: mail\n", "7:13: expected a list, as in [one, two], found a text"),
    Mistake("attribute: mail\n", "attributes: [mail, mail]\n", "7:20: `mail` is in the list twice; keep one"),
    Mistake("attribute: mail\n", "", "1:1: `attribute` is missing; write `attribute: mail`"),
    Mistake(
      "attribute: mail\n", "attribute: mail\napplies-to: {}\n",
      "8:13: `applies-to` is empty; give `object-class:` or `filter:`"),
    Mistake(
      "attribute: mail\n", "attribute: mail\napplies-to: { object-class: [any, user] }\n",
      "8:29: `any` stands for every class; write it alone, as in [any]"),
    Mistake(
      "attribute: mail\n", "attribute: mail\napplies-to: { filter: \"(mail=a\" }\n",
      "8:31: expected `)` to close the filter"),
    Mistake(
      "attribute: mail\n", "attribute: mail\napplies-to: { filter: (mail=\\zz) }\n",
      "8:29: `\\` in a value is followed by two hexadecimal digits; a literal one is written \\5c"),
    Mistake(
      "attribute: mail\n", "attribute: mail\napplies-to:\n  filter: >\n    (mail=a\n",
      "9:11: column 9 of the text: expected `)` to close the filter"),
    Mistake(
      "attribute: mail\n", "attribute: mail\nwhen: { value-filter: x }\n",
      "8:9: unknown key `value-filter`; `when` has `value-prefix`, `value-prefix-not` and `value-prefix-exact`"),
    Mistake(
      "attribute: mail\n", "attribute: mail\nwhen: { value-prefix: [\"smtp:\"] }\n",
      "8:24: `smtp:` has a colon; an address type is the text before it, as in smtp"),
    Mistake(
      "attribute: mail\n", "attribute: mail\nwhen: { value-prefix: [smtp], value-prefix-not: [SMTP] }\n",
      "8:7: `smtp` is both in `value-prefix` and in `value-prefix-not`; keep one"),
    Mistake(
      "attribute: mail\n", "attribute: mail\nrequires: domains\n",
      "8:11: `domains` is not one of `verified-domains`, `no-verified-domains`, `user-principal-name`, `alternate-sign-in`, `cloud-sync` or `no-sync-client`"
    ),
    Mistake(
      "title: mail is longer than the cloud takes", "title: \"mail\\tis\"",
      "2:8: the text has the control character U+0009; take it out"),
    Mistake("title: mail is longer than the cloud takes", "title: \"  \"", "2:8: the text is empty; write one"),
    Mistake(
      "references: [https://", "references: [www.",
      "14:14: `www.learn.microsoft.com/windows/win32/adschema/a-mail` is no URL; write one such as https://learn.microsoft.com/…"
    ),
    Mistake(
      "references: [", "annotations: { labels: Caracter }\nreferences: [",
      "14:24: `Caracter` is not one of `Character`, `Format`, `Blank`, `Duplicate`, `TopLevelDomain`, `DomainPart`, `LocalPart` or `Length`; did you mean `Character`?"
    ),
  ]

  static let checks = [
    Mistake(check, "  lenght: { max: 256 }", "9:3: unknown check `lenght`; did you mean `length`?"),
    Mistake(
      check, "  length: { max: 256 }\n  not-blank:",
      "10:3: a rule has exactly one check, as in `check: { length: { max: 64 } }`"),
    Mistake(
      "check:\n" + check, "check: length", "8:8: the check `length` needs options, as in `check: { length: { … } }`"),
    Mistake(
      "check:\n" + check, "check: {}", "8:8: a rule has exactly one check, as in `check: { length: { max: 64 } }`"),
    Mistake(check, "  length: { max: many }", "9:18: `many` is not a whole number"),
    Mistake(
      check, "  length: { max: -1 }", "9:18: -1 is out of range; write a number of at least 0 and at most 2147483647"),
    Mistake(check, "  length: { min: 9, max: 8 }", "9:18: `min` 9 is more than `max` 8"),
    Mistake(check, "  length: {}", "9:11: `min` or `max` is missing; give at least one"),
    Mistake(check, "  length: { max: 8, unit: octets }", "9:27: `octets` is not one of `characters` or `bytes`"),
    Mistake(
      check, "  length: { max: 8, part: local }",
      "9:27: `local` is not one of `whole`, `prefix`, `after-prefix`, `local-part` or `domain`"),
    Mistake(
      check, "  not-blank: { part: domain }", "9:14: the check `not-blank` has no options; write `check: not-blank`"),
    Mistake(check, "  characters: { part: domain }", "9:15: `forbidden` or `allowed` is missing; give one of them"),
    Mistake(
      check, "  characters: { forbidden: [a], allowed: [b] }",
      "9:33: `forbidden` and `allowed` are both given; keep one"),
    Mistake(
      check, "  characters: { forbidden: [control-characters] }",
      "9:29: `control-characters` is no character; write one character, a code point (U+00A0), a range (U+00A1-U+00FF) or a class: `letter-ascii`, `digit`, `non-ascii`, `control`, `line-break`, `white-space`, `no-break-space`, `zero-width`, `bidi`, `diacritic` or `invalid-utf-8`"
    ),
    Mistake(
      check, "  characters: { forbidden: [whitespace] }",
      "9:29: `whitespace` is no character; did you mean `white-space`?"),
    Mistake(
      check, "  characters: { forbidden: [U+D800] }",
      "9:29: `U+D800` is no code point; write U+ and four to six hexadecimal digits, as in U+00A0 or U+00A1-U+00FF"),
    Mistake(
      check, "  characters: { forbidden: [U+00FF-U+00A1] }",
      "9:29: the ends of `U+00FF-U+00A1` are in the wrong order; write the lower code point first"),
    Mistake(check, "  sequence: { forbidden: [\"\"] }", "9:27: the text is empty; write at least one character"),
    Mistake(check, "  sequence: { forbidden: [a], case-sensitive: yes }", "9:47: `yes` is not `true` or `false`"),
    Mistake(check, "  occurrences: { max: 1 }", "9:16: `of` is missing; write `of: \"@\"`"),
    Mistake(check, "  pattern: { matches: \"[a-\" }", "9:24: `[` without its `]`; a literal one is written `\\[`"),
    Mistake(
      check, "  pattern: { matches: ab(?=c) }",
      "9:25: only `( )` and `(?: )` are available: no look-around, named groups or flags"),
    Mistake(
      check, "  address-type: { required: false }",
      "9:29: `false` is not `true`, the only value here; leave the key out otherwise"),
    Mistake(
      check, "  address-type: {}", "9:17: `address-type` has no options; give `required: true`, `known:` or `refused:`"),
    Mistake(
      check, "  domain: { routable: true, verified: true }", "9:29: `routable` and `verified` are both given; keep one"),
    Mistake(
      check, "  domain: { verified: true }", "9:3: `verified: true` needs `requires: verified-domains` in the rule"),
    Mistake(
      check, "  domain: { refused: [a b] }", "9:23: `a b` is no domain suffix; write one such as onmicrosoft.com"),
    Mistake(check, "  one-of: { values: [] }", "9:21: the list is empty; name at least one, or leave the key out"),
    Mistake(check, "  number: {}", "9:11: `number` has no options; give `min`, `max`, `all-of-bits` or `none-of-bits`"),
    Mistake(
      check, "  contained-in: { compare: text }", "9:17: `attribute` is missing; write `attribute: proxyAddresses`"),
    Mistake(check, "  count: { of: {}, max: 1 }", "9:16: `of` is empty; give `prefix:` or `prefix-exact:`"),
    Mistake(check, "  unique: { within: forest }", "9:21: `forest` is not one of `directory` or `entry`"),
  ]

  static let messages = [
    Mistake("{value}", "{vaule}", "10:11: unknown placeholder {vaule}; did you mean {value}?"),
    Mistake(
      "{value}", "{nothing}",
      "10:11: unknown placeholder {nothing}; there are {value}, {attribute}, {characters}, {count}, {length}, {max}, {min}, {part}, {type}, {domain}, {holders}, {other}, {errors}, {total}, {account}, {detail}"
    ),
    Mistake(
      "{value}", "{value",
      "10:11: unknown placeholder {value has {length}; there are {value}, {attribute}, {characters}, {count}, {length}, {max}, {min}, {part}, {type}, {domain}, {holders}, {other}, {errors}, {total}, {account}, {detail}"
    ),
    Mistake("{value}", "value}", "10:16: `}` without its `{`; a literal brace is doubled: `}}`"),
    Mistake("{value}", "{holders}", "10:10: {holders} is nothing here: it needs the check `unique`"),
    Mistake("allowed\"", "allowed.\"", "10:10: the message ends with a full stop; leave it out"),
  ]

  static let suggestions = [
    Mistake(
      "explanation:", "suggestion: { collapse: true }\nexplanation:",
      "11:15: `collapse` does not fit the check: it needs the check `sequence`"),
    Mistake(
      "explanation:", "suggestion: { trim: true, remove-value: true }\nexplanation:",
      "11:27: a rule has one suggestion, as in `suggestion: { trim: true }`"),
    Mistake(
      "explanation:", "suggestion: { trimm: true }\nexplanation:", "11:15: unknown key `trimm`; did you mean `trim`?"),
    Mistake(
      "explanation:", "suggestion: { remove-characters: true }\nexplanation:",
      "11:15: `remove-characters` does not fit the check: it needs the check `characters`, `sequence` or `occurrences`"),
    Mistake(
      "explanation:", "suggestion: { set: { from: \"\" } }\nexplanation:",
      "11:28: `` is not the name of an attribute; write its LDAP display name, as in proxyAddresses"),
    Mistake(
      "explanation:", "suggestion: { set: { from: sn, replace: true } }\nexplanation:",
      "11:32: unknown key `replace`; `set` has `from` and `prefix`"),
    Mistake(
      "explanation:", "suggestion: trim\nexplanation:", "11:13: expected a suggestion (`key: value`), found a text"),
  ]

  static let examples = [
    Mistake(mark, "", "16:3: `invalid` is missing; write `invalid: [{ value: \"…\", flagged: \"↓…\" }]`"),
    Mistake(
      "jo@↓contoso", "jo@contoso",
      "18:43: `flagged` has `↓` before each flagged place, as in \"smtp:jo↓ doe@contoso.com\""),
    Mistake("jo@↓contoso", "jo@↓contosa", "18:43: `flagged` without its `↓` is not the value"),
    Mistake(mark, "  invalid:\n    - { flagged: x }", "18:7: `value`, `ldif` or `base64` is missing; give one of them"),
    Mistake(mark, "  invalid:\n    - { value: x, ldif: y }", "18:19: `value` and `ldif` are both given; keep one"),
    Mistake(
      mark, "  invalid:\n    - { ldif: \"dn: CN=A\" }",
      "18:15: an invalid example has `↓` before each flagged place, as in `mail: ↓jo@contoso.com`"),
    Mistake(
      mark, "  invalid:\n    - { base64: \"A\" }", "18:17: `A` is not base64; write it as in \"AAAA\", padded with `=`"),
    Mistake(mark, "  invalid:\n    - { value: x, attribute: sn }", "18:30: `sn` is no attribute of the rule"),
    Mistake(
      mark, "  invalid:\n    - { value: x, suggests: y, removes: true }",
      "18:29: `suggests` and `removes` are both given; keep one"),
    Mistake(
      mark, "  invalid:\n    - { value: x, with: [a] }", "18:25: expected attributes (`key: value`), found a list"),
    Mistake("valid: [\"jo@contoso.com\"]", "valid: [{ ldif: \"mail: ↓a\" }]", "16:19: a valid example has no `↓`"),
  ]

  @Test(arguments: heads + checks + messages + suggestions + examples)
  func namesTheMistake(_ mistake: Mistake) {
    var replacements = [(mistake.old, mistake.new)]
    // The sample's message names the maximum, which another check does not have.
    if mistake.old == Self.check { replacements.append((Self.message, "\"{value} is not right\"")) }
    let path = "mail/mail-too-long.yaml"
    let problems = SampleFiles.problems([SampleFiles.file(path, SampleFiles.rule(replacements))])
    #expect(problems == mistake.problems.map { "\(path):\($0)" })
  }

  /// A rule that `doctor` judges by is about no entries: what only entries can have is a mistake in it.
  @Test func aRuleForDoctorHasNothingOfEntries() {
    func problems(_ replacements: [(String, String)]) -> [String] {
      let doctor = [("length: { max: 256 }", "doctor: recycle-bin-off"), (Self.message, "\"{count} of {total}\"")]
      let text = SampleFiles.rule(doctor + replacements)
      return SampleFiles.problems([SampleFiles.file("mail-too-long.yaml", text)])
    }
    let examples = SampleFiles.rule.range(of: "examples:").map { String(SampleFiles.rule[$0.lowerBound...]) } ?? ""
    let none = (examples, "")
    #expect(problems([none]) == [])
    #expect(
      problems([]) == [
        "mail-too-long.yaml:16:3: `examples` means nothing with the check `doctor`, which judges no entries; take it out"
      ])
    #expect(
      problems([none, ("check:", "unless: [a-b]\ncheck:")]).first
        == "mail-too-long.yaml:8:9: `unless` means nothing with the check `doctor`, which judges no entries; take it out"
    )
    let misspelt = problems([none, ("recycle-bin-off", "recycle-bin-of")])
    #expect(misspelt.count == 1)
    #expect(misspelt.first?.hasSuffix("did you mean `recycle-bin-off`?") == true)
    #expect(
      SampleFiles.problems([
        SampleFiles.file("mail/mail-too-long.yaml", SampleFiles.rule([("{length}", "{total}")]))
      ]) == ["mail/mail-too-long.yaml:10:10: {total} is nothing here: it needs the check `doctor`"])
  }

  @Test func reportsAllMistakesOfAllFilesAtOnce() {
    let many = SampleFiles.rule([
      ("status: stable", "status: done"), ("severity: error", "severity: no"), (Self.check, "  length: { maximum: 3 }"),
      ("{value}", "{valeu}"), ("jo@↓contoso", "jo@contoso"), ("effect: blocked", "effect: blocked\neffect: dropped"),
    ])
    let set = "rule-set: odd\ntitle: Odd\ndescription: Odd\nscope: clod\nrules: [mail-too-long, mail-to-short, Mail]\n"
    let problems = SampleFiles.problems([
      SampleFiles.file("mail-too-long.yaml", many), SampleFiles.file("odd.yaml", set),
      SampleFiles.file("broken.yaml", "id: [broken\ntitle: x\n"),
      SampleFiles.file("scopes/cloud.yaml", SampleFiles.scope),
    ])
    #expect(
      problems == [
        "mail-too-long.yaml:3:9: `done` is not one of `experimental`, `stable` or `deprecated`",
        "mail-too-long.yaml:4:11: `no` is not one of `info`, `warning` or `error`",
        "mail-too-long.yaml:5:1: `effect` is given twice; keep one",
        "mail-too-long.yaml:10:13: unknown key `maximum`; `length` has `part`, `unit`, `min` and `max`",
        "mail-too-long.yaml:11:11: unknown placeholder {valeu}; did you mean {value}?",
        "mail-too-long.yaml:19:43: `flagged` has `↓` before each flagged place, as in \"smtp:jo↓ doe@contoso.com\"",
        "odd.yaml:5:39: `Mail` is not kebab-case; write lower-case letters and digits with hyphens, as in mail-too-long",
        "broken.yaml:2:6: not YAML: did not find expected ',' or ']' (while parsing a flow sequence, line 1)",
      ])
  }
}
