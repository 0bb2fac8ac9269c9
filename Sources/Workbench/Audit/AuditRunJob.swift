import Entries
import Findings
import Reporting
import Stores

/// `audit run`: judges entries, compares with earlier runs, remembers this one.
public struct AuditRunJob: Job {
  /// What a run is compared with.
  public enum Past: Sendable, Equatable {
    /// A store, in which the run is recorded.
    ///
    /// - Parameters:
    ///   - keep: number of runs that stay in the store after this one; nil: all.
    ///   - acceptsExport: whether an export is taken as it is even if it does not look like the last one.
    case store(path: String, keep: Int? = nil, acceptsExport: Bool = false)
    /// A report of an earlier run; nothing is remembered.
    case baseline(path: String)
  }

  /// What is read and how.
  public var options: LintSettings
  /// What the run is compared with.
  public var past: Past

  /// Number of earlier runs that reports show at most.
  static let trendLength = 90

  /// A job; see the properties.
  public init(_ options: LintSettings, past: Past) {
    self.options = options
    self.past = past
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) throws {
    try files.name(options)
    switch past {
    case .store(let path, _, _): files.keepsStore(path)
    case .baseline(let path): files.reads(path, "--baseline")
    }
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    switch past {
    case .baseline(let path):
      let session = try options.session(failOn: .news)
      let states = try options.known.shownStates()
      let memory = try options.known.memory(.baseline(try Baseline(path: path)), in: context)
      return try session.run(
        try reports(session, in: context), memory: memory, in: context, states: states)
    case .store(let path, let keep, let acceptsExport):
      let session = try options.session(failOn: .news, readsChangeTimes: true)
      let states = try options.known.shownStates()
      let store = try AuditStore(path: path, access: .write)
      let outcome = try store.record { recorder in
        let remembered = StoreMemory(
          recorder, head: head(session, context), acceptsExport: acceptsExport, now: context.now)
        let outcome = try record(session, recorder, remembered, states, context)
        if let run = remembered.run, outcome.status != .interrupted, outcome.status != .unavailable {
          context.events(.recorded(run: run, store: store.path, isNew: store.isNew))
        }
        return outcome
      }
      if let keep, outcome.status != .interrupted { _ = try store.prune(keep: keep, compacts: false) }
      return outcome
    }
  }

  private func record(
    _ session: LintSession, _ recorder: RunWriter, _ remembered: StoreMemory, _ states: Set<FindingState>?,
    _ context: JobContext
  ) throws -> Outcome {
    let memory = try options.known.memory(.store(remembered), in: context)
    // The store is ours before any report is opened: a second run must not empty the files of the first.
    let reports = try reports(session, in: context)
    let showsTrend = reports.contains { $0.format.needsTrend }
    let trend = showsTrend ? try recorder.trend(last: Self.trendLength) : []
    return try session.run(reports, memory: memory, in: context, trend: trend, states: states)
  }

  /// The reports; people are told what is new, as what is known was told before.
  private func reports(_ session: LintSession, in context: JobContext) throws -> [Report] {
    var choice = options.reports
    choice.leavesOutKnown = options.known.states == nil
    return try choice.reports(failOn: session.failOn, in: context)
  }

  private func head(_ session: LintSession, _ context: JobContext) -> RunHead {
    RunHead(
      startedAt: context.now(), version: context.version, ruleSet: session.selection.name,
      sources: session.sources.map(\.name), selection: options.scope.selection)
  }
}
