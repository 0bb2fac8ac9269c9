import Bytes
import Directory
import Findings
import Reporting
import RuleEngine
import IdFix
import RuleSet
import SyncErrors

/// `rules list`: the rules of a rule set, or the attributes that they need.
public struct RuleListJob: Job {
  /// Which rules.
  public var rules: RuleChoice
  /// Whether every rule is listed, whatever set it is in.
  public var listsAll: Bool
  /// Whether the attributes that the rules need are listed instead.
  public var listsAttributes: Bool
  /// The program whose whole command is wanted, instead of the attributes alone.
  public var exporter: ExportProgram?
  /// text or json.
  public var format: ListFormat

  /// A job; see the properties.
  public init(
    _ rules: RuleChoice = RuleChoice(), all listsAll: Bool = false, attributes listsAttributes: Bool = false,
    exporter: ExportProgram? = nil, format: ListFormat = .text
  ) {
    self.exporter = exporter
    self.rules = rules
    self.listsAll = listsAll
    self.listsAttributes = listsAttributes
    self.format = format
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) {
    files.name(rules)
    files.writesStandardOutput()
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    let catalogue = try rules.catalogue()
    let listed = try active(catalogue)
    if listsAttributes {
      // Runs with a memory tell by whenChanged how old an export is.
      let names = Self.unique(listed.attributes + ["whenChanged"])
      if let exporter {
        try context.print(exporter.command(names))
      } else {
        try context.print(names.joined(separator: format == .json ? "\n" : " "))
      }
      return Outcome(.clean)
    }
    try context.print(format == .json ? json(listed.rules) : text(listed.rules))
    return Outcome(.clean)
  }

  /// Rules with and without verified domains: both are part of the set.
  private func active(
    _ catalogue: RuleCatalogue
  ) throws -> (rules: [RuleSelection.ActiveRule], attributes: [String]) {
    if listsAll {
      let every = catalogue.rules.map { RuleSelection.ActiveRule(rule: $0, severity: $0.severity) }
      return (every, Self.unique(every.flatMap(\.rule.neededAttributes)))
    }
    let without = try rules.selection(catalogue, hasVerifiedDomains: false, subject: nil)
    let with = try rules.selection(catalogue, hasVerifiedDomains: true, subject: nil)
    let known = Set(without.rules.map(\.rule.id))
    return (
      without.rules + with.rules.filter { !known.contains($0.rule.id) },
      Self.unique(without.neededAttributes + with.neededAttributes + ["objectGUID", "cn"])
    )
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0.lowercased()).inserted }
  }

  private func text(_ rules: [RuleSelection.ActiveRule]) -> String {
    let width = rules.map(\.rule.id.count).max() ?? 0
    return rules.map { active in
      let id = active.rule.id.padded(to: width)
      return "\(id)  \(active.severity.rawValue.padded(to: 7))  \(active.rule.title)"
    }.joined(separator: "\n")
  }

  private func json(_ rules: [RuleSelection.ActiveRule]) -> String {
    var bytes: [UInt8] = []
    bytes.append(literal: "[")
    for (index, active) in rules.enumerated() {
      if index > 0 { bytes.append(literal: ",\n") }
      append(active, to: &bytes)
    }
    bytes.append(literal: "]")
    return String(decoding: bytes, as: UTF8.self)
  }

  private func append(_ active: RuleSelection.ActiveRule, to bytes: inout [UInt8]) {
    let rule = active.rule
    bytes.appendObject {
      $0.appendMember("id", rule.id)
      $0.appendMember("title", rule.title)
      $0.appendMember("status", rule.status.rawValue)
      $0.appendMember("severity", active.severity.rawValue)
      $0.appendMember("effect", rule.effect.rawValue)
      $0.appendMember("certainty", rule.certainty.rawValue)
      if !rule.attributes.isEmpty { $0.appendMember("attributes", rule.attributes.joined(separator: " ")) }
      $0.appendMember("requires", ifThere: rule.requirement?.rawValue)
      $0.appendMember("source", rule.location.source)
    }
  }
}

/// `rules show`: a rule as Markdown.
public struct RuleShowJob: Job {
  /// Where rules are looked for.
  public var rules: RuleChoice
  /// Id of the rule.
  public var id: String

  /// A job; see the properties.
  public init(_ id: String, rules: RuleChoice = RuleChoice()) {
    self.id = id
    self.rules = rules
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) {
    files.name(rules)
    files.writesStandardOutput()
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    let catalogue = try rules.catalogue()
    let rule = try catalogue.rule(named: id, option: "rules show")
    try context.print(RuleDocumentation.markdown(for: rule, in: catalogue))
    return Outcome(.clean)
  }
}

/// `rules test`: runs the examples of rules.
public struct RuleTestJob: Job {
  /// Directories with rules; the shipped ones when empty.
  public var directories: [String]

  /// A job; see the property.
  public init(directories: [String] = []) { self.directories = directories }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) {
    for folder in directories { files.reads(folder, "--rules") }
    files.writesStandardOutput()
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    let catalogue = try RuleCatalogue.load(.all, directories: directories)
    let shipped = Set(RuleCatalogue.shippedFiles.map(\.path))
    let tested = catalogue.rules.filter { directories.isEmpty || !shipped.contains($0.location.source) }
    let examples = try RuleExamples()
    var failed = 0
    for rule in tested {
      let failures = try examples.failures(of: rule)
      if !failures.isEmpty { failed += 1 }
      for failure in failures {
        context.events(.line("\(failure.location): error: \(rule.id): \(failure.message)"))
      }
    }
    let count = tested.reduce(0) { $0 + $1.examples.valid.count + $1.examples.invalid.count }
    let errors = try testSyncErrors(context)
    if !tested.isEmpty || errors.tested == 0 {
      try context.print(
        "\(tested.count) rules, \(count) examples: \(failed == 0 ? "all hold" : "\(failed) rules fail")")
    }
    if errors.tested > 0 {
      let outcome = errors.failed == 0 ? "all hold" : "\(errors.failed) sync errors fail"
      try context.print("\(errors.tested) sync errors, \(errors.examples) examples: \(outcome)")
    }
    return Outcome(failed == 0 && errors.failed == 0 ? .clean : .findings)
  }

  /// The examples of the definitions of sync errors, read with all definitions there are.
  private func testSyncErrors(_ context: JobContext) throws -> (tested: Int, examples: Int, failed: Int) {
    let catalogue = try SyncErrorCatalogue.load(.all, directories: directories)
    let shipped = Set(SyncErrorCatalogue.shippedFiles.map(\.path))
    let tested = catalogue.definitions.filter { directories.isEmpty || !shipped.contains($0.location.source) }
    let examples = SyncErrorExamples(catalogue)
    var failed = 0
    for definition in tested {
      let failures = examples.failures(of: definition)
      if !failures.isEmpty { failed += 1 }
      for failure in failures {
        context.events(.line("\(failure.location): error: \(definition.id): \(failure.message)"))
      }
    }
    return (tested.count, tested.reduce(0) { $0 + $1.examples.count }, failed)
  }
}

/// `rules docs`: the documentation of all rules as Markdown.
public struct RuleDocumentationJob: Job {
  /// What is documented.
  public enum Subject: Sendable {
    case rules
    /// The known errors of synchronization.
    case syncErrors
    /// The formats of reports, as a table.
    case formats
    /// The JSON Schema of a kind of file.
    ///
    /// - Parameter options: the options of the command line, and whether each takes a value.
    case schema(DocumentSchema, options: [String: Bool])
  }

  /// What is documented.
  public var subject: Subject
  /// Where rules are looked for.
  public var rules: RuleChoice

  /// A job; see the properties.
  public init(_ subject: Subject = .rules, rules: RuleChoice = RuleChoice()) {
    self.subject = subject
    self.rules = rules
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) {
    files.name(rules)
    files.writesStandardOutput()
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    switch subject {
    case .rules: try context.print(RuleDocumentation.markdown(for: try rules.catalogue()))
    case .syncErrors:
      let catalogue = try SyncErrorCatalogue.load(.all, directories: rules.directories)
      try context.print(SyncErrorDocumentation.markdown(for: catalogue))
    case .formats: try context.print(ReportFormat.table)
    case .schema(let schema, let options): try context.print(schema.json(checks: .all, options: options))
    }
    return Outcome(.clean)
  }
}

/// `explain`: one rule or error, for reading in a terminal.
public struct ExplainJob: Job {
  /// Where rules are looked for.
  public var rules: RuleChoice
  /// Id of a rule or of an error; of an error also its name, a code, the number of an event, or words from its text.
  public var query: String

  /// A job; see the properties.
  public init(_ query: String, rules: RuleChoice = RuleChoice()) {
    self.query = query
    self.rules = rules
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) {
    files.name(rules)
    files.writesStandardOutput()
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    let catalogue = try rules.catalogue()
    if let known = catalogue.rule(query) {
      try context.print(RuleDocumentation.text(for: known, in: catalogue))
      return Outcome(.clean)
    }
    let errors = try SyncErrorCatalogue.load(.all, directories: rules.directories)
    let found = errors.find(query)
    if let definition = found.first, found.count == 1 {
      try context.print(SyncErrorDocumentation.text(for: definition))
      return Outcome(.clean)
    }
    if !found.isEmpty {
      let width = found.map(\.id.count).max() ?? 0
      try context.print(found.map { "\($0.id.padded(to: width))  \($0.title)" }.joined(separator: "\n") + "\n")
      return Outcome(.clean)
    }
    let hint = errors.nearest(to: query, or: catalogue.rules.map(\.id)).map { "did you mean `\($0)`?" }
    throw RuleProblem(
      location: SourceLocation(source: "explain"),
      message: "there is no rule and no sync error `\(query)`; \(hint ?? "`rules list` shows all rules")")
  }
}

extension String {
  /// The text with spaces behind it up to a number of characters.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
