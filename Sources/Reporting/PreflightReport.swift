import Bytes
import Findings

/// Tables of checks as text and as JSON.
public enum PreflightReport {
  /// The tables for people: one line for each check, and under those that are not well what is behind them.
  ///
  /// Nothing of the directory reaches the terminal unescaped.
  public static func text(_ tables: [PreflightTable], usesColour: Bool, width: Int) -> [UInt8] {
    let style = TextStyle(isColoured: usesColour)
    var bytes: [UInt8] = []
    for (index, table) in tables.enumerated() {
      if index > 0 { bytes.append(literal: "\n") }
      style.append(.heading, to: &bytes) { TerminalText.append(table.source, to: &$0) }
      bytes.append(literal: "\n")
      for check in table.checks { append(check, style, width: max(60, width), to: &bytes) }
    }
    let checks = tables.flatMap(\.checks)
    bytes.append(literal: "\n")
    bytes.append(decimal: checks.count)
    bytes.append(literal: " checks")
    for status in CheckStatus.allCases {
      bytes.append(literal: status == .ok ? ": " : ", ")
      bytes.append(decimal: checks.count { $0.status == status })
      bytes.append(" " + status.words)
    }
    bytes.append(literal: "\n")
    return bytes
  }

  private static func append(_ check: PreflightCheck, _ style: TextStyle, width: Int, to bytes: inout [UInt8]) {
    bytes.append(literal: "  ")
    let words = check.status.words
    style.append(role(of: check.status), to: &bytes) { $0.append(words) }
    bytes.append(contentsOf: repeatElement(32, count: max(1, indent - 2 - words.utf8.count)))
    let line = "\(check.title): \(check.summary)"
    append(line, indent: indent, width: width, to: &bytes)
    guard check.status != .ok else { return }
    for (label, text) in [("why: ", check.reason), ("do:  ", check.remedy)] where !text.isEmpty {
      bytes.append(contentsOf: repeatElement(32, count: indent))
      style.append(.minor, to: &bytes) { $0.append(label) }
      append(text, indent: indent + 5, width: width, to: &bytes)
    }
    for object in check.objects {
      bytes.append(contentsOf: repeatElement(32, count: indent))
      bytes.append(literal: "- ")
      TerminalText.append(object, to: &bytes)
      bytes.append(literal: "\n")
    }
    if check.objectCount > check.objects.count {
      bytes.append(contentsOf: repeatElement(32, count: indent))
      bytes.append(literal: "- and ")
      bytes.append(decimal: check.objectCount - check.objects.count)
      bytes.append(literal: " more\n")
    }
    for reference in check.references where !reference.isEmpty {
      bytes.append(contentsOf: repeatElement(32, count: indent))
      style.append(.minor, to: &bytes) { $0.append("see: \(reference)") }
      bytes.append(literal: "\n")
    }
  }

  /// Columns in front of what is said.
  private static let indent = 18

  private static func role(of status: CheckStatus) -> TextStyle.Role {
    switch status {
    case .ok: .suggestion
    case .advice: .minor
    case .problem: .error
    case .couldNotLook: .warning
    }
  }

  /// Appends a text, escaped and broken at spaces; the first line goes on where the caller has stopped.
  private static func append(_ text: String, indent: Int, width: Int, to bytes: inout [UInt8]) {
    var column = indent
    for (index, word) in TerminalText.escape(text).split(separator: " ").enumerated() {
      let length = word.unicodeScalars.reduce(0) { $0 + DisplayWidth.of($1) }
      if index > 0 {
        if column + 1 + length > width {
          bytes.append(literal: "\n")
          bytes.append(contentsOf: repeatElement(32, count: indent))
          column = indent
        } else {
          bytes.append(32)
          column += 1
        }
      }
      bytes.append(String(word))
      column += length
    }
    bytes.append(literal: "\n")
  }

  /// The tables as one JSON object with `run`, `checks` and `counts`.
  public static func json(_ run: RunDescription, _ tables: [PreflightTable]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(literal: #"{"run":{"version":"#)
    JSONText.append(string: run.version, to: &bytes)
    bytes.append(literal: #","sources":"#)
    JSONText.append(strings: run.sources, to: &bytes)
    bytes.append(literal: #"},"checks":["#)
    var isFirst = true
    for table in tables {
      for check in table.checks {
        bytes.append(literal: isFirst ? "\n" : ",\n")
        isFirst = false
        append(check, of: table.source, to: &bytes)
      }
    }
    bytes.append(literal: "\n],\"counts\":{")
    let checks = tables.flatMap(\.checks)
    for (index, status) in CheckStatus.allCases.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      JSONText.append(string: status.rawValue, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      bytes.append(decimal: checks.count { $0.status == status })
    }
    bytes.append(literal: "}}\n")
    return bytes
  }

  private static func append(_ check: PreflightCheck, of source: String, to bytes: inout [UInt8]) {
    let texts: [(StaticString, String)] = [
      (#"{"source":"#, source), (#","check":"#, check.id), (#","title":"#, check.title),
      (#","status":"#, check.status.rawValue), (#","summary":"#, check.summary),
    ]
    for (name, text) in texts {
      bytes.append(literal: name)
      JSONText.append(string: text, to: &bytes)
    }
    for (name, text) in [(#","reason":"#, check.reason), (#","remedy":"#, check.remedy)] as [(StaticString, String)]
    where !text.isEmpty {
      bytes.append(literal: name)
      JSONText.append(string: text, to: &bytes)
    }
    bytes.append(literal: #","references":"#)
    JSONText.append(strings: check.references, to: &bytes)
    bytes.append(literal: #","objects":"#)
    JSONText.append(strings: check.objects, to: &bytes)
    bytes.append(literal: #","objectCount":"#)
    bytes.append(decimal: check.objectCount)
    bytes.append(UInt8(ascii: "}"))
  }
}
