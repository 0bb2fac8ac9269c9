import Bytes

/// The records of an event log as lines of JSON, by which one process hands them to another.
///
/// Each line is an object with one member: `record`, `unreadable` (the number of a record that could not be read), `failure`
/// (why the file cannot be read), or `end`, the last line, so that a process that dies is noticed.
public enum EventLogLines {
  /// The line that says that all has been read.
  public static let end = #"{"end":true}"#

  /// The line of a record, without its line break.
  public static func line(_ record: EventLogRecord) -> String {
    line("record") {
      $0.appendObject {
        $0.appendMember("provider", ifThere: record.provider)
        $0.appendMember("id", record.id)
        if let level = record.level { $0.appendMember("level", level) }
        $0.appendMember("time", ifThere: record.time)
        $0.appendMember("computer", ifThere: record.computer)
        $0.appendMember("index", record.index)
        $0.appendMember("recovered", record.isRecovered)
        $0.appendMember("strings", record.strings)
      }
    }
  }

  /// The line of a record that could not be read.
  public static func line(unreadable index: Int) -> String { line("unreadable") { $0.append(decimal: index) } }

  /// The line of a failure.
  public static func line(failure: String) -> String {
    line("failure") { JSONText.append(string: failure, to: &$0) }
  }

  private static func line(_ name: StaticString, _ value: (inout [UInt8]) -> Void) -> String {
    var bytes: [UInt8] = []
    bytes.appendObject { $0.appendMember(name, value) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What a line says.
  public enum Content: Hashable, Sendable {
    /// A record.
    case record(EventLogRecord)
    /// A record that could not be read.
    case unreadable(Int)
    /// The file cannot be read.
    case failure(String)
    /// All has been read.
    case end
  }

  /// What a line says; nil for lines that none of these functions wrote.
  public static func parse(_ line: String) -> Content? {
    guard let value = try? JSONValue(parsing: line.utf8), let member = value.members.first else { return nil }
    switch member.name {
    case "end": return .end
    case "unreadable": return member.value.text.flatMap { Int($0) }.map { .unreadable($0) }
    case "failure":
      guard case .string(let message) = member.value else { return nil }
      return .failure(message)
    case "record": return record(member.value).map { .record($0) }
    default: return nil
    }
  }

  private static func record(_ value: JSONValue) -> EventLogRecord? {
    guard let id = value["id"]?.text.flatMap({ Int($0) }), let index = value["index"]?.text.flatMap({ Int($0) }),
      let strings = value["strings"]
    else { return nil }
    return EventLogRecord(
      provider: value["provider"]?.text, id: id, level: value["level"]?.text.flatMap { Int($0) },
      time: value["time"]?.text, computer: value["computer"]?.text, strings: strings.elements.map { $0.text ?? "" },
      index: index, isRecovered: value["recovered"] == .boolean(true))
  }

  /// Reads an event log within this process and hands on its lines, without line breaks, `end` included.
  ///
  /// - Throws: what `take` throws.
  public static func read<Failure: Error>(
    _ path: String, _ take: (String) throws(Failure) -> Void
  ) throws(Failure) {
    let file: EventLogFile
    do throws(EventLogFailure) { file = try EventLogFile(path: path) } catch {
      try take(line(failure: error.message))
      return try take(end)
    }
    for index in 0..<file.count { try take(file.record(index).map(line) ?? line(unreadable: index)) }
    for index in 0..<file.recoveredCount {
      if let record = file.recoveredRecord(index) { try take(line(record)) }
    }
    try take(end)
  }
}
