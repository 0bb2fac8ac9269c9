import IdFix
import Directory
import Findings
import Testing

@testable import RuleEngine

@testable import RuleSet

@Suite struct RuleCatalogueTests {
  @Test func readsEveryPartOfARule() throws {
    let catalogue = try RuleCatalogue.load(.all, embedded: SampleFiles.files)
    let rule = try #require(catalogue.rule("proxy-address-illegal-character"))
    #expect(rule.title == "proxyAddresses value has a character that the cloud refuses")
    #expect(rule.status == .stable)
    #expect(rule.severity == .error)
    #expect(rule.effect == .dropped)
    #expect(rule.certainty == .documented)
    #expect(rule.attributes == ["proxyAddresses"])
    #expect(rule.objectClasses == ["user", "group"])
    let excluded = Filter.substrings(
      attribute: "adminDescription", initial: Array("User_".utf8), any: [], final: [], caseSensitive: false)
    #expect(rule.filter == .and([.present(attribute: "mail"), .not(excluded)]))
    #expect(rule.when.prefixes == ["smtp"])
    #expect(rule.requirement == nil)
    let check = try #require(rule.check as? CharactersCheck)
    #expect(check.part == .afterPrefix)
    #expect(check.position == .anywhere)
    #expect(
      check.set
        == CharacterRule(
          isForbidden: true,
          items: [.range(0x20, 0x20), .range(0x3C, 0x3C), .range(0xA0, 0xA0), .range(0xA1, 0xFF), .named(.nonASCII)]))
    #expect(
      rule.message.pieces == [.placeholder(.value), .text(" contains "), .placeholder(.characters)])
    #expect(rule.suggestion == .removeCharacters)
    #expect(rule.explanation == "It is dropped")
    #expect(rule.references == ["https://learn.microsoft.com/"])
    #expect(rule.annotations == [Annotation(name: Annotation.labels, values: ["Character"])])
    #expect(rule.location == SourceLocation(source: "proxy/proxy-address-illegal-character.yaml", line: 1))
    try expectExamples(rule.examples)
  }

  private func expectExamples(_ examples: Examples) throws {
    #expect(examples.valid.count == 2)
    #expect(examples.invalid.count == 2)
    guard case .value(let bytes, nil, let with, nil) = examples.valid[1].input else {
      Issue.record("wrong example \(examples.valid[1])")
      return
    }
    #expect(bytes == Array("smtp:o'neil@contoso.com".utf8))
    #expect(with.map(\.name) == ["mail", "cn"])
    #expect(with.map(\.values) == [["a", "b"], ["no"]])
    guard case .value(_, _, _, let flagged) = examples.invalid[0].input else {
      Issue.record("wrong example \(examples.invalid[0])")
      return
    }
    #expect(flagged == "smtp:jo↓ doe@contoso.com")
    #expect(examples.invalid[0].expected == .value("smtp:jodoe@contoso.com"))
    #expect(examples.invalid[0].location.line == 22)
    guard case .ldif(let text) = examples.invalid[1].input else {
      Issue.record("wrong example \(examples.invalid[1])")
      return
    }
    #expect(text.hasSuffix("proxyAddresses: smtp:a↓ @contoso.com\n"))
    #expect(examples.invalid[1].expected == .none)
  }

  @Test func readsSetsAndScopes() throws {
    let catalogue = try RuleCatalogue.load(.all, embedded: SampleFiles.files)
    let set = try #require(catalogue.ruleSet("base"))
    #expect(set.title == "Base")
    #expect(set.rules.map(\.id) == ["mail-too-long", "proxy-address-illegal-character"])
    #expect(set.rules.map(\.severity) == [nil, .warning])
    #expect(set.scope == "cloud")
    let scope = try #require(catalogue.scope("cloud"))
    #expect(scope.objectClasses == ["user", "group"])
    #expect(scope.exclusions.map(\.reason) == ["critical system object"])
    #expect(scope.exclusions.map(\.objectClasses) == [["user"]])
  }

  @Test func shippedFilesAreRight() throws {
    let catalogue = try RuleCatalogue.load(.all)
    #expect(catalogue.rules.map(\.id) == catalogue.rules.map(\.id).sorted())
  }
}
