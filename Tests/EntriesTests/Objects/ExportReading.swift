import Bytes
import Directory

@testable import Entries

/// What is read of an export.
struct ExportReading {
  /// `name: value` of each attribute of each entry, with a line for its name; bytes that are no text as `name:: base64`.
  var lines: [String] = []
  /// The line of each entry in the export.
  var places: [Int?] = []
  var problems: [SourceProblem] = []
  var gaps: [String] = []
  var remarks: [String] = []
  var exported = ExportedAttributes.unknown
  var failure: SourceFailure?
  var isRecordSource = false
  /// Attributes of which only a part came.
  var parts: [String] = []

  init(_ text: String, blockSize: Int = 1 << 16, recordSize: Int = 64 << 20) {
    self.init(Array(text.utf8), blockSize: blockSize, recordSize: recordSize)
  }

  init(_ bytes: [UInt8], encoding: NamedEncoding? = nil, blockSize: Int = 1 << 16, recordSize: Int = 64 << 20) {
    let file = TemporaryFile(bytes)
    var request = EntryRequest()
    request.blockSize = blockSize
    request.recordSize = recordSize
    request.encoding = encoding
    do throws(SourceFailure) {
      let source = try Entries.open(.file(file.path), request)
      isRecordSource = source is RecordSource
      defer { end(source, file.path) }
      var reader = EntryReader(source)
      while let page = try reader.next() {
        problems += page.problems
        for entry in page.entries { add(entry) }
        parts += page.batch.incompleteRanges.map { page.batch.attributes[$0.attribute].name }
      }
    } catch {
      failure = SourceFailure(error.kind, source: "x", message: error.message)
    }
  }

  private mutating func end(_ source: any EntrySource, _ path: String) {
    gaps = source.gaps.map { $0.replacing(path, with: "FILE") }
    remarks = source.remarks.map { $0.replacing(path, with: "FILE") }
    exported = source.exported
  }

  private mutating func add(_ entry: EntryView) {
    lines.append("dn: " + String(decoding: entry.dn, as: UTF8.self))
    places.append(entry.place.line)
    for value in entry.batch.values[entry.record.values] {
      let bytes = Array(entry.batch.bytes[value.range])
      let name = entry.batch.attributes[value.attribute].name
      let text = String(validating: bytes, as: UTF8.self)
      lines.append(text.map { "\(name): \($0)" } ?? "\(name):: \(Base64Text.encode(bytes))")
    }
  }

  /// The values of an attribute, in order.
  func values(_ name: String) -> [String] {
    lines.filter { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
  }

  /// The same for values that are no text.
  func binary(_ name: String) -> [String] {
    lines.filter { $0.hasPrefix(name + ":: ") }.map { String($0.dropFirst(name.count + 3)) }
  }
}
