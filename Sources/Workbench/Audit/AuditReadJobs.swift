import Bytes
import Directory
import Findings
import Reporting
import Stores

/// `audit list`: the runs of a store.
public struct AuditListJob: Job {
  /// The store.
  public var store: String
  /// text or json.
  public var format: ListFormat
  /// Number of the last runs to list; nil: all.
  public var last: Int?

  /// A job; see the properties.
  public init(store: String, format: ListFormat = .text, last: Int? = nil) {
    self.store = store
    self.format = format
    self.last = last
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) {
    files.readsStore(store)
    files.writesStandardOutput()
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    let runs = try AuditStore(path: store, access: .read).runs(last: last)
    try context.print(format == .json ? AuditText.json(runs) : AuditText.list(runs))
    return Outcome(.clean)
  }
}

/// `audit show`: the findings of a run.
public struct AuditShowJob: Job {
  /// Where from, where to.
  public var stored: StoredReportOptions
  /// Number of the run; nil: the last.
  public var number: Int?

  /// A job; see the properties.
  public init(_ stored: StoredReportOptions, run number: Int? = nil) {
    self.stored = stored
    self.number = number
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) throws {
    try files.name(stored)
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    let store = try AuditStore(path: stored.store, access: .read)
    let run = try store.run(number)
    let trend = try store.trend(last: AuditRunJob.trendLength, upTo: run.number - 1)
    let report = try stored.report(on: run, trend: trend, in: context)
    if run.status != .refused { try store.findings(of: run) { try report.receive(try Finding($0)) } }
    return try report.finish()
  }
}

/// `audit diff`: what changed from one run to another.
public struct AuditDiffJob: Job {
  /// Where from, where to.
  public var stored: StoredReportOptions
  /// Number of the earlier run; nil: the last.
  public var earlier: Int?
  /// Number of the later run; nil: the last.
  public var later: Int?

  /// A job; see the properties.
  public init(_ stored: StoredReportOptions, from earlier: Int?, to later: Int?) {
    self.stored = stored
    self.earlier = earlier
    self.later = later
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) throws {
    try files.name(stored)
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    let store = try AuditStore(path: stored.store, access: .read)
    let (first, second) = (try store.run(earlier), try store.run(later))
    let report = try stored.report(on: second, in: context)
    try store.difference(from: first, to: second) { try report.receive(try Finding($0)) }
    return try report.finish()
  }
}

/// `audit history`: the life of a finding, or of all findings of an entry.
public struct AuditHistoryJob: Job {
  /// The store.
  public var store: String
  /// text or json.
  public var format: ListFormat
  /// Fingerprint of a finding, or DN or objectGUID of an entry.
  public var subject: String

  /// A job; see the properties.
  public init(store: String, format: ListFormat = .text, subject: String) {
    self.store = store
    self.format = format
    self.subject = subject
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) {
    files.readsStore(store)
    files.writesStandardOutput()
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    let store = try AuditStore(path: store, access: .read)
    let times = Dictionary(uniqueKeysWithValues: try store.runs().map { ($0.number, $0.head.startedAt) })
    var lives: [FindingLife] = []
    try store.lives(of: AuditStore.Subject(subject)) { lives.append($0) }
    try context.print(
      format == .json ? AuditText.json(lives, times) : try AuditText.history(lives, times, subject: subject))
    return Outcome(.clean)
  }
}

/// `audit trend`: how the numbers went.
public struct AuditTrendJob: Job {
  /// The forms of a trend.
  public enum Format: String, CaseIterable, Sendable {
    case text, csv, json
  }

  /// The store.
  public var store: String
  /// What is counted by.
  public var kind: TrendKind
  /// The form.
  public var format: Format
  /// Number of the last runs to show.
  public var last: Int

  /// A job; see the properties.
  public init(store: String, by kind: TrendKind = .rule, format: Format = .text, last: Int = 10) {
    self.store = store
    self.kind = kind
    self.format = format
    self.last = last
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) {
    files.readsStore(store)
    files.writesStandardOutput()
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    let runs = try AuditStore(path: store, access: .read).runs(last: last)
    try context.print(
      format == .json ? AuditText.json(runs) : AuditTrend(runs, by: kind).text(isCSV: format == .csv))
    return Outcome(.clean)
  }
}

/// `audit export`: everything as JSON lines.
public struct AuditExportJob: Job {
  /// The store.
  public var store: String

  /// A job; see the property.
  public init(store: String) { self.store = store }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) {
    files.readsStore(store)
    files.writesStandardOutput()
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    let store = try AuditStore(path: store, access: .read)
    let runs = try store.runs()
    for run in runs {
      try write(in: context) { $0.appendObject { $0.appendMember("run") { AuditText.append(run, to: &$0) } } }
    }
    let times = Dictionary(uniqueKeysWithValues: runs.map { ($0.number, $0.head.startedAt) })
    try store.lives(of: .everything) { life in try write(in: context) { AuditText.append(life, times, to: &$0) } }
    return Outcome(.clean)
  }

  private func write(in context: JobContext, line: (inout [UInt8]) -> Void) throws {
    var bytes: [UInt8] = []
    line(&bytes)
    bytes.append(UInt8(ascii: "\n"))
    try context.write(bytes)
  }
}

extension AuditStore.Subject {
  /// What a text asks for.
  init(_ text: String) {
    if text.utf8.count == 32, text.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) {
      self = .fingerprint(text)
    } else if let guid = GUID(text: text) {
      self = .objectGUID(guid)
    } else {
      self = .dn(text)
    }
  }
}
