import Directory
import Glibc
import Entries

// Fuzz target of the LDIF reader. Built only with FUZZ=1, see Package.swift:
//
//   FUZZ=1 swift build -c release --product fuzz-ldif --scratch-path .build-fuzz
//   SWIFT_BACKTRACE=enable=no .build-fuzz/release/fuzz-ldif -max_len=2000 -max_total_time=1800 NEW Fuzz/corpus-ldif
//
// (NEW is a directory for the inputs it finds.) Besides crashes it looks for disagreement: with the plain reader of the
// tests, between block sizes, and between what was written and what is read from it.

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
  _: UnsafeMutablePointer<Int32>, _: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// One input; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = Array(UnsafeBufferPointer(start: data, count: count))
  FuzzLDIF.check(input)
  return 0
}

/// The program; SwiftPM renames the main function after the target.
@_cdecl("fuzz_ldif_main")
public func fuzzMain(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32 {
  var (count, arguments) = (count, arguments)
  return runDriver(&count, &arguments, fuzzOne)
}

enum FuzzLDIF {
  /// A nameless file into which inputs are written, so that the block reader reads them as it reads any file.
  private static let descriptor: Int32 = {
    var template = Array("/tmp/fuzz-ldif-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    unlink(template)
    return descriptor
  }()

  static func check(_ input: [UInt8]) {
    // As it is: compressed, UTF-16, no LDIF at all … only crashes count.
    _ = read(input, blockSize: 64)
    // As text: everything must agree.
    let whole = parse(input)
    expect(whole.map(PlainReader.Record.init) == PlainReader.read(input), "differs from the plain reader")
    let text = Array("dn: CN=first\n\n".utf8) + input
    let inOneBlock = read(text, blockSize: 1 << 16)
    for size in [1, 13, 100] {
      expect(read(text, blockSize: size) == inOneBlock, "differs with blocks of \(size) bytes")
    }
    checkWriting(input)
    checkReadingAgain(input)
  }

  /// Text without a problem, read again for some of its attributes, has the same entries with the same values of them.
  private static func checkReadingAgain(_ input: [UInt8]) {
    let batch = batch(of: input)
    guard batch.problems.isEmpty else { return }
    var known: Set<String> = []
    let names = batch.attributes.descriptions.filter { $0.type == $0.unranged }.map(\.name)
      .filter { known.insert($0.lowercased()).inserted }
    let wanted = names.enumerated().filter { $0.offset % 3 == input.count % 3 }.map(\.element)
    let types = Set(wanted.compactMap { batch.attributes.id(of: $0) })
    let kept = values(of: batch) { types.contains(batch.attributes.type(of: $0)) }
    var reader = BatchReader(
      source: "input", hasLines: true,
      .only(first: wanted.count, of: wanted + names.filter { !wanted.contains($0) }))
    // Twice: the second time the scanner knows the names.
    for _ in 0..<2 {
      var text = input
      reader.read(&text, isFaultless: true)
      let batch = reader.batch
      expect(batch.problems.isEmpty, "problems when read again")
      let again = values(of: batch) { batch.attributes.type(of: $0) < wanted.count }
      expect(again == kept, "differs when read again for \(wanted): \(again) instead of \(kept)")
    }
  }

  /// Of each entry and change record its line, and of entries the values of some attributes with their places.
  private static func values(of batch: EntryBatch, _ isWanted: (AttributeID) -> Bool) -> [[String]] {
    batch.changes.map { ["change \($0.line)"] }
      + batch.entries.map { entry in
        ["\(entry.line) \(entry.textOffset) \(entry.textLength) \(batch.bytes[entry.dn])"]
          + batch.values[entry.values].filter { isWanted($0.attribute) }.map {
            "\($0.line):\($0.column) \(batch.attributes[$0.attribute].name.lowercased()) \(batch.bytes[$0.range])"
          }
      }
  }

  private static func checkWriting(_ input: [UInt8]) {
    let batch = batch(of: input)
    var json = EntryPrinter(.ndjson)
    json.print(batch)
    let lines = json.bytes.count { $0 == 10 }
    expect(lines == batch.entries.count + batch.changes.count + batch.problems.count, "JSON lines")
    expect(String(validating: json.bytes, as: UTF8.self) != nil, "JSON is not UTF-8")
    var printer = EntryPrinter(.ldif)
    printer.print(batch)
    let expected = items(of: batch).filter { $0.place.isEmpty }.map(withoutPlace)
    expect(parse(printer.bytes).map(withoutPlace) == expected, "what was written reads differently")
  }

  private static func withoutPlace(_ item: Item) -> Item {
    switch item {
    case .entry(let dn, _, let values, let controls):
      let values = values.map { Item.Value(name: $0.name.lowercased(), bytes: $0.bytes, line: 0, column: 0) }
      return .entry(dn: dn, line: 0, values: values, controls: controls)
    case .change(let record, _): return .change(record, line: 0)
    case .problem: return item
    }
  }

  private static func parse(_ text: [UInt8]) -> [Item] { items(of: batch(of: text)) }

  private static func batch(of text: [UInt8]) -> EntryBatch {
    var reader = BatchReader(source: "input", hasLines: true)
    return reader.read(text)
  }

  private static func read(_ bytes: [UInt8], blockSize: Int) -> [Item] {
    ftruncate(descriptor, 0)
    _ = pwrite(descriptor, bytes, bytes.count, 0)
    lseek(descriptor, 0, SEEK_SET)
    var all: [Item] = []
    do throws(SourceFailure) {
      var reader = EntryReader(
        try LDIFBlockReader(descriptor: descriptor, name: "input", blockSize: blockSize))
      while let page = try reader.next() { all += items(of: page.batch) }
    } catch {
      all.append(.problem(line: 0, column: 0, message: error.description))
    }
    return all
  }

  private static func expect(_ condition: Bool, _ message: @autoclosure () -> String) {
    // Not `preconditionFailure`, which keeps its message to itself in a release build.
    if !condition { fatalError(message()) }
  }
}
