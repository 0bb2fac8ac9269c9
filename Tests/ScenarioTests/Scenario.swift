import Foundation

/// A scenario file, read: see `README.md` beside this file for the format.
struct Scenario {
  /// What must be found in an output stream.
  struct Expectation {
    /// Exact text, with `{*}` for any part of a line; nil when only parts are asked for.
    var exact: String?
    /// Texts that must each be part of a line.
    var contains: [String] = []
    /// Texts that must not occur.
    var lacks: [String] = []
    /// Whether anything was said about the stream; if not, it must be empty.
    var isStated: Bool { exact != nil || !contains.isEmpty || !lacks.isEmpty }
  }

  /// One command line and what must come of it.
  struct Command {
    var arguments: [String] = []
    /// File that takes standard output, beside the comparison.
    var outputFile: String?
    var environment: [String: String] = [:]
    var standardInput = Data()
    var stdout = Expectation()
    var stderr = Expectation()
    /// Files that the command must write, with their exact text.
    var written: [String: String] = [:]
    /// By store: when the newest file of each of its runs was written, oldest run first.
    var sourceTimes: [String: String] = [:]
    var exitStatus: Int32 = 0
    /// Line of the file on which the command stands, counted from 1.
    var line = 0
  }

  /// A section as it stands in the file.
  struct Section {
    /// The head, without `--- `.
    var title: String
    var lines: [String]
    var line: Int
    var text: String { lines.map { $0 + "\n" }.joined() }
  }

  /// A mistake in a scenario file.
  struct FormatError: Error, CustomStringConvertible {
    var line: Int
    var message: String
    var description: String { "line \(line): \(message)" }
  }

  var comments: [String] = []
  var sections: [Section] = []
  var files: [(name: String, content: Data, date: Date?)] = []
  var commands: [Command] = []

  /// Reads a scenario's text; throws `FormatError`.
  init(_ text: String) throws {
    for (index, line) in Comparison.lines(text).enumerated() {
      if line.hasPrefix("--- ") {
        sections.append(Section(title: String(line.dropFirst(4)), lines: [], line: index + 1))
      } else if sections.isEmpty {
        comments.append(line)
      } else {
        sections[sections.count - 1].lines.append(line)
      }
    }
    var environment: [String: String] = [:]
    for section in sections { try read(section, &environment) }
    guard !commands.isEmpty else { throw FormatError(line: 1, message: "the scenario has no command") }
  }

  private mutating func read(_ section: Section, _ environment: inout [String: String]) throws {
    let words = section.title.split(separator: " ", maxSplits: 1).map(String.init)
    let kind = words.first ?? ""
    if kind == "file-dated" {
      let parts = (words.last ?? "").split(separator: " ").map(String.init)
      guard parts.count == 2, let date = ISO8601DateFormatter().date(from: parts[1]) else {
        throw FormatError(
          line: section.line, message: "file-dated NAME DATE is wanted, the date as 2026-11-24T02:00:00Z")
      }
      files.append((parts[0], Data(section.text.utf8), date))
      return
    }
    if kind.hasPrefix("file") {
      guard words.count == 2 else { throw FormatError(line: section.line, message: "a file needs a name") }
      files.append((words[1], try Self.content(of: section, kind), nil))
      return
    }
    switch section.title {
    case "environment":
      for line in section.lines {
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw FormatError(line: section.line, message: "NAME=VALUE is wanted") }
        environment[parts[0]] = parts[1]
      }
    case "command":
      var command = try Self.command(section)
      command.environment = environment
      commands.append(command)
    default:
      guard !commands.isEmpty else {
        throw FormatError(line: section.line, message: "'\(section.title)' before any command")
      }
      try Self.expect(section, of: &commands[commands.count - 1])
    }
  }

  private static func expect(_ section: Section, of command: inout Command) throws {
    switch section.title {
    case "stdin": command.standardInput = Data(section.text.utf8)
    case "stdin-escaped": command.standardInput = try unescape(section)
    case "stdout": command.stdout.exact = section.text
    case "stdout contains": command.stdout.contains += section.lines
    case "stdout lacks": command.stdout.lacks += section.lines
    case "stderr": command.stderr.exact = section.text
    case "stderr contains": command.stderr.contains += section.lines
    case "stderr lacks": command.stderr.lacks += section.lines
    case let title where title.hasPrefix("written "):
      command.written[String(title.dropFirst(8))] = section.text
    case let title where title.hasPrefix("source-times "):
      command.sourceTimes[String(title.dropFirst(13))] = section.text
    default:
      guard section.title.hasPrefix("exit "), let status = Int32(section.title.dropFirst(5)) else {
        throw FormatError(line: section.line, message: "unknown section '\(section.title)'")
      }
      command.exitStatus = status
    }
  }

  private static func content(of section: Section, _ kind: String) throws -> Data {
    switch kind {
    case "file": return Data(section.text.utf8)
    case "file-escaped": return try unescape(section)
    case "file-base64":
      guard let data = Data(base64Encoded: section.lines.joined()) else {
        throw FormatError(line: section.line, message: "not base64")
      }
      return data
    case "file-utf16le":
      let text = "\u{FEFF}" + section.lines.map { $0 + "\r\n" }.joined()
      return Data(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    default: throw FormatError(line: section.line, message: "unknown section '\(section.title)'")
    }
  }

  private static func command(_ section: Section) throws -> Command {
    var words = try shellWords(section)
    var command = Command()
    command.line = section.line
    if words.count >= 2, words[words.count - 2] == ">" {
      command.outputFile = words.removeLast()
      words.removeLast()
    }
    command.arguments = words
    return command
  }

  /// Splits a command as a shell does: white space, single quotes, double quotes, backslash.
  private static func shellWords(_ section: Section) throws -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var characters = section.lines.joined(separator: " ").makeIterator()
    while let character = characters.next() {
      if let open = quote {
        if character == open {
          quote = nil
        } else if character == "\\", open == "\"", let next = characters.next() {
          word = (word ?? "") + (next == "\"" || next == "\\" ? String(next) : "\\" + String(next))
        } else {
          word = (word ?? "") + String(character)
        }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character == " " {
        if let done = word { words.append(done) }
        word = nil
      } else if character == "\\", let next = characters.next() {
        word = (word ?? "") + String(next)
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil else { throw FormatError(line: section.line, message: "a quote is not closed") }
    if let done = word { words.append(done) }
    return words
  }

  private static func unescape(_ section: Section) throws -> Data {
    var bytes = Data()
    let source = Array(section.text.utf8)
    var index = 0
    func hexadecimal(_ range: Range<Int>) throws -> UInt32 {
      guard range.upperBound <= source.count, !range.isEmpty,
        let value = UInt32(String(decoding: source[range], as: UTF8.self), radix: 16)
      else { throw FormatError(line: section.line, message: "hexadecimal digits are wanted in an escape") }
      return value
    }
    while index < source.count {
      guard source[index] == UInt8(ascii: "\\"), index + 1 < source.count else {
        bytes.append(source[index])
        index += 1
        continue
      }
      let escape = source[index + 1]
      index += 2
      switch escape {
      case UInt8(ascii: "\n"): break
      case UInt8(ascii: "n"): bytes.append(0x0A)
      case UInt8(ascii: "r"): bytes.append(0x0D)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case UInt8(ascii: "0"): bytes.append(0)
      case UInt8(ascii: "\\"): bytes.append(escape)
      case UInt8(ascii: "x"):
        bytes.append(UInt8(truncatingIfNeeded: try hexadecimal(index..<index + 2)))
        index += 2
      case UInt8(ascii: "u"):
        guard let end = source[index...].firstIndex(of: UInt8(ascii: "}")), source[index] == UInt8(ascii: "{"),
          let scalar = Unicode.Scalar(try hexadecimal(index + 1..<end))
        else { throw FormatError(line: section.line, message: "\\u{…} wants a code point") }
        bytes.append(contentsOf: Array(String(scalar).utf8))
        index = end + 1
      default:
        throw FormatError(
          line: section.line, message: "unknown escape '\\\(Character(Unicode.Scalar(escape)))'")
      }
    }
    return bytes
  }
}
