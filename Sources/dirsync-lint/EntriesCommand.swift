import ArgumentParser
import Directory
import Findings
import Glibc
import Entries
import RuleEngine
import RuleSet
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
    let sources = try SourceOptions.sources(sources, ldap)
    guard find.isEmpty else {
      Interruption.watch()
      return try EntrySearch(find, format: format ?? "text", output: output).status(sources)
    }
    Interruption.watch()
    var printer = SourcePrinter(
      format: format ?? "ndjson", judged: try Self.judgedAttributes(sources), isOnlySource: sources.count == 1,
      output: output)
    var unavailable = 0
    for source in sources {
      do {
        try printer.print(source)
      } catch let failure as SourceFailure {
        StandardError.write("dirsync-lint: error: \(failure)")
        if failure.isUnavailable { unavailable += 1 }
        printer.isComplete = false
      } catch ReportError.closedPipe {
        return .clean
      }
      if Interruption.isWanted { break }
    }
    do { try output.flush() } catch ReportError.closedPipe { return .clean }
    if Interruption.isWanted { return .interrupted }
    if unavailable == sources.count { return .unavailable }
    return printer.isComplete ? .clean : .partial
  }
}

extension EntriesCommand {
  /// The attributes that shipped rules look at, by their names in lower case; none where no source has a schema.
  private static func judgedAttributes(_ sources: [SourcePlace]) throws -> [String: [String]] {
    guard sources.contains(where: { if case .server = $0 { true } else { false } }) else { return [:] }
    let names = try RuleCatalogue.load(.all).rules.flatMap(\.neededAttributes).map { $0.lowercased() }
    return Dictionary(uniqueKeysWithValues: Set(names).map { ($0, []) })
  }
}

/// Reads sources and prints their records in input order.
private struct SourcePrinter {
  private var printer: EntryPrinter
  private let output: ReportOutput
  private let writesErrors: Bool
  var isComplete = true

  /// Attributes that rules look at, for asking the source whether the directory can have them.
  private let judged: [String: [String]]
  /// Whether the output is still to say what was asked for. Lists of several sources would be taken for one.
  private var saysRequest: Bool

  init(format: String, judged: [String: [String]], isOnlySource: Bool, output: ReportOutput) {
    self.judged = judged
    saysRequest = isOnlySource
    printer = EntryPrinter(format == "ldif" ? .ldif : .ndjson)
    writesErrors = format == "ldif"
    self.output = output
  }

  /// - Throws: `SourceFailure` when a source cannot be read (on), `ReportError` when the output is gone.
  mutating func print(_ place: SourcePlace) throws {
    let source = try Entries.open(
      place,
      EntryRequest(
        attributes: [], rules: judged, shouldStop: { Interruption.isWanted }, note: StandardError.note))
    var reader = EntryReader(source, shouldStop: { Interruption.isWanted })
    while let page = try reader.next() {
      if saysRequest {
        printer.printRequest(of: source)
        saysRequest = false
      }
      for problem in page.problems {
        isComplete = false
        // JSON lines carry problems themselves; LDIF has no place for them.
        if writesErrors { StandardError.write(Problem(location: problem.place, message: problem.message).line) }
      }
      printer.print(page.batch)
      try output.write(printer.bytes)
      printer.bytes.removeAll(keepingCapacity: true)
    }
    for gap in source.gaps {
      isComplete = false
      StandardError.write("dirsync-lint: \(source.name): \(gap)")
    }
  }
}
