import Bytes

/// One JSON value in a text: what is in it is interpreted as records.
final class JSONSpan {
  private let sink: ErrorSink
  private let line: Int
  private let builder: JSONValueBuilder
  /// What had been handed on when the value began.
  private let yield: Int
  private var reader: JSONStreamReader
  /// The text of the value so far, as long as it is short.
  private var text: [UInt8] = []
  /// Of longer values nothing is read as text when they are damaged.
  private static let maximumKept = 1 << 20
  private let records: RecordCount
  private(set) var isOver = false
  private(set) var isComplete = false

  /// - Parameter line: The line on which the value begins.
  init(_ sink: ErrorSink, line: Int) {
    self.sink = sink
    self.line = line
    yield = sink.yield
    let records = RecordInterpreter(sink)
    let count = RecordCount()
    self.records = count
    builder = JSONValueBuilder { value, offset in
      count.number += 1
      guard let value else { return Self.reportTooLarge(to: sink, line: line + offset - 1) }
      records.interpretOrRead(value, line: line + offset - 1)
    }
    reader = JSONStreamReader(handler: builder)
  }

  /// Whether a text begins like a JSON object or a list of objects.
  static func begins(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text.drop { $0 <= 32 }
    if rest.first == UInt8(ascii: "[") {
      rest = rest.dropFirst().drop { $0 <= 32 }
    }
    guard rest.first == UInt8(ascii: "{") else { return false }
    let next = rest.dropFirst().first { $0 > 32 }
    return next == UInt8(ascii: "\"") || next == UInt8(ascii: "}")
  }

  /// - Returns: How many bytes belong to the value; when it is damaged, how many come before what is wrong.
  func feed(_ text: ArraySlice<UInt8>) -> Int {
    let before = reader.count
    defer { keep(text.prefix(reader.count - before)) }
    do throws(JSONFailure) {
      let count = try reader.feed(text)
      if reader.isComplete {
        isOver = true
        isComplete = true
        // JSON within a line of text is a part of what that says.
        let isWhole = text.dropFirst(count).prefix { $0 != 10 }.allSatisfy { $0 <= 32 }
        if let value = builder.value {
          RecordInterpreter(sink).interpretWhole(value, line: line, isAll: isWhole && sink.yield == yield)
        } else {
          Self.reportTooLarge(to: sink, line: line)
        }
      }
      return count
    } catch {
      isOver = true
      report(error)
      return reader.count - before
    }
  }

  private func keep(_ part: ArraySlice<UInt8>) {
    if text.count <= Self.maximumKept { text += part }
  }

  /// What of a damaged value stands behind the last record that was handed on, and the line on which it begins; nil for
  /// values that are whole or too long.
  var unread: (text: ArraySlice<UInt8>, line: Int)? {
    guard !isComplete, text.count <= Self.maximumKept else { return nil }
    let end = endOfRecords
    let start = text[end...].firstIndex { $0 > 32 && $0 != UInt8(ascii: ",") } ?? text.count
    let lines = text[..<start].count { $0 == 10 }
    return (text[start...], line + lines)
  }

  /// Where the last record ends that was handed on: found by reading once more, byte by byte.
  private var endOfRecords: Int {
    guard records.number > 0 else { return 0 }
    let count = RecordCount()
    let builder = JSONValueBuilder { _, _ in count.number += 1 }
    var reader = JSONStreamReader(handler: builder)
    for index in text.indices {
      guard (try? reader.feed(text[index...index])) != nil else { break }
      if count.number == records.number { return index + 1 }
    }
    return 0
  }

  /// The text ended within the value.
  func cutShort() {
    do throws(JSONFailure) {
      try reader.finish()
    } catch {
      report(error)
    }
  }

  private static func reportTooLarge(to sink: ErrorSink, line: Int) {
    sink.problem(
      line: line,
      "an object is larger than \(JSONValueBuilder.maximumSize >> 20) MiB; it is left out, so give it in parts")
  }

  private final class RecordCount {
    var number = 0
  }

  private func report(_ failure: JSONFailure) {
    sink.problem(line: line + failure.line - 1, column: failure.column, "not JSON: \(failure.message)")
  }
}
