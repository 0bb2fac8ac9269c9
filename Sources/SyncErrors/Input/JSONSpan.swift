import Bytes

/// One JSON value in a text: what is in it is interpreted as records.
final class JSONSpan {
  private let sink: ErrorSink
  private let line: Int
  private let builder: JSONValueBuilder
  /// What had been handed on when the value began.
  private let yield: Int
  private var reader: JSONStreamReader
  private(set) var isOver = false
  private(set) var isComplete = false

  /// - Parameter line: The line on which the value begins.
  init(_ sink: ErrorSink, line: Int) {
    self.sink = sink
    self.line = line
    yield = sink.yield
    let records = RecordInterpreter(sink)
    builder = JSONValueBuilder { value, offset in
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

  /// - Returns: How many bytes belong to the value.
  func feed(_ text: ArraySlice<UInt8>) -> Int {
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
      // What follows is looked at as text again, from the next line.
      return text.firstIndex(of: 10).map { $0 + 1 - text.startIndex } ?? text.count
    }
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

  private func report(_ failure: JSONFailure) {
    sink.problem(line: line + failure.line - 1, column: failure.column, "not JSON: \(failure.message)")
  }
}
