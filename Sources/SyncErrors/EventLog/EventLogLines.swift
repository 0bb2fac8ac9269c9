/// The records of an event log as lines of text, by which one process hands them to another.
///
/// One line for each record: its parts separated by tabs, with backslash, tab, line feed and carriage return within them
/// written as `\\`, `\t`, `\n` and `\r`. The last line is `end`, so that a process that dies is noticed.
public enum EventLogLines {
  /// The line that says that all has been read.
  public static let end = "end"

  /// The line of a record, without its line break.
  public static func line(_ record: EventLogRecord) -> String {
    let head = [
      record.provider ?? "", String(record.id), record.level.map(String.init) ?? "", record.time ?? "",
      record.computer ?? "", String(record.index), record.isRecovered ? "recovered" : "",
    ]
    return "record\t" + (head + record.strings).map(escaped).joined(separator: "\t")
  }

  /// The line of a record that could not be read.
  public static func line(unreadable index: Int) -> String { "unreadable\t\(index)" }

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

  /// The line of a failure.
  public static func line(failure: String) -> String { "failure\t" + escaped(failure) }

  /// What a line says; nil for lines that none of these functions wrote.
  public static func parse(_ line: String) -> Content? {
    let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map { unescaped($0) }
    switch parts[0] {
    case end: return .end
    case "unreadable": return parts.count == 2 ? Int(parts[1]).map { .unreadable($0) } : nil
    case "failure": return parts.count == 2 ? .failure(parts[1]) : nil
    case "record":
      guard parts.count >= 8, let id = Int(parts[2]), let index = Int(parts[6]) else { return nil }
      let record = EventLogRecord(
        provider: parts[1].isEmpty ? nil : parts[1], id: id, level: Int(parts[3]),
        time: parts[4].isEmpty ? nil : parts[4], computer: parts[5].isEmpty ? nil : parts[5],
        strings: Array(parts[8...]), index: index, isRecovered: !parts[7].isEmpty)
      return .record(record)
    default: return nil
    }
  }

  private static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
      case "\t": result.append(contentsOf: "\\t".unicodeScalars)
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\r": result.append(contentsOf: "\\r".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private static func unescaped(_ text: Substring) -> String {
    var result = String.UnicodeScalarView()
    var isEscape = false
    for scalar in text.unicodeScalars {
      if isEscape {
        isEscape = false
        switch scalar {
        case "t": result.append("\t")
        case "n": result.append("\n")
        case "r": result.append("\r")
        default: result.append(scalar)
        }
      } else if scalar == "\\" {
        isEscape = true
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// Reads an event log within this process and hands on its lines, without line breaks, `end` included.
  public static func read(_ path: String, _ take: (String) -> Void) {
    do throws(EventLogFailure) {
      let file = try EventLogFile(path: path)
      for index in 0..<file.count { take(file.record(index).map(line) ?? line(unreadable: index)) }
      for index in 0..<file.recoveredCount {
        if let record = file.recoveredRecord(index) { take(line(record)) }
      }
    } catch {
      take(line(failure: error.message))
    }
    take(end)
  }
}
