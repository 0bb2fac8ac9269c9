import Bytes
import Directory
import Findings
import Entries
import RuleSet

/// Runs the examples of a rule: they are its tests.
public struct RuleExamples {
  /// An example that does not hold.
  public struct Failure: Sendable {
    /// Where the example stands in its rule file.
    public var location: SourceLocation
    /// What does not hold, in one sentence.
    public var message: String
  }

  private let options: RuleProgram.Options

  /// Examples are judged with `contoso.com` and `fabrikam.com` as verified domains where a rule needs some.
  public init() throws(RuleProblem) {
    var domains = VerifiedDomains()
    try domains.add("contoso.com")
    try domains.add("fabrikam.com")
    var options = RuleProgram.Options(
      topLevelDomains: .shipped, verifiedDomains: domains, transliteration: .language(.latin))
    // An example is the whole of an entry: what it does not have is not there.
    options.exported = .all
    self.options = options
  }

  /// Every example of `rule` that does not hold; only the rule itself is active.
  ///
  /// - Throws: `PatternFailure` when the rule's pattern cannot be compiled, or `SpoolFailure`.
  public func failures(of rule: Rule) throws -> [Failure] {
    let active = RuleSelection.ActiveRule(rule: rule, severity: rule.severity)
    let program = try RuleProgram(rules: [active], scope: nil, options: options)
    var failures: [Failure] = []
    for example in rule.examples.valid {
      let text = MarkedText(example, rule)
      for finding in try lint(text, program) {
        failures.append(
          Failure(location: example.location, message: "a valid example has a finding: \(finding.message)"))
      }
      failures += unread(text, example)
    }
    for example in rule.examples.invalid { failures += try self.failures(of: example, rule, program) }
    return failures
  }

  private func failures(of example: Example, _ rule: Rule, _ program: RuleProgram) throws -> [Failure] {
    let text = MarkedText(example, rule)
    let findings = try lint(text, program)
    var messages: [String] = []
    if findings.isEmpty { messages.append("an invalid example has no finding") }
    let found = Set(findings.flatMap(MarkedText.marks))
    if !text.acceptsAnyMark, !findings.isEmpty, found != text.marks {
      messages.append("flagged are \(text.show(found)), but marked are \(text.show(text.marks))")
    }
    messages += findings.compactMap { Self.mismatch($0, example.expected) }
    if case .value(_, let attribute, _, _) = example.input {
      for case .replace(let value) in findings.map({ Remedy($0) }) {
        let mended = MarkedText(example, rule, value: value, attribute: attribute)
        if try !lint(mended, program).isEmpty {
          messages.append("the suggested value has a finding of the same rule")
        }
      }
    }
    return unread(text, example) + messages.map { Failure(location: example.location, message: $0) }
  }

  private enum Remedy {
    case none
    case replace([UInt8])

    init(_ finding: Finding) {
      if let suggestion = finding.suggestion, suggestion.action == .replace, let value = suggestion.value {
        self = .replace(value.bytes)
      } else {
        self = .none
      }
    }
  }

  private static func mismatch(_ finding: Finding, _ expected: Example.ExpectedSuggestion) -> String? {
    switch (expected, finding.suggestion) {
    case (.none, nil): return nil
    case (.remove, let suggestion?) where suggestion.action == .remove: return nil
    case (.value(let text), let suggestion?) where suggestion.value == AttributeValue(text): return nil
    case (_, let suggestion):
      let made = suggestion.map { "\($0.action.rawValue) \($0.value?.text ?? "")" } ?? "none"
      return "the suggestion is \(made), which is not what the example says"
    }
  }

  private func unread(_ text: MarkedText, _ example: Example) -> [Failure] {
    text.problems.map { problem in
      Failure(
        location: example.location, message: "line \(problem.line + 1) of the example is no LDIF: \(problem.message)")
    }
  }

  private func lint(_ text: MarkedText, _ program: RuleProgram) throws -> [Finding] {
    var run = LintRun(program, seed: 0)
    var judge = BatchJudge(program, seed: 0)
    let memory = TextInMemory(text.bytes, attributes: program.attributes)
    try run.add(judge.judge(memory.batch, source: "example"), lineBase: 0)
    var findings: [Finding] = []
    try run.finish(memory) { findings.append($0) }
    return findings
  }
}

/// A short text that stays in memory.
struct TextInMemory: EntryRevisiting {
  let batch: EntryBatch

  init(_ text: [UInt8], attributes: [String]) {
    var reader = BatchReader(source: "example", hasLines: true, .all(numbering: attributes))
    batch = reader.read(text)
  }

  func revisit(_ entries: [UInt32], _ body: (UInt32, EntryBatch, Int, String) throws -> Void) throws {
    for number in entries { try body(number, batch, Int(number), "example") }
  }
}

/// An example as LDIF text, and where its marks were.
private struct MarkedText {
  /// A flagged place: a line of the text, counted from 1, and an offset in the value in characters.
  struct Mark: Hashable {
    var line: Int
    var offset: Int
  }

  static let marker: Unicode.Scalar = "\u{2193}"
  private(set) var bytes: [UInt8] = []
  private(set) var marks: Set<Mark> = []
  /// Whether the example does not say where.
  private(set) var acceptsAnyMark = false

  init(_ example: Example, _ rule: Rule) {
    switch example.input {
    case .value(let value, let attribute, let with, let flagged):
      write(value: value, attribute: attribute, with: with, rule)
      guard let flagged else {
        acceptsAnyMark = true
        return
      }
      let line = bytes.count { $0 == 10 }
      marks = Set(Self.strip(flagged).offsets.map { Mark(line: line, offset: $0) })
    case .ldif(let text):
      write(records: text)
    }
  }

  /// Writes records. A comment `# repeat N` writes the line after it N times, with `{n}` counting from 1, so that
  /// an example of a limit need not spell out thousands of values.
  private mutating func write(records text: String) {
    var number = 0
    var times = 1
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let (plain, offsets) = Self.strip(String(line))
      let start = Self.valueOffset(plain)
      let pieces = times > 1 ? plain.split(separator: "{n}", omittingEmptySubsequences: false) : [plain[...]]
      let texts = pieces.map { Array($0.utf8) }
      for copy in 1...times {
        number += 1
        for offset in offsets { marks.insert(Mark(line: number, offset: max(0, offset - start))) }
        bytes += texts[0]
        for text in texts.dropFirst() { bytes += Array(String(copy).utf8) + text }
        bytes.append(10)
      }
      times = Self.repetitions(plain) ?? 1
    }
  }

  /// N of a comment `# repeat N`.
  private static func repetitions(_ line: String) -> Int? {
    let introduction = "# repeat "
    guard line.hasPrefix(introduction), let times = Int(line.dropFirst(introduction.count)) else { return nil }
    return times > 0 && times <= 1_000_000 ? times : nil
  }

  /// The example with another value in the place of its own.
  init(_ example: Example, _ rule: Rule, value: [UInt8], attribute: String?) {
    guard case .value(_, _, let with, _) = example.input else { return }
    write(value: value, attribute: attribute, with: with, rule)
  }

  private mutating func write(
    value: [UInt8], attribute: String?, with: [(name: String, values: [String])], _ rule: Rule
  ) {
    func line(_ name: String, _ value: [UInt8]) -> [UInt8] {
      Array("\(name):: \(Base64Text.encode(value))\n".utf8)
    }
    bytes = Array("dn: CN=Example,DC=contoso,DC=com\n".utf8)
    let given = Set(with.map { $0.name.lowercased() })
    if !given.contains("objectclass") {
      let objectClass = rule.objectClasses.first { $0 != "any" } ?? "user"
      bytes += Array("objectClass: top\nobjectClass: \(objectClass)\n".utf8)
    }
    let name = attribute ?? rule.attributes.first ?? ""
    if !given.contains("cn"), name.lowercased() != "cn" { bytes += Array("cn: Example\n".utf8) }
    for (name, values) in with {
      for value in values { bytes += line(name, Array(value.utf8)) }
    }
    bytes += line(name, value)
  }

  var problems: [PlacedProblem] { TextInMemory(bytes, attributes: []).batch.problems }

  /// The places that a finding flags.
  static func marks(of finding: Finding) -> [Mark] {
    let line = finding.location.line ?? 0
    let own =
      finding.spans.isEmpty ? [Mark(line: line, offset: 0)] : finding.spans.map { Mark(line: line, offset: $0.offset) }
    return own + finding.related.map { Mark(line: $0.location.line ?? 0, offset: 0) }
  }

  func show(_ marks: Set<Mark>) -> String {
    let places = marks.sorted { ($0.line, $0.offset) < ($1.line, $1.offset) }.map {
      "line \($0.line) offset \($0.offset)"
    }
    return places.isEmpty ? "none" : places.joined(separator: ", ")
  }

  private static func strip(_ text: String) -> (plain: String, offsets: [Int]) {
    var plain = String.UnicodeScalarView()
    var offsets: [Int] = []
    for scalar in text.unicodeScalars {
      if scalar == marker { offsets.append(plain.count) } else { plain.append(scalar) }
    }
    return (String(plain), offsets)
  }

  /// Number of characters before the value in a line of LDIF.
  private static func valueOffset(_ line: String) -> Int {
    guard let colon = line.unicodeScalars.firstIndex(of: ":") else { return 0 }
    var index = line.unicodeScalars.index(after: colon)
    while index < line.unicodeScalars.endIndex, line.unicodeScalars[index] == ":" || line.unicodeScalars[index] == " " {
      index = line.unicodeScalars.index(after: index)
    }
    return line.unicodeScalars.distance(from: line.unicodeScalars.startIndex, to: index)
  }
}
