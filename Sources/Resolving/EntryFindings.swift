import DirectoryModel
import Findings
import LDIF
import RuleEngine
import RuleSet

/// Judges the entries that were found by the rules.
///
/// Rules that compare entries with each other are left out: only some of the directory's entries are at hand, and a group
/// of holders with some of them missing would be worse than none. The look-up of conflicting values finds them all.
public struct EntryFindings: Sendable {
  private let program: RuleProgram
  /// Names of the attributes that some rule judges, in lower case.
  let judgedAttributes: Set<String>

  /// - Parameters:
  ///   - rules: the active rules.
  ///   - options: what the command line adds; entries out of scope are judged, too, because they have an error.
  public init(_ rules: [RuleSelection.ActiveRule], options: RuleProgram.Options) throws(PatternFailure) {
    var options = options
    options.includesOutOfScope = true
    let ofEntries = rules.filter { if case .unique = $0.rule.check { false } else { true } }
    judgedAttributes = Set(ofEntries.flatMap { $0.rule.attributes.map { $0.lowercased() } })
    program = try RuleProgram(rules: ofEntries, scope: nil, options: options)
  }

  /// The findings of entries by their number.
  ///
  /// - Parameter numbers: which entries; those without text have no findings.
  func findings(of found: FoundEntries, _ numbers: [Int]) throws -> [Int: [Finding]] {
    var result: [Int: [Finding]] = [:]
    var index = 0
    while index < numbers.count {
      var text: [UInt8] = []
      var starts: [(line: Int, entry: Int)] = []
      var lines = 0
      while index < numbers.count, text.count < 1 << 20 {
        let own = try found.text(of: numbers[index])
        starts.append((lines, numbers[index]))
        lines += own.count { $0 == 10 }
        text += own
        index += 1
      }
      for finding in try judge(text) { add(finding, starts, found, to: &result) }
    }
    return result
  }

  private func judge(_ text: [UInt8]) throws -> [Finding] {
    var run = LintRun(program, seed: 0)
    var judge = BatchJudge(program, seed: 0)
    let memory = BatchInMemory(text, attributes: program.attributes)
    try run.add(judge.judge(memory.batch, source: ""), lineBase: 0)
    var findings: [Finding] = []
    try run.finish(memory) { findings.append($0) }
    return findings
  }

  /// Puts a finding to its entry, with the place in the source in place of that in the text put together here.
  private func add(
    _ finding: Finding, _ starts: [(line: Int, entry: Int)], _ found: FoundEntries, to result: inout [Int: [Finding]]
  ) {
    guard let line = finding.location.line.map({ $0 - 1 }) else { return }
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle].line <= line { low = middle } else { high = middle }
    }
    let entry = starts[low].entry
    let place = found.entries[entry].location
    var finding = finding
    finding.location.source = place.source
    finding.location.line = place.line.map { $0 + line - starts[low].line }
    if place.line == nil { finding.location.column = nil }
    // Related places are of the same entry here.
    for index in finding.related.indices {
      let own = finding.related[index].location.line.map { $0 - 1 - starts[low].line }
      finding.related[index].location.source = place.source
      finding.related[index].location.line = place.line.flatMap { line in own.map { line + $0 } }
    }
    result[entry, default: []].append(finding)
  }
}

/// A short text that stays in memory.
struct BatchInMemory: EntryRevisiting {
  let batch: EntryBatch

  init(_ text: [UInt8], attributes: [String] = []) {
    var parser = LDIFParser(attributes: AttributeTable(attributes))
    var batch = EntryBatch(attributes: parser.attributes)
    var block = LDIFBlock(text: text)
    parser.parse(&block, into: &batch)
    self.batch = batch
  }

  func revisit(_ entries: [UInt32], _ body: (UInt32, EntryBatch, Int, String) throws -> Void) throws {
    for number in entries { try body(number, batch, Int(number), "") }
  }
}

/// Reads values of entries that were put aside; one parser serves all, so that it learns their names once.
struct EntryReader {
  private var parser = LDIFParser()
  private var batch = EntryBatch(attributes: AttributeTable())
  private var block = LDIFBlock()

  /// The values of attributes of an entry, ignoring options.
  mutating func values(of names: [String], in text: [UInt8]) -> [NamedValues] {
    var text = text
    block.fill(&text, textOffset: 0)
    parser.parse(&block, into: &batch)
    return names.map { name in
      guard let entry = batch.entries.first, let id = batch.attributes.id(of: name) else {
        return NamedValues(name: name, values: [])
      }
      let own = batch.values[entry.values].filter { batch.attributes.type(of: $0.attribute) == id }
      return NamedValues(name: name, values: own.map { AttributeValue(Array(batch.bytes[$0.range])) })
    }
  }
}
