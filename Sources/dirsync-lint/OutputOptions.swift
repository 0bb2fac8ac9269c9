import Bytes
import ArgumentParser
import Findings
import Glibc
import Reporting
import RuleSet

extension ReportFormat {
  /// The format of a name.
  ///
  /// - Throws: `ValidationError`.
  init(named name: String) throws {
    guard let format = ReportFormat(rawValue: name) else {
      throw ValidationError("there is no format '\(name)'; formats are \(Self.names)")
    }
    self = format
  }
}

/// Options about what reports are written where.
struct ReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Format on standard output: \(ReportFormat.names)."))
  var format: String?

  @Option(
    help:
      "FORMAT:FILE, or FILE where its ending says the format: a report written to a file; repeatable. `-` is standard output."
  )
  var output: [String] = []

  @Flag(help: "Pseudonyms in place of names, addresses and DNs in every report.")
  var redact = false

  @Option(
    help: ArgumentHelp(
      "File with the key of the pseudonyms, made when it is not there; without it they differ in every run.",
      valueName: "file"))
  var redactKey: String?

  @Flag(name: .shortAndLong, help: "More detail in the text report.")
  var verbose = false

  /// The key of pseudonyms when there are to be any.
  private var redactionKey: RedactionKey? {
    get throws {
      guard redact || redactKey != nil else { return nil }
      guard let redactKey else { return .random() }
      do {
        return try RedactionKey.load(path: redactKey)
      } catch {
        throw ProgramFailure(message: error.description, status: .usage)
      }
    }
  }

  /// The formats that were asked for and where each goes; text on standard output when none was.
  ///
  /// - Throws: `ValidationError`.
  func targets() throws -> [(ReportFormat, String)] {
    var targets: [(ReportFormat, String)] = []
    if let format { targets.append((try ReportFormat(named: format), "-")) }
    for option in output {
      let parts = option.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        guard let format = ReportFormat(ofFile: option) else {
          throw ValidationError("--output is FORMAT:FILE, not '\(option)'")
        }
        targets.append((format, option))
        continue
      }
      targets.append((try ReportFormat(named: parts[0]), parts[1]))
    }
    if targets.isEmpty { targets = [(.text, "-")] }
    guard targets.filter({ $0.1 == "-" }).count <= 1 else {
      throw ValidationError(
        "only one report can go to standard output; give the others a file with --output FORMAT:FILE")
    }
    return targets
  }

  /// The reports that were asked for.
  ///
  /// - Parameter failOn: which findings are failures, for formats that tell failures apart.
  func reports(failOn: FailOn) throws -> [Report] {
    let key = try redactionKey
    return try targets().map { (format, target) in
      try Report(
        format: format, target: target, isVerbose: verbose, redactionKey: key, fails: failOn.isMet(by:))
    }
  }
}

/// Options about what is written and what the exit status says.
struct OutputOptions: ParsableArguments {
  @OptionGroup var report: ReportOptions

  @Option(
    help: """
      What makes the exit status 1: a finding of at least this severity (error, warning, info), or one that is new. \
      Without the option error, for `audit run` new.
      """)
  var failOn: String?

  @Option(help: "Progress on standard error: auto, always, never.")
  var progress = "auto"

  @Flag(name: .shortAndLong, help: "No progress, and no problems on standard error.")
  var quiet = false

  /// Whether the text report is to be detailed.
  var verbose: Bool { report.verbose }

  var showsProgress: Bool { get throws { try Self.showsProgress(progress, isQuiet: quiet) } }

  /// Whether `--progress` asks for it; `auto` goes by the terminal.
  static func showsProgress(_ progress: String, isQuiet: Bool) throws -> Bool {
    switch progress {
    case "always": return true
    case "never": return false
    case "auto": return !isQuiet && isatty(STDERR_FILENO) == 1 && getenv("CI") == nil
    default: throw ValidationError("--progress is one of auto, always, never, not '\(progress)'")
    }
  }

  /// What makes the exit status 1.
  func failing(orElse standard: FailOn) throws -> FailOn { try failOn.map { try FailOn(named: $0) } ?? standard }

  /// The reports that were asked for; text on standard output when none was.
  func reports(failOn standard: FailOn = .severity(.error)) throws -> [Report] {
    try report.reports(failOn: try failing(orElse: standard))
  }
}

/// One report and where it goes.
final class Report {
  private var sink: any FindingSink
  private let output: ReportOutput
  private let path: String
  private var isClosed = false
  /// A file that takes the place of the target once it is whole, for readers that come at any moment.
  private var draft: AtomicFile?
  let format: ReportFormat

  /// Opens a report.
  ///
  /// - Throws: `ProgramFailure` when the file cannot be written.
  init(
    format: ReportFormat, target: String, isVerbose: Bool, redactionKey: RedactionKey? = nil,
    fails: @escaping (Finding) -> Bool
  ) throws {
    path = target
    self.format = format
    var descriptor = STDOUT_FILENO
    do throws(SystemError) {
      if target != "-", format.isAtomic {
        // All may read it: it holds numbers, and its reader is another user.
        let draft = try AtomicFile(replacing: target, mode: 0o644)
        self.draft = draft
        descriptor = draft.descriptor.number
      } else if target != "-" {
        descriptor = try FileDescriptor.open(writing: target, newFileMode: 0o600).number
      }
    } catch {
      throw ProgramFailure(message: "cannot write \(target): \(error)", status: .usage)
    }
    output = ReportOutput(descriptor: descriptor)
    var options = ReportFormat.Options()
    options.usesColour = output.isTerminal && getenv("NO_COLOR") == nil
    options.isVerbose = isVerbose
    options.width = output.isTerminal ? ProgressLine.columns(of: descriptor) : 100
    options.finishedAt = Timestamp.now
    options.fails = fails
    sink = format.make(output, options)
    if let redactionKey {
      sink = RedactingSink(sink, key: redactionKey) { TopLevelDomains.shipped.contains(label: Array($0.utf8)) }
    }
  }

  /// Whether the reader has gone away (`| head`).
  var isGone: Bool { isClosed }

  func begin(_ run: RunDescription) throws { try guarded { try sink.begin(run) } }
  func receive(_ finding: Finding) throws { try guarded { try sink.receive(finding) } }
  /// Writes what is in the buffer.
  func flush() throws { try guarded { try output.flush() } }
  func finish(_ coverage: Coverage, _ counts: FindingCounts) throws {
    try guarded {
      try sink.finish(coverage: coverage, counts: counts)
      try output.flush()
    }
    try replaceTarget()
  }

  private func replaceTarget() throws {
    guard let draft, !isClosed else { return }
    do throws(SystemError) { try draft.commit(isDurable: false) } catch {
      throw ProgramFailure(message: "cannot write \(path): \(error)", status: .partial)
    }
    self.draft = nil
  }

  private func guarded(_ work: () throws -> Void) throws {
    guard !isClosed else { return }
    do {
      try work()
    } catch ReportError.closedPipe {
      isClosed = true
    } catch let error as ReportError {
      throw ProgramFailure(message: "\(path == "-" ? "standard output" : path): \(error)", status: .partial)
    }
  }
}
