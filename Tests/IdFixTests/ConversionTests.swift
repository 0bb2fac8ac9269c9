import Findings
import RuleSet
import Testing

@testable import IdFix

/// Files of IdFix as findings and suppressions.
@Suite struct ConversionTests {
  private static func file() throws -> IdFixFile {
    try IdFixFile.read(
      Array(
        """
        distinguishedname,commonname,objectclass,attribute,error,value,update,proposedaction,action
        "CN=A,DC=c",A,user,mail,Format,a b@c.com,ab@c.com,Edit,COMPLETE
        "CN=B,DC=c",B,user,mail,Format,b b@c.com,bb@c.com,Edit,EDIT

        """.utf8), path: "x.csv")
  }

  private static func conversion(_ name: String, target: String? = nil) throws -> IdFixConversion {
    let catalogue = try RuleCatalogue.load(.all)
    let selection = try RuleSelection(catalogue, ruleSet: name)
    return IdFixConversion(
      selection, rules: [FindingTests.rule], target: try target.map { try RuleSelection(catalogue, ruleSet: $0) },
      decision: .init(reason: "why", owner: "who", ticket: "T-1", expires: nil))
  }

  @Test func acceptedRowsBecomeSuppressions() throws {
    var conversion = try Self.conversion("idfix-multi-tenant")
    let problems = try conversion.add(Self.file(), source: "x.csv", suppresses: true).problems
    #expect(problems.isEmpty, "\(problems)")
    #expect(Array(conversion.findings.map(\.state)) == [.suppressed, nil])
    let accepted = try #require(conversion.accepted.first)
    #expect(conversion.accepted.count == 1 && accepted.ticket == "T-1")
    #expect(
      accepted.pattern
        == .init(rule: "idfix-multi-tenant-mail", object: "CN=A,DC=c", attribute: "mail", value: "a b@c.com"))
  }

  @Test func rulesOfAnotherSetStandForTheSameError() throws {
    var conversion = try Self.conversion("idfix-multi-tenant", target: "entra")
    _ = try conversion.add(Self.file(), source: "x.csv", suppresses: true)
    let catalogue = try RuleCatalogue.load(.all)
    #expect(!conversion.accepted.isEmpty)
    for suppression in conversion.accepted {
      let rule = try #require(suppression.pattern.rule.flatMap { catalogue.rule($0) })
      #expect(rule.annotations.values(of: Annotation.labels) == ["Format"] && rule.attributes.contains("mail"))
    }
  }

  @Test func aRowThatNoRuleJudgesIsAProblem() throws {
    var conversion = try Self.conversion("idfix-dedicated")
    let file = try IdFixFile.read(
      Array("distinguishedname,attribute,value,error\n\"CN=A,DC=c\",mailNickname,a b,Character\n".utf8), path: "y.csv")
    let problems = conversion.add(file, source: "y.csv", suppresses: false).problems
    #expect(
      problems.map(\.message) == [
        "no rule of idfix-dedicated judges mailNickname; take the rule set of the other mode of IdFix"
      ])
  }

  /// Held are so many rows, and the problems that people can read: neither grows with the file (F17).
  @Test func rowsAndProblemsBeyondWhatIsHeldAreCounted() throws {
    var conversion = try Self.conversion("idfix-multi-tenant")
    let bad = IdFixFile.maximumProblems + 5
    let text = "distinguishedname,attribute,value,error\n" + String(repeating: "x\n", count: bad)
    let file = conversion.add(
      try IdFixFile.read(Array(text.utf8), path: "x.csv"), source: "x.csv", suppresses: false)
    #expect(file.problems.count == IdFixFile.maximumProblems && file.problemsLeftOut == 5)
  }

  @Test func holdersOfOneValueAreLookedUpAndNotSearched() throws {
    var conversion = try Self.conversion("idfix-multi-tenant")
    let rows = (0..<20_000).map { "\"CN=u\($0 % 19_999),DC=c\",mail,a@b.c,Duplicate\n" }.joined()
    let text = "distinguishedname,attribute,value,error\n" + rows
    _ = conversion.add(try IdFixFile.read(Array(text.utf8), path: "x.csv"), source: "x.csv", suppresses: false)
    #expect(conversion.findings.map(\.related.count) == [19_998])
  }
}
