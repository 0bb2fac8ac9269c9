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
    case aligned(AlignedTable)
    case errorList(ErrorList)
    indirect case move(MoveErrors)
    case paragraph(Paragraph)
  }

  private let sink: ErrorSink
  private var block = Block.none
  /// The lines of the block, unless it is a paragraph: they are read as text when no error comes of them.
  private var blockLines: [(text: String, number: Int)] = []
  private var blockSize = 0
  /// What had been handed on when the block began.
  private var blockYield = 0
  /// Of longer blocks no more is kept; they are logs and tables, whose first lines say what they are.
  private static let maximumKept = 64 << 10
  private var isInMailHeader = false
  /// An identifier on a line of its own, which may be of the error below it.
  private var identity: MentionedIdentifier?
  private var identityLocation: SourceLocation?
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
    case .none, .mailTable, .aligned, .errorList, .move, .paragraph: false
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
    emitIdentity()
  }

  func finish() { flush() }

  /// Takes an event in XML. When the event was announced by the text before it, the two are one.
  func take(_ event: EventRecord) {
    if !partial.isEmpty { takePartial() }
    if case .event(let text) = block, text.announcesXML || text.event().provider == event.provider {
      block = .none
      blockLines = []
      text.event(event).emit(to: sink)
      return
    }
    finishBlock()
    event.emit(to: sink)
  }

  // MARK: lines

  private func take(_ line: String) {
    if passOver(line) { return }
    if continueBlock(line) {
      keep(line)
      return
    }
    finishBlock()
    blockYield = sink.yield
    begin(line)
    keep(line)
  }

  private func keep(_ line: String) {
    switch block {
    case .none, .paragraph: return
    default: break
    }
    blockSize += line.utf8.count + 1
    if blockSize <= Self.maximumKept { blockLines.append((line, lineNumber)) }
  }

  /// Whether a line is only around what is pasted: the prompt of a console with its command, the header of a mail.
  private func passOver(_ line: String) -> Bool {
    switch block {
    case .table(let table) where table.isWithinCell: return false
    case .event: return false
    default: break
    }
    if let command = Self.mayBePrompt(line) ? ConsoleLine.command(line) : nil {
      finishBlock()
      sink.commandObject = ConsoleLine.object(ofCommand: command)
      isAfterCommand = true
      return true
    }
    guard Self.mayBeMailHeader(line, isInMailHeader) else {
      isInMailHeader = false
      return false
    }
    let isFolded = isInMailHeader && (line.utf8.first == 32 || line.utf8.first == 9) && !Trimmed.isBlank(line)
    isInMailHeader = isFolded || ConsoleLine.isMailHeader(line, isWithin: isInMailHeader)
    if isInMailHeader, !isFolded { finishBlock() }
    return isInMailHeader
  }

  private static func mayBePrompt(_ line: String) -> Bool {
    let start = line.utf8.prefix(3)
    return line.utf8.count < 4096 && line.utf8.contains(UInt8(ascii: ">"))
      && (start.elementsEqual("PS ".utf8) || start.elementsEqual("PS>".utf8) || start.elementsEqual("[PS".utf8)
        || start.elementsEqual("*PS".utf8) || start.dropFirst().elementsEqual(":\\".utf8))
  }

  /// A field of a header begins with a letter and has a colon soon, without a space before it.
  private static func mayBeMailHeader(_ line: String, _ isWithin: Bool) -> Bool {
    if isWithin { return !line.isEmpty }
    let head = line.utf8.prefix(28)
    guard let first = head.first, first | 0x20 != UInt8(ascii: "l") else { return false }
    return head.contains(UInt8(ascii: ":"))
  }

  /// - Returns: false when the line begins something else.
  private func continueBlock(_ line: String) -> Bool {
    switch block {
    case .none: return false
    case .table(let table):
      if !table.isWithinCell,
        Trimmed.text(line).isEmpty || !table.mayBeRow(line) || ErrorTable.isHeader(line, sink)
      {
        return false
      }
      table.read(line, line: lineNumber)
      return true
    case .aligned(var table):
      guard table.add(line, number: lineNumber) else { return false }
      block = .aligned(table)
      return true
    case .errorList(var list):
      guard list.add(line, number: lineNumber, sink) else { return false }
      block = .errorList(list)
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
      if !goesOn, list.isName { return continueAsParagraph(line) }
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
      if let header = paragraph.lastLine, let table = AlignedTable(header: header.text, rule: line, line: header.number)
      {
        block = .none
        paragraph.removeLast()
        paragraph.emit(to: sink)
        blockYield = sink.yield
        block = .aligned(table)
        return true
      }
      if let list = list(endingIn: line, after: paragraph), let name = paragraph.lastLine {
        block = .none
        paragraph.removeLast()
        paragraph.emit(to: sink)
        blockYield = sink.yield
        block = .list(list)
        blockLines = [name]
        return true
      }
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

  /// Goes on with a list that does nothing but name an object as the paragraph that the name belongs to.
  private func continueAsParagraph(_ line: String) -> Bool {
    guard let paragraph = Paragraph(blockLines) else { return false }
    blockLines = []
    blockSize = 0
    block = .paragraph(paragraph)
    return continueBlock(line)
  }

  /// The list that begins with the last line of a paragraph, if a line goes on with one.
  private func list(endingIn line: String, after paragraph: Paragraph) -> PropertyList? {
    guard let second = LabelHead(line), second.hasSpaceBeforeColon, second.indent == 0, let name = paragraph.lastLine,
      let head = LabelHead(name.text), PropertyList.begins(head), second.colon == head.colon
    else { return nil }
    var list = PropertyList(LabelLine(head, name.text), number: name.number)
    return list.add(line, number: lineNumber) ? list : nil
  }

  /// Whether a line within a paragraph begins a block of a kind that shows itself.
  private func beginsOther(_ line: String, after paragraph: Paragraph) -> Bool {
    if Self.isEventHeader(line) || MailTable.isHeader(line) || MoveLogLine(line) != nil { return true }
    let head = LabelHead(line, isTight: true)
    if EventLabel.beginsEvent(line, head) { return true }
    // A line that names an object right below a text is the text's; if it is the first of a list, the next line tells.
    if let head, head.isLoose, PropertyList.begins(head) {
      return paragraph.lastLine == nil || !LabelledObject.isNaming(Array(line.utf8)[...])
    }
    if ErrorList.isLine(line, sink) { return true }
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
    } else if let table = AlignedTable(header: line, line: lineNumber) {
      block = .aligned(table)
    } else if let list = ErrorList(line, number: lineNumber, sink) {
      block = .errorList(list)
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

  /// Whether the block that ends is the first after a command.
  private var isAfterCommand = false

  private func finishBlock() {
    let finished = block
    let lines = blockLines
    let isWhole = blockSize <= Self.maximumKept
    block = .none
    blockLines = []
    blockSize = 0
    if case .none = finished { return }
    if case .paragraph(let paragraph) = finished { return finish(paragraph) }
    emitIdentity()
    let before = blockYield
    let what = finish(finished)
    defer { endCommand() }
    guard sink.yield == before, isWhole, let first = lines.first else { return }
    if case .mailTable = finished { return }
    if !EventRecord.isForeign(what.provider) {
      if Paragraph(lines)?.emitKnown(to: sink) == true { return sink.noteReread() }
    }
    if let paragraph = Paragraph(lines) { note(paragraph) }
    sink.setAside(line: first.number, what.noun)
  }

  /// Hands on what a block has; what it is, as a noun, in case that is nothing.
  private func finish(_ finished: Block) -> (noun: String, provider: String?) {
    switch finished {
    case .none, .paragraph: break
    case .event(let event):
      guard event.isEvent else { return ("labels of an event", nil) }
      let record = event.event()
      record.emit(to: sink)
      let name = record.provider.map { "an event of \($0)" } ?? "an event"
      return (name + (record.plainID.map { " (\($0))" } ?? ""), record.provider)
    case .list(let list):
      list.emit(to: sink)
      return ("a list of properties", nil)
    case .dump(let dump):
      dump.emit(to: sink)
      return ("details with labels", nil)
    case .table(let table):
      table.finish()
      return ("a table", nil)
    case .aligned(let table):
      table.emit(to: sink)
      return ("a table", nil)
    case .errorList(let list):
      list.emit(to: sink)
      return ("a list", nil)
    case .mailTable(var table):
      let rest = table.finish(to: sink)
      for line in rest {
        let number = lineNumber
        lineNumber = line.number
        take(line.text)
        lineNumber = number
      }
    case .move(var errors):
      errors.emit()
      return ("the log of a move", nil)
    }
    return ("text", nil)
  }

  private func finish(_ paragraph: Paragraph) {
    if let identity = paragraph.identity {
      emitIdentity()
      self.identity = identity
      identityLocation = sink.location(line: paragraph.firstLine)
      return
    }
    guard let identity else {
      let before = sink.yield
      paragraph.emit(to: sink)
      if sink.yield == before { note(paragraph) }
      return endCommand()
    }
    self.identity = nil
    // The cell of a table stands on a line of its own above the description of its error.
    if !paragraph.emit(to: sink, objectAbove: identity) {
      self.identity = identity
      emitIdentity()
    }
    endCommand()
  }

  /// Hands on an identifier that stands by itself: a question of its own.
  private func emitIdentity() {
    guard let identifier = identity, let location = identityLocation else { return }
    identity = nil
    var error = SyncError(message: identifier.text, location: location)
    error.add(identifier)
    sink.emit(completed: error)
  }

  /// Notes the object that a paragraph does nothing but name.
  private func note(_ paragraph: Paragraph) {
    let named = paragraph.named
    if !named.isEmpty { sink.note(named: named, line: paragraph.firstLine) }
  }

  private func endCommand() {
    guard isAfterCommand else { return }
    isAfterCommand = false
    sink.commandObject = nil
  }
}
