import Foundation
import RuleSet
import SyncErrors
import Testing

/// Every format, as a small file under `Fixtures/sync-errors` with what is to be read of it beside it (`.expected`).
///
/// `UPDATE_FIXTURES=1 swift test --filter FixtureTests` writes what is read now; look at the difference.
@Suite struct FixtureTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Fixtures/sync-errors").standardizedFileURL.path

  static var names: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { !$0.hasSuffix(".expected") && !$0.hasSuffix(".py") && !$0.hasSuffix(".md") }.sorted()
  }

  @Test func thereAreFixtures() { #expect(Self.names.count > 25) }

  @Test(arguments: names) func isReadAsExpected(name: String) throws {
    let reader = SyncErrorReader(try SyncErrorCatalogue.load())
    let path = Self.folder + "/" + name
    let found = try written(.file(path), reader)
    let expectedPath = path + ".expected"
    if ProcessInfo.processInfo.environment["UPDATE_FIXTURES"] != nil {
      try found.write(toFile: expectedPath, atomically: true, encoding: .utf8)
    }
    #expect(found == (try String(contentsOfFile: expectedPath, encoding: .utf8)))
    // The same bytes from memory, and in pieces as they come through a pipe, give the same.
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(found == (try written(.bytes(bytes, name: path), reader)))
  }
}
