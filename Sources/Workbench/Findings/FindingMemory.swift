import Bytes
import Stores
import Directory
import Findings
import Reporting

/// What findings are compared with: suppressions, and a baseline or a store.
final class FindingMemory {
  /// Where earlier findings are known from.
  enum Past {
    case nothing
    case baseline(Baseline)
    /// A store, while a run is recorded in it.
    case store(StoreMemory)
  }

  private var past: Past
  private var suppressions: SuppressionMatcher
  private let givesSuppressions: Bool
  /// Whether the export was not to be trusted, so that nothing is compared.
  private(set) var isRefused = false

  /// A memory.
  ///
  /// - Parameter suppressions: nil when no file of them was named.
  init(_ past: Past, suppressions: [Suppression]?, today: CalendarDate) {
    self.past = past
    self.suppressions = SuppressionMatcher(suppressions ?? [], today: today)
    givesSuppressions = suppressions != nil
  }

  /// Whether findings get a state.
  var givesStates: Bool {
    if case .nothing = past { return givesSuppressions }
    return true
  }

  /// Whether what is found is recorded.
  var isKept: Bool {
    if case .store = past { return true }
    return false
  }

  /// Why the export is not to be trusted.
  var doubts: [String] {
    if isRefused, case .store(let store) = past { return store.doubts }
    return []
  }

  /// All sources have been read; findings follow.
  func begin(_ coverage: Coverage) throws {
    if case .store(let store) = past { isRefused = try !store.begin(coverage) }
  }

  /// Gives a finding its state.
  func judge(_ finding: inout Finding) throws {
    // It is asked for several times from here on.
    finding.fingerprint = finding.fingerprint
    if !isRefused {
      switch past {
      case .nothing: break
      case .baseline(let baseline): finding.state = baseline.state(of: finding)
      case .store(let store): try store.compare(&finding)
      }
    }
    if let match = suppressions.match(finding) {
      finding.suppression = match.suppression
      finding.state = match.isExpired ? .expiredSuppression : .suppressed
    } else if case .nothing = past, givesSuppressions {
      // Nothing is known of earlier runs, so that every finding that nobody accepted is news.
      finding.state = .new
    }
  }

  /// All findings have been judged.
  ///
  /// - Parameters:
  ///   - coverage: gets what the memory has to say.
  ///   - isUsable: whether anything was read and the run was not interrupted.
  ///   - gone: called for each finding that is gone.
  func end(
    _ coverage: inout Coverage, isUsable: Bool, judgedRules: Set<String>, gone: (Finding) throws -> Void
  ) throws {
    guard isUsable else { return }
    if isRefused, case .store(let store) = past {
      coverage.gaps += store.doubts.map { "the export is not to be trusted: \($0)" }
      coverage.gaps.append("nothing was compared or recorded; --accept-export takes the export as it is")
      return
    }
    switch past {
    case .nothing: break
    case .baseline(let baseline): try baseline.end(&coverage, judgedRules: judgedRules, gone: gone)
    case .store(let store): try store.end(&coverage, judgedRules: judgedRules, gone: gone)
    }
    for suppression in suppressions.expired {
      coverage.remarks.append("\(suppression.location): this suppression has expired: \(Self.words(suppression))")
    }
    guard coverage.isComplete else { return }
    for suppression in suppressions.unmatched {
      let rule = suppression.pattern.rule
      let isJudged = rule.map(judgedRules.contains) ?? true
      coverage.remarks.append(
        isJudged
          ? "\(suppression.location): no finding falls under this suppression any more: \(Self.words(suppression))"
          : "\(suppression.location): this suppression is for a rule that is not in this run: \(Self.words(suppression))"
      )
    }
  }

  /// Makes what was recorded durable, once the reports are written: news that nobody was told of would be lost.
  ///
  /// - Parameter tally: all findings with their states.
  func keep(_ coverage: Coverage, _ tally: FindingTally) throws {
    if case .store(let store) = past { try store.keep(coverage, tally) }
  }

  private static func words(_ suppression: Suppression) -> String {
    let pattern = suppression.pattern
    let parts = [
      pattern.rule, pattern.object, pattern.attribute, pattern.value.map { "`\($0)`" }, pattern.fingerprint,
      suppression.expires.map { "until \($0)" }, "owner \(suppression.owner)",
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}

/// A store as the memory of the run that is being recorded in it.
final class StoreMemory {
  private let recorder: RunWriter
  private var head: RunHead
  private let acceptsExport: Bool
  private let now: () -> Int
  private var writer = JSONFindingWriter(writesPlaces: false)
  private var lastSeen = (time: Int.min, text: "")
  /// Why the export is not to be trusted.
  private(set) var doubts: [String] = []
  /// Number of the run once it has begun.
  private(set) var run: Int?

  /// - Parameter now: the time in seconds since 1970.
  init(_ recorder: RunWriter, head: RunHead, acceptsExport: Bool, now: @escaping () -> Int) {
    self.recorder = recorder
    self.head = head
    self.acceptsExport = acceptsExport
    self.now = now
  }

  /// Begins to record; false when the export is not to be trusted.
  func begin(_ coverage: Coverage) throws -> Bool {
    head.sourceTime = coverage.writtenAt
    if !acceptsExport, let last = try recorder.lastCompleteRun() {
      doubts = ExportTrust.doubts(coverage, head: head, newestChange: coverage.newestChange, last: last)
      guard doubts.isEmpty else { return false }
    }
    try recorder.begin(head)
    run = recorder.runNumber
    return true
  }

  func compare(_ finding: inout Finding) throws {
    // The place in a file of today is no part of what a finding is.
    let memory = try recorder.compare(finding) { writer.append($0, to: &$1) }
    finding.state = memory.state
    // Many findings were seen first in the same run.
    if memory.firstSeen != lastSeen.time {
      lastSeen = (memory.firstSeen, Timestamp.text(epochSeconds: memory.firstSeen))
    }
    finding.firstSeen = lastSeen.text
  }

  func end(_ coverage: inout Coverage, judgedRules: Set<String>, gone: (Finding) throws -> Void) throws {
    let (unseen, unjudged) = try recorder.close(isComplete: coverage.isComplete, judgedRules: judgedRules) { stored in
      try gone(try Finding(stored))
    }
    if !coverage.isComplete, unseen > 0 {
      coverage.remarks.append(
        "\(unseen) \(unseen == 1 ? "finding" : "findings") of earlier runs not seen; because not everything was read, "
          + "\(unseen == 1 ? "it is" : "they are") not taken for gone")
    } else if unjudged > 0 {
      coverage.remarks.append(
        "\(unjudged) \(unjudged == 1 ? "finding" : "findings") of rules that are not in this run: not taken for gone")
    }
  }

  func keep(_ coverage: Coverage, _ tally: FindingTally) throws {
    if doubts.isEmpty {
      try recorder.finish(coverage, tally, newestChange: coverage.newestChange, finishedAt: now())
    } else {
      try recorder.refuse(head, coverage, newestChange: coverage.newestChange, finishedAt: now())
    }
  }
}

extension Finding {
  /// A finding of a store.
  ///
  /// - Throws: `CommandFailure` when the store holds something else.
  init(_ stored: StoredFinding) throws {
    do throws(JSONFindingError) {
      self = try JSONFindingReader.finding(stored.json)
    } catch {
      throw CommandFailure(
        message:
          "finding \(stored.fingerprint) of the store cannot be read (\(error)): the store is damaged; restore it from a backup",
        status: .unavailable)
    }
    state = stored.state
    firstSeen = Timestamp.text(epochSeconds: stored.firstSeen)
  }
}
