import Bytes
import Directory

/// Objects that PowerShell wrote with `ConvertTo-Json`: a list, one object, or one object a line; and lines of ADExplorerSnapshot.
///
/// Objects are taken apart where they stand in the text (`JSONObjectScanner`). What is no list of plain objects, or has a mistake, is read
/// byte by byte from there on (`JSONStreamReader`), which tells what is wrong and where.
final class JSONObjectsFormat: RecordFormat {
  private enum Mode {
    /// Between values, or before the first.
    case between
    /// Within a list of objects: which of its marks come next.
    case list(Expected)
    /// Byte by byte.
    case careful
  }

  private enum Expected { case firstObject, object, separator }

  private let name: String
  private let recordSize: Int
  private var decoder = TextDecoder(repairs: true)
  private let records: ObjectRecords
  private var mode = Mode.between
  /// Text that is not read yet, and before it text that was.
  private var window: [UInt8] = []
  private var position = 0
  /// Lines before `position`, and bytes of its line: those that are in the window no more.
  private var lineCount = 0
  private var lineStart = 0
  private var scanner = JSONObjectScanner()
  /// The names of the object before, which are mostly those of the next: a member is looked up by its place.
  private var order: [(name: [UInt8], property: Int)] = []
  private var properties: [[UInt8]: Int] = [:]
  private var reader: JSONStreamReader?
  private var builder: JSONValueBuilder?
  /// Where the reader began: lines before it, and bytes of its first line.
  private var readerStart = (line: 0, firstLine: 1, column: 0)
  private var failure: SourceFailure?

  /// The size from which on an object is read byte by byte, so that the start of a long one is not looked at again and again.
  private static let longestObject = 8 << 20

  var hasLines: Bool { true }

  init(name: String, _ request: EntryRequest) {
    self.name = name
    recordSize = request.recordSize
    records = ObjectRecords(
      source: name, ValueReading(joining: .lists, mayBeSpreadsheet: false), wanted: request.attributes)
  }

  var exported: ExportedAttributes { records.exported }
  var gaps: [String] { records.gaps }
  var remarks: [String] {
    records.remarks + (decoder.repairedBytes > 0 ? [ExportAdvice.codePage(of: name)] : [])
  }

  func read(_ bytes: ArraySlice<UInt8>, into writer: RecordWriter) throws(SourceFailure) {
    decoder.decode(bytes, into: &window)
    try readWindow(isEnd: false, writer)
  }

  func finish(_ writer: RecordWriter) throws(SourceFailure) {
    decoder.finish(into: &window)
    try readWindow(isEnd: true, writer)
    if case .list(let expected) = mode { beginReader(within: expected, writer) }
    if var reader {
      do throws(JSONFailure) { try reader.finish() } catch { throw told(error) }
      try complete(writer)
    }
    guard records.count == 0, records.namelessCount > 0 else { return }
    throw SourceFailure(
      .wrongFormat, source: name,
      message: "its objects have no DistinguishedName; \(ExportAdvice.powerShell)")
  }

  private func readWindow(isEnd: Bool, _ writer: RecordWriter) throws(SourceFailure) {
    while position < window.count, try readNext(isEnd: isEnd, writer) {}
    // What is left is the start of an object at most.
    window.removeFirst(position)
    lineStart -= position
    position = 0
  }

  /// Reads the next mark or object.
  ///
  /// - Returns: whether to go on; false where more text is needed.
  private func readNext(isEnd: Bool, _ writer: RecordWriter) throws(SourceFailure) -> Bool {
    switch mode {
    case .careful:
      try feed(writer)
      return true
    case .between:
      guard let byte = nextByte(isBetween: true) else { return false }
      if byte == UInt8(ascii: "[") {
        position += 1
        mode = .list(.firstObject)
        return true
      }
      if byte == UInt8(ascii: "{") { return try readObject(isEnd: isEnd, within: nil, writer) }
      beginReader(within: nil, writer)
      return true
    case .list(let expected):
      guard let byte = nextByte(isBetween: false) else { return false }
      switch (expected, byte) {
      case (.separator, UInt8(ascii: ",")): mode = .list(.object)
      case (.separator, UInt8(ascii: "]")), (.firstObject, UInt8(ascii: "]")): mode = .between
      case (.object, UInt8(ascii: "{")), (.firstObject, UInt8(ascii: "{")):
        return try readObject(isEnd: isEnd, within: expected, writer)
      default:
        beginReader(within: expected, writer)
        return true
      }
      position += 1
      return true
    }
  }

  /// The next byte that is no white space.
  ///
  /// - Parameter isBetween: whether commas that join values by hand and the byte order marks of files that were put one behind the other
  ///   are passed over, too: no value begins with their bytes.
  private func nextByte(isBetween: Bool) -> UInt8? {
    while position < window.count {
      let byte = window[position]
      let isPassedOver =
        byte == 32 || byte == 9 || byte == 10 || byte == 13
        || isBetween && [UInt8(ascii: ","), 0xEF, 0xBB, 0xBF].contains(byte)
      guard isPassedOver else { return byte }
      position += 1
      if byte == 10 {
        lineCount += 1
        lineStart = position
      }
    }
    return nil
  }

  // MARK: - Objects where they stand

  private func readObject(
    isEnd: Bool, within expected: Expected?, _ writer: RecordWriter
  ) throws(SourceFailure) -> Bool {
    switch scanner.scan(window.span, from: position) {
    case .object(let end):
      guard takeScanned(position..<end, isListed: expected != nil, writer) else {
        beginReader(within: expected, writer)
        return true
      }
      position = end
      lineCount += scanner.lineCount
      if let last = scanner.lastLineEnd { lineStart = last + 1 }
      if expected != nil { mode = .list(.separator) }
      if let failure { throw failure }
      return true
    case .cut where !isEnd && window.count - position < Self.longestObject: return false
    case .cut, .unusual:
      beginReader(within: expected, writer)
      return true
    }
  }

  /// Takes the object that was scanned.
  ///
  /// - Returns: whether it could be taken; nothing was done if not.
  private func takeScanned(_ range: Range<Int>, isListed: Bool, _ writer: RecordWriter) -> Bool {
    let parts = scanner.parts
    var nested: [JSONValue] = []
    // The first object tells whether the list is what it should be.
    var isPlain = records.count > 0 && range.count + 100 * parts.count <= recordSize
    for (place, part) in parts.enumerated() {
      switch part.kind {
      case .name where isName(part, "value") && (parts[place + 1].kind == .list && parts[place + 1].count == 0):
        isPlain = false
      case .name where isName(part, "value") && parts[place + 1].kind == .nested && !isListed: return false
      case .name where isName(part, "attributes") && parts[place + 1].kind == .nested: isPlain = false
      case .nested:
        guard let value = value(of: part.range, isListed: isListed) else { return false }
        nested.append(value)
      default: break
      }
    }
    guard isPlain else { return takeWhole(range, isListed: isListed, writer) }
    add(parts, nested)
    do throws(SourceFailure) { try records.end(writer, window) } catch { failure = error }
    return true
  }

  private func isName(_ part: JSONObjectScanner.Part, _ name: String) -> Bool {
    part.range.count == name.utf8.count && String(decoding: window[part.range], as: UTF8.self).lowercased() == name
  }

  private func add(_ parts: [JSONObjectScanner.Part], _ nested: [JSONValue]) {
    records.begin(line: lineCount + 1)
    var property = 0
    var member = 0
    var nextNested = 0
    for part in parts {
      switch part.kind {
      case .name:
        property = self.property(part.range, member)
        member += 1
      case .text: records.add(property, .text(part.range))
      case .escapedText: records.add(property, .text(JSONEscapes.replace(in: &window, part.range)))
      case .number: records.add(property, .number(part.range))
      case .yes: records.add(property, ObjectPiece.boolean(true))
      case .no: records.add(property, ObjectPiece.boolean(false))
      case .null: records.add(property, ObjectPiece.absent)
      case .list: records.add(property, .list(part.count))
      case .nested:
        records.add(property, ObjectValue(nested[nextNested]))
        nextNested += 1
      }
    }
  }

  /// The number of a property, by its name and its place in the object.
  private func property(_ range: Range<Int>, _ member: Int) -> Int {
    if member < order.count {
      let known = order[member]
      if known.name.count == range.count, known.name.elementsEqual(window[range]) { return known.property }
    }
    let name = Array(window[range])
    let property = properties[name] ?? records.property(String(decoding: name, as: UTF8.self))
    if properties.count < PropertyTable.most { properties[name] = property }
    if member < order.count {
      order[member] = (name, property)
    } else if member == order.count {
      order.append((name, property))
    }
    return property
  }

  /// The value that stands in the text; nil for what is none.
  private func value(of range: Range<Int>, isListed: Bool) -> JSONValue? {
    let builder = JSONValueBuilder(maximumSize: recordSize)
    var limits = JSONLimits()
    limits.maximumDepth -= isListed ? 2 : 1
    var reader = JSONStreamReader(limits, handler: builder)
    do throws(JSONFailure) {
      _ = try reader.feed(window[range])
      try reader.finish()
    } catch {
      return nil
    }
    return builder.value
  }

  /// Takes an object as a value.
  private func takeWhole(_ range: Range<Int>, isListed: Bool, _ writer: RecordWriter) -> Bool {
    let builder = JSONValueBuilder(maximumSize: recordSize)
    var reader = JSONStreamReader(handler: builder)
    do throws(JSONFailure) { _ = try reader.feed(window[range]) } catch { return false }
    take(builder.value, line: lineCount + 1, writer)
    return true
  }

  // MARK: - Byte by byte

  /// Goes on byte by byte from `position`.
  ///
  /// - Parameter expected: what comes next in the list that the text is within; nil outside of one.
  private func beginReader(within expected: Expected?, _ writer: RecordWriter) {
    let start =
      switch expected {
      case nil: ""
      case .firstObject?: "[\n"
      case .object?: "[null,\n"
      case .separator?: "[null\n"
      }
    readerStart = (lineCount, expected == nil ? 1 : 2, position - lineStart)
    let base = lineCount + 1 - readerStart.firstLine
    let builder = JSONValueBuilder(maximumSize: recordSize) { [unowned self] record, line in
      take(record, line: base + line, writer)
    }
    self.builder = builder
    var reader = JSONStreamReader(handler: builder)
    _ = try? reader.feed(Array(start.utf8)[...])
    self.reader = reader
    mode = .careful
  }

  private func feed(_ writer: RecordWriter) throws(SourceFailure) {
    let rest = window[position...]
    let count: Int
    do throws(JSONFailure) { count = try reader?.feed(rest) ?? 0 } catch { throw told(error) }
    let taken = rest.prefix(count)
    position += count
    lineCount += taken.count { $0 == 10 }
    if let last = taken.lastIndex(of: 10) { lineStart = last + 1 }
    if let failure { throw failure }
    if reader?.isComplete == true { try complete(writer) }
  }

  private func told(_ failure: JSONFailure) -> SourceFailure {
    let line = readerStart.line + failure.line - readerStart.firstLine + 1
    let column = failure.column + (failure.line == readerStart.firstLine ? readerStart.column : 0)
    return SourceFailure(
      records.count > 0 || failure.isCut ? .readError : .wrongFormat, source: name,
      message: "line \(line), column \(column): \(failure.message)")
  }

  private func complete(_ writer: RecordWriter) throws(SourceFailure) {
    if let value = builder?.value, case .object = value { take(value, line: readerStart.line + 1, writer) }
    reader = nil
    builder = nil
    mode = .between
    if let failure { throw failure }
  }

  private func take(_ record: JSONValue?, line: Int, _ writer: RecordWriter) {
    guard failure == nil else { return }
    guard let record else { return writer.skip(line: line, dn: "?") }
    // The wrapper of a list that was handed on object by object.
    if case .array(let elements)? = record["value"], elements.isEmpty { return }
    do throws(SourceFailure) {
      if records.count == 0, let reason = ForeignObjects.reason(record) {
        throw SourceFailure(.wrongFormat, source: name, message: reason)
      }
      records.begin(line: line)
      for member in record.members {
        if member.name == "attributes", case .object(let attributes) = member.value {
          for attribute in attributes { records.add(records.property(attribute.name), ObjectValue(attribute.value)) }
        } else {
          records.add(records.property(member.name), ObjectValue(member.value))
        }
      }
      try records.end(writer)
    } catch {
      failure = error
    }
  }
}

extension ObjectValue {
  /// What JSON has.
  init(_ value: JSONValue) {
    switch value {
    case .null: self = .absent
    case .boolean(let flag): self = .boolean(flag)
    case .number(let text): self = .number(Array(text.utf8))
    case .string(let text): self = .text(Array(text.utf8))
    case .array(let elements): self = .list(elements.map { ObjectValue($0) })
    case .object(let members): self = .members(members.map { ($0.name, ObjectValue($0.value)) })
    }
  }
}
