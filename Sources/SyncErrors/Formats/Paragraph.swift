import Directory

/// Running text that may tell of errors.
struct Paragraph {
  let firstLine: Int
  private var lines: [String] = []
  private var numbers: [Int] = []
  private var isAfterBlank = false
  private(set) var size = 0

  init(firstLine: Int) {
    self.firstLine = firstLine
    lines.reserveCapacity(8)
    numbers.reserveCapacity(8)
  }

  /// The paragraph that lines make which were taken for something else first; nil without any.
  init?(_ lines: [(text: String, number: Int)]) {
    guard let first = lines.first else { return nil }
    self.init(firstLine: first.number)
    for line in lines { append(line.text, number: line.number) }
  }

  /// Beginnings of lines that go on with the error above a blank line.
  private static let continuations = [
    "error name", "error detail", "error:", "error code", "dn:", "dn =", "dn=", "dn cn=", "additional information",
    "user action",
    "tracking id", "trackingid", "server name", "details:", "at ", "object with dn", "discovery errors",
    "synchronization errors", "metaverse retry", "export errors", "warnings", "\"", "forefront identity manager",
    "azure ad sync", "[{\"key\"", "view the management agent", "exception", "bail", "err_", "extended error",
  ]

  /// - Returns: false when the line begins another paragraph.
  mutating func add(_ line: String, number: Int) -> Bool {
    if Trimmed.isBlank(line) {
      isAfterBlank = true
      return true
    }
    if isAfterBlank {
      guard goesOn(line) else { return false }
      lines.append("")
      numbers.append(number)
      isAfterBlank = false
    }
    size += line.utf8.count + 1
    lines.append(line)
    numbers.append(number)
    return true
  }

  /// Whether a blank line has ended the paragraph, and this line does not go on with it.
  func isOver(before line: String) -> Bool {
    if MailClosing.isOne(line) { return true }
    guard isAfterBlank else { return false }
    var text = line
    let isASCII = text.withUTF8 { $0.prefix(Self.headLength + 1).allSatisfy { $0 < 0x80 } }
    if isASCII {
      let isBlank = text.withUTF8 { Trimmed.range(UnsafeBufferPointer(rebasing: $0.prefix(Self.headLength))).isEmpty }
      return !isBlank && !isOpen
        && !text.withUTF8 { Self.continues(UnsafeBufferPointer(rebasing: $0.prefix(Self.headLength))) }
    }
    let head = Trimmed.text(line.prefix(Self.headLength))
    return !head.isEmpty && !goesOn(head)
  }

  /// So many characters of a line are looked at.
  private static let headLength = 80

  /// Whether a line goes on with the lines so far across a blank line.
  private func goesOn(_ line: String) -> Bool { isOpen || Self.continues(line) }

  /// Whether a line begins as those do that go on with an error across a blank line.
  static func continues(_ line: String) -> Bool {
    var text = line
    let isASCII = text.withUTF8 { $0.allSatisfy { $0 < 0x80 } }
    if isASCII { return text.withUTF8 { continues($0) } }
    let folded = Trimmed.text(line).lowercased()
    return continuations.contains { folded.hasPrefix($0) }
  }

  /// Whether the last line announces that something follows.
  private var isOpen: Bool {
    guard var last = lines.last else { return false }
    let isOpen = last.withUTF8 { text -> Bool? in
      let range = Trimmed.range(text)
      guard let first = range.first else { return false }
      let end = text[range.upperBound - 1]
      if text[first] >= 0x80 || end >= 0x80 { return nil }
      return end == UInt8(ascii: ":")
        || Self.begins(text, range, with: Self.userAction) && range.count == Self.userAction.count
    }
    if let isOpen { return isOpen }
    let trimmed = Trimmed.text(last)
    return trimmed.hasSuffix(":") || trimmed.lowercased() == "user action"
  }

  private static let userAction = Array("user action".utf8)

  /// Whether a text of ASCII letters begins with one of the continuations.
  private static func continues(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let range = Trimmed.range(text)
    return continuationBytes.contains { begins(text, range, with: $0) }
  }

  private static func begins(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, with bytes: [UInt8]) -> Bool {
    guard bytes.count <= range.count else { return false }
    var index = range.lowerBound
    for byte in bytes {
      if MessageText.folded(text[index]) != byte { return false }
      index += 1
    }
    return true
  }

  private static let continuationBytes = continuations.map { Array($0.utf8) }

  /// The event that the lines are, when they are the ten parts of an event with labels of some language.
  func positionalEvent(_ location: SourceLocation) -> EventText? {
    guard lines.count == EventLabel.order.count else { return nil }
    let labels = lines.compactMap { LabelLine($0, isTight: true) }
    guard labels.count == lines.count else { return nil }
    return EventText(positional: labels, location: location)
  }

  /// Adds a line whatever it is.
  mutating func append(_ line: String, number: Int) {
    size += line.utf8.count + 1
    lines.append(line)
    numbers.append(number)
  }

  /// The line that was added last, if none is blank behind it.
  var lastLine: (text: String, number: Int)? {
    guard !isAfterBlank, let text = lines.last, let number = numbers.last else { return nil }
    return (text, number)
  }

  mutating func removeLast() {
    lines.removeLast()
    numbers.removeLast()
  }

  /// The identifier that the paragraph is, if it is nothing else.
  var identity: MentionedIdentifier? {
    guard lines.count == 1 else { return nil }
    let text = Trimmed.text(lines[0], also: ",;")
    return IdentifierShape.whole(text).map { MentionedIdentifier(text, $0) }
  }

  /// What the paragraph names, if it does nothing but name one object.
  var named: [MentionedIdentifier] {
    let lines = lines.filter { !Trimmed.isBlank($0) }
    guard lines.count <= Self.mostNames else { return [] }
    let named = lines.compactMap { LabelledObject.named(by: Array($0.utf8)[...]) }
    return named.count == lines.count ? named : []
  }

  private static let mostNames = 6

  func emit(to sink: ErrorSink) {
    if emitIdentifiers(to: sink) { return }
    for error in errors(sink) {
      if Self.saysSomething(error) { sink.emit(completed: error) } else { sink.skipUnrelated() }
    }
  }

  /// Hands on the errors that are certain to be some: of a text that was read as something else first.
  ///
  /// - Returns: Whether there was one.
  func emitKnown(to sink: ErrorSink) -> Bool {
    let known = errors(sink).filter {
      $0.id != SyncError.unknownID || !$0.conflicts.isEmpty || Self.isProgramError($0.message)
    }
    known.forEach { sink.emit(completed: $0) }
    return !known.isEmpty
  }

  /// Hands on the errors, the first with the identifier that stands above it.
  ///
  /// - Returns: false when the identifier is none of an error: the first one is not known, or names an object itself.
  func emit(to sink: ErrorSink, objectAbove identifier: MentionedIdentifier) -> Bool {
    var errors = errors(sink)
    let takes =
      errors.first.map { first in
        (first.id != SyncError.unknownID || !first.conflicts.isEmpty)
          && !first.identifiers.contains { $0.role == .object }
      } ?? false
    let isTaken = takes && errors[0].conflicts.contains { $0.value.lowercased() == identifier.text.lowercased() }
    if takes, !isTaken { errors[0].add(identifier) }
    for error in errors {
      if Self.saysSomething(error) { sink.emit(completed: error) } else { sink.skipUnrelated() }
    }
    return takes
  }

  private func errors(_ sink: ErrorSink) -> [SyncError] {
    let text = text
    var offset = 0
    let parts = lines.count > 1 ? sink.split(text) : [MessagePart(text: text)]
    return parts.compactMap { part in
      let line = firstLine + offset
      if parts.count > 1 { offset += part.text.utf8.count { $0 == 10 } }
      let message = Trimmed.text(part.text)
      guard !message.isEmpty else { return nil }
      // What was searched is the message, unless that is shorter by white space at its ends.
      return sink.completed(
        SyncError(message: message, location: sink.location(line: line)),
        searched: message.utf8.count == part.text.utf8.count ? part.searched : nil)
    }
  }

  private var text: String {
    var text = ""
    text.reserveCapacity(size + lines.count)
    let isLeftOut = lines.map { SuccessWord.isSaid(by: $0) }
    // Beside errors the object of a line that says that all went well is none of theirs.
    let hasOthers = zip(lines, isLeftOut).contains { !$1 && !Trimmed.isBlank($0) }
    for (number, line) in lines.enumerated() {
      if number > 0 { text += "\n" }
      if !hasOthers || !isLeftOut[number] { text += line }
    }
    return text
  }

  /// A list of nothing but identifiers, one a line: each is a question of its own.
  private func emitIdentifiers(to sink: ErrorSink) -> Bool {
    guard !lines.isEmpty, lines.allSatisfy({ IdentifierShape.whole(Trimmed.text($0, also: ",;")) != nil }) else {
      return false
    }
    for (line, number) in zip(lines, numbers) {
      let text = Trimmed.text(line, also: ",;")
      guard let kind = IdentifierShape.whole(text) else { continue }
      var error = SyncError(message: text, location: sink.location(line: number))
      error.add(MentionedIdentifier(text, kind))
      sink.emit(completed: error)
    }
    return true
  }

  /// Words of a text about an error, whatever it names.
  private static let strongWords = [
    "error", "exception", "failed", "failure", "unable to", "could not", "couldn't", "rejected", "0x8", "hr=8",
    "fehler",
    "erreur", "errore", "fallo", "fout:", "ошибка", "エラー", "错误", "錯誤", "오류", "erro ", "błąd", "hiba", "hata",
  ]
  /// Words that tell of an error where an object is named for certain.
  private static let tellingWords =
    strongWords + [
      "fail", "invalid", "not valid", "conflict", "reject", "denied", "duplicate", "already", "quarantin", "cannot",
      "can't", "not found", "unauthorized", "forbidden",
    ]

  /// What says that there is no error; not words of an error themselves.
  private static let denials = [
    "no errors", "no error", "without errors", "without any error", "without error", " 0 errors", "zero errors",
    "no failures", "no failure", "without failures", " 0 failures", " 0 failed", "nothing failed", "may contain errors",
    "errors: 0", "failures: 0", "failed: 0", "keine fehler", "ohne fehler", " 0 fehler", "aucune erreur", "sans erreur",
    "nessun errore", "senza errori", "geen fouten",
  ]

  /// Whether it is an error that is known, or a text about an error that names an object. Other text is only around.
  private static func saysSomething(_ error: SyncError) -> Bool {
    if error.id != SyncError.unknownID || !error.conflicts.isEmpty || error.trackingID != nil || error.type != nil {
      return true
    }
    if isProgramError(error.message) { return true }
    // The signature of a mail.
    if ["--\n", "-- \n", "\u{2014}\n", "__"].contains(where: { error.message.hasPrefix($0) }) { return false }
    guard !error.identifiers.isEmpty else { return false }
    var text = error.message.lowercased()
    let isCertain = error.identifiers.contains { $0.kind != .userPrincipalName && $0.role != .mentioned }
    for denial in denials { text = text.split(separator: denial).joined(separator: " ") }
    return (isCertain ? tellingWords : strongWords).contains { text.contains($0) }
  }

  /// Whether a text is what a program prints of an error, in whatever language: the record of one in PowerShell, or an
  /// exception of .NET with what it says.
  private static func isProgramError(_ text: String) -> Bool {
    text.firstRange(of: "FullyQualifiedErrorId") != nil || ConsoleLine.isErrorOfCommand(text)
      || ExceptionName.isTold(in: text)
  }
}
