import Entries
import Findings
import Reporting
import RuleEngine
import RuleSet
import Stores

/// What is read, by which rules it is judged and what is written: what `lint` and `audit run` have in common.
public struct LintSettings {
  /// Files, folders, `-` and LDAP URLs.
  public var sources: [String] = []
  /// Servers and how they are read.
  public var servers = ServerOptions()
  /// File that keeps a directory of which only changes are read.
  public var cache: String?
  /// Which rules are judged by.
  public var rules = RuleChoice()
  /// Domains and letters.
  public var domains = DomainChoice()
  /// Which entries are judged.
  public var scope = EntryScope()
  /// Which reports are written.
  public var reports = ReportChoice()
  /// What is known of findings beforehand.
  public var known = KnownFindings()
  /// What makes the exit status 1; nil: what is usual for the job.
  public var failOn: FailOn?
  /// Number of threads, at least 1.
  public var threads = 1
  /// Whether incomplete reading alone makes no exit status 3.
  public var allowsPartial = false
  /// Whether a run in which nothing was read or judged is complete all the same.
  public var allowsEmpty = false
  /// Which attributes the exports were asked for: `all`, or a file of names; nil: nobody knows.
  public var exportedAttributes: String?

  /// The size from which on a record is skipped, in bytes; nil: that of the reader.
  public var recordSize: Int?
  /// The name of how the characters of files are written; nil: they show it themselves.
  public var encoding: String?

  /// Nothing is read.
  public init() {}

  private func exported() throws -> ExportedAttributes {
    guard let exportedAttributes else { return .unknown }
    if exportedAttributes == "all" { return .all }
    let text = String(decoding: try TextFile.read(exportedAttributes), as: UTF8.self)
    let names = text.split { $0.isWhitespace || $0 == "," }
    guard !names.isEmpty else {
      throw UsageError(
        "\(exportedAttributes) (--exported-attributes) names no attribute; write one a line, or give `all`")
    }
    return ExportedAttributes(requested: names)
  }

  /// Everything that a run needs, checked.
  ///
  /// - Parameters:
  ///   - standard: what makes the exit status 1 when nothing else is asked for.
  ///   - readsChangeTimes: whether the age of the export is to be told by `whenChanged`.
  /// - Throws: what is wrong with the options, files that they name, or rules.
  func session(failOn standard: FailOn, readsChangeTimes: Bool = false) throws -> LintSession {
    let sources = try SourceOptions.sources(sources, servers, cache: cache, encoding: encoding)
    var options = try domains.programOptions()
    try scope.apply(to: &options)
    options.readsChangeTimes = readsChangeTimes
    options.allowsEmpty = allowsEmpty
    options.recordSize = recordSize
    options.exported = try exported()
    let selection = try rules.selection(try rules.neededCatalogue(), hasVerifiedDomains: options.verifiedDomains != nil)
    var session = LintSession(
      program: try RuleProgram(rules: selection.rules, scope: selection.scope, options: options), selection: selection,
      sources: sources, threads: threads, failOn: failOn ?? standard, allowsPartial: allowsPartial)
    session.title = reports.title
    return session
  }
}

/// `lint`: judges entries and reports findings.
public struct LintJob: Job {
  /// What is read and how.
  public var options: LintSettings
  /// Report of an earlier run to compare with.
  public var baseline: String?
  /// Whether findings are written while the sources are read.
  public var streams: Bool

  /// A job; see the properties.
  public init(_ options: LintSettings, baseline: String? = nil, streams: Bool = false) {
    self.options = options
    self.baseline = baseline
    self.streams = streams
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) throws {
    try files.name(options)
    files.reads(baseline, "--baseline")
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    var session = try options.session(failOn: .severity(.error))
    session.streams = streams
    let past = try baseline.map { FindingMemory.Past.baseline(try Baseline(path: $0)) } ?? .nothing
    let memory = try options.known.memory(past, in: context)
    if case .news = session.failOn, !memory.givesStates {
      throw UsageError("--fail-on new needs to know what is not new: --baseline REPORT, or `audit run`")
    }
    if options.known.states != nil, !memory.givesStates {
      throw UsageError("--states needs findings with states: --baseline REPORT, --suppressions FILE, or `audit run`")
    }
    if streams, let other = try options.reports.targets().map(\.format).first(where: { $0.pace != .streaming }) {
      let names = ReportFormat.allCases.filter { $0.pace == .streaming }.map(\.rawValue).joined(separator: ", ")
      throw UsageError("--stream goes with the formats \(names), not with \(other.rawValue)")
    }
    return try session.run(
      try options.reports.reports(failOn: session.failOn, in: context), memory: memory, in: context,
      states: try options.known.shownStates())
  }
}
