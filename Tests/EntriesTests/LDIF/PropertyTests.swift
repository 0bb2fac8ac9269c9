import Bytes
import Directory
import Testing

@testable import Entries

/// Properties that must hold for every text; random texts from fixed seeds.
@Suite struct PropertyTests {
  /// Parses a text that is one block, without the tests for "no LDIF at all".
  private func parse(_ text: [UInt8]) -> [Item] {
    var parser = LDIFParser()
    var block = LDIFBlock(text: text)
    var batch = EntryBatch(attributes: AttributeTable())
    parser.parse(&block, into: &batch)
    return items(of: batch)
  }

  @Test(arguments: 0..<500 as Range<UInt64>) func agreesWithThePlainReader(seed: UInt64) {
    var random = RandomLDIF(seed: seed)
    let text = random.file(records: 12, lineEnd: seed % 2 == 0 ? [10] : [13, 10])
    #expect(parse(text).map(PlainReader.Record.init) == PlainReader.read(text))
  }

  @Test(arguments: 0..<300 as Range<UInt64>) func agreesWithThePlainReaderOnDamagedText(seed: UInt64) {
    var random = RandomLDIF(seed: seed &+ 5000)
    let file = random.file(records: 6, lineEnd: seed % 2 == 0 ? [10] : [13, 10])
    let text = random.damaged(file)
    #expect(parse(text).map(PlainReader.Record.init) == PlainReader.read(text))
  }

  /// Texts on which the two readers once disagreed: a URL in the trailer of `ldapsearch` (as found by fuzzing, and in
  /// short), colons in it, and a `cn` in parts, which is not what IdFix writes before `changetype:`.
  @Test(arguments: [
    "da\n\nsearch:<\0\u{fffd}ooal:a\nistinguishedname: m\u{1}\0\0\0\u{1}\0\0\0dyfy",
    "search:< file:///x\n",
    "search: 2\nresult:::0\n",
    "dn: CN=a\ncn;range=0-1: x\nchangetype: modify\n",
    // The name is all there is, folded, and its line ends twice.
    "dn: CN=a\n b\r\r\n", "dn: CN=a\r\n b\r\r\n\r\ndn: CN=b\r\ncn: x\r\n y\r\n z\r\r\n",
  ])
  func agreesWithThePlainReaderWhereItDidNot(text: String) {
    let bytes = Array(text.utf8)
    #expect(parse(bytes).map(PlainReader.Record.init) == PlainReader.read(bytes))
  }

  /// A parser that is told which attributes are wanted finds the same, but for the values of others.
  @Test(arguments: 0..<300 as Range<UInt64>) func passesOverWhatIsNotWantedAlone(seed: UInt64) {
    var random = RandomLDIF(seed: seed &+ 40_000)
    let file = random.file(records: 8, lineEnd: seed % 2 == 0 ? [10] : [13, 10])
    let text = seed % 3 == 0 ? random.damaged(file) : file
    let all = batch(of: text, wanted: [], readsOthers: true)
    let names = all.attributes.descriptions.filter { $0.type == $0.unranged }.map(\.name)
    let wanted = names.enumerated().filter { ($0.offset + Int(seed)) % 3 == 0 }.map(\.element)
    let some = batch(of: text, wanted: wanted, readsOthers: false)
    #expect(items(of: keeping(wanted, all)) == items(of: keeping(wanted, some)))
    #expect(all.lineCount == some.lineCount)
    #expect(some.values.count <= all.values.count)
    let first = wanted + names.filter { !wanted.contains($0) }
    let numbered = batch(
      of: text, LDIFParser(attributes: AttributeTable(first), readingFirst: wanted.count))
    #expect(items(of: keeping(wanted, all)) == items(of: keeping(wanted, numbered)))
    #expect(numbered.values.count <= all.values.count)
    guard all.problems.isEmpty else { return }
    let again = batch(
      of: text, LDIFParser(attributes: AttributeTable(first), readingFirst: wanted.count), isFaultless: true)
    #expect(items(of: keeping(wanted, all)) == items(of: keeping(wanted, again)))
    #expect(all.lineCount == again.lineCount)
  }

  /// Lines that continue one that was passed over are no values of their own, and no records for the slow reader.
  @Test(arguments: [
    // What IdFix writes, with a name that is folded: a change record it stays.
    "dn: CN=a\ncn: x\n y\nchangetype: modify\nreplace: mail\nmail: z\n-\n",
    "dn: CN=z\nchangetype: add\nmail: q\n\ndn: CN=a\ncn: x\n y\nchangetype: delete\n",
    "dn: CN=a\nlegacyExchangeDN: /o=a\n b\n\u{20}\nmail: x\n",
    "dn: CN=a\n# a comment\nchangetype: add\nmail: x\ntelephoneNumber: 1\n 2\nm\n ail: y\n",
  ])
  func continuedLinesArePassedOver(text: String) {
    let all = batch(of: Array(text.utf8), LDIFParser())
    #expect(all.problems.isEmpty)
    let names = ["mail", "cn", "legacyExchangeDN", "telephoneNumber"]
    let again = batch(
      of: Array(text.utf8), LDIFParser(attributes: AttributeTable(names), readingFirst: 1), isFaultless: true)
    #expect(items(of: keeping(["mail"], all)) == items(of: keeping(["mail"], again)))
    #expect(all.lineCount == again.lineCount)
  }

  private func batch(of text: [UInt8], wanted: [String], readsOthers: Bool) -> EntryBatch {
    batch(of: text, LDIFParser(attributes: AttributeTable(wanted), readsOthers: readsOthers))
  }

  private func batch(of text: [UInt8], _ parser: LDIFParser, isFaultless: Bool = false) -> EntryBatch {
    var parser = parser
    // Twice: the first time the scanner meets every description for the first time.
    var batch = EntryBatch(attributes: AttributeTable())
    for _ in 0..<2 {
      var block = LDIFBlock(text: text)
      parser.parse(&block, into: &batch, isFaultless: isFaultless)
    }
    return batch
  }

  /// The batch without the values of attribute types that are not wanted.
  private func keeping(_ wanted: [String], _ batch: EntryBatch) -> EntryBatch {
    var kept = batch
    kept.values = []
    let types = Set(wanted.compactMap { batch.attributes.id(of: $0) })
    for number in batch.entries.indices {
      kept.entries[number].firstValue = UInt32(kept.values.count)
      for value in batch.values[batch.entries[number].values]
      where types.contains(batch.attributes.type(of: value.attribute)) {
        kept.values.append(value)
      }
      kept.entries[number].valueCount = UInt32(kept.values.count) - kept.entries[number].firstValue
    }
    return kept
  }

  @Test(arguments: 0..<8 as Range<UInt64>) func blockSizeChangesNothing(seed: UInt64) {
    var random = RandomLDIF(seed: seed &+ 10_000)
    let file = random.file(records: 8, lineEnd: seed % 2 == 0 ? [10] : [13, 10])
    let text = Array("dn: CN=first\n\n".utf8) + random.damaged(file)
    let whole = Reading(text)
    for size in [1, 2, 3, 7, 16, 50, 100, 1000] {
      let inBlocks = Reading(text, blockSize: size)
      #expect(inBlocks.items == whole.items, "block size \(size)")
      #expect(inBlocks.lines == whole.lines)
    }
  }

  @Test(arguments: 0..<40 as Range<UInt64>) func writingAndReadingIsTheIdentity(seed: UInt64) {
    var random = RandomLDIF(seed: seed &+ 20_000)
    var writer = LDIFWriter()
    let entries = (0..<10).map { _ in random.entry() }
    for entry in entries { writer.write(dn: entry.dn, attributes: entry.attributes) }
    let lines = writer.bytes.split(separator: 10, omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= 76 })
    #expect(writer.bytes.allSatisfy { $0 < 128 })
    let read = parse(writer.bytes)
    #expect(read.map(\.dn) == entries.map { String(decoding: $0.dn, as: UTF8.self) })
    for (item, entry) in zip(read, entries) {
      guard case .entry(let dn, _, let values, _) = item else { continue }
      #expect(dn.bytes == entry.dn)
      #expect(values.map(\.bytes.bytes) == entry.attributes.map(\.value))
      let names = entry.attributes.map { $0.description.split(separator: ";range=")[0].lowercased() }
      #expect(values.map { $0.name.lowercased() } == names)
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>) func readingWritingAndReadingIsTheSame(seed: UInt64) {
    var random = RandomLDIF(seed: seed &+ 30_000)
    var parser = LDIFParser()
    var block = LDIFBlock(text: random.file(records: 10))
    var batch = EntryBatch(attributes: AttributeTable())
    parser.parse(&block, into: &batch)
    var printer = EntryPrinter(.ldif)
    printer.print(batch)
    let again = parse(printer.bytes)
    let withoutPlaces = { (item: Item) -> Item in
      switch item {
      case .entry(let dn, _, let values, let controls):
        let values = values.map { Item.Value(name: $0.name, bytes: $0.bytes, line: 0, column: 0) }
        return .entry(dn: dn, line: 0, values: values, controls: controls)
      case .change(let record, _): return .change(record, line: 0)
      case .problem: return item
      }
    }
    // Records that could not be read are not written.
    #expect(again.map(withoutPlaces) == items(of: batch).filter(\.place.isEmpty).map(withoutPlaces))
  }

  @Test(arguments: 0..<40 as Range<UInt64>) func foldingAnywhereChangesNothing(seed: UInt64) {
    var random = RandomLDIF(seed: seed &+ 40_000)
    let entry = random.entry()
    let lines = [("dn", entry.dn)] + entry.attributes
    func text(_ form: (inout RandomLDIF, [UInt8]) -> [UInt8]) -> [UInt8] {
      lines.flatMap { (name, value) in form(&random, Array("\(name):: ".utf8) + RandomLDIF.base64(value)) + [10] }
    }
    let plain = text { $1 }
    let folded = text { $0.fold($1, lineEnd: [10]) }
    let everywhere = text { _, line in [line[0]] + line.dropFirst().flatMap { [10, 32, $0] } }
    let values = { (text: [UInt8]) in parse(text).map(\.values) }
    #expect(values(folded) == values(plain))
    #expect(values(everywhere) == values(plain))
  }

  @Test(arguments: 0..<40 as Range<UInt64>) func base64OrPlainChangesNothing(seed: UInt64) {
    var random = RandomLDIF(seed: seed &+ 50_000)
    let values = (0..<20).map { _ in random.value() }.filter { LDIFWriter.isSafe($0.span) }
    let plain = Array("dn: x\n".utf8) + values.flatMap { Array("cn: ".utf8) + $0 + [10] }
    let encoded = Array("dn:: eA==\n".utf8) + values.flatMap { Array("cn:: ".utf8) + RandomLDIF.base64($0) + [10] }
    #expect(parse(plain).map(\.values) == parse(encoded).map(\.values))
    #expect(parse(plain).first?.values.count == values.count)
  }

  @Test(arguments: 0..<20 as Range<UInt64>) func aRecordReadAgainIsTheSame(seed: UInt64) throws {
    var random = RandomLDIF(seed: seed &+ 60_000)
    let text = Array("dn: x\n\n".utf8) + random.file(records: 10, lineEnd: seed % 2 == 0 ? [10] : [13, 10])
    let file = TemporaryFile(text)
    let reader = try LDIFBlockReader(path: file.path, blockSize: 64)
    #expect(reader.isSeekable)
    var pages = EntryReader(reader)
    var one = BatchReader(reader)
    while let page = try pages.next() {
      let all = items(of: page.batch)
      for entry in page.entries {
        let found = one.read(entry)
        let again = try #require(found)
        #expect(all.contains(try #require(items(of: again.batch).first)))
        #expect(again.place == entry.place)
        let start = Int(page.batch.textOffset) + Int(entry.record.textOffset)
        #expect(text[start..<start + entry.text.count] == entry.text)
      }
    }
  }
}
