import IdFix
import Foundation
import Testing

@testable import RuleSet

@Suite struct RuleFolderTests {
  /// A directory that is removed again.
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "rules-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func write(_ text: String, _ path: String, in folder: URL) throws {
    let file = folder.appending(path: path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  @Test func addsAndOverridesRules() throws {
    try withFolder { folder in
      try write(SampleFiles.rule([("severity: error", "severity: info")]), "deep/er/mail-too-long.yaml", in: folder)
      try write(SampleFiles.rule([("id: mail-too-long", "id: own-rule")]), "own-rule.yml", in: folder)
      try write("not a rule", "notes.txt", in: folder)
      try write("not a rule", ".hidden.yaml", in: folder)
      let catalogue = try RuleCatalogue.load(.all, embedded: SampleFiles.files, directories: [folder.path + "/"])
      #expect(catalogue.rules.map(\.id) == ["mail-too-long", "own-rule", "proxy-address-illegal-character"])
      let rule = try #require(catalogue.rule("mail-too-long"))
      #expect(rule.severity == .info)
      #expect(rule.location.source == folder.path + "/deep/er/mail-too-long.yaml")
      #expect(try RuleSelection(catalogue, ruleSet: "base").rules.first?.severity == .info)
    }
  }

  /// Two links that lead round make 2 to the 32 paths of one file.
  @Test func linksThatLeadRoundAreFollowedOnce() throws {
    try withFolder { folder in
      try write(SampleFiles.rule, "rules/mail-too-long.yaml", in: folder)
      for name in ["round", "again"] {
        try FileManager.default.createSymbolicLink(
          atPath: folder.appending(path: "rules/\(name)").path, withDestinationPath: "..")
      }
      let catalogue = try RuleCatalogue.load(.all, embedded: SampleFiles.files, directories: [folder.path])
      #expect(catalogue.rule("mail-too-long")?.location.source == folder.path + "/rules/mail-too-long.yaml")
    }
  }

  @Test func refusesTheSameRuleTwiceInADirectory() throws {
    try withFolder { folder in
      try write(SampleFiles.rule, "a/mail-too-long.yaml", in: folder)
      try write(SampleFiles.rule, "b/mail-too-long.yaml", in: folder)
      do throws(RuleProblems) {
        _ = try RuleCatalogue.load(.all, embedded: SampleFiles.files, directories: [folder.path])
        Issue.record("no error")
      } catch {
        #expect(
          error.problems.map(\.description) == [
            "\(folder.path)/b/mail-too-long.yaml:1:5: error: the rule `mail-too-long` is also in \(folder.path)/a/mail-too-long.yaml:1:1; give one of them another name"
          ])
      }
    }
  }

  @Test func reportsWhatCannotBeRead() throws {
    try withFolder { folder in
      let missing = folder.path + "/missing"
      try write("", "empty/.keep", in: folder)
      do throws(RuleProblems) {
        _ = try RuleCatalogue.load(.all, embedded: [], directories: [missing, folder.path + "/empty", "/dev/null"])
        Issue.record("no error")
      } catch {
        #expect(
          error.problems.map(\.description) == [
            "\(missing): error: cannot be read: No such file or directory",
            "\(folder.path)/empty: error: holds no rule files (*.yaml)",
            "/dev/null: error: is no directory; give one that holds rule files (*.yaml)",
          ])
      }
    }
  }
}
