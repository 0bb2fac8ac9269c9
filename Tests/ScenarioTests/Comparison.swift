import Foundation

/// Compares what a command wrote with what its scenario states.
enum Comparison {
  /// What is wrong with a stream; nil when it is as stated. `actual` is shown in the message.
  static func fault(in actual: String, _ expected: Scenario.Expectation, stream: String) -> String? {
    if let exact = expected.exact, !matches(actual, exact) {
      return "\(stream) differs (- stated, + written):\n" + difference(from: exact, to: actual)
    }
    if !expected.isStated, !actual.isEmpty {
      return "\(stream) should be empty:\n" + prefixed(lines(actual), "+ ")
    }
    let lines = lines(actual)
    for text in expected.contains where !lines.contains(where: { $0.contains(text) }) {
      return "\(stream) lacks a line with '\(text)':\n" + prefixed(lines, "+ ")
    }
    for text in expected.lacks where actual.contains(text) {
      return "\(stream) contains '\(text)':\n" + prefixed(lines, "+ ")
    }
    return nil
  }

  /// Whether a text is as stated, line by line. A line `{...}` stands for any number of lines.
  static func matches(_ actual: String, _ pattern: String) -> Bool {
    matches(lines(actual)[...], lines(pattern)[...])
  }

  private static func matches(_ actual: ArraySlice<String>, _ pattern: ArraySlice<String>) -> Bool {
    guard let first = pattern.first else { return actual.isEmpty }
    let rest = pattern.dropFirst()
    if first.trimmingCharacters(in: .whitespaces) == "{...}" {
      return (0...actual.count).contains { matches(actual.dropFirst($0), rest) }
    }
    guard let line = actual.first, lineMatches(line, first) else { return false }
    return matches(actual.dropFirst(), rest)
  }

  /// Whether a line is as stated, `{*}` standing for any text.
  static func lineMatches(_ actual: String, _ pattern: String) -> Bool {
    let parts = pattern.components(separatedBy: "{*}")
    guard parts.count > 1 else { return actual == pattern }
    guard actual.hasPrefix(parts[0]) else { return false }
    var rest = actual.dropFirst(parts[0].count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }

  /// The text for a scenario file, in which lines that still fit keep their `{*}`.
  static func updated(_ actual: String, keeping pattern: String) -> [String] {
    let wildcards = lines(pattern).filter { $0.contains("{*}") }
    return lines(actual).map { line in wildcards.first { lineMatches(line, $0) } ?? line }
  }

  /// The lines of a text. CRLF leaves the CR at the end of its line, so that it can be seen.
  static func lines(_ text: String) -> [String] {
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  private static func prefixed(_ lines: [String], _ prefix: String) -> String {
    lines.prefix(60).map { prefix + $0 }.joined(separator: "\n")
  }

  /// A difference by lines, in the order of the written text.
  private static func difference(from expected: String, to actual: String) -> String {
    let old = lines(expected)
    let new = lines(actual)
    let changes = new.difference(from: old) { lineMatches($0, $1) || lineMatches($1, $0) }
    var removed: [Int: String] = [:]
    var inserted: [Int: String] = [:]
    for change in changes {
      switch change {
      case .remove(let offset, let line, _): removed[offset] = line
      case .insert(let offset, let line, _): inserted[offset] = line
      }
    }
    var out: [String] = []
    var position = 0
    func insertions() {
      while let line = inserted[position] {
        out.append("+ " + line)
        position += 1
      }
    }
    for (index, line) in old.enumerated() {
      if let line = removed[index] {
        out.append("- " + line)
      } else {
        insertions()
        out.append("  " + line)
        position += 1
      }
    }
    insertions()
    if out.isEmpty || changes.isEmpty { out.append("(only the end of the last line differs)") }
    return out.prefix(200).joined(separator: "\n")
  }
}
