import Directory
import Bytes

/// A connector-space export as a source of entries: each object as it will be after its pending export.
///
/// The export is read as a stream, so memory does not grow with it. An object that waits to be deleted becomes a
/// `changetype: delete` record; an object of which the export has no state (placeholders) becomes nothing but counts.
public final class ConnectorSpaceSource: EntrySource {
  /// The name in messages.
  public let name: String
  /// The text is the program's own.
  public var hasLines: Bool { false }
  /// When the export was written.
  public var writtenAt: Int? { input.writtenAt }
  /// Receives the text of each block.
  public var spool: TextReceiver?
  /// Bytes of the export read so far.
  public var bytesRead: UInt64 { input.bytesRead }
  /// Bytes of the export in all.
  public var totalBytes: UInt64? { input.totalBytes }

  private let input: DecompressedInput
  private let shouldStop: @Sendable () -> Bool
  private let blockSize: Int
  private let handler: ConnectorSpaceHandler
  private let xml: XMLStreamReader
  private let writer: RecordWriter
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)
  private var textOffset: UInt64 = 0
  private var isAtEnd = false
  private var failure: SourceFailure?

  /// Which objects are handed on.
  public enum Selection: Sendable {
    /// Those that will exist, and deletions as change records: what is to be linted.
    case entries
    /// All, also those that will be deleted and those without a state: what is to be searched for identifiers.
    case objects
  }

  /// A source of what is left of an input.
  public init(
    _ input: DecompressedInput, selection: Selection = .entries, blockSize: Int = LDIFBlockReader.defaultBlockSize,
    recordSize: Int = LDIFBlockReader.maximumRecordSize, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    self.input = input
    self.shouldStop = shouldStop
    self.blockSize = blockSize
    name = input.name
    writer = RecordWriter(recordSize: recordSize)
    handler = ConnectorSpaceHandler(recordSize: recordSize)
    xml = XMLStreamReader(XMLOptions(.fragments), handler: handler)
    writer.selection = selection
    // Without the line of the version, so that a source without records yields no text.
    writer.ldif.bytes.removeAll()
    let writer = writer
    handler.receive = { writer.write($0) }
    handler.skip = { writer.skip(line: $0, dn: $1) }
  }

  /// Opens a file.
  ///
  /// - Throws: `SourceFailure` when it cannot be opened.
  public convenience init(
    path: String, selection: Selection = .entries, blockSize: Int = LDIFBlockReader.defaultBlockSize,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws(SourceFailure) {
    let input: DecompressedInput
    do throws(ReadFailure) { input = try DecompressedInput(path: path) } catch {
      throw SourceFailure(error, source: path)
    }
    self.init(input, selection: selection, blockSize: blockSize, shouldStop: shouldStop)
  }

  /// What could not be read.
  public var gaps: [String] {
    var gaps = input.gaps
    if handler.unreadableValues > 0 {
      gaps.append("\(handler.unreadableValues) values of \(name) are no base64 and were taken as text")
    }
    gaps += writer.skippedObjects.map { "\(name): \($0)" }
    if writer.skippedCount > writer.skippedObjects.count {
      gaps.append("\(name): \(writer.skippedCount - writer.skippedObjects.count) other objects are too long as well")
    }
    for name in writer.unusableNames.sorted() {
      gaps.append("values of '\(name)' were left out: this is no name of an attribute")
    }
    return gaps
  }

  /// Fills a block with the next records.
  public func next(into block: inout LDIFBlock) throws(SourceFailure) -> Bool {
    while writer.ldif.bytes.count < blockSize, !isAtEnd, !shouldStop() { readOn() }
    guard writer.ldif.bytes.isEmpty else {
      var text: [UInt8] = []
      swap(&text, &writer.ldif.bytes)
      let count = text.count
      try spool?(text.span, textOffset)
      block.fill(&text, textOffset: textOffset)
      // The block's old buffer, emptied, serves again.
      swap(&text, &writer.ldif.bytes)
      textOffset += UInt64(count)
      return true
    }
    if let failure { throw failure }
    return false
  }

  /// Reads a piece of the export; what fails is told when everything before has been handed out.
  private func readOn() {
    do throws(SourceFailure) {
      let count = try readBytes()
      do throws(XMLFailure) {
        if count > 0 { try xml.feed(buffer[..<count]) } else { try xml.finish() }
      } catch {
        throw SourceFailure(
          handler.isExport ? .readError : .wrongFormat, source: name,
          message: "line \(error.line), column \(error.column): \(error.message)")
      }
      guard count == 0 else { return }
      isAtEnd = true
      if !handler.isExport {
        failure = SourceFailure(
          .wrongFormat, source: name, message: "is no connector-space export: it has no cs-object")
      }
    } catch {
      failure = error
      isAtEnd = true
    }
  }

  private func readBytes() throws(SourceFailure) -> Int {
    do throws(ReadFailure) { return try input.read(into: &buffer) } catch { throw SourceFailure(error, source: name) }
  }

  /// Whether an input is a connector-space export, by its first bytes.
  public static func recognizes(_ input: DecompressedInput) throws(ReadFailure) -> Bool {
    guard text(of: try input.peek(64)).first == "<" else { return false }
    return isExport(text(of: try input.peek(4096)))
  }

  private static func text(of start: ArraySlice<UInt8>) -> Substring {
    var decoder = TextDecoder(repairs: true)
    var utf8: [UInt8] = []
    decoder.decode(start, into: &utf8)
    return String(decoding: utf8, as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
  }

  /// Whether the first element of a text is one of an export.
  private static func isExport(_ text: Substring) -> Bool {
    var rest = text
    while rest.hasPrefix("<?") || rest.hasPrefix("<!--") {
      guard let end = rest.firstRange(of: rest.hasPrefix("<?") ? "?>" : "-->") else { return false }
      rest = rest[end.upperBound...].drop { $0.isWhitespace }
    }
    return rest.hasPrefix("<cs-object")
  }
}

/// Writes objects as LDIF records.
private final class RecordWriter {
  var ldif = LDIFWriter()
  var selection = ConnectorSpaceSource.Selection.entries
  /// Names that cannot stand in LDIF; a few of them.
  var unusableNames: Set<String> = []
  /// Objects that were too long, with what to do; the first few of them.
  private(set) var skippedObjects: [String] = []
  private(set) var skippedCount = 0
  private let recordSize: Int

  init(recordSize: Int) { self.recordSize = recordSize }

  func write(_ object: ConnectorSpaceObject) {
    let record = ConnectorSpaceRecord(object)
    if unusableNames.count < 10 { unusableNames.formUnion(record.unusableNames.prefix(10)) }
    guard record.size <= recordSize else { return skip(line: object.line, dn: object.dn) }
    let isGone = object.afterExport == nil
    if selection == .entries, isGone {
      if object.isToBeDeleted { ldif.write(ChangeRecord(dn: record.dn, change: .delete)) }
      return
    }
    ldif.write(dn: record.dn, attributes: record.attributes)
  }

  func skip(line: Int, dn: String) {
    skippedCount += 1
    guard skippedObjects.count < 10 else { return }
    skippedObjects.append(
      "line \(line): the object '\(dn.prefix(200))' is longer than \(recordSize >> 20) MiB and is skipped; "
        + "--record-limit sets the size")
  }
}
