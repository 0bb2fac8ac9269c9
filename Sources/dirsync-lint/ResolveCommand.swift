import ArgumentParser
import Entries
import Directory
import Findings
import Glibc
import RuleEngine
import Reporting
import Resolving
import RuleSet
import SyncErrors

/// `resolve`: error material to objects, values, explanations.
struct ResolveCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Resolve errors of synchronization to directory objects.",
    discussion: """
      FILE is whatever tells of errors: pasted text, an event log (.evtx, XML, CSV, text), a mail, a run history, a \
      connector-space export, JSON of Graph; - or nothing is standard input. What it is is told by its content.

      The objects are looked up in the sources of --in: LDIF files, connector-space exports, LDAP URLs.

      Without sources the errors are explained.

      Exit status: 0 every error is known, and each that names an object found it; 1 one is unknown, ambiguous or \
      unresolved, or no error was found; 3 something was read only in part; 4 no source can be used, or the material is \
      no error material.
      """)

  @Option(
    name: .customLong("in"),
    help: ArgumentHelp("Where to look the objects up; repeatable. As SOURCE of lint.", valueName: "source"))
  var sources: [String] = []

  @Option(
    name: .customLong("connector-space"),
    help: ArgumentHelp(
      "Connector-space export (csexport) that tells which objects the ids of the synchronization engine and of the cloud "
        + "belong to; repeatable.", valueName: "file"))
  var connectorSpaces: [String] = []

  @Option(help: "text, json or ndjson (one error a line).")
  var format = "text"

  @OptionGroup(title: "Rules") var rules: RuleOptions
  @OptionGroup(title: "Domains and letters") var domains: DomainOptions
  @OptionGroup(title: "Servers") var ldap: LDAPOptions

  @Option(help: "Progress on standard error: auto, always, never.")
  var progress = "auto"

  @Flag(name: .shortAndLong, help: "No progress, and no problems on standard error.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "All values and whole messages in the text report.")
  var verbose = false

  @OptionGroup var configuration: ConfigurationOption

  @Argument(help: ArgumentHelp("Error material.", valueName: "file"))
  var inputs: [String] = []

  func validate() throws {
    guard ["text", "json", "ndjson"].contains(format) else {
      throw ValidationError("there is no format '\(format)' here; formats are text, json, ndjson")
    }
    if sources.isEmpty, !connectorSpaces.isEmpty, ldap.servers.isEmpty { return }
    if !looksUp { return }
    try SourceOptions.validate(sources, ldap)
    let standardInputs = (inputs.isEmpty ? ["-"] : inputs) + sources + connectorSpaces
    guard standardInputs.filter({ $0 == "-" }).count <= 1 else {
      throw ValidationError("standard input (-) can be read only once; name a file for the errors or for --in")
    }
  }

  /// Whether there is a directory to look objects up in.
  private var looksUp: Bool {
    !sources.isEmpty || !ldap.servers.isEmpty
      || connectorSpaces.isEmpty && LDAPOptions.environment("LDAPURI") != nil
  }

  func status() throws -> ExitStatus {
    let showsProgress = try OutputOptions.showsProgress(progress, isQuiet: quiet)
    let catalogue = try SyncErrorCatalogue.load(directories: rules.directories)
    let options = try domains.programOptions
    let selection = try rules.selection(try rules.neededCatalogue(), hasVerifiedDomains: options.verifiedDomains != nil)
    var resolver = ErrorResolver(try EntryFindings(selection.rules, options: options)) { error in
      catalogue.definition(error.id).map { KnownError($0, of: error) }
    }
    let directory = looksUp ? try SourceOptions.lookupSources(sources, ldap) : []
    let exports = connectorSpaces.map { LookupSource.stream(SourceOptions.source($0, selection: .objects)) }

    let material = try ErrorMaterial(catalogue, isQuiet: quiet).read(inputs, into: &resolver)
    Interruption.watch()
    let report = try ResolveReport(
      format: format, isVerbose: verbose, run: RunDescription(selection, sources: sources), inputs: inputs,
      connectorSpaces: connectorSpaces)
    let console = Console(showsProgress: showsProgress, isQuiet: quiet)
    let outcome: ErrorResolver.Outcome
    do {
      outcome = try resolver.run(
        .init(directory: directory, connectorSpaces: exports), observer: console.observer
      ) { try report.receive($0) }
      console.clear()
      try report.finish(outcome)
    } catch ReportError.closedPipe {
      return .clean
    }
    for failure in outcome.unavailable { StandardError.write("dirsync-lint: error: \(failure)") }
    // The other formats have them in their summary.
    if format == "ndjson" { for gap in outcome.reading.gaps { StandardError.write("dirsync-lint: \(gap)") } }
    return status(outcome, material, sourceCount: directory.count, errorCount: resolver.count)
  }

  private func status(
    _ outcome: ErrorResolver.Outcome, _ material: ErrorMaterial.Result, sourceCount: Int, errorCount: Int
  ) -> ExitStatus {
    if outcome.reading.isInterrupted { return .interrupted }
    if material.isUnavailable || sourceCount > 0 && outcome.unavailable.count == sourceCount { return .unavailable }
    if !material.isComplete || !outcome.reading.isComplete { return .partial }
    if errorCount == 0 {
      StandardError.write("dirsync-lint: no error of synchronization was found in the input")
      for part in material.setAside {
        StandardError.write("dirsync-lint: \(part.location): \(part.what) was read and tells of none")
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
    /// What was read and told of no error.
    var setAside: [SyncErrorSummary.SetAside] = []
  }

  private let reader: SyncErrorReader
  private let isQuiet: Bool

  init(_ catalogue: SyncErrorCatalogue, isQuiet: Bool) {
    var reader = SyncErrorReader(catalogue)
    reader.eventLogProgram = .init(path: "/proc/self/exe", arguments: ["event-log-records"])
    self.reader = reader
    self.isQuiet = isQuiet
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
            if !isQuiet { StandardError.write(problem.description) }
          }
        }
        result.setAside += summary.setAside
      } catch {
        StandardError.write("dirsync-lint: error: \(error)")
        if error.isUnavailable { failures += 1 } else { result.isComplete = false }
      }
    }
    resolver = collector.resolver
    if collector.problems > 0 { result.isComplete = false }
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
  private let output = ReportOutput(descriptor: STDOUT_FILENO)
  private let format: String
  private var text: ResolutionText
  private var json = ResolutionJSON()
  private var count = 0

  init(
    format: String, isVerbose: Bool, run: RunDescription, inputs: [String], connectorSpaces: [String]
  ) throws {
    self.format = format
    text = ResolutionText(
      usesColour: output.isTerminal && getenv("NO_COLOR") == nil, isVerbose: isVerbose,
      width: output.isTerminal ? ProgressLine.columns(of: STDOUT_FILENO) : 100)
    if format == "json" { json.begin(run, inputs: inputs.isEmpty ? ["-"] : inputs, connectorSpaces: connectorSpaces) }
  }

  func receive(_ answer: ResolvedError) throws {
    switch format {
    case "text": text.append(answer)
    default:
      if format == "json", count > 0 { json.bytes += Array(",\n".utf8) }
      json.append(answer)
      if format == "ndjson" { json.bytes.append(10) }
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
    case "text": text.finish(summary)
    case "json": json.finish(summary)
    default: break
    }
    try write()
    try output.flush()
  }

  private func write() throws {
    try output.write(text.bytes)
    try output.write(json.bytes)
    text.bytes.removeAll(keepingCapacity: true)
    json.bytes.removeAll(keepingCapacity: true)
  }
}
