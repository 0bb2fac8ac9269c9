import IdFix
import Directory
import Findings
import Testing

@testable import RuleSet

@Suite struct RuleSelectionTests {
  static func catalogue() throws -> RuleCatalogue {
    let names = ["a-one", "b-two", "c-old", "d-new", "e-verified", "f-unverified"]
    var files = [SampleFiles.file("scopes/cloud.yaml", SampleFiles.scope)]
    for name in names {
      var changes = [("id: mail-too-long", "id: \(name)"), ("attribute: mail", "attribute: \(name)")]
      if name == "c-old" { changes.append(("status: stable", "status: deprecated")) }
      if name == "d-new" { changes.append(("status: stable", "status: experimental")) }
      if name == "e-verified" { changes.append(("check:", "requires: verified-domains\ncheck:")) }
      if name == "f-unverified" { changes.append(("check:", "requires: no-verified-domains\ncheck:")) }
      files.append(SampleFiles.file("\(name).yaml", SampleFiles.rule(changes)))
    }
    files.append(
      SampleFiles.file("base.yaml", set("base", "scope: cloud\nrules: [b-two, c-old, a-one, e-verified, f-unverified]"))
    )
    files.append(SampleFiles.file("more.yaml", set("more", "extends: [base]\nrules: [a-one: info, d-new: warning]")))
    return try RuleCatalogue.load(.all, embedded: files)
  }

  static func set(_ name: String, _ rest: String) -> String {
    "rule-set: \(name)\ntitle: A set\ndescription: A set\n\(rest)\n"
  }

  @Test func takesTheRulesOfASet() throws {
    let selection = try RuleSelection(Self.catalogue(), ruleSet: "base")
    #expect(selection.rules.map(\.rule.id) == ["b-two", "a-one", "f-unverified"])
    #expect(selection.rules.map(\.severity) == [.error, .error, .error])
    #expect(selection.scope?.name == "cloud")
    let verified = try RuleSelection(Self.catalogue(), ruleSet: "base", hasVerifiedDomains: true)
    #expect(verified.rules.map(\.rule.id) == ["b-two", "a-one", "e-verified"])
  }

  @Test func inheritsRulesSeveritiesAndScope() throws {
    let selection = try RuleSelection(Self.catalogue(), ruleSet: "more")
    #expect(selection.rules.map(\.rule.id) == ["b-two", "a-one", "f-unverified", "d-new"])
    #expect(selection.rules.map(\.severity) == [.error, .info, .error, .warning])
    #expect(selection.scope?.name == "cloud")
    #expect(
      selection.neededAttributes == [
        "objectClass", "b-two", "a-one", "f-unverified", "d-new", "iscriticalsystemobject",
      ])
  }

  @Test func followsOptions() throws {
    let selection = try RuleSelection(
      Self.catalogue(), ruleSet: "base", enable: ["c-old", "d-new"], disable: ["b-two"],
      severities: ["a-one=info", "d-new=info", "a-one=warning"])
    #expect(selection.rules.map(\.rule.id) == ["c-old", "a-one", "f-unverified", "d-new"])
    #expect(selection.rules.map(\.severity) == [.error, .warning, .error, .info])
  }

  /// Rules about entries and rules about a forest are judged by different commands, and do not mix.
  @Test func rulesOfAnotherSubjectAreRefused() throws {
    let catalogue = try RuleCatalogue.load(.all)
    #expect(try !RuleSelection(catalogue, ruleSet: "doctor", subject: .forest).rules.isEmpty)
    #expect(try RuleSelection(catalogue, ruleSet: "doctor", subject: .forest).neededAttributes == ["objectClass"])
    #expect(try RuleSelection(catalogue, ruleSet: "doctor", subject: nil).scope == nil)
    func problems(_ set: String, enable: [String] = [], _ subject: RuleSubject) -> [String] {
      do throws(RuleProblems) {
        _ = try RuleSelection(catalogue, ruleSet: set, enable: enable, subject: subject)
        return []
      } catch {
        return error.problems.map(\.description)
      }
    }
    #expect(problems("entra", .entries) == [])
    #expect(problems("doctor", .entries).first?.hasPrefix("--rule-set: error: `doctor` has rules for `doctor`") == true)
    #expect(problems("entra", .forest).first?.hasPrefix("--rule-set: error: `entra` has rules for `lint`") == true)
    #expect(
      problems("entra", enable: ["doctor-recycle-bin-off"], .entries)
        == ["--enable: error: `doctor-recycle-bin-off` is a rule for `doctor`; take it out"])
  }

  @Test func noneJudgesNothing() throws {
    let selection = try RuleSelection(Self.catalogue(), ruleSet: "none")
    #expect(selection.rules.isEmpty)
    #expect(selection.scope == nil)
    #expect(selection.neededAttributes == [])
    let one = try RuleSelection(Self.catalogue(), ruleSet: "none", enable: ["a-one"])
    #expect(one.rules.map(\.rule.id) == ["a-one"])
  }

  @Test func reportsAllMistakesOfOptions() throws {
    let catalogue = try Self.catalogue()
    do throws(RuleProblems) {
      _ = try RuleSelection(
        catalogue, ruleSet: "bse", enable: ["a-onn", "b-two", "e-verified"], disable: ["nothing-like-it", "b-two"],
        severities: ["a-one", "a-one=loud", "a-onne=info"])
      Issue.record("no error")
    } catch {
      #expect(
        error.problems.map(\.description) == [
          "--enable: error: there is no rule `a-onn`; did you mean `a-one`?",
          "--disable: error: there is no rule `nothing-like-it`; `rules list` shows all",
          "--disable: error: `b-two` is enabled and disabled; keep one",
          "--severity: error: `a-one` is not RULE=SEVERITY with a severity of `info`, `warning` or `error`",
          "--severity: error: `a-one=loud` is not RULE=SEVERITY with a severity of `info`, `warning` or `error`",
          "--severity: error: there is no rule `a-onne`; did you mean `a-one`?",
          "--enable: error: `e-verified` needs the verified domains of the tenant; add --verified-domain DOMAIN",
          "--rule-set: error: there is no rule set `bse`; did you mean `base`?",
        ])
    }
  }

  @Test func reportsMistakesBetweenFiles() {
    let files =
      SampleFiles.files + [
        SampleFiles.file("sets/one.yaml", Self.set("one", "extends: [two]")),
        SampleFiles.file("sets/two.yaml", Self.set("two", "extends: [one, bse]\nrules: [mail-to-long]")),
        SampleFiles.file("sets/none.yaml", Self.set("none", "scope: cloud\nrules: [mail-too-long]")),
        SampleFiles.file("sets/empty.yaml", Self.set("empty", "scope: cloud")),
        SampleFiles.file("sets/loose.yaml", Self.set("loose", "rules: [mail-too-long]")),
        SampleFiles.file("other/mail-too-long.yaml", SampleFiles.rule),
      ]
    #expect(
      Set(SampleFiles.problems(files)) == [
        "sets/one.yaml:4:11: rule sets extend each other in a circle: one → two → one; take one of them out of `extends`",
        "sets/two.yaml:4:16: there is no rule set `bse`; did you mean `base`?",
        "sets/two.yaml:5:9: there is no rule `mail-to-long`; did you mean `mail-too-long`?",
        "sets/none.yaml:1:11: `none` is the built-in rule set without rules; choose another name",
        "sets/empty.yaml:1:1: `rules` is missing; write `rules: [rule-id]`, or `extends: [rule-set]`",
        "sets/loose.yaml:1: the rule set has no scope; write `scope: entra`, or extend a rule set that has one",
        "other/mail-too-long.yaml:1:5: the rule `mail-too-long` is also in mail/mail-too-long.yaml:1:1; give one of them another name",
      ])
  }

  @Test func manySharedBasesAreNoTrouble() throws {
    var files = [
      SampleFiles.file("mail-too-long.yaml", SampleFiles.rule), SampleFiles.file("cloud.yaml", SampleFiles.scope),
    ]
    files.append(SampleFiles.file("s-0.yaml", Self.set("s-0", "scope: cloud\nrules: [mail-too-long]")))
    files.append(SampleFiles.file("s-1.yaml", Self.set("s-1", "scope: cloud\nrules: [mail-too-long]")))
    for level in 2...60 {
      files.append(
        SampleFiles.file("s-\(level).yaml", Self.set("s-\(level)", "extends: [s-\(level - 1), s-\(level - 2)]")))
    }
    let selection = try RuleSelection(RuleCatalogue.load(.all, embedded: files), ruleSet: "s-60")
    #expect(selection.rules.map(\.rule.id) == ["mail-too-long"])
    #expect(selection.scope?.name == "cloud")
  }
}
