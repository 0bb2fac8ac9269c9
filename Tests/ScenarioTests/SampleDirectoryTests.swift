import Foundation
import Testing

/// The sample directory, on which every rule fires, and the clean one, on which none does.
@Suite struct SampleDirectoryTests {
  static let sample = "Fixtures/sample/directory.ldif"
  static let clean = "Fixtures/clean/directory.ldif"
  static let verified = ["--verified-domains", "Fixtures/clean/verified-domains.txt"]

  /// Findings of a run from the package's root, one JSON object each.
  static func findings(_ arguments: [String]) async throws -> (lines: [String], status: Int32) {
    let result = try await Program.run(
      ["lint", "--format", "ndjson"] + arguments, in: Program.packageRoot, environment: ["HOME": "/nonexistent"])
    #expect(result.stderrText == "")
    return (Comparison.lines(result.stdoutText), result.status)
  }

  static func rules(_ lines: [String]) throws -> Set<String> {
    struct Finding: Decodable { var rule: String }
    return Set(try lines.map { try JSONDecoder().decode(Finding.self, from: Data($0.utf8)).rule })
  }

  @Test func sampleHasTheExpectedFindings() async throws {
    let (lines, status) = try await Self.findings([Self.sample])
    #expect(status == 1)
    let file = Program.packageRoot.appendingPathComponent("Fixtures/sample/expected.ndjson")
    let expected = Comparison.lines(try String(contentsOf: file, encoding: .utf8))
    let difference = lines.difference(from: expected)
    #expect(
      difference.isEmpty,
      "'make sample' writes the expected findings anew; look at the difference: \(difference.prefix(6))")
  }

  /// The rules about verified domains replace those about routable ones, so that one run cannot have them all.
  @Test func everyRuleFiresOnTheSample() async throws {
    let (plain, _) = try await Self.findings([Self.sample])
    let (tenant, _) = try await Self.findings(Self.verified + [Self.sample])
    let directory = try Program.makeDirectory()
    defer { try? FileManager.default.removeItem(at: directory) }
    let large = directory.appendingPathComponent("group.ldif")
    try Self.largeGroup().write(to: large)
    let (group, _) = try await Self.findings([large.path])
    let small = directory.appendingPathComponent("small.ldif")
    try Self.group(members: 50_001).write(to: small)
    let (middling, _) = try await Self.findings([small.path])
    let (cloudSync, _) = try await Self.findings(["--sync-client", "cloud-sync", Self.sample, small.path])
    let (alternate, _) = try await Self.findings(["--upn-attribute", "mail", Self.sample])
    let fired = try [plain, tenant, group, middling, cloudSync, alternate].map(Self.rules).reduce(into: Set()) {
      $0.formUnion($1)
    }
    let set = try String(
      contentsOf: Program.packageRoot.appendingPathComponent("Rules/sets/entra.yaml"), encoding: .utf8)
    let ids = Comparison.lines(set).filter { $0.hasPrefix("  - ") }.map {
      String($0.dropFirst(4).prefix { $0 != ":" && $0 != " " })
    }
    try #require(ids.count > 50)
    #expect(Set(ids).subtracting(fired).sorted() == [])
  }

  /// A group with more members than fit into any cloud, and into a sample file.
  static func largeGroup() -> Data { group(members: 250_001) }

  static func group(members: Int) -> Data {
    var text = "dn: CN=Everyone,DC=contoso,DC=com\nobjectClass: group\ncn: Everyone\nsAMAccountName: Everyone\n"
    for number in 0..<members { text += "member: CN=\(number)\n" }
    return Data(text.utf8)
  }

  @Test(arguments: [[], verified]) func noRuleFiresOnTheCleanDirectory(_ options: [String]) async throws {
    let (lines, status) = try await Self.findings(options + [Self.clean])
    #expect(lines == [])
    #expect(status == 0)
  }

  /// Threads and the way of reading change nothing.
  @Test(arguments: [sample, clean]) func findingsDoNotDependOnThreads(_ path: String) async throws {
    let one = try await Self.findings(["--threads", "1", path]).lines
    let four = try await Self.findings(["--threads", "4", path]).lines
    #expect(one == four)
    let input = try Data(contentsOf: Program.packageRoot.appendingPathComponent(path))
    let stdin = try await Program.run(
      ["lint", "--format", "ndjson", "-"], in: Program.packageRoot, standardInput: input)
    func withoutSource(_ lines: [String]) -> [String] {
      lines.map {
        $0.replacingOccurrences(of: #""source":"[^"]*""#, with: "\"source\":\"\"", options: .regularExpression)
      }
    }
    #expect(withoutSource(Comparison.lines(stdin.stdoutText)) == withoutSource(one))
  }
}
