import Directory
import Bytes

/// Reads plain text: recognises, line by line, events, lists, tables and reports in it, and takes the rest as paragraphs.
final class TextBlockReader {
  private enum Block {
    case none
    indirect case event(EventText)
    case list(PropertyList)
    case dump(LabelledDump)
    case table(ErrorTable)
    case mailTable(MailTable)
    indirect case move(MoveErrors)
    case paragraph(Paragraph)
  }

  private let sink: ErrorSink
  private var block = Block.none
  /// The line that is being read, and its number.
  private var partial: [UInt8] = []
  private var lineNumber = 1
  /// A longer line is cut into several.
  private static let maximumLine = 192 << 10
  /// A longer block is handed on as it is: a message is not searched beyond `MessageText.maximumLength`.
  private static let maximumBlock = 192 << 10

  init(_ sink: ErrorSink) { self.sink = sink }

  /// Whether what comes belongs to a message or a cell, so that JSON in it is a part of that.
  var isWithinText: Bool {
    switch block {
    case .table(let table): table.isWithinCell
    case .event, .list, .dump: true
    case .none, .mailTable, .move, .paragraph: false
    }
  }

  /// - Parameter line: The number of the line on which the text begins.
  func feed(_ text: ArraySlice<UInt8>, line: Int) {
    if partial.isEmpty { lineNumber = line }
    var rest = text
    while let end = rest.firstIndex(of: 10) {
      partial += rest[..<end]
      rest = rest[(end + 1)...]
      takePartial()
      lineNumber += 1
    }
    partial += rest
    if partial.count > Self.maximumLine { takePartial() }
  }

  private func takePartial() {
    if partial.last == 13 { partial.removeLast() }
    let line = String(decoding: partial, as: UTF8.self)
    partial.removeAll(keepingCapacity: true)
    take(line)
  }

  /// Hands on what is complete because something of another kind follows.
  func flush() {
    if !partial.isEmpty { takePartial() }
    finishBlock()
  }

  func finish() { flush() }

  /// Takes an event in XML. When the event was announced by the text before it, the two are one.
  func take(_ event: EventRecord) {
    if !partial.isEmpty { takePartial() }
    if case .event(let text) = block, text.announcesXML || text.event().provider == event.provider {
      block = .none
      text.event(event).emit(to: sink)
      return
    }
    finishBlock()
    event.emit(to: sink)
  }

  // MARK: lines

  private func take(_ line: String) {
    if continueBlock(line) { return }
    finishBlock()
    begin(line)
  }

  /// - Returns: false when the line begins something else.
  private func continueBlock(_ line: String) -> Bool {
    switch block {
    case .none: return false
    case .table(let table):
      if !table.isWithinCell, Trimmed.text(line).isEmpty || ErrorTable.isHeader(line, sink) { return false }
      table.read(line, line: lineNumber)
      return true
    case .event(var event):
      if Self.isEventHeader(line) || event.size > Self.maximumBlock { return false }
      // Let go here and below, so that nothing need be copied to be changed.
      block = .none
      let goesOn = event.add(line)
      block = .event(event)
      return goesOn
    case .list(var list):
      guard list.size < Self.maximumBlock else { return false }
      block = .none
      let goesOn = list.add(line, number: lineNumber)
      block = .list(list)
      return goesOn
    case .dump(var dump):
      guard dump.size < Self.maximumBlock else { return false }
      block = .none
      let goesOn = dump.add(line, number: lineNumber)
      block = .dump(dump)
      return goesOn
    case .mailTable(var table):
      guard table.add(line, number: lineNumber, to: sink) else { return false }
      block = .mailTable(table)
      return true
    case .move(var errors):
      guard MoveLogLine(line) != nil else {
        // A line that goes on with the message before it, or a blank one.
        return Trimmed.text(line).isEmpty || line.first?.isWhitespace == true
      }
      errors.add(line: line)
      block = .move(errors)
      return true
    case .paragraph(var paragraph):
      if paragraph.isOver(before: line) || beginsOther(line, after: paragraph) { return false }
      guard paragraph.size < Self.maximumBlock else { return false }
      block = .none
      guard paragraph.add(line, number: lineNumber) else {
        block = .paragraph(paragraph)
        return false
      }
      if let event = paragraph.positionalEvent(sink.location(line: paragraph.firstLine)) {
        block = .event(event)
      } else {
        block = .paragraph(paragraph)
      }
      return true
    }
  }

  /// Whether a line within a paragraph begins a block of a kind that shows itself.
  private func beginsOther(_ line: String, after paragraph: Paragraph) -> Bool {
    if Self.isEventHeader(line) || MailTable.isHeader(line) || MoveLogLine(line) != nil { return true }
    let head = LabelHead(line, isTight: true)
    if EventLabel.beginsEvent(line, head) { return true }
    if let head, head.isLoose, PropertyList.begins(head) { return true }
    return LabelledDump.begins(line) || ErrorTable.isHeader(line, sink)
  }

  private func begin(_ line: String) {
    if Trimmed.isBlank(line) { return }
    let location = sink.location(line: lineNumber)
    if Self.isEventHeader(line) {
      block = .event(EventText(location: location))
    } else if line.hasPrefix("#TYPE ") {
      block = .none
    } else if ErrorTable.mayBeHeader(line), let table = ErrorTable(header: line, sink) {
      block = .table(table)
    } else if MailTable.isHeader(line) {
      var table = MailTable()
      _ = table.add(line, number: lineNumber, to: sink)
      block = .mailTable(table)
    } else if MoveLogLine(line) != nil {
      var errors = MoveErrors(sink, line: lineNumber, context: SyncError(message: "", location: location))
      errors.add(line: line)
      block = .move(errors)
    } else if EventLabel.beginsEvent(line) {
      var event = EventText(location: location)
      _ = event.add(line)
      block = .event(event)
    } else if let head = LabelHead(line), PropertyList.begins(head) {
      block = .list(PropertyList(LabelLine(head, line), number: lineNumber))
    } else if LabelledDump.begins(line) {
      var dump = LabelledDump()
      _ = dump.add(line, number: lineNumber)
      block = .dump(dump)
    } else {
      var paragraph = Paragraph(firstLine: lineNumber)
      _ = paragraph.add(line, number: lineNumber)
      block = .paragraph(paragraph)
    }
  }

  private static let eventHeader = Array("Event[".utf8)

  /// `Event[0]:`, as wevtutil begins each event.
  private static func isEventHeader(_ line: String) -> Bool {
    guard line.utf8.starts(with: eventHeader), let close = line.firstIndex(of: "]") else { return false }
    let number = line[line.index(line.startIndex, offsetBy: 6)..<close]
    let rest = Trimmed.text(line[line.index(after: close)...])
    return !number.isEmpty && number.allSatisfy(\.isNumber) && (rest.isEmpty || rest == ":")
  }

  private func finishBlock() {
    let finished = block
    block = .none
    switch finished {
    case .none: break
    case .event(let event): if event.isEvent { event.event().emit(to: sink) }
    case .list(let list): list.emit(to: sink)
    case .dump(let dump): dump.emit(to: sink)
    case .table(let table): table.finish()
    case .mailTable(var table): table.finish(to: sink)
    case .move(var errors): errors.emit()
    case .paragraph(let paragraph): paragraph.emit(to: sink)
    }
  }
}
