import Directory
import Entries
import Findings
import IdFix
import Reporting
import Resolving
import RuleEngine
import RuleSet
import SyncErrors

/// `resolve`: error material to objects, values, explanations.
public struct ResolveJob: Job {
  /// The forms of answers.
  public enum Format: String, CaseIterable, Sendable {
    case text, json
    /// One error a line.
    case ndjson
  }

  /// Error material: files, or `-`; standard input when empty.
  public var inputs: [String] = []
  /// Where objects are looked up.
  public var sources: [String] = []
  /// The name of how the characters of the sources are written; nil: they show it themselves.
  public var encoding: String?
  /// Connector-space exports that tell which objects ids belong to.
  public var connectorSpaces: [String] = []
  /// The form of answers.
  public var format = Format.text
  /// Whether the text has all values and whole messages.
  public var isVerbose = false
  /// Which rules explain what is wrong with an object.
  public var rules = RuleChoice()
  /// Domains and letters.
  public var domains = DomainChoice()
  /// Servers and how they are read.
  public var servers = ServerOptions()
  /// The program that reads Windows event logs in a process of its own, with its arguments; nil: they are not read.
  public var eventLogProgram: (path: String, arguments: [String])?

  /// A job that reads standard input and looks nowhere.
  public init() {}

  /// Looks at the options without doing anything.
  ///
  /// - Throws: `UsageError` when they do not go together.
  public func validate() throws(UsageError) {
    if looksUp {
      try SourceOptions.validate(sources, servers)
      let standardInputs = (inputs.isEmpty ? ["-"] : inputs) + sources + connectorSpaces
      guard standardInputs.filter({ $0 == "-" }).count <= 1 else {
        throw UsageError("standard input (-) can be read only once; name a file for the errors or for --in")
      }
    }
  }

  /// Whether there is a directory to look objects up in.
  private var looksUp: Bool {
    !sources.isEmpty || !servers.servers.isEmpty || connectorSpaces.isEmpty && servers.defaultServers != nil
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) {
    for input in inputs.isEmpty ? ["-"] : inputs { files.reads(input, "the material") }
    files.name(sources, servers)
    for path in connectorSpaces { files.reads(path, "--connector-space") }
    files.name(rules)
    files.name(domains)
    files.writesStandardOutput()
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome { try run(context, with: knowledge()) }

  /// What errors are recognised and entries are judged by, which may serve any number of runs.
  struct Knowledge: Sendable {
    fileprivate let catalogue: SyncErrorCatalogue
    fileprivate let selection: RuleSelection
    fileprivate let findings: EntryFindings
  }

  /// Reads the rules that the options name.
  func knowledge() throws -> Knowledge {
    let options = try domains.programOptions()
    let selection = try rules.selection(try rules.neededCatalogue(), hasVerifiedDomains: options.verifiedDomains != nil)
    return Knowledge(
      catalogue: try SyncErrorCatalogue.load(.all, directories: rules.directories), selection: selection,
      findings: try EntryFindings(selection.rules, options: options))
  }

  /// Does the work.
  func run(_ context: JobContext, with knowledge: Knowledge) throws -> Outcome {
    let catalogue = knowledge.catalogue
    var resolver = ErrorResolver(knowledge.findings) { error in
      catalogue.definition(error.id).map { KnownError($0, of: error) }
    }
    let directory = looksUp ? try SourceOptions.sources(sources, servers, encoding: encoding) : []
    let exports = connectorSpaces.map(SourcePlace.init(argument:))

    let material = try ErrorMaterial(reader(catalogue), context).read(inputs, into: &resolver)
    context.cancellation.begin()
    let report = ResolveReport(
      format: format, isVerbose: isVerbose, run: RunDescription(knowledge.selection, sources: sources, in: context),
      inputs: inputs, connectorSpaces: connectorSpaces, context)
    let outcome = try resolver.run(
      .init(directory: directory, connectorSpaces: exports), observer: context.observer
    ) { try report.receive($0) }
    context.events(.endOfProgress)
    try report.finish(outcome)
    for failure in outcome.unavailable { context.events(.failure("\(failure)")) }
    return Outcome(
      status(outcome, material, sourceCount: directory.count, errorCount: resolver.count, context),
      reasons: reasons(outcome, material))
  }

  private func reader(_ catalogue: SyncErrorCatalogue) -> SyncErrorReader {
    var reader = SyncErrorReader(catalogue)
    reader.eventLogProgram = eventLogProgram.map { .init(path: $0.path, arguments: $0.arguments) }
    return reader
  }

  private func reasons(_ outcome: ErrorResolver.Outcome, _ material: ErrorMaterial.Result) -> [String] {
    func counted(_ number: Int, _ word: String, _ what: String) -> [String] {
      number == 0 ? [] : ["\(number) \(number == 1 ? word : word + "s") \(what)"]
    }
    return counted(material.problems, "problem", "in the error material")
      + (material.leftOut == 0
        ? []
        : [
          "\(material.leftOut) \(material.leftOut == 1 ? "error was" : "errors were") left out: "
            + "so many different ones are more than can be held; give the material in parts"
        ])
      + counted(outcome.reading.recordsLost, "record", "could not be read") + outcome.reading.gaps
  }

  private func status(
    _ outcome: ErrorResolver.Outcome, _ material: ErrorMaterial.Result, sourceCount: Int, errorCount: Int,
    _ context: JobContext
  ) -> ExitStatus {
    if outcome.reading.isInterrupted { return .interrupted }
    if material.isUnavailable || sourceCount > 0 && outcome.unavailable.count == sourceCount { return .unavailable }
    if !material.isComplete || !outcome.reading.isComplete { return .partial }
    if errorCount == 0 {
      context.events(.message("no error of synchronization was found in the input"))
      for part in material.setAside {
        context.events(.message("\(part.location): \(part.what) was read and tells of none"))
      }
      return .findings
    }
    // Where nothing is looked up, an error that is explained is all that is asked for.
    let isAnswered = outcome.unknown == 0 && (outcome.open == 0 || !looksUp && connectorSpaces.isEmpty)
    return isAnswered ? .clean : .findings
  }
}

/// The material that errors are read from.
private struct ErrorMaterial {
  struct Result {
    var isComplete = true
    var isUnavailable = false
    /// Number of parts that could not be read.
    var problems = 0
    /// Number of errors that were too many.
    var leftOut = 0
    /// What was read and told of no error.
    var setAside: [SyncErrorSummary.SetAside] = []
  }

  private let reader: SyncErrorReader
  private let context: JobContext

  init(_ reader: SyncErrorReader, _ context: JobContext) {
    self.reader = reader
    self.context = context
  }

  /// Reads files, `-` and nothing standing for standard input, and hands the errors over.
  func read(_ inputs: [String], into resolver: inout ErrorResolver) throws -> Result {
    var result = Result()
    var failures = 0
    let collector = Collector(resolver)
    let inputs = inputs.isEmpty ? ["-"] : inputs
    for input in inputs {
      do throws(SourceFailure) {
        let summary = try reader.read(input == "-" ? .standardInput : .file(input)) { item in
          switch item {
          case .error(let error): collector.resolver.add(error)
          case .problem(let problem):
            collector.problems += 1
            context.events(.problem(problem.description))
          }
        }
        result.setAside += summary.setAside
      } catch {
        context.events(.failure("\(error)"))
        if error.isUnavailable { failures += 1 } else { result.isComplete = false }
      }
    }
    resolver = collector.resolver
    result.problems = collector.problems
    result.leftOut = resolver.leftOut
    if collector.problems > 0 || result.leftOut > 0 { result.isComplete = false }
    if failures == inputs.count { result.isUnavailable = true } else if failures > 0 { result.isComplete = false }
    return result
  }

  /// What the errors are collected in while they are read.
  private final class Collector {
    var resolver: ErrorResolver
    var problems = 0
    init(_ resolver: ErrorResolver) { self.resolver = resolver }
  }
}

/// Writes answers to standard output.
private final class ResolveReport {
  private let context: JobContext
  private let format: ResolveJob.Format
  private var text: ResolutionText
  private var json = ResolutionJSON()
  private var count = 0

  init(
    format: ResolveJob.Format, isVerbose: Bool, run: RunDescription, inputs: [String], connectorSpaces: [String],
    _ context: JobContext
  ) {
    self.format = format
    self.context = context
    text = ResolutionText(
      usesColour: context.usesColour, isVerbose: isVerbose, width: context.output.columns ?? 100)
    if format == .json { json.begin(run, inputs: inputs.isEmpty ? ["-"] : inputs, connectorSpaces: connectorSpaces) }
  }

  func receive(_ answer: ResolvedError) throws {
    switch format {
    case .text: text.append(answer)
    case .json, .ndjson:
      if format == .json, count > 0 { json.bytes += Array(",\n".utf8) }
      json.append(answer)
      if format == .ndjson { json.bytes.append(10) }
    }
    count += 1
    try write()
  }

  func finish(_ outcome: ErrorResolver.Outcome) throws {
    let reading = outcome.reading
    let summary = ResolutionSummary(
      resolved: outcome.counts[.resolved] ?? 0, ambiguous: outcome.counts[.ambiguous] ?? 0,
      unresolved: outcome.counts[.unresolved] ?? 0, entriesRead: reading.entriesRead,
      recordsLost: reading.recordsLost,
      gaps: reading.gaps,
      isInterrupted: reading.isInterrupted)
    switch format {
    case .text: text.finish(summary)
    case .json: json.finish(summary)
    case .ndjson: break
    }
    try write()
    try context.flush()
  }

  private func write() throws {
    try context.write(text.bytes)
    try context.write(json.bytes)
    text.bytes.removeAll(keepingCapacity: true)
    json.bytes.removeAll(keepingCapacity: true)
  }
}
