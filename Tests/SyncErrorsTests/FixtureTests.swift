import Foundation
import RuleSet
import Testing

@testable import SyncErrors

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
    // The same bytes from memory give the same.
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(found == (try written(.bytes(bytes, name: path), reader)))
  }

  /// Bytes come as a pipe or a file system gives them: where they are cut must not matter.
  @Test(arguments: names.filter { !$0.hasSuffix(".evtx") }) func doesNotDependOnPieces(name: String) throws {
    let interpreter = ErrorInterpreter(try SyncErrorCatalogue.load())
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: Self.folder + "/" + name)))
    func read(piece: Int) -> [String] {
      var lines: [String] = []
      let sink = ErrorSink(
        source: name, interpreter: interpreter, includesInformation: true, readMaterial: MaterialSplitter.read
      ) { item in
        switch item {
        case .error(let error): lines += written(error)
        case .problem(let problem): lines.append(problem.description)
        }
      }
      let reader = TextInputReader(sink)
      var rest = bytes[...]
      while !rest.isEmpty {
        #expect(reader.feed(rest.prefix(piece)))
        rest = rest.dropFirst(piece)
      }
      reader.finish()
      return lines
    }
    let whole = read(piece: bytes.count)
    #expect(!whole.isEmpty)
    for piece in [1, 7, 100, 1000] { #expect(read(piece: piece) == whole, "pieces of \(piece)") }
  }
}
