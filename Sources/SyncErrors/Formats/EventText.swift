import Directory

/// An event as Event Viewer copies it and `wevtutil /f:text` writes it: labels with values, then the message.
struct EventText {
  private var record: EventRecord
  private var description: [String] = []
  /// How many bytes of text it has.
  private(set) var size = 0
  private var isInDescription = false
  /// Whether the text of the event's XML is announced to follow.
  private(set) var announcesXML = false
  private var last: EventLabel?

  init(location: SourceLocation) {
    record = EventRecord(location: location)
    record.isPasted = true
  }

  /// An event of lines that are labels of an unknown language, known by their order.
  init?(positional lines: [LabelLine], location: SourceLocation) {
    guard lines.count == EventLabel.order.count, Int(lines[3].value) != nil, lines[9].value.isEmpty else { return nil }
    self.init(location: location)
    for (label, line) in zip(EventLabel.order, lines) { take(label, line.value) }
  }

  /// - Returns: false when the line belongs to another event.
  mutating func add(_ line: String) -> Bool {
    if let (label, value) = EventLabel.parse(line) {
      if !isInDescription {
        take(label, value)
        return true
      }
      if label == .xml, value.isEmpty {
        announcesXML = true
        return true
      }
      if label == .log, !value.isEmpty { return false }
    }
    if isInDescription {
      // The XML comes after its label as something of its own; text after it is another matter.
      if announcesXML { return Trimmed.text(line).isEmpty }
      describe(line)
    }
    return true
  }

  private mutating func describe(_ line: String) {
    description.append(line)
    size += line.utf8.count + 1
  }

  private mutating func take(_ label: EventLabel, _ value: String) {
    last = label
    switch label {
    case .source: record.provider = value
    case .date: record.time = EventTime.iso(value)
    case .id: record.id = Int(value)
    case .level: record.level = value
    case .computer: record.computer = value
    case .description:
      isInDescription = true
      if !value.isEmpty { describe(value) }
    case .log, .task, .keywords, .user, .xml, .other: break
    }
  }

  /// Whether it has what makes an event.
  var isEvent: Bool { record.id != nil || record.provider != nil }

  /// The event; `xml` is the same event in XML, which says more exactly what it is.
  func event(_ xml: EventRecord? = nil) -> EventRecord {
    var event = record
    let text = Trimmed.text(description.joined(separator: "\n"))
    event.message = text.isEmpty ? nil : text
    guard let xml else { return event }
    event.provider = xml.provider ?? event.provider
    event.id = xml.id ?? event.id
    event.time = xml.time ?? event.time
    event.level = xml.level ?? event.level
    event.computer = xml.computer ?? event.computer
    event.message = event.message ?? xml.message
    event.strings = xml.strings
    return event
  }
}
