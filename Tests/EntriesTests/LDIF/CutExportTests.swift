import Bytes
import Directory
import Testing

@testable import Entries

/// An export of 60 KB that was cut anywhere, plain, in UTF-16, gzip and zstd (F1, F22): never taken for the whole where a
/// reader can tell, and no value that is read of it is another one than the directory has.
@Suite struct CutExportTests {
  private static let count = 480
  private static let text =
    "# extended LDIF\n#\n# requesting: ALL\n#\n\n"
    + (0..<count).map { number in
      "dn: CN=Jö \(number),OU=Staff,DC=contoso,DC=com\nobjectClass: user\nmail: jo\(number)@contoso.com\ndescription:: w7w=\n"
        + "info: a line that is\n  folded \(number)\n\n"
    }.joined() + "# search result\nsearch: 2\nresult: 0 Success\n\n# numEntries: \(count)\n"

  /// The values of each entry, and whether nothing tells that something is missing.
  private static func read(_ bytes: [UInt8]) throws -> (entries: [[String]], isWhole: Bool) {
    let file = TemporaryFile(bytes)
    var entries: [[String]] = []
    do throws(SourceFailure) {
      let source = try Entries.open(.file(file.path))
      var reader = EntryReader(source)
      var isWhole = true
      while let page = try reader.next() {
        isWhole = isWhole && page.problems.isEmpty
        for entry in page.batch.entries {
          let values = page.batch.values[entry.values].map { value in
            page.batch.attributes[value.attribute].name + ":"
              + String(decoding: page.batch.bytes[value.range], as: UTF8.self)
          }
          entries.append([String(decoding: page.batch.bytes[entry.dn], as: UTF8.self)] + values)
        }
      }
      return (entries, isWhole && source.gaps.isEmpty && source.remarks.isEmpty)
    } catch {
      return (entries, false)
    }
  }

  private enum Form: CaseIterable { case plain, utf16, gzip, zstd }

  private static func bytes(_ form: Form) -> [UInt8] {
    switch form {
    case .plain: Array(text.utf8)
    case .utf16: [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    case .gzip: InputTests.gzip(Array(text.utf8))
    case .zstd: InputTests.zstd(Array(text.utf8))
    }
  }

  @Test func noCutPassesForTheWhole() throws {
    for form in Form.allCases {
      let bytes = Self.bytes(form)
      let (whole, isWhole) = try Self.read(bytes)
      #expect(isWhole && whole.count == Self.count)
      // Every cut near the ends, and every so many bytes between them.
      let cuts =
        (1..<5).map { $0 } + Array(stride(from: 20, to: bytes.count - 20, by: bytes.count / 9))
        + (1..<5).map { bytes.count - $0 }
      for cut in cuts {
        let (entries, isWhole) = try Self.read(Array(bytes[..<cut]))
        let other = zip(entries, whole).first { !$0.elementsEqual($1.prefix($0.count)) }
        #expect(other == nil && entries.count <= whole.count, "\(form) cut at \(cut): \(other?.0 ?? [])")
        if form == .gzip || form == .zstd { #expect(!isWhole, "\(form) cut at \(cut)") }
        // A text may end behind any of its lines; within a line, it was cut.
        guard form == .plain || form == .utf16, cut > 200, bytes.count - cut > 100 else { continue }
        let endsLine =
          bytes[cut - 1] == 10 || form == .utf16 && cut % 2 == 0 && bytes[cut - 2] == 10 && bytes[cut - 1] == 0
        if !endsLine { #expect(!isWhole, "\(form) cut at \(cut)") }
      }
    }
  }
}
