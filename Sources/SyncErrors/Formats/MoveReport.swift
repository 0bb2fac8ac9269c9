import Bytes

/// Reads reports of mailbox moves between Exchange and the cloud: objects of `Get-MoveRequestStatistics` and log lines.
struct MoveReport {
  private let sink: ErrorSink

  init(_ sink: ErrorSink) { self.sink = sink }

  /// - Returns: false when the record is no move request.
  func emit(_ value: JSONValue, line: Int) -> Bool {
    let isMove =
      value["StatusDetail"] != nil
      && (value["ExchangeGuid"] != nil || value["MailboxIdentity"] != nil
        || value["Report"] != nil || value["PercentComplete"] != nil)
    guard isMove else { return false }
    var context = SyncError(message: "", location: sink.location(line: line))
    RecordFields(sink, value).addIdentifiers(to: &context)
    context.identifiers = context.identifiers.filter { $0.kind != .cloudObjectID }
    context.set("remote-host-name", value["RemoteHostName"]?.text)
    var report = MoveErrors(sink, line: line, context: context)
    if let status = value["StatusDetail"]?.text { report.add(type: status, status) }
    if let type = value["FailureType"]?.text {
      report.add(type: type, [type, value["Message"]?.text].compactMap { $0 }.joined(separator: ": "))
    } else if let message = value["Message"]?.text {
      report.add(type: nil, message)
    }
    collect(value, into: &report, depth: 0)
    report.emit()
    return true
  }

  /// Every text further down, with the failures as such.
  private func collect(_ value: JSONValue, into report: inout MoveErrors, depth: Int) {
    guard depth < 16 else { return }
    for member in value.members {
      switch member.value {
      case .object:
        if let type = member.value["FailureType"]?.text { addFailure(type, member.value, &report) }
        collect(member.value, into: &report, depth: depth + 1)
      case .array(let elements):
        for element in elements {
          if let type = element["FailureType"]?.text {
            addFailure(type, element, &report)
          } else if let text = element.text {
            report.add(line: text)
          } else {
            collect(element, into: &report, depth: depth + 1)
          }
        }
      case .string(let text) where member.name == "Report" || member.name == "Entries":
        for line in text.split(whereSeparator: \.isNewline) { report.add(line: String(line)) }
      default: break
      }
    }
  }

  private func addFailure(_ type: String, _ value: JSONValue, _ report: inout MoveErrors) {
    let message = [type, value["Message"]?.text].compactMap { $0 }.joined(separator: ": ")
    report.add(type: type, message, time: value["Timestamp"]?.text.map { EventTime.iso($0) })
  }
}

/// The errors of one move: the same error many times is one, with a count.
struct MoveErrors {
  private let sink: ErrorSink
  private let line: Int
  private var context: SyncError
  private var errors: [SyncError] = []
  private var places: [String: Int] = [:]

  /// - Parameter context: What holds for all errors: identifiers of the mailbox, fields.
  init(_ sink: ErrorSink, line: Int, context: SyncError) {
    self.sink = sink
    self.line = line
    self.context = context
  }

  mutating func add(type: String?, _ message: String, time: String? = nil) {
    var error = SyncError(message: message, location: sink.location(line: line))
    error.source = "move-report"
    error.type = type
    error.first = time
    error.last = time
    error = sink.completed(error)
    guard error.id != SyncError.unknownID || type == nil else { return }
    keep(error)
  }

  /// A line of the log: `12/20/2013 9:24:15 AM [DB4PR04MB459] Relinquishing job …`.
  mutating func add(line text: String) {
    let parsed = MoveLogLine(text)
    var error = SyncError(message: parsed?.message ?? text, location: sink.location(line: line))
    error.source = "move-report"
    error.first = parsed?.time
    error.last = parsed?.time
    error = sink.completed(error)
    for identifier in error.identifiers where [.mailboxGUID, .archiveGUID].contains(identifier.kind) {
      context.add(identifier)
    }
    if error.id != SyncError.unknownID { keep(error) }
  }

  private mutating func keep(_ error: SyncError) {
    if let place = places[error.id] {
      errors[place].count += 1
      errors[place].first = errors[place].first ?? error.first
      errors[place].last = error.last ?? errors[place].last
      return
    }
    places[error.id] = errors.count
    errors.append(error)
  }

  /// Hands the errors on, each with the identifiers of the mailbox.
  mutating func emit() {
    for error in errors {
      var error = error
      let own = error.identifiers
      error.identifiers = context.identifiers
      for identifier in own { error.add(identifier) }
      for (name, value) in context.fields { error.set(name, value) }
      sink.emit(completed: error)
    }
    errors = []
    places = [:]
  }

  var isEmpty: Bool { errors.isEmpty }
}

/// A line of a move report.
struct MoveLogLine {
  var time: String
  var server: String
  var message: String

  /// nil for other lines: a date, a time, a server in brackets, a text.
  init?(_ line: String) {
    guard let first = line.utf8.first(where: { $0 != 32 && $0 != 9 }), first &- 0x30 < 10 else { return nil }
    let line = Trimmed.text(line)
    guard let open = line.firstIndex(of: "["), let close = line[open...].firstIndex(of: "]") else { return nil }
    let time = Trimmed.text(line[..<open])
    let server = line[line.index(after: open)..<close]
    guard time.utf8.count >= 8, time.utf8.count <= 40, time.first?.isNumber == true,
      time.utf8.contains(UInt8(ascii: ":")),
      time.unicodeScalars.allSatisfy({
        $0.properties.numericType != nil || " /.:-".unicodeScalars.contains($0)
          || $0.properties.isAlphabetic || $0.properties.isWhitespace
      }),
      !server.isEmpty, server.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." })
    else { return nil }
    self.time = time
    self.server = String(server)
    message = Trimmed.text(line[line.index(after: close)...])
  }
}
