import Bytes

/// A record of XML as it is cut out of a text.
enum XMLRecordKind: String, CaseIterable {
  case event = "Event"
  case connectorSpaceObject = "cs-object"
  case runDetails = "run-details"
  case stepDetails = "step-details"
  case synchronizationErrors = "synchronization-errors"
  case importError = "import-error"
  case exportError = "export-error"
  case metaverseRetryErrors = "mv-retry-errors"
  case retryError = "retry-error"
  case discoveryErrors = "ma-discovery-errors"
  case objectError = "ma-object-error"
  case connection = "ma-connection"
  case connectionResult = "connection-result"
  case connectionLog = "connection-log"
  case preview
  case directoryError = "cd-error"
  case serializedObjects = "Objs"

  /// The kind of record that begins with a start tag; the name may have a prefix.
  init?(startTag text: ArraySlice<UInt8>) {
    let name = text.dropFirst().prefix { MessageText.isWordByte($0) || $0 == 0x2D || $0 == 0x5F }
    guard let kind = Self.kinds[Array(name)], let next = text[name.endIndex...].first,
      next <= 32 || next == UInt8(ascii: ">") || next == UInt8(ascii: "/")
    else { return nil }
    // `<import-error/>` and the like say that there is none.
    let tag = text.prefix { $0 != UInt8(ascii: ">") }
    if tag.count < text.count, tag.last == UInt8(ascii: "/") { return nil }
    self = kind
  }

  private static let kinds = Dictionary(uniqueKeysWithValues: allCases.map { (Array($0.rawValue.utf8), $0) })
  private static let startTags = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0, Array("<\($0.rawValue)".utf8)) })
  private static let endTags = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0, Array("</\($0.rawValue)>".utf8)) })

  var startTag: [UInt8] { Self.startTags[self] ?? [] }
  var endTag: [UInt8] { Self.endTags[self] ?? [] }

  /// Whether no such record stands within another, so that a second start tag shows that the first record is cut short.
  var isFlat: Bool {
    switch self {
    case .event, .connectorSpaceObject, .runDetails: true
    default: false
    }
  }
}

/// Reads the records of one kind with one parser, and takes a new one after a record that is damaged.
final class XMLSession {
  private let kind: XMLRecordKind
  private let sink: ErrorSink
  private let reader: XMLStreamReader
  private let builder: RecordBuilder
  private let place = RecordPlace()
  /// How many line feeds the parser has been given within the record.
  private var lines = 0
  private(set) var isUsable = true
  /// Whether a part of the record has been read.
  private(set) var hasBegun = false

  init(_ kind: XMLRecordKind, _ sink: ErrorSink, event: @escaping (EventRecord) -> Void) {
    self.kind = kind
    self.sink = sink
    let interpreter = XMLRecordInterpreter(kind, sink, event: event)
    builder =
      kind == .serializedObjects
      ? .objects(ObjectBuilder()) : .tree(XMLTreeHandler(skips: XMLRecordInterpreter.skips(kind)))
    var options = XMLOptions(.fragments)
    options.maximumDepth = 100
    reader = XMLStreamReader(options, encoding: .utf8, handler: builder.handler)
    switch builder {
    case .tree(let tree): tree.take = { [place] node in interpreter.interpret(node, line: place.line(node.line)) }
    case .objects(let objects):
      objects.handler.receive = { [place] value, line in interpreter.interpret(value, line: place.line(line)) }
    }
  }

  /// A record begins on a line of the input.
  func begin(line: Int) {
    place.firstLine = line
    hasBegun = false
  }

  func feed(_ text: ArraySlice<UInt8>) {
    guard isUsable else { return }
    hasBegun = true
    for byte in text where byte == 10 { lines += 1 }
    do throws(XMLFailure) {
      try reader.feed(text)
    } catch {
      report(error)
    }
    if let limit = builder.failure, isUsable {
      isUsable = false
      sink.problem(line: place.firstLine, limit)
    }
  }

  /// The record ends.
  func end() {
    place.linesBefore += lines
    lines = 0
  }

  /// The text ends, or another record begins, before the end of this one.
  func cutShort() {
    guard isUsable else { return }
    do throws(XMLFailure) {
      try reader.finish()
    } catch {
      report(error)
    }
    isUsable = false
  }

  private func report(_ failure: XMLFailure) {
    guard isUsable else { return }
    isUsable = false
    sink.problem(
      line: max(place.firstLine, place.line(failure.line)), column: failure.column, failure.message)
    // An event says little before its data.
    builder.takeOpen { kind != .event || $0.child("EventData") != nil || $0.child("RenderingInfo") != nil }
  }
}

/// What builds records: trees of elements, or the objects of PowerShell.
private enum RecordBuilder {
  case tree(XMLTreeHandler)
  case objects(ObjectBuilder)

  var handler: any XMLHandler {
    switch self {
    case .tree(let tree): tree
    case .objects(let objects): objects.handler
    }
  }

  /// Why building ended.
  var failure: String? {
    switch self {
    case .tree(let tree): tree.failure
    case .objects(let objects): objects.failure
    }
  }

  /// Hands on what there is of a record that was cut off, if that says something.
  func takeOpen(where saysSomething: (XMLNode) -> Bool) {
    switch self {
    case .tree(let tree): tree.takeOpen(where: saysSomething)
    case .objects(let objects): objects.handler.endAll()
    }
  }
}

/// Objects of PowerShell, without their bytes.
private final class ObjectBuilder {
  let handler = SerializedObjectHandler(
    recordSize: XMLTreeHandler.maximumSize, takesListsApart: false, readsOctets: false)
  private(set) var failure: String?

  init() { handler.skip = { [unowned self] _, _ in failure = XMLTreeHandler.tooLarge } }
}

/// Where the record stands that a parser of many records is reading.
private final class RecordPlace {
  /// How many line feeds the parser has been given before the record.
  var linesBefore = 0
  /// The line of the input on which the record begins.
  var firstLine = 1

  /// The line of the input for a line that the parser has counted.
  func line(_ line: Int) -> Int { line - linesBefore + firstLine - 1 }
}
