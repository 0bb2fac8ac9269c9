import Bytes
import IdFix
import Directory
import Findings
import Foundation
import Entries
import RuleSet
import Testing

@testable import RuleEngine

/// Rules written as few words of YAML, loaded like any rule file.
struct SampleRule {
  var id = "sample"
  var attributes = "mail"
  var appliesTo: String?
  var when: String?
  var requires: String?
  var check: String
  var suggestion: String?
  var message = "found"

  init(
    _ check: String, id: String = "sample", on attributes: String = "mail", appliesTo: String? = nil,
    when: String? = nil, requires: String? = nil, suggestion: String? = nil, message: String = "found"
  ) {
    self.requires = requires
    self.id = id
    self.attributes = attributes
    self.appliesTo = appliesTo
    self.when = when
    self.check = check
    self.suggestion = suggestion
    self.message = message
  }

  private var text: String {
    var lines = [
      "id: \(id)", "title: Sample", "status: stable", "severity: error", "effect: blocked", "certainty: documented",
      "attributes: [\(attributes)]", "check: { \(check) }", "message: \"\(message)\"", "explanation: Sample",
      "references: [https://example.com/]", "examples: { valid: [a], invalid: [{ value: b }] }",
    ]
    if let appliesTo { lines.append("applies-to: { \(appliesTo) }") }
    if let when { lines.append("when: { \(when) }") }
    if let requires { lines.append("requires: \(requires)") }
    if let suggestion { lines.append("suggestion: { \(suggestion) }") }
    return lines.joined(separator: "\n") + "\n"
  }

  func load() throws -> Rule {
    let file = RuleDocument(path: "\(id).yaml", bytes: Array(text.utf8))
    return try #require(try RuleCatalogue.load(.all, embedded: [], files: [file]).rule(id))
  }
}

/// Records of a directory as LDIF, in memory; with small batches, so that merging is tested, too.
struct SampleDirectory: EntryRevisiting {
  private(set) var batches: [EntryBatch] = []

  /// - Parameter recordsPerBatch: records, set apart by blank lines, that one batch holds.
  init(_ ldif: String, attributes: [String], recordsPerBatch: Int = .max) {
    var reader = BatchReader(source: "sample", hasLines: true, .all(numbering: attributes))
    let records = ldif.components(separatedBy: "\n\n")
    var line = 0
    for start in stride(from: 0, to: records.count, by: max(1, min(recordsPerBatch, records.count))) {
      let part = records[start..<min(records.count, start + min(recordsPerBatch, records.count))]
      let text = part.joined(separator: "\n\n") + "\n\n"
      var batch = reader.read(Array(text.utf8))
      batch.lineBase = line
      line += text.utf8.count { $0 == 10 }
      batches.append(batch)
    }
  }

  func revisit(_ entries: [UInt32], _ body: (UInt32, EntryBatch, Int, String) throws -> Void) throws {
    var base = 0
    var next = 0
    for batch in batches {
      while next < entries.count, Int(entries[next]) < base + batch.entries.count {
        try body(entries[next], batch, Int(entries[next]) - base, "sample")
        next += 1
      }
      base += batch.entries.count
    }
  }
}

/// Rules run over a directory: what a whole run finds.
struct SampleRun {
  var findings: [Finding] = []
  var coverage = Coverage()

  static func options(
    verified: [String]? = nil, _ language: Transliteration.Language = .latin
  ) throws -> RuleProgram.Options {
    var domains: VerifiedDomains?
    if let verified {
      var list = VerifiedDomains()
      for name in verified { try list.add(name) }
      domains = list
    }
    var options = RuleProgram.Options(
      topLevelDomains: .shipped, verifiedDomains: domains, transliteration: .language(language))
    // The entries of tests are all that there is to know.
    options.exported = .all
    return options
  }

  init(
    _ ldif: String, _ rules: [Rule], scope: Scope? = nil, options: RuleProgram.Options? = nil, seed: UInt64 = 7,
    recordsPerBatch: Int = .max
  ) throws {
    let active = rules.map { RuleSelection.ActiveRule(rule: $0, severity: $0.severity) }
    let program = try RuleProgram(rules: active, scope: scope, options: options ?? Self.options())
    let directory = SampleDirectory(ldif, attributes: program.attributes, recordsPerBatch: recordsPerBatch)
    var run = LintRun(program, seed: seed)
    var judge = BatchJudge(program, seed: seed)
    for batch in directory.batches {
      #expect(batch.problems.isEmpty, "\(batch.problems)")
      // The judge counts lines from the start of a batch; the run adds what came before.
      var placed = batch
      placed.lineBase = 0
      try run.add(judge.judge(placed, source: "sample"), lineBase: batch.lineBase)
    }
    coverage = run.coverage
    try run.finish(directory) { findings.append($0) }
  }

  init(_ ldif: String, _ rules: [SampleRule], scope: Scope? = nil, options: RuleProgram.Options? = nil) throws {
    try self.init(ldif, rules.map { try $0.load() }, scope: scope, options: options)
  }

  /// `rule attribute marked-value`, one for each finding.
  var lines: [String] { findings.map { "\($0.rule) \($0.attribute) \($0.marked)" } }

  /// What each finding suggests: the new value, `remove`, or nil.
  var suggestions: [String?] { findings.map(\.suggested) }
}

/// One entry with values of any bytes.
struct SampleObject {
  var dn = "CN=Jo,DC=contoso,DC=com"
  var objectClass = "user"
  var values: [(name: String, value: [UInt8])] = []

  init(_ values: [(String, [UInt8])] = [], objectClass: String = "user") {
    self.values = values
    self.objectClass = objectClass
  }

  init(_ values: KeyValuePairs<String, String>, objectClass: String = "user") {
    self.init(values.map { ($0.key, Array($0.value.utf8)) }, objectClass: objectClass)
  }

  var ldif: String {
    var lines = ["dn: \(dn)", "objectClass: \(objectClass)"]
    for (name, value) in values { lines.append("\(name):: \(Data(value).base64EncodedString())") }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Finding {
  /// The value with `[ ]` around each flagged place; without any, `<value>`; `-` when no value is meant.
  var marked: String {
    guard let value else { return "-" }
    var scalars: [String] = []
    var index = 0
    while index < value.bytes.count {
      let (scalar, length) = ScalarReader.scalar(at: index, of: value.bytes.span)
      scalars.append(Unicode.Scalar(scalar).map { String($0) } ?? "?")
      index += length
    }
    guard !spans.isEmpty else { return "<\(scalars.joined())>" }
    var text = ""
    for position in 0...scalars.count {
      for span in spans where span.length > 0 && span.offset + span.length == position { text += "]" }
      for span in spans where span.offset == position { text += span.length == 0 ? "[]" : "[" }
      if position < scalars.count { text += scalars[position] }
    }
    // A span that leaves the value must show.
    for span in spans where span.offset + span.length > scalars.count { text += "!" }
    return text
  }

  var suggested: String? {
    guard let suggestion else { return nil }
    let value = suggestion.value.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
    return suggestion.action == .replace ? value : "\(suggestion.action.rawValue) \(value)".trimmed
  }
}

extension String {
  var trimmed: String { trimmingCharacters(in: .whitespaces) }
}

/// A repeatable source of numbers (SplitMix64).
struct SampleRandom: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  /// Some of the pieces, one after the other.
  mutating func text(of pieces: [[UInt8]], upTo count: Int) -> [UInt8] {
    (0..<below(count + 1)).flatMap { _ in pieces[below(pieces.count)] }
  }
}
