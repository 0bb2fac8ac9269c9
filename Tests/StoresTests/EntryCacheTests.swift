import Foundation
import Testing

@testable import Stores

@Suite struct EntryCacheTests {
  private static func withPath(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cache-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appendingPathComponent("cookie").path)
  }

  private static func entry(_ number: UInt8, _ created: String, _ text: String = "text") -> EntryCache.Entry {
    EntryCache.Entry(guid: [UInt8](repeating: number, count: 16), whenCreated: created, ldif: Array(text.utf8))
  }

  private static func contents(_ cache: EntryCache) throws -> [String] {
    var found: [String] = []
    try cache.visit(after: nil) {
      found.append("\($0.guid[0]) \($0.created) \(String(decoding: $0.text, as: UTF8.self))")
      return true
    }
    return found
  }

  @Test func entriesComeOldestFirstAndStateStaysWithThem() throws {
    try Self.withPath { path in
      do {
        let cache = try EntryCache(path: path)
        #expect(!cache.exists)
        try cache.replace { writer in
          try writer.put(Self.entry(3, "2026"))
          try writer.put(Self.entry(1, "2026"))
          try writer.put(Self.entry(2, "2025"))
          try writer.put(Self.entry(1, "2026", "again"))
          return ["usn": [1, 0, 255]]
        }
        #expect(try Self.contents(cache) == ["2 2025 text", "1 2026 again", "3 2026 text"])
      }
      let cache = try EntryCache(path: path)
      #expect(try cache.state() == ["usn": [1, 0, 255]])
      let isChanged = try cache.update { writer in
        #expect(try writer.remove([UInt8](repeating: 2, count: 16)))
        try writer.put(Self.entry(9, "2024", "new"))
        return ["usn": [2]]
      }
      #expect(isChanged)
      #expect(try Self.contents(cache) == ["9 2024 new", "1 2026 again", "3 2026 text"])
      #expect(try cache.state() == ["usn": [2]])
      var rest: [UInt8] = []
      try cache.visit(after: Self.entry(9, "2024")) {
        rest.append($0.guid[0])
        return false
      }
      #expect(rest == [1])
    }
  }

  @Test func whatIsNotFinishedChangesNothing() throws {
    struct Stop: Error {}
    try Self.withPath { path in
      do {
        let cache = try EntryCache(path: path)
        try cache.replace { writer in
          try writer.put(Self.entry(1, "2026"))
          return [:]
        }
        #expect(throws: Stop.self) {
          try cache.update { writer in
            _ = try writer.remove([UInt8](repeating: 1, count: 16))
            throw Stop()
          }
        }
        let isChanged = try cache.update { writer in
          try writer.put(Self.entry(2, "2026"))
          return nil
        }
        #expect(!isChanged)
        #expect(throws: Stop.self) {
          try cache.replace { writer in
            try writer.put(Self.entry(3, "2026"))
            throw Stop()
          }
        }
        #expect(try Self.contents(cache) == ["1 2026 text"])
        // An incomplete reading is there for this run only.
        try cache.replace { writer in
          try writer.put(Self.entry(4, "2026"))
          return nil
        }
        #expect(try Self.contents(cache) == ["4 2026 text"])
      }
      let cache = try EntryCache(path: path)
      #expect(try Self.contents(cache) == ["1 2026 text"])
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).contains { $0.hasSuffix(".new") } == false)
    }
  }

  /// What a killed run may leave beside the file: a half-written new one, and a journal that belongs to a file replaced since.
  @Test func whatAKilledRunLeftIsNotTakenForContent() throws {
    try Self.withPath { path in
      do {
        let cache = try EntryCache(path: path)
        try cache.replace { writer in
          try writer.put(Self.entry(1, "2026"))
          return [:]
        }
      }
      try Data("garbage".utf8).write(to: URL(fileURLWithPath: path + ".new"))
      try Data(repeating: 0x37, count: 5_000).write(to: URL(fileURLWithPath: path + "-wal"))
      let cache = try EntryCache(path: path)
      #expect(try Self.contents(cache) == ["1 2026 text"])
      #expect(!FileManager.default.fileExists(atPath: path + ".new"))
      try cache.replace { writer in
        try writer.put(Self.entry(2, "2026"))
        return [:]
      }
      #expect(try Self.contents(cache) == ["2 2026 text"])
    }
  }

  @Test func otherFilesAreLeftAlone() throws {
    try Self.withPath { path in
      for content in ["dn: CN=Jo,DC=contoso,DC=com\n", "x"] {
        try Data(content.utf8).write(to: URL(fileURLWithPath: path))
        let failure = #expect(throws: StoreFailure.self) { try EntryCache(path: path) }
        #expect(failure?.kind == .wrongFile)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == content)
      }
      // A store of audits is a SQLite file, too.
      try FileManager.default.removeItem(atPath: path)
      do { _ = try AuditStore(path: path, access: .write) }
      let failure = #expect(throws: StoreFailure.self) { try EntryCache(path: path) }
      #expect(failure?.kind == .wrongFile)
    }
  }
}
