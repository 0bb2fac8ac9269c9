import Bytes
import IdFix
import Directory
import Findings
import Foundation
import RuleEngine
import RuleSet
import Synchronization
import Testing

@testable import RuleEngine

/// A file that is deleted with its owner.
final class TemporaryFile {
  let path: String
  init(_ text: String) throws {
    path = NSTemporaryDirectory() + "linter-\(UUID().uuidString).ldif"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}

func program(_ name: String = "entra") throws -> RuleProgram {
  let selection = try RuleSelection(try RuleCatalogue.load(.all), ruleSet: name)
  return try RuleProgram(
    rules: selection.rules, scope: selection.scope,
    options: .init(topLevelDomains: .shipped, verifiedDomains: nil, transliteration: .language(.latin)))
}

func findings(
  _ text: String, program: RuleProgram, threads: Int = 1, blockSize: Int = 1 << 19
) throws -> [Finding] {
  let file = try TemporaryFile(text)
  var found: [Finding] = []
  _ = try Linter(program, threads: threads, blockSize: blockSize).run([.file(file.path)]) { found.append($0) }
  return found.map { finding in
    var finding = finding
    finding.location.source = "file"
    for index in finding.related.indices { finding.related[index].location.source = "file" }
    return finding
  }
}

/// Users of whom every third shares an address with the one before, and every fifth has a bad one.
func directory(_ count: Int) -> String {
  var text = "version: 1\n\n"
  for number in 0..<count {
    let name = "user\(number % 3 == 0 && number > 0 ? number - 1 : number)"
    text += "dn: CN=User \(number),OU=Staff,DC=contoso,DC=com\nobjectClass: top\nobjectClass: user\n"
    text += "cn: User \(number)\nsAMAccountName: u\(number)\nuserPrincipalName: u\(number)@contoso.com\n"
    text += "mail: \(name)@contoso.com\nmailNickname: u\(number)\nproxyAddresses: SMTP:\(name)@contoso.com\n"
    if number % 5 == 0 { text += "proxyAddresses: smtp:bad \(number)@contoso.com\n" }
    text += "\n"
  }
  return text
}

@Suite struct LinterTests {
  @Test func blockSizeAndThreadsChangeNothing() throws {
    let program = try program()
    let text = directory(300)
    let expected = try findings(text, program: program)
    #expect(expected.contains { $0.rule == "primary-address-not-unique" && $0.related.count == 1 })
    #expect(expected.contains { $0.rule == "proxy-address-inner-space" })
    for (threads, size) in [(1, 700), (2, 700), (3, 5_000), (8, 100)] {
      #expect(try findings(text, program: program, threads: threads, blockSize: size) == expected)
    }
  }

  /// Text that had no problem is read again without a look at what nobody asked for; a record that was lost among others
  /// stays lost.
  @Test func recordsThatWereLostStayLostWhenHoldersAreReadAgain() throws {
    let program = try program()
    let lines = directory(40).components(separatedBy: "\n\n")
    for lost in ["photo:: not*base64", "no colon", "jpegPhoto:< file:///etc/passwd"] {
      let bad = "dn: CN=Bad,DC=contoso,DC=com\nobjectClass: user\n\(lost)"
      let text = (lines[..<20] + [bad] + lines[20...]).joined(separator: "\n\n")
      let found = try findings(text, program: program)
      let expected = try findings(lines.joined(separator: "\n\n"), program: program)
      #expect(found.map(\.fingerprint) == expected.map(\.fingerprint))
    }
  }

  @Test func findingsComeInInputOrder() throws {
    let lines = try findings(directory(200), program: try program(), threads: 2, blockSize: 2_000)
      .map { $0.location.line ?? 0 }
    let entries = lines.map { $0 / 10 }
    #expect(zip(entries, entries.dropFirst()).allSatisfy { $0 <= $1 + 1 })
  }

  @Test func everyHolderOfOneValueIsRelated() throws {
    var text = ""
    for number in 0..<1_000 {
      text += "dn: CN=C\(number),DC=contoso,DC=com\nobjectClass: contact\ncn: C\(number)\n"
      text += "displayName: C\(number)\nmailNickname: c\(number)\ntargetAddress: SMTP:c\(number)@fabrikam.com\n"
      text += "proxyAddresses: SMTP:same@fabrikam.com\nmail: same@fabrikam.com\n\n"
    }
    let groups = try findings(text, program: try program(), threads: 2, blockSize: 10_000)
      .filter { $0.rule == "contacts-joined-by-mail" }
    #expect(groups.count == 1)
    #expect(groups.first?.related.count == 999)
    #expect(groups.first?.location.line == 7)
  }

  @Test func parityRowsComeForEachHolder() throws {
    var text = ""
    for number in 0..<3 {
      text += "dn: CN=C\(number),DC=contoso,DC=com\nobjectClass: top\nobjectClass: user\n"
      text += "objectCategory: CN=Person,CN=Schema,CN=Configuration,DC=contoso,DC=com\ncn: C\(number)\n"
      text += "displayName: C\(number)\nuserPrincipalName: same@contoso.com\n\n"
    }
    let rows = try findings(text, program: try program("idfix-multi-tenant")).filter {
      $0.annotation(Annotation.labels).contains("Duplicate")
    }
    #expect(rows.count == 3)
    #expect(
      rows.allSatisfy { $0.attribute == "userPrincipalName" && $0.annotation(Annotation.proposedAction) == ["Edit"] })
  }

  /// A sentence has no hole where a part of a value is empty.
  @Test func anEmptyPartIsNamed() throws {
    let text =
      "dn: CN=A,DC=contoso,DC=com\nobjectClass: user\ncn: A\nuserPrincipalName: jo@\nmail: jo@\n"
      + "targetAddress: SMTP:jo@\nproxyAddresses: SMTP:jo@\n"
    let messages = try findings(text, program: try program()).map(\.message)
    #expect(messages.contains("the suffix (empty) is no domain"), "\(messages)")
    #expect(!messages.contains { $0.contains("  ") || $0.hasPrefix(" ") })
  }

  /// The age of what was read is that of its newest file; what is no export says nothing.
  @Test func theNewestSourceThatWasReadTellsTheTime() throws {
    func file(_ text: String, _ time: Int) throws -> TemporaryFile {
      let file = try TemporaryFile(text)
      let date = Date(timeIntervalSince1970: TimeInterval(time))
      try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file.path)
      return file
    }
    let old = try file("dn: CN=a,DC=x\nobjectClass: user\n\n", 1_000_000)
    let new = try file("dn: CN=b,DC=x\nobjectClass: user\n\n", 2_000_000)
    let other = try file("a,b\n1,2\n", 3_000_000)
    func writtenAt(_ files: TemporaryFile...) throws -> Int? {
      try Linter(try program(), threads: 1).run(files.map { .file($0.path) }) { _ in }.coverage.writtenAt
    }
    #expect(try writtenAt(old) == 1_000_000)
    #expect(try writtenAt(new, old) == 2_000_000)
    #expect(try writtenAt(old, other) == 1_000_000)
    #expect(try writtenAt(other) == nil)
  }

  /// Findings that leave early are those of any other run, those on several entries behind the others, and none has a
  /// suggestion that the other run has not.
  @Test(arguments: [1, 3]) func findingsThatLeaveEarly(_ threads: Int) throws {
    let file = try TemporaryFile(directory(400))
    let program = try program()
    func run(_ isStreaming: Bool) throws -> [Finding] {
      var found: [Finding] = []
      _ = try Linter(program, threads: threads, blockSize: 2_000).run([.file(file.path)], isStreaming: isStreaming) {
        found.append($0)
      }
      return found
    }
    let (whole, early) = (try run(false), try run(true))
    let expected = whole.filter { $0.related.isEmpty } + whole.filter { !$0.related.isEmpty }
    #expect(early.count > 100 && early.contains { !$0.related.isEmpty })
    #expect(early.map(\.fingerprint) == expected.map(\.fingerprint))
    #expect(early.map(\.location) == expected.map(\.location))
    #expect(early.map(\.entry) == expected.map(\.entry))
    for (early, whole) in zip(early, expected) {
      #expect(early.suggestion == nil || early.suggestion == whole.suggestion)
      #expect(early.message == whole.message && early.related == whole.related)
    }
  }

  /// Who wants no more findings ends the run, however much is still to be read.
  @Test(arguments: [1, 3]) func whoTakesFindingsCanEndAStreamingRun(_ threads: Int) throws {
    struct Enough: Error {}
    let file = try TemporaryFile(directory(4_000))
    var count = 0
    #expect(throws: Enough.self) {
      _ = try Linter(try program(), threads: threads, blockSize: 500).run([.file(file.path)], isStreaming: true) { _ in
        count += 1
        if count == 5 { throw Enough() }
      }
    }
    #expect(count == 5)
  }

  @Test func sourcesThatCannotBeOpenedAreNamed() throws {
    let result = try Linter(try program(), threads: 1).run([.file("/nonexistent/export.ldif")]) { _ in }
    #expect(result.unavailable.count == 1)
    #expect(!result.coverage.isComplete)
  }

  @Test func problemsHaveLinesOfTheSource() throws {
    let text = directory(50) + "dn: CN=Bad,DC=contoso,DC=com\nno colon here\n\n"
    let file = try TemporaryFile(text)
    let problems = Mutex<[Problem]>([])
    let observer = RunObserver(problem: { problem in problems.withLock { $0.append(problem) } })
    let result = try Linter(try program(), threads: 2, blockSize: 500).run([.file(file.path)], observer: observer) {
      _ in
    }
    let line = text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex(of: "no colon here")
    #expect(problems.withLock { $0.map(\.location.line) } == [line.map { $0 + 1 }])
    #expect(result.coverage.recordsLost == 1)
  }

  /// An export that somebody is still writing has not been read in full, even where it ends with a whole record.
  @Test func aFileThatGrowsWhileItIsReadIsNotComplete() throws {
    let file = try TemporaryFile(directory(500))
    let path = file.path
    let asked = Atomic<Int>(0)
    let observer = RunObserver(isInterrupted: {
      if asked.add(1, ordering: .relaxed).newValue == 3, let handle = FileHandle(forWritingAtPath: path) {
        handle.seekToEndOfFile()
        handle.write(Data("dn: CN=Late,DC=contoso,DC=com\nobjectClass: user\n\n".utf8))
      }
      return false
    })
    let result = try Linter(try program(), threads: 1, blockSize: 1_000).run([.file(file.path)], observer: observer) {
      _ in
    }
    #expect(result.coverage.gaps == ["\(file.path) was changed while it was read; run again"])
    #expect(!result.coverage.isComplete)
  }

  /// Holders of duplicates are read again; what is known without them is reported all the same.
  @Test func aFileThatIsCutBeforeItIsReadAgainIsNotComplete() throws {
    let file = try TemporaryFile(directory(500))
    let size = try Data(contentsOf: URL(fileURLWithPath: file.path)).count
    let problems = Mutex<[Problem]>([])
    let observer = RunObserver(problem: { problem in problems.withLock { $0.append(problem) } })
    var rules: [String: Int] = [:]
    let result = try Linter(try program(), threads: 1, blockSize: 1_000).run(
      [.file(file.path)], observer: observer, didRead: { _ in truncate(file.path, size / 2) }
    ) { rules[$0.rule, default: 0] += 1 }
    #expect(problems.withLock { $0.map(\.message) } == ["the file was changed while it was read; run again"])
    #expect(result.coverage.gaps.count == 1 && result.coverage.gaps[0].hasPrefix("duplicates in \(file.path) may be"))
    #expect(rules["proxy-address-inner-space"] == 100)
    #expect((50..<100).contains(rules["primary-address-not-unique"] ?? 0))
  }

  @Test func interruptionIsToldInTheCoverage() throws {
    let file = try TemporaryFile(directory(500))
    let asked = Atomic<Int>(0)
    let observer = RunObserver(isInterrupted: { asked.add(1, ordering: .relaxed).newValue > 3 })
    let result = try Linter(try program(), threads: 1, blockSize: 1_000).run([.file(file.path)], observer: observer) {
      _ in
    }
    #expect(result.coverage.isInterrupted)
    #expect(result.coverage.entriesRead > 0 && result.coverage.entriesRead < 500)
  }
}

@Suite struct ShippedRuleTests {
  @Test func everyExampleOfEveryShippedRuleHolds() throws {
    let catalogue = try RuleCatalogue.load(.all)
    #expect(catalogue.rules.count > 100)
    let examples = try RuleExamples()
    for rule in catalogue.rules {
      for failure in try examples.failures(of: rule) {
        Issue.record("\(failure.location): \(rule.id): \(failure.message)")
      }
    }
  }
}
