import Directory
import Entries
import Findings
import IdFix
import Reporting
import RuleEngine
import RuleSet

/// `entries`: what was read, as JSON lines or LDIF.
public struct EntriesJob: Job {
  /// The forms of entries.
  public enum Format: String, CaseIterable, Sendable {
    case ndjson, ldif
    /// LDIF with a comment that says where each entry is and by what it was found; for searches only.
    case text
  }

  /// What is read.
  public var sources: [String]
  /// Servers and how they are read.
  public var servers: ServerOptions
  /// Identifiers of the only entries that are shown; all are when empty.
  public var find: [String]
  /// The form of entries; nil: ndjson, for searches text.
  public var format: Format?

  /// The size from which on a record is skipped, in bytes; nil: that of the reader.
  public var recordSize: Int?
  /// The name of how the characters of files are written; nil: they show it themselves.
  public var encoding: String?
  /// Whether sources without any record are complete all the same.
  public var allowsEmpty = false

  /// A job; see the properties.
  public init(
    _ sources: [String], servers: ServerOptions = ServerOptions(), find: [String] = [], format: Format? = nil
  ) {
    self.sources = sources
    self.servers = servers
    self.find = find
    self.format = format
  }

  /// The form that a name stands for.
  ///
  /// - Throws: `UsageError` when it is none, or one that only searches have.
  public static func format(_ name: String, finds: Bool) throws(UsageError) -> Format {
    let formats = Format.allCases.filter { finds || $0 != .text }
    guard let format = formats.first(where: { $0.rawValue == name }) else {
      let names = formats.map(\.rawValue).joined(separator: ", ")
      throw UsageError("there is no format '\(name)' here; formats are \(names)")
    }
    return format
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) {
    files.name(sources, servers)
    files.writesStandardOutput()
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    let sources = try SourceOptions.sources(sources, servers, encoding: encoding)
    context.cancellation.begin()
    guard find.isEmpty else {
      return try EntrySearch(find, format: format ?? .text, context).outcome(sources)
    }
    var printer = SourcePrinter(
      format: format ?? .ndjson, judged: try Self.judgedAttributes(sources), isOnlySource: sources.count == 1,
      recordSize: recordSize, context)
    var unavailable = 0
    for source in sources {
      do {
        try printer.print(source)
      } catch let failure as SourceFailure {
        context.events(.failure("\(failure)"))
        if failure.isUnavailable { unavailable += 1 }
        printer.isComplete = false
      }
      if context.cancellation.isRequested { break }
    }
    try context.flush()
    if context.cancellation.isRequested { return Outcome(.interrupted) }
    if unavailable == sources.count { return Outcome(.unavailable) }
    // A failed export leaves an empty file behind.
    if printer.isComplete, printer.recordCount == 0, !allowsEmpty {
      return Outcome(.partial, reasons: ["no record was read (--allow-empty for those who mean it)"])
    }
    return Outcome(printer.isComplete ? .clean : .partial, reasons: printer.reasons)
  }
}

extension EntriesJob {
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
  private let context: JobContext
  private let writesErrors: Bool
  var isComplete = true
  /// Why not.
  var reasons: [String] = []
  /// Entries and change records so far.
  private(set) var recordCount = 0
  /// Attributes that rules look at, for asking the source whether the directory can have them.
  private let judged: [String: [String]]
  /// Whether the output is still to say what was asked for. Lists of several sources would be taken for one.
  private var saysRequest: Bool

  private let recordSize: Int?

  init(
    format: EntriesJob.Format, judged: [String: [String]], isOnlySource: Bool, recordSize: Int?, _ context: JobContext
  ) {
    self.judged = judged
    self.recordSize = recordSize
    saysRequest = isOnlySource
    printer = EntryPrinter(format == .ldif ? .ldif : .ndjson)
    writesErrors = format == .ldif
    self.context = context
  }

  /// - Throws: `SourceFailure` when a source cannot be read (on); what `JobContext.write` throws.
  mutating func print(_ place: SourcePlace) throws {
    let observer = context.observer
    var request = EntryRequest(
      attributes: [], rules: judged, shouldStop: observer.isInterrupted, note: observer.note)
    if let recordSize { request.recordSize = recordSize }
    let source = try Entries.open(place, request)
    var reader = EntryReader(source, shouldStop: observer.isInterrupted)
    var problems = 0
    var records = 0
    defer {
      if problems > 0 {
        reasons.append("\(problems) \(problems == 1 ? "problem" : "problems") in \(source.name)")
      }
    }
    while let page = try reader.next() {
      if saysRequest {
        printer.printRequest(of: source)
        saysRequest = false
      }
      for problem in page.problems {
        isComplete = false
        problems += 1
        // JSON lines carry problems themselves; LDIF has no place for them.
        if writesErrors { observer.problem(Problem(location: problem.place, message: problem.message)) }
      }
      records += page.batch.entries.count + page.problems.count(where: \.losesRecord)
      recordCount += page.batch.entries.count + page.batch.changes.count
      printer.print(page.batch)
      try context.write(printer.bytes)
      printer.bytes.removeAll(keepingCapacity: true)
    }
    for gap in source.gaps {
      isComplete = false
      reasons.append("\(source.name): \(gap)")
    }
    if let shortfall = source.shortfall(of: records) {
      isComplete = false
      reasons.append(shortfall)
    }
  }
}
