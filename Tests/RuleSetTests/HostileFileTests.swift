import IdFix
import Testing

@testable import RuleSet

/// Files that no one writes by mistake, and damaged ones.
@Suite struct HostileFileTests {
  private func problems(_ text: String) -> [String] { SampleFiles.problems([SampleFiles.file("x.yaml", text)]) }

  @Test func refusesAliases() {
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...20 {
      bomb += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
    }
    #expect(
      problems(bomb + "? *a20\n: x\n") == [
        "x.yaml:1:5: anchors and aliases (`&a0`, `*a0`) are not available; write the text out, or put it in quotes"
      ])
    #expect(
      problems("id: &a x\n") == [
        "x.yaml:1:5: anchors (`&a`) are not available; write the text in quotes if it begins with `&`"
      ])
    #expect(problems("id: *a\n") == ["x.yaml:1:5: not YAML: found undefined alias"])
  }

  @Test func allowsAmpersandsAndAsterisksInTexts() throws {
    let text = SampleFiles.rule([("title: mail is longer", "title: R &D and *D's mail is longer")])
    #expect(
      SampleFiles.problems([SampleFiles.file("mail-too-long.yaml", text)]) == [
        "mail-too-long.yaml:2:10: anchors and aliases (`&D`, `*D`) are not available; write the text out, or put it in quotes"
      ])
    let right = SampleFiles.rule([("title: mail is longer", "title: R &D and (*) mail is longer")])
    #expect(SampleFiles.problems([SampleFiles.file("mail-too-long.yaml", right)]) == [])
  }

  @Test func refusesTags() {
    #expect(
      problems("id: !!binary AAAA\n") == [
        "x.yaml:1:5: tags (`tag:yaml.org,2002:binary`) are not available; write the text in quotes if it begins with `!`"
      ])
    #expect(
      problems("id: !x AAAA\n") == [
        "x.yaml:1:5: tags (`!x`) are not available; write the text in quotes if it begins with `!`"
      ])
  }

  @Test func refusesDeepNesting() {
    let tooDeep = "lists and mappings are nested more than 32 deep; no rule needs that"
    #expect(
      problems("id: " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40)) == [
        "x.yaml:1:36: \(tooDeep)"
      ])
    for open in ["[", "{", "- ", "{a: ", "? "] {
      let found = problems(String(repeating: open, count: 100_000))
      #expect(found.count == 1)
    }
  }

  @Test func refusesLargeFiles() {
    let text = SampleFiles.rule + "# " + String(repeating: "x", count: 10 << 20)
    #expect(
      problems(text) == ["x.yaml:1:1: the file is larger than 1 MiB; a rule file holds one rule, rule set or scope"])
  }

  @Test func refusesBinaryFiles() {
    let invalid = RuleDocument(path: "x.yaml", bytes: Array("id: a\ntitle: é".utf8) + [0xFF, 0x0A])
    #expect(SampleFiles.problems([invalid]) == ["x.yaml:2:9: the file is not UTF-8 from here on; save it as UTF-8"])
    let utf16 = RuleDocument(path: "x.yaml", bytes: [0xFF, 0xFE, 0x69, 0x00])
    #expect(SampleFiles.problems([utf16]) == ["x.yaml:1:1: the file is not UTF-8 from here on; save it as UTF-8"])
    #expect(
      problems("id: a\0b\n") == [
        "x.yaml:1:6: the character U+0000 is not allowed in a rule file; write it in double quotes as \"\\u0000\""
      ])
    #expect(problems("id: a\n\u{1B}[31m\n").first?.hasPrefix("x.yaml:2:1: the character U+001B") == true)
  }

  @Test func refusesWhatIsNoRuleFile() {
    #expect(
      problems("") == [
        "x.yaml:1:1: the file is empty; it holds a rule (`id:`), a rule set (`rule-set:`) or a scope (`scope:`)"
      ])
    #expect(
      problems("# nothing\n") == [
        "x.yaml:1:1: the file is empty; it holds a rule (`id:`), a rule set (`rule-set:`) or a scope (`scope:`)"
      ])
    #expect(problems("just text\n") == ["x.yaml:1:1: expected a rule, rule set or scope (`key: value`), found a text"])
    #expect(problems("{}\n") == ["x.yaml:1:1: the file begins with `id:`, `rule-set:`, `scope:` or `sync-error:`"])
    #expect(problems("title: x\nid: x\n") == ["x.yaml:2:1: `id` is the first key of its file; move it to the top"])
    #expect(
      problems("ruleset: x\n") == [
        "x.yaml:1:1: a file begins with `id:` (a rule), `rule-set:`, `scope:` or `sync-error:`, not with `ruleset`; did you mean `rule-set`?"
      ])
    #expect(
      problems("id: x\n---\nid: y\n") == [
        "x.yaml:2:1: not YAML: but found another document (expected a single document in the stream, line 1)"
      ])
    #expect(problems("? [a]\n: b\nid: x\n").contains("x.yaml:1:3: a key is a text, found a list"))
  }

  @Test func refusesTabsAsIndentation() {
    let found = problems("scope: x\nexclude:\n\t- reason: y\n")
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("x.yaml:3:1: not YAML: found character that cannot start any token") == true)
  }

  @Test func readsNoBooleansWhereTextsStand() throws {
    let rule = SampleFiles.rule([("[\"jo@contoso.com\"]", "[no, 012, 1:30, ~, null]")])
    let catalogue = try RuleCatalogue.load(.all, embedded: [SampleFiles.file("mail-too-long.yaml", rule)])
    let values = catalogue.rules[0].examples.valid.map { example in
      if case .value(let bytes, _, _, _) = example.input { String(decoding: bytes, as: UTF8.self) } else { "" }
    }
    #expect(values == ["no", "012", "1:30", "~", "null"])
  }

  @Test func reportsEveryDuplicateKey() {
    let text =
      "scope: x\n\"object-class\": [user]\nobject-class: [group]\nexclude: [{ filter: (a=*), reason: a, filter: (b=*), reason: b }]\n"
    #expect(
      problems(text) == [
        "x.yaml:2:1: `object-class` is given twice; keep one", "x.yaml:4:13: `filter` is given twice; keep one",
        "x.yaml:4:28: `reason` is given twice; keep one",
      ])
  }
}
