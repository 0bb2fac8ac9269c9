import Directory
import Findings
import Bytes

/// Why a report file cannot be read.
public struct ReportFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where the fault is; without a line when the file cannot be opened.
  public var location: SourceLocation
  /// What is wrong, in one sentence without a full stop.
  public var message: String
  /// `path:line:column: message`.
  public var description: String { "\(location): \(message)" }
}

/// Reads the findings of a report that was written with `--format json` or `ndjson`, in memory that does not grow with it.
public struct ReportFileReader {
  /// What a report says besides findings.
  public struct Summary: Sendable, Equatable {
    /// Whether the run had read everything; nil where the report does not say (`ndjson`).
    public var isComplete: Bool?
    /// Number of findings that were handed over.
    public var findings = 0
    /// What the run had read; nil where the report does not say.
    public var coverage: Coverage?
    /// How much it had found, in the report's own numbers; nil where it has none.
    public var counts: FindingCounts?
  }

  private let path: String
  /// Told of the run before the first finding.
  private let begin: (RunDescription) throws -> Void
  /// Whether all that the report says is handed over, not only the findings that its run had.
  private let isWhole: Bool
  private var hasBegun = false
  private var summary = Summary()
  /// The value that is being read, and the line on which it began.
  private var handler = ReportHandler()
  private var reader: JSONStreamReader?
  private var firstLine = 1
  /// The line on which the next byte stands.
  private var line = 1

  private init(path: String, isWhole: Bool, begin: @escaping (RunDescription) throws -> Void) {
    self.path = path
    self.isWhole = isWhole
    self.begin = begin
  }

  /// Hands over every finding of a report that its run had: not those that were gone.
  ///
  /// - Throws: `ReportFileError`, or what `receive` throws.
  public static func read(path: String, _ receive: (Finding) throws -> Void) throws -> Summary {
    try withoutActuallyEscaping(receive) { receive in
      try read(path: path, isWhole: false, begin: { _ in }, receive)
    }
  }

  /// Hands over a report as its run gave it to reports: first what the run was, then every finding, those that are gone as well.
  ///
  /// - Parameters:
  ///   - path: the file; `-` is standard input.
  ///   - begin: told what the run was, as far as the report says; its rules are not in it.
  /// - Throws: `ReportFileError`, or what `begin` and `receive` throw.
  public static func readRun(
    path: String, begin: @escaping (RunDescription) throws -> Void, _ receive: (Finding) throws -> Void
  ) throws -> Summary {
    try read(path: path, isWhole: true, begin: begin, receive)
  }

  private static func read(
    path: String, isWhole: Bool, begin: @escaping (RunDescription) throws -> Void,
    _ receive: (Finding) throws -> Void
  ) throws -> Summary {
    var file = ReportFileReader(
      path: path == "-" ? "<stdin>" : path, isWhole: isWhole, begin: begin)
    do {
      let descriptor = path == "-" ? FileDescriptor.standardInput : try FileDescriptor.open(reading: path)
      defer { if path != "-" { descriptor.close() } }
      guard path == "-" || !descriptor.isDevice else {
        throw ReportFileError(location: SourceLocation(source: path), message: "it is a device, not a report")
      }
      var chunk = [UInt8](repeating: 0, count: 1 << 18)
      while case let count = try descriptor.read(into: &chunk), count > 0 { try file.feed(chunk[..<count], receive) }
    } catch let error as SystemError {
      throw ReportFileError(location: SourceLocation(source: path), message: error.description)
    }
    return try file.finish()
  }

  private mutating func feed(_ bytes: ArraySlice<UInt8>, _ receive: (Finding) throws -> Void) throws {
    var rest = bytes
    while !rest.isEmpty {
      if reader == nil {
        skip(rest.prefix { $0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }, &rest)
        guard !rest.isEmpty else { return }
        handler = ReportHandler()
        reader = JSONStreamReader(handler: handler)
        firstLine = line
      }
      do throws(JSONFailure) {
        let count = try reader?.feed(rest) ?? rest.count
        skip(rest.prefix(count), &rest)
      } catch {
        throw mistake(error)
      }
      if reader?.isComplete == true {
        handler.finish()
        reader = nil
        if handler.isList, isWhole { try takeEnd() }
      }
      try handOver(receive)
    }
  }

  private mutating func skip(_ bytes: ArraySlice<UInt8>, _ rest: inout ArraySlice<UInt8>) {
    for byte in bytes where byte == UInt8(ascii: "\n") { line += 1 }
    rest = rest.dropFirst(bytes.count)
  }

  private func mistake(_ failure: JSONFailure) -> ReportFileError {
    ReportFileError(
      location: SourceLocation(source: path, line: firstLine + failure.line - 1, column: failure.column),
      message: failure.message)
  }

  private mutating func handOver(_ receive: (Finding) throws -> Void) throws {
    if let isComplete = handler.isComplete { summary.isComplete = isComplete }
    if handler.isList || handler.hasFindings { try beginOnce() }
    for object in handler.takeFindings() {
      let finding: Finding
      do throws(JSONFindingError) {
        finding = try JSONFindingReader.finding(of: object)
      } catch {
        throw ReportFileError(
          location: SourceLocation(source: path, line: handler.isList ? nil : firstLine),
          message: "finding \(summary.findings + 1): \(error)")
      }
      summary.findings += 1
      if isWhole || finding.state != .gone { try receive(finding) }
    }
    if let mistake = handler.mistake {
      throw ReportFileError(location: SourceLocation(source: path, line: firstLine), message: mistake)
    }
  }

  /// The run stands before the findings where the program wrote the report; elsewhere nothing is known of it.
  private mutating func beginOnce() throws {
    guard !hasBegun else { return }
    hasBegun = true
    var run = RunDescription(version: "", ruleSet: "", sources: [])
    if isWhole, let object = handler.member("run") {
      do throws(JSONFindingError) { run = try JSONRunReader.run(of: object) } catch { throw mistake(error, in: "run") }
    }
    try begin(run)
  }

  /// Takes what stands behind the findings.
  private mutating func takeEnd() throws(ReportFileError) {
    do throws(JSONFindingError) {
      if let coverage = handler.member("coverage") { summary.coverage = try JSONRunReader.coverage(of: coverage) }
      if let counts = handler.member("counts") { summary.counts = try JSONRunReader.counts(of: counts) }
    } catch {
      throw mistake(error, in: "coverage or counts")
    }
  }

  private func mistake(_ error: JSONFindingError, in part: String) -> ReportFileError {
    ReportFileError(location: SourceLocation(source: path, line: firstLine), message: "\(part): \(error)")
  }

  private mutating func finish() throws -> Summary {
    if var unfinished = reader {
      do throws(JSONFailure) { try unfinished.finish() } catch { throw mistake(error) }
    }
    try beginOnce()
    return summary
  }
}

/// Takes apart one value of a report file: a whole report, or one finding of an `ndjson` report.
private final class ReportHandler: JSONHandler {
  private var findings: [JSONValue] = []
  /// Why the value is no report.
  private(set) var mistake: String?
  private(set) var isComplete: Bool?
  /// Whether the value is a report with a list of findings.
  private(set) var isList = false
  /// Members of the outermost object but `findings`.
  private var members: [JSONValue.Member] = []
  /// A report and a finding have a few dozen.
  private static let maximumMembers = 1_000
  private var name = ""
  private var depth = 0
  private var isInFindings = false
  /// Puts the value together that is being read, and how many objects and arrays of it are open.
  private var builder: JSONValueBuilder?
  private var open = 0

  /// The findings that have been read since the last call.
  func takeFindings() -> [JSONValue] {
    defer { findings.removeAll(keepingCapacity: true) }
    return findings
  }

  /// Whether there are findings that nobody has taken.
  var hasFindings: Bool { !findings.isEmpty }

  /// A member of the outermost object, as far as it was read.
  func member(_ name: String) -> JSONValue? { members.first { $0.name == name }?.value }

  /// The value is complete.
  func finish() {
    if mistake != nil || isList { return }
    let value = JSONValue.object(members)
    if value["fingerprint"] != nil {
      findings.append(value)
    } else {
      mistake = "this is no report of dirsync-lint; write one with --format json or ndjson"
    }
  }

  func beginObject(line: Int) { begin { $0.beginObject(line: line) } }
  func beginArray() {
    if builder == nil, depth == 1, name == "findings" {
      isList = true
      isInFindings = true
      depth = 2
      return
    }
    begin { $0.beginArray() }
  }
  func endObject() { end { $0.endObject() } }
  func endArray() { end { $0.endArray() } }
  func key(_ name: String) { if let builder { builder.key(name) } else { self.name = name } }
  func string(_ text: String) { take(.string(text)) { $0.string(text) } }
  func number(_ text: String) { take(.number(text)) { $0.number(text) } }
  func boolean(_ value: Bool) { take(.boolean(value)) { $0.boolean(value) } }
  func null() { take(.null) { $0.null() } }

  private func begin(_ event: (JSONValueBuilder) -> Void) {
    if builder == nil {
      guard depth > 0 else {
        depth = 1
        return
      }
      builder = JSONValueBuilder()
    }
    open += 1
    if let builder { event(builder) }
  }

  private func end(_ event: (JSONValueBuilder) -> Void) {
    guard let builder else {
      depth -= 1
      isInFindings = false
      return
    }
    event(builder)
    open -= 1
    guard open == 0 else { return }
    self.builder = nil
    if let value = builder.value {
      add(value)
    } else {
      mistake = "a value is larger than \(JSONValueBuilder.maximumSize >> 20) MiB"
    }
  }

  private func take(_ value: JSONValue, _ event: (JSONValueBuilder) -> Void) {
    if let builder { event(builder) } else { add(value) }
  }

  private func add(_ value: JSONValue) {
    if isInFindings {
      findings.append(value)
      return
    }
    guard depth > 0 else {
      mistake = "this is no report of dirsync-lint; write one with --format json or ndjson"
      return
    }
    guard members.count < Self.maximumMembers else {
      mistake = "an object has more than \(Self.maximumMembers) members"
      return
    }
    members.append(JSONValue.Member(name: name, value: value))
    if name == "coverage", case .boolean(let complete)? = value["complete"] { isComplete = complete }
  }
}
