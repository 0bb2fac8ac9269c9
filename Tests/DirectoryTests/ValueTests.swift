import Testing

@testable import Directory

@Suite struct ValueTests {
  @Test func guidText() throws {
    let guid = try #require(GUID((0..<16).map { UInt8($0) }))
    #expect(guid.description == "03020100-0504-0706-0809-0a0b0c0d0e0f")
    #expect(GUID([1, 2, 3]) == nil)
    #expect(GUID([UInt8](repeating: 0, count: 17)) == nil)
  }

  @Test func valuesAreBytesAndPerhapsText() {
    #expect(AttributeValue("ä").bytes == [0xc3, 0xa4])
    #expect(AttributeValue([0xc3, 0xa4]).text == "ä")
    #expect(AttributeValue([0xc3]).text == nil)
    let bytes: [UInt8] = [1, 2, 3]
    #expect(AttributeValue(bytes.span.extracting(1..<3)).bytes == [2, 3])
  }

  @Test func locations() {
    #expect(SourceLocation(source: "a.ldif").description == "a.ldif")
    #expect(SourceLocation(source: "a.ldif", line: 3).description == "a.ldif:3")
    #expect(SourceLocation(source: "a.ldif", line: 3, column: 7).description == "a.ldif:3:7")
  }

  @Test func anEmptiedBatchKeepsItsTable() {
    var batch = EntryBatch(attributes: AttributeTable(["mail"]))
    batch.bytes = [1]
    batch.entries = [
      EntryRecord(dnOffset: 1, dnLength: 2, firstValue: 3, valueCount: 4, line: 0, textOffset: 0, textLength: 0)
    ]
    #expect(batch.entries[0].dn == 1..<3)
    #expect(batch.entries[0].values == 3..<7)
    batch.values = [ValueRecord(attribute: 0, offset: 5, length: 6, line: 0, column: 1)]
    #expect(batch.values[0].range == 5..<11)
    batch.changes = [PlacedChange(position: 0, record: ChangeRecord(dn: [], change: .delete), line: 0)]
    batch.problems = [PlacedProblem(position: 0, line: 0, column: 1, message: "x")]
    batch.controls = [0: []]
    batch.incompleteRanges = [EntryAttribute(entry: 0, attribute: 0)]
    batch.lostAttributes = batch.incompleteRanges
    batch.lineBase = 1
    batch.lineCount = 2
    batch.textOffset = 3
    batch.removeAll()
    #expect(batch.bytes.isEmpty && batch.entries.isEmpty && batch.values.isEmpty && batch.changes.isEmpty)
    #expect(
      batch.problems.isEmpty && batch.controls.isEmpty && batch.incompleteRanges.isEmpty && batch.lostAttributes.isEmpty
    )
    #expect(batch.lineBase == 0 && batch.lineCount == 0 && batch.textOffset == 0)
    #expect(batch.attributes.id(of: "mail") == 0)
  }

  /// The text form, eight digits at a time, is that of the fields byte by byte.
  @Test func textOfGUIDs() throws {
    for start in 0..<256 {
      let bytes = (0..<16).map { UInt8(truncatingIfNeeded: start &* 7 &+ $0 &* 37) }
      let read = GUID(bytes.span)
      let guid = try #require(read)
      #expect(guid == GUID(bytes) && guid.bytes == bytes)
      func digits(_ places: [Int]) -> String {
        places.map { (bytes[$0] < 16 ? "0" : "") + String(bytes[$0], radix: 16) }.joined()
      }
      let fields = [[3, 2, 1, 0], [5, 4], [7, 6], [8, 9], [10, 11, 12, 13, 14, 15]]
      #expect(guid.description == fields.map(digits).joined(separator: "-"))
    }
  }
}
