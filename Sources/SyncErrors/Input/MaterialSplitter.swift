import Bytes

/// Cuts text into spans of XML and JSON and the plain text between them, and gives each to its reader.
///
/// XML is cut into records (an event, an object of a connector space), so that one that is damaged does not take the ones
/// after it along.
final class MaterialSplitter {
  private enum State {
    case text
    case xml(XMLRecordKind)
    case json(JSONSpan)
  }

  private let sink: ErrorSink
  private let text: TextBlockReader
  private var sessions: [XMLRecordKind: XMLSession] = [:]
  private var state = State.text
  private var buffer: [UInt8] = []
  private var start = 0
  /// The line on which the unread part of the buffer begins, counted from 1.
  private var line = 1
  /// Whether only white space stands before the unread part on its line.
  private var isLineStart = true

  /// A start tag or the start of JSON is recognised within this many bytes.
  private static let lookAhead = 64

  init(_ sink: ErrorSink) {
    self.sink = sink
    text = TextBlockReader(sink)
  }

  /// Reads material that is at hand as a whole.
  static func read(_ text: [UInt8], into sink: ErrorSink) {
    let splitter = MaterialSplitter(sink)
    splitter.feed(text[...])
    splitter.finish()
  }

  func feed(_ bytes: ArraySlice<UInt8>) {
    if start > 0 {
      buffer.removeFirst(start)
      start = 0
    }
    buffer += bytes
    advance(isLast: false)
  }

  func finish() {
    advance(isLast: true)
    switch state {
    case .text: break
    case .xml(let kind): sessions[kind]?.cutShort()
    case .json(let span):
      span.cutShort()
      readAsText(span)
    }
    text.finish()
    sink.flush()
  }

  private func advance(isLast: Bool) {
    var goesOn = true
    while goesOn, start < buffer.count {
      switch state {
      case .text: goesOn = advanceText(isLast)
      case .xml(let kind): goesOn = advanceXML(kind, isLast)
      case .json(let span): goesOn = advanceJSON(span)
      }
    }
  }

  /// Takes a part of the buffer: counts its lines.
  private func consume(to end: Int) -> ArraySlice<UInt8> {
    let part = buffer[start..<end]
    var lines = 0
    for byte in part where byte == 10 { lines += 1 }
    line += lines
    start = end
    return part
  }

  // MARK: text

  private func advanceText(_ isLast: Bool) -> Bool {
    var place = start
    while place < buffer.count {
      let byte = buffer[place]
      switch byte {
      case 10: isLineStart = true
      case 32, 9, 13: break
      case UInt8(ascii: "<"), UInt8(ascii: "{"), UInt8(ascii: "["):
        if !isLast, buffer.count - place < Self.lookAhead {
          feedText(to: place)
          return false
        }
        if beginSpan(at: place) { return true }
        isLineStart = false
      default: isLineStart = false
      }
      place += 1
    }
    feedText(to: place)
    return false
  }

  private func feedText(to end: Int) {
    guard end > start else { return }
    let first = line
    text.feed(consume(to: end), line: first)
  }

  private func beginSpan(at place: Int) -> Bool {
    if buffer[place] == UInt8(ascii: "<") {
      guard let kind = XMLRecordKind(startTag: buffer[place...].prefix(Self.lookAhead)) else { return false }
      feedText(to: place)
      if kind != .event { text.flush() }
      session(kind).begin(line: line)
      state = .xml(kind)
      return true
    }
    guard isLineStart, !text.isWithinText, JSONSpan.begins(buffer[place...].prefix(Self.lookAhead)) else {
      return false
    }
    feedText(to: place)
    text.flush()
    state = .json(JSONSpan(sink, line: line))
    return true
  }

  // MARK: XML

  private func session(_ kind: XMLRecordKind) -> XMLSession {
    if let session = sessions[kind], session.isUsable { return session }
    let session = XMLSession(kind, sink) { [text] event in text.take(event) }
    sessions[kind] = session
    return session
  }

  private func advanceXML(_ kind: XMLRecordKind, _ isLast: Bool) -> Bool {
    let session = sessions[kind] ?? session(kind)
    let endTag = kind.endTag
    let startTag = kind.startTag
    var place = session.hasBegun ? start : start + 1
    while let next = buffer[place...].firstIndex(of: UInt8(ascii: "<")) {
      let rest = buffer[next...].prefix(endTag.count + 1)
      if rest.count <= endTag.count, !isLast {
        session.feed(consume(to: next))
        return false
      }
      if rest.starts(with: endTag) {
        session.feed(consume(to: next + endTag.count))
        session.end()
        state = .text
        isLineStart = false
        return true
      }
      if rest.starts(with: startTag), next > start || session.hasBegun,
        XMLRecordKind(startTag: buffer[next...].prefix(Self.lookAhead)) == kind, kind.isFlat
      {
        session.feed(consume(to: next))
        session.cutShort()
        state = .text
        isLineStart = true
        return true
      }
      place = next + 1
    }
    session.feed(consume(to: buffer.count))
    return false
  }

  // MARK: JSON

  private func advanceJSON(_ span: JSONSpan) -> Bool {
    let end = start + span.feed(buffer[start...])
    _ = consume(to: end)
    guard span.isOver else { return false }
    state = .text
    isLineStart = span.isComplete
    readAsText(span)
    return true
  }

  /// What a damaged value has behind its last whole record is read as text.
  private func readAsText(_ span: JSONSpan) {
    guard let unread = span.unread, unread.text.contains(where: MessageText.isWordByte) else { return }
    text.feed(unread.text, line: unread.line)
  }
}
