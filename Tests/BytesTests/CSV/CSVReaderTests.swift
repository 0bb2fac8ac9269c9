import Bytes
import Testing

@Suite struct CSVReaderTests {
  private func rows(_ text: String, separator: UInt8 = UInt8(ascii: ",")) -> [[String]] {
    var csv = CSVReader(separator: separator)
    var rows: [[String]] = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if case .row(let row) = csv.read(Array(line.utf8).span, line: number + 1) { rows.append(row.cells) }
    }
    if let rest = csv.rest() { rows.append(rest.cells) }
    return rows
  }

  @Test func cells() {
    #expect(rows("a,\"b,\"\"c\"\"\",,\"d\ne\"") == [["a", "b,\"c\"", "", "d\ne"]])
    #expect(rows("a \"b\" c,d") == [["a \"b\" c", "d"]])
    #expect(rows("a,\"open\nnever closed") == [["a", "open\nnever closed"]])
    #expect(rows("\"a\"b,c") == [["ab", "c"]])
  }

  @Test func spacesBeforeQuotationMarksArePartOfACellIfSoWanted() {
    var csv = CSVReader(separator: UInt8(ascii: ","), skipsSpaces: false)
    guard case .row(let row) = csv.read(Array(#" "a","b""c",x"y"#.utf8).span, line: 7) else {
      Issue.record("no row")
      return
    }
    #expect(row.cells == [#" "a""#, #"b"c"#, #"x"y"#] && row.line == 7 && row.isRegular)
  }

  @Test(arguments: [#" "a",b"#, #""a"b,c"#]) func irregularQuotationMarksAreTold(line: String) {
    var csv = CSVReader(separator: UInt8(ascii: ","))
    guard case .row(let row) = csv.read(Array(line.utf8).span, line: 1) else {
      Issue.record("no row")
      return
    }
    #expect(!row.isRegular)
  }

  @Test func aCellThatIsNeverClosedDoesNotSwallowAFile() {
    var csv = CSVReader(separator: UInt8(ascii: ","))
    let line = [UInt8](repeating: 0x61, count: 1 << 20)
    guard case .more = csv.read(Array("a,\"".utf8).span, line: 1) else {
      Issue.record("the cell is open")
      return
    }
    var outcomes = 0
    for number in 2..<8 {
      if case .tooLong(line: 1) = csv.read(line.span, line: number) { outcomes += 1 }
      if !csv.isWithinCell { break }
    }
    #expect(outcomes == 1 && !csv.isWithinCell)
  }

  @Test func theFirstCellTooManyHasAPlace() throws {
    var csv = CSVReader(separator: UInt8(ascii: ","))
    csv.expectedCells = 2
    guard case .row(let row) = csv.read(Array("ä,b,c,d".utf8).span, line: 3) else {
      Issue.record("no row")
      return
    }
    let surplus = try #require(row.surplus)
    #expect(row.count == 4 && surplus.line == 3 && surplus.column == 5)
    #expect(!row.isQuoted(0) && row[3].elementsEqual("d".utf8))
    guard case .row(let next) = csv.read(Array("\"a\",b".utf8).span, line: 4) else {
      Issue.record("no row")
      return
    }
    #expect(next.surplus == nil && next.isQuoted(0) && !next.isQuoted(1))
  }
}
