import Foundation
import RuleSet
import SyncErrors
import Testing

/// Shapes in which consoles, portals and mail programs give errors away: each file is read as the file beside it says.
@Suite struct ErrorShapeTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Fixtures/error-shapes").standardizedFileURL.path

  static var names: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { !$0.hasSuffix(".expected") }.sorted()
  }

  @Test func thereAreShapes() { #expect(Self.names.count > 15) }

  @Test(arguments: names) func isReadAsExpected(name: String) throws {
    let reader = SyncErrorReader(try SyncErrorCatalogue.load())
    let path = Self.folder + "/" + name
    let found = try written(.file(path), reader)
    if ProcessInfo.processInfo.environment["UPDATE_FIXTURES"] != nil {
      try found.write(toFile: path + ".expected", atomically: true, encoding: .utf8)
    }
    #expect(found == (try String(contentsOfFile: path + ".expected", encoding: .utf8)))
  }
}
