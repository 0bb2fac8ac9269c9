import Bytes
import Directory
import Foundation
import Synchronization
import Testing

@testable import Entries

@Suite struct DoorTests {
  private static let ldif = Array("dn: CN=Jo,DC=x\ncn: Jo\n\ndn: CN=Al,DC=x\nnonsense\n\ndn: CN=Ed,DC=x\ncn: Ed\n".utf8)
  private static let export = Array(
    """
    <cs-objects><cs-object cs-dn="CN=Jo,DC=x" object-type="user"><synchronized-hologram><entry dn="CN=Jo,DC=x">
    <primary-objectclass>user</primary-objectclass>
    <attr name="cn" type="string" multivalued="false"><value>Jo</value></attr>
    </entry></synchronized-hologram></cs-object></cs-objects>
    """.utf8)

  private func dns(_ reader: inout EntryReader) throws -> [String] {
    var names: [String] = []
    while let page = try reader.next() { names += page.entries.map { String(decoding: $0.dn, as: UTF8.self) } }
    return names
  }

  /// What a file is stands in it; its name says nothing.
  @Test func filesAreToldByTheirContent() throws {
    for (bytes, hasLines, names) in [
      (Self.ldif, true, ["CN=Jo,DC=x", "CN=Ed,DC=x"]), (Self.export, false, ["CN=Jo,DC=x"]),
      (Array(repeating: 32, count: 20) + Self.export, false, ["CN=Jo,DC=x"]), ([], true, []),
    ] {
      let file = TemporaryFile(bytes)
      let source = try Entries.open(.file(file.path))
      #expect(source.name == file.path)
      #expect(source.hasLines == hasLines)
      #expect(source.side == .directory)
      var reader = EntryReader(source)
      #expect(try dns(&reader) == names)
    }
  }

  @Test func filesOfAnyFormKnowWhenTheyWereWritten() throws {
    let date = Date(timeIntervalSince1970: 1_795_485_600)
    for bytes in [Self.ldif, Self.export] {
      let file = TemporaryFile(bytes)
      try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file.path)
      #expect(try Entries.open(.file(file.path)).writtenAt == 1_795_485_600)
    }
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[1])
    defer { close(ends[0]) }
    #expect(try LDIFBlockReader(descriptor: ends[0], name: "<stdin>").writtenAt == nil)
  }

  @Test func whatCannotBeOpenedIsSaid() throws {
    do {
      _ = try Entries.open(.file("/nonexistent/export.ldif"))
      Issue.record("a file that is not there was opened")
    } catch {
      #expect(error.isUnavailable)
      #expect(error.source == "/nonexistent/export.ldif")
    }
    let file = TemporaryFile(Array("a,b\n1,2\n".utf8))
    var reader = EntryReader(try Entries.open(.file(file.path)))
    #expect(throws: SourceFailure.self) { try reader.next() }
  }

  /// A file and standard input by their usual names; a source is asked for by its filters only where it answers them.
  @Test func placesAreNamedAsOnTheCommandLine() {
    #expect(SourcePlace(argument: "-").name == "<stdin>")
    #expect(SourcePlace(argument: "a.ldif").name == "a.ldif")
    #expect(!SourcePlace(argument: "a.ldif").answersFilters)
  }

  @Test(arguments: [1, 20, 1 << 16]) func pagesAndProblemsAreInTheirPlaces(blockSize: Int) throws {
    let file = TemporaryFile(Self.ldif)
    var request = EntryRequest()
    request.blockSize = blockSize
    var reader = EntryReader(try Entries.open(.file(file.path), request))
    var places: [String] = []
    var problems: [String] = []
    while let page = try reader.next() {
      for entry in page.entries {
        places += [entry.place.description] + entry["cn"].map { entry.place(of: $0).description }
      }
      problems += page.problems.map(\.place.description)
    }
    #expect(places == ["\(file.path):1", "\(file.path):2:5", "\(file.path):7", "\(file.path):8:5"])
    #expect(problems == ["\(file.path):5:1"])
  }

  /// Threads take blocks as they come; what they made of them comes in the order of the text.
  @Test(arguments: [1, 2, 5]) func outcomesComeInTheOrderOfTheText(threads: Int) throws {
    struct Names: BatchWorker {
      func work(on batch: EntryBatch) -> [String] { batch.views.map { String(decoding: $0.dn, as: UTF8.self) } }
    }
    let names = (0..<500).map { "CN=\($0)" }
    let file = TemporaryFile(
      Array(names.map { "dn: \($0)\nx: y\n\(Int($0.dropFirst(3))! % 100 == 7 ? "z\n" : "")\n" }.joined().utf8))
    var request = EntryRequest()
    request.blockSize = 64
    let source = try Entries.open(.file(file.path), request)
    let begun: (names: [String], lines: [Int]) = ([], [])
    let (found, end) = ParallelReader(source, .all, threads: threads).read(into: begun, isInterrupted: { false }) {
      Names()
    } merge: { found, block in
      found.names += block.outcome
      found.lines += block.problems.compactMap(\.place.line)
    }
    #expect(end == .complete)
    #expect(found.names == names.filter { Int($0.dropFirst(3))! % 100 != 7 })
    #expect(found.lines == (0..<5).map { (100 * $0 + 7) * 3 + $0 + 3 })
  }

  @Test func anInterruptionEndsTheReading() throws {
    struct Count: BatchWorker {
      func work(on batch: EntryBatch) -> Int { batch.entries.count }
    }
    let file = TemporaryFile(Array((0..<500).map { "dn: CN=\($0)\n\n" }.joined().utf8))
    var request = EntryRequest()
    request.blockSize = 64
    let isWanted = Atomic(true)
    let (count, end) = ParallelReader(try Entries.open(.file(file.path), request), .all, threads: 1).read(
      into: 0, isInterrupted: { !isWanted.load(ordering: .relaxed) }
    ) {
      Count()
    } merge: { count, block in
      count += block.outcome
      if count > 20 { isWanted.store(false, ordering: .relaxed) }
    }
    #expect(end == .interrupted)
    #expect(count > 20 && count < 100)
  }

  /// What a run has so far is not copied for each of its sources: many small files would take the square of their number (F18).
  @Test func whatCameOfASourceIsMovedOnToTheNext() throws {
    struct Nothing: BatchWorker {
      func work(on batch: EntryBatch) {}
    }
    struct Probe: Sendable {
      final class Storage: Sendable {}
      private var storage = Storage()
      private(set) var changes = 0
      private(set) var copies = 0
      mutating func change() {
        changes += 1
        guard !isKnownUniquelyReferenced(&storage) else { return }
        copies += 1
        storage = Storage()
      }
    }
    let file = TemporaryFile(Array("dn: CN=a\n\n".utf8))
    var probe = Probe()
    for _ in 0..<100 {
      let source = try Entries.open(.file(file.path), EntryRequest())
      let (changed, _) = ParallelReader(source, .all, threads: 2).read(into: consume probe, isInterrupted: { false }) {
        Nothing()
      } merge: { probe, _ in
        probe.change()
      }
      probe = changed
    }
    #expect(probe.changes == 100 && probe.copies == 0, "\(probe.copies) copies")
  }
}
