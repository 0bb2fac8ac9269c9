import Directory
import TestSources
import Testing

@testable import Entries

/// Rows that are taken apart where they stand come to the same as those that are read line by line.
///
/// A quotation mark within a cell that did not begin with one makes a row one for the reader of lines.
@Suite struct TableScannerTests {
  private struct Maker {
    private var numbers: SeededNumbers

    init(seed: UInt64) { numbers = SeededNumbers(seed: seed) }

    mutating func below(_ limit: Int) -> Int { numbers.below(limit) }

    private static let texts = [
      "", "a", "Jo Doe", "smtp:jo@contoso.com;SMTP:j@contoso.com", #"CN=Doe\\, Jo,DC=x"#, #"a\;b;c"#, "X'4a6f'",
      "x'zz'", "Zoë 😀",
      "System.Object[]", "a;X'00ff';b", ";;", "say \"so\"", "\"\"", "two\nlines", "two\r\nlines\n", "1.3E+17", "####",
      "TRUE", "?",
      "DN", "DistinguishedName", "#TYPE x", "top;person;organizationalPerson;user", "{SMTP:a@x.de, smtp:b@x.de}",
      "sep=;",
      String(repeating: "0123456789", count: 30),
    ]

    mutating func text() -> String { Self.texts[below(Self.texts.count)] }
  }

  private static func quoted(_ cell: String) -> String { "\"\(cell.replacing("\"", with: "\"\""))\"" }

  private func content(_ text: String, blockSize: Int = 1 << 16) -> [String] {
    let read = ExportReading(text, blockSize: blockSize)
    #expect(read.failure == nil, "\(read.failure?.message ?? "")")
    var exported: [String] = []
    if case .only(let names) = read.exported { exported = names.sorted() }
    return read.lines + read.places.map { "\($0 ?? 0)" } + read.gaps + read.remarks + exported
  }

  @Test(arguments: 0..<120, [false, true]) func isTheSameAsLineByLine(seed: Int, isCsvde: Bool) {
    var maker = Maker(seed: UInt64(seed) &* 104_729 &+ 3)
    let names = [
      isCsvde ? "DN" : "DistinguishedName", "objectClass", "proxyAddresses", "mail", "objectGUID", "accountExpires",
      "memberOf",
      "last",
    ]
    let end = maker.below(2) == 0 ? "\n" : "\r\n"
    let head = names.map { isCsvde ? $0 : Self.quoted($0) }.joined(separator: ",") + end
    var (plain, odd) = (head, head)
    for number in 0..<10 {
      let cells = ["CN=\(number),DC=x"] + (0..<6).map { _ in Self.quoted(maker.text()) }
      let row = ([Self.quoted(cells[0])] + cells.dropFirst()).joined(separator: ",")
      plain += row + ",\"a\"\"b\"" + end
      odd += row + ",a\"b" + end
    }
    let wanted = content(odd)
    #expect(content(plain) == wanted)
    #expect(content(plain, blockSize: 1) == wanted)
    #expect(content(odd, blockSize: 1) == wanted)
  }

  /// A program ends every line, also that of a row over several lines: one that nothing ends was cut, wherever that is.
  @Test func rowsOverSeveralLinesThatNothingEnds() {
    let text = "\"DistinguishedName\",\"mail\",\"proxyAddresses\"\n\"CN=a,DC=x\",,\"smtp:a@x.de\nsmtp:b@x.de\""
    for end in ["", "\r"] {
      let read = ExportReading(text + end)
      #expect(
        read.lines.isEmpty && read.gaps.count == 1 && read.gaps[0].contains("line 2: the table ends within"), "\(read)")
    }
    #expect(ExportReading(text + "\n").gaps.isEmpty && ExportReading(text + "\n").places == [2])
    let within = ExportReading(String(text.dropLast()))
    #expect(within.gaps.count == 1 && within.gaps[0].contains("within a quoted cell"))
  }

  @Test func longRows() {
    let members = (0..<200_000).map { "CN=\($0),OU=Somewhere Far Away,DC=contoso,DC=com" }.joined(separator: ";")
    let text = "DN,objectClass,member\n\"CN=a,DC=x\",group,\"\(members)\"\n\"CN=b,DC=x\",group,\n"
    let read = ExportReading(text)
    #expect(read.lines.filter { $0.hasPrefix("member") }.count == 200_000)
    #expect(read.lines.filter { $0.hasPrefix("dn:") } == ["dn: CN=a,DC=x", "dn: CN=b,DC=x"])
  }
}
