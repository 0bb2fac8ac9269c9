import Bytes
import Directory

/// Objects that PowerShell wrote with `Export-Clixml`.
final class SerializedObjectsFormat: RecordFormat {
  private let name: String
  private let records: ObjectRecords
  private let handler: SerializedObjectHandler
  private let xml: XMLStreamReader
  private var failure: SourceFailure?

  var hasLines: Bool { true }

  init(name: String, _ request: EntryRequest) {
    self.name = name
    records = ObjectRecords(
      source: name, ValueReading(joining: .lists, mayBeSpreadsheet: false), wanted: request.attributes)
    handler = SerializedObjectHandler(recordSize: request.recordSize, takesListsApart: true)
    var options = XMLOptions(.fragments)
    // What is longer than an object may be is skipped with its object.
    options.maximumTextLength = max(options.maximumTextLength, 2 * request.recordSize)
    xml = XMLStreamReader(options, handler: handler)
  }

  var exported: ExportedAttributes { records.exported }
  var gaps: [String] { records.gaps }
  var remarks: [String] { records.remarks }

  func read(_ bytes: ArraySlice<UInt8>, into writer: RecordWriter) throws(SourceFailure) {
    try parse(writer) { (xml) throws(XMLFailure) in try xml.feed(bytes) }
  }

  func finish(_ writer: RecordWriter) throws(SourceFailure) {
    try parse(writer) { (xml) throws(XMLFailure) in try xml.finish() }
    guard records.count == 0, records.namelessCount > 0 else { return }
    throw SourceFailure(
      .wrongFormat, source: name, message: "its objects have no DistinguishedName; \(ExportAdvice.powerShell)")
  }

  private func parse(
    _ writer: RecordWriter, _ step: (XMLStreamReader) throws(XMLFailure) -> Void
  ) throws(SourceFailure) {
    handler.receive = { [unowned self] value, line in take(value, line, writer) }
    handler.skip = { writer.skip(line: $0, dn: $1) }
    do throws(XMLFailure) { try step(xml) } catch {
      throw SourceFailure(
        records.count > 0 ? .readError : .wrongFormat, source: name,
        message: "line \(error.line), column \(error.column): \(error.message)")
    }
    if let failure { throw failure }
  }

  private func take(_ value: SerializedValue, _ line: Int, _ writer: RecordWriter) {
    guard failure == nil, case .object(let object) = value, object.list == nil, !object.members.isEmpty else { return }
    records.begin(line: line)
    for property in object.properties { records.add(records.property(property.name), property.value) }
    do throws(SourceFailure) { try records.end(writer) } catch {
      failure = error
      xml.stop()
    }
  }
}
