import Bytes

/// Reads the records of all XML formats.
struct XMLRecordInterpreter {
  private let kind: XMLRecordKind
  private let sink: ErrorSink
  private let takeEvent: (EventRecord) -> Void

  init(_ kind: XMLRecordKind, _ sink: ErrorSink, event: @escaping (EventRecord) -> Void) {
    self.kind = kind
    self.sink = sink
    takeEvent = event
  }

  /// Parts of a kind of record that are of no interest.
  static func skips(_ kind: XMLRecordKind) -> XMLTreeHandler.Skip {
    switch kind {
    case .connectorSpaceObject: ConnectorSpaceErrors.skips
    default: { _, _, _ in false }
    }
  }

  func interpret(_ value: SerializedValue, line: Int) {
    RecordInterpreter(sink).interpret(JSONValue(value), line: line)
  }

  func interpret(_ node: XMLNode, line: Int) {
    switch kind {
    case .event: takeEvent(EventXML.record(node, location: sink.location(line: line)))
    case .connectorSpaceObject: ConnectorSpaceErrors(sink).read(node, line: line)
    default: RunHistoryErrors(sink).read(node, line: line)
    }
  }
}
