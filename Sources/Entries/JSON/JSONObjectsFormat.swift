import Bytes
import Directory

/// Objects that PowerShell wrote with `ConvertTo-Json`: a list, one object, or one object a line; and lines of ADExplorerSnapshot.
final class JSONObjectsFormat: RecordFormat {
  private let name: String
  private let recordSize: Int
  private var decoder = TextDecoder(repairs: true)
  private let records: ObjectRecords
  private var reader: JSONStreamReader?
  private var builder: JSONValueBuilder?
  /// Lines before the value that is being read.
  private var lineBase = 0
  private var lineCount = 0
  private var failure: SourceFailure?

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
    var text: [UInt8] = []
    decoder.decode(bytes, into: &text)
    try parse(text, writer)
  }

  func finish(_ writer: RecordWriter) throws(SourceFailure) {
    var text: [UInt8] = []
    decoder.finish(into: &text)
    try parse(text, writer)
    if var reader {
      do throws(JSONFailure) { try reader.finish() } catch { throw told(error) }
      try complete(writer)
    }
    guard records.count == 0, records.namelessCount > 0 else { return }
    throw SourceFailure(
      .wrongFormat, source: name,
      message: "its objects have no DistinguishedName; \(ExportAdvice.powerShell)")
  }

  private func parse(_ text: [UInt8], _ writer: RecordWriter) throws(SourceFailure) {
    var rest = text[...]
    while !rest.isEmpty {
      if reader == nil {
        let start = rest.firstIndex { !Self.isBetween($0) } ?? rest.endIndex
        lineCount += rest[..<start].count { $0 == 10 }
        rest = rest[start...]
        guard !rest.isEmpty else { return }
        begin(writer)
      }
      let count = try feed(rest)
      lineCount += rest.prefix(count).count { $0 == 10 }
      rest = rest.dropFirst(count)
      if let failure { throw failure }
      if reader?.isComplete == true { try complete(writer) }
    }
  }

  /// White space, the commas that join lines when somebody made a list of them by hand, and the byte order marks of files that were
  /// put one behind the other: no value begins with their bytes.
  private static func isBetween(_ byte: UInt8) -> Bool {
    [32, 9, 10, 13, UInt8(ascii: ","), 0xEF, 0xBB, 0xBF].contains(byte)
  }

  private func begin(_ writer: RecordWriter) {
    lineBase = lineCount
    let base = lineBase
    let builder = JSONValueBuilder(maximumSize: recordSize) { [unowned self] record, line in
      take(record, line: base + line, writer)
    }
    self.builder = builder
    reader = JSONStreamReader(handler: builder)
  }

  private func feed(_ text: ArraySlice<UInt8>) throws(SourceFailure) -> Int {
    do throws(JSONFailure) { return try reader?.feed(text) ?? text.count } catch { throw told(error) }
  }

  private func told(_ failure: JSONFailure) -> SourceFailure {
    SourceFailure(
      records.count > 0 || failure.isCut ? .readError : .wrongFormat, source: name,
      message: "line \(lineBase + failure.line), column \(failure.column): \(failure.message)")
  }

  private func complete(_ writer: RecordWriter) throws(SourceFailure) {
    if let value = builder?.value, case .object = value { take(value, line: lineBase + 1, writer) }
    reader = nil
    builder = nil
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
