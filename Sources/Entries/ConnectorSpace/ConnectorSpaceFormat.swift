import Bytes
import Directory

/// Connector-space exports: each object as it will be after its pending export.
///
/// An object that waits to be deleted becomes a `changetype: delete` record; an object of which the export has no state
/// (placeholders) becomes nothing but counts.
final class ConnectorSpaceFormat: RecordFormat {
  private let name: String
  private let selection: Selection
  private let handler: ConnectorSpaceHandler
  private let xml: XMLStreamReader
  /// Names that cannot stand in LDIF; a few of them.
  private var unusableNames: Set<String> = []

  /// Which objects are handed on.
  enum Selection: Sendable {
    /// Those that will exist, and deletions as change records: what is to be linted.
    case entries
    /// All, also those that will be deleted and those without a state: what is to be searched for identifiers.
    case objects
  }

  init(name: String, _ request: EntryRequest) {
    self.name = name
    selection = request.includesDeleted ? .objects : .entries
    handler = ConnectorSpaceHandler(recordSize: request.recordSize)
    xml = XMLStreamReader(XMLOptions(.fragments), handler: handler)
  }

  var gaps: [String] {
    var gaps: [String] = []
    if handler.unreadableValues > 0 {
      gaps.append("\(handler.unreadableValues) values of \(name) are no base64 and were taken as text")
    }
    return gaps + unusableNames.sorted().map { "values of '\($0)' were left out: this is no name of an attribute" }
  }

  func read(_ bytes: ArraySlice<UInt8>, into writer: RecordWriter) throws(SourceFailure) {
    try parse(writer) { (xml) throws(XMLFailure) in try xml.feed(bytes) }
  }

  func finish(_ writer: RecordWriter) throws(SourceFailure) {
    try parse(writer) { (xml) throws(XMLFailure) in try xml.finish() }
    guard !handler.isExport else { return }
    throw SourceFailure(.wrongFormat, source: name, message: "is no connector-space export: it has no cs-object")
  }

  private func parse(
    _ writer: RecordWriter, _ step: (XMLStreamReader) throws(XMLFailure) -> Void
  ) throws(SourceFailure) {
    handler.receive = { [unowned self] in write($0, writer) }
    handler.skip = { writer.skip(line: $0, dn: $1) }
    do throws(XMLFailure) { try step(xml) } catch {
      throw SourceFailure(
        handler.isExport ? .readError : .wrongFormat, source: name,
        message: "line \(error.line), column \(error.column): \(error.message)")
    }
  }

  private func write(_ object: ConnectorSpaceObject, _ writer: RecordWriter) {
    let record = ConnectorSpaceRecord(object)
    if unusableNames.count < 10 { unusableNames.formUnion(record.unusableNames.prefix(10)) }
    guard record.size <= writer.recordSize else { return writer.skip(line: object.line, dn: object.dn) }
    if selection == .entries, object.afterExport == nil {
      if object.isToBeDeleted { writer.writeDeletion(of: record.dn, line: object.line) }
      return
    }
    writer.write(dn: record.dn, attributes: record.attributes, line: object.line)
  }

  /// Whether a text is a connector-space export: its first element is one of it.
  static func recognizes(_ text: Substring) -> Bool {
    var rest = text
    while rest.hasPrefix("<?") || rest.hasPrefix("<!--") {
      guard let end = rest.firstRange(of: rest.hasPrefix("<?") ? "?>" : "-->") else { return false }
      rest = rest[end.upperBound...].drop { $0.isWhitespace }
    }
    return rest.hasPrefix("<cs-object")
  }
}
