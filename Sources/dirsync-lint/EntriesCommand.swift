import ArgumentParser
import Directory
import Findings
import Glibc
import Entries
import RuleEngine
import Reporting

/// `entries`: what was read, as JSON lines or LDIF.
struct EntriesCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "entries", abstract: "Show what was read, as JSON lines or LDIF.",
    discussion: """
      SOURCE is an LDIF file or a connector-space export (csexport), also .gz, .zst or UTF-16, - for standard input, or \
      an LDAP URL such as ldaps://dc1.contoso.com or \
      ldaps://dc1.contoso.com/OU=Staff,DC=contoso,DC=com?mail,proxyAddresses.

      With --find only the entries that have the identifier are shown; exit status 1 when one is not found.
      """)

  @Option(help: "ndjson (one record a line), ldif, or text (with --find).")
  var format: String?

  @Option(
    help: """
      Show only entries with this DN, RDN, GUID, source anchor, SID, user principal name, address, account or name, in \
      any form (see `id`); repeatable.
      """)
  var find: [String] = []

  @OptionGroup(title: "Servers") var ldap: LDAPOptions

  @Argument(help: ArgumentHelp("What to read.", valueName: "source"))
  var sources: [String] = []

  func validate() throws {
    try SourceOptions.validate(sources, ldap)
    let formats = find.isEmpty ? ["ndjson", "ldif"] : ["ndjson", "ldif", "text"]
    guard format.map({ formats.contains($0) }) ?? true else {
      throw ValidationError(
        "there is no format '\(format ?? "")' here; formats are \(formats.joined(separator: ", "))")
    }
  }

  func status() throws -> ExitStatus {
    let output = ReportOutput(descriptor: STDOUT_FILENO)
    guard find.isEmpty else {
      let sources = try SourceOptions.lookupSources(sources, ldap)
      Interruption.watch()
      return try EntrySearch(find, format: format ?? "text", output: output).status(sources)
    }
    let sources = try SourceOptions.sources(sources, ldap)
    Interruption.watch()
    var reading = Reading(format: format ?? "ndjson", output: output)
    var unavailable = 0
    for source in sources {
      do {
        try reading.read(source)
      } catch let failure as SourceFailure {
        StandardError.write("dirsync-lint: error: \(failure)")
        if failure.isUnavailable { unavailable += 1 }
        reading.isComplete = false
      } catch ReportError.closedPipe {
        return .clean
      }
      if Interruption.isWanted { break }
    }
    do { try output.flush() } catch ReportError.closedPipe { return .clean }
    if Interruption.isWanted { return .interrupted }
    if unavailable == sources.count { return .unavailable }
    return reading.isComplete ? .clean : .partial
  }
}

/// Reads sources and prints their records in input order.
private struct Reading {
  private var printer: EntryPrinter
  private let output: ReportOutput
  private let writesErrors: Bool
  var isComplete = true

  init(format: String, output: ReportOutput) {
    printer = EntryPrinter(format == "ldif" ? .ldif : .ndjson)
    writesErrors = format == "ldif"
    self.output = output
  }

  /// - Throws: `SourceFailure` when a source cannot be read (on), `ReportError` when the output is gone.
  mutating func read(_ source: LintSource) throws {
    let reader = try source.open(RecordRequest(attributes: [], shouldStop: { Interruption.isWanted }))
    var parser = LDIFParser()
    var block = LDIFBlock()
    var batch = EntryBatch(attributes: parser.attributes)
    batch.hasLines = reader.hasLines
    var lines = 0
    while !Interruption.isWanted, try reader.next(into: &block), !Interruption.isWanted {
      parser.parse(&block, into: &batch)
      batch.lineBase = lines
      lines += batch.lineCount
      for problem in batch.problems { note(problem, source.name, batch.lineBase) }
      printer.print(batch)
      try output.write(printer.bytes)
      printer.bytes.removeAll(keepingCapacity: true)
    }
    for gap in reader.gaps {
      isComplete = false
      StandardError.write("dirsync-lint: \(source.name): \(gap)")
    }
  }

  private mutating func note(_ problem: PlacedProblem, _ source: String, _ lineBase: Int) {
    isComplete = false
    let location = SourceLocation(source: source, line: lineBase + problem.line + 1, column: problem.column)
    // JSON lines carry problems themselves; LDIF has no place for them.
    if writesErrors { StandardError.write(Problem(location: location, message: problem.message).line) }
  }
}
