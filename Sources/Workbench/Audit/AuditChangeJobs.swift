import Bytes
import Findings
import Reporting
import RuleSet
import Stores

/// `audit prune`: takes old runs out of a store.
public struct AuditPruneJob: Job {
  /// The store.
  public var store: String
  /// Number of runs to keep.
  public var keep: Int

  /// A job; see the properties.
  public init(store: String, keep: Int) {
    self.store = store
    self.keep = keep
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) {
    files.keepsStore(store)
    files.writesStandardOutput()
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    let pruned = try AuditStore(path: store, access: .change).prune(keep: keep, compacts: true)
    try context.print(
      "\(pruned.runs) \(pruned.runs == 1 ? "run" : "runs") and \(pruned.findings) "
        + "\(pruned.findings == 1 ? "finding" : "findings") taken out")
    return Outcome(.clean)
  }
}

/// Why findings are accepted: what every suppression of a job says.
public struct Acceptance: Sendable {
  /// Why.
  public var reason: String
  /// Who answers for it.
  public var owner: String
  /// Where it was decided.
  public var ticket: String?
  /// The last day on which it holds, as in 2027-03-31.
  public var expires: String?

  /// An acceptance; see the properties.
  public init(reason: String, owner: String, ticket: String? = nil, expires: String? = nil) {
    self.reason = reason
    self.owner = owner
    self.ticket = ticket
    self.expires = expires
  }

  /// Looks at the day.
  ///
  /// - Throws: `UsageError` when it is none.
  public func validate() throws(UsageError) {
    if let expires, CalendarDate(expires) == nil {
      throw UsageError("--expires is a day such as 2027-03-31, not '\(expires)'")
    }
  }

  /// What is written to a file of suppressions. White space at the ends of texts is nobody's reason.
  func suppression(_ pattern: Suppression.Pattern) -> Suppression {
    Suppression(
      pattern: pattern, reason: SuppressionFile.trimmed(reason), owner: SuppressionFile.trimmed(owner),
      ticket: ticket.map(SuppressionFile.trimmed), expires: lastDay)
  }

  /// The last day on which it holds.
  var lastDay: CalendarDate? { expires.flatMap { CalendarDate($0) } }
}

/// `audit suppress`: writes suppressions.
public struct AuditSuppressJob: Job {
  /// Which findings are accepted, in parts that a finding must have.
  public struct Pattern: Sendable {
    /// Id of the rule.
    public var rule: String?
    /// objectGUID or DN of the entry.
    public var object: String?
    /// Name of the attribute.
    public var attribute: String?
    /// The value.
    public var value: String?

    /// Any finding.
    public init() {}

    /// Whether it names nothing.
    public var isEmpty: Bool { rule == nil && object == nil && attribute == nil && value == nil }
  }

  /// The file of suppressions; made if there is none.
  public var file: String
  /// Store that has the findings that fingerprints name.
  public var store: String?
  /// Which findings, where no fingerprints are named.
  public var pattern: Pattern
  /// Fingerprints of findings.
  public var fingerprints: [String]
  /// Why they are accepted.
  public var acceptance: Acceptance

  /// A job; see the properties.
  public init(
    file: String, store: String? = nil, pattern: Pattern = Pattern(), fingerprints: [String] = [],
    acceptance: Acceptance
  ) {
    self.file = file
    self.store = store
    self.pattern = pattern
    self.fingerprints = fingerprints
    self.acceptance = acceptance
  }

  /// Looks at the options without doing anything.
  ///
  /// - Throws: `UsageError` when they do not go together.
  public func validate() throws(UsageError) {
    guard pattern.isEmpty != fingerprints.isEmpty else {
      throw UsageError(
        pattern.isEmpty
          ? "say what is accepted: fingerprints, or --rule with --object, --attribute or --value"
          : "name fingerprints or --rule, --object, --attribute, --value: not both")
    }
    try acceptance.validate()
  }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) {
    if let store { files.readsStore(store) }
    files.keeps(file, "--suppressions")
    files.writesStandardOutput()
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    var failures: [String] = []
    let new = try patterns(&failures).map(acceptance.suppression).filter { suppression in
      guard let fault = SuppressionFile.fault(of: suppression) else { return true }
      failures.append("\(Self.name(of: suppression.pattern)) cannot be accepted so: \(fault)")
      return false
    }
    if !new.isEmpty {
      let before = try TextFile.readIfThere(file)
      let text = try SuppressionFile.appending(new, to: before, path: file)
      try WholeFile.replace(file, with: text)
    }
    // One that cannot be written keeps none of the others back.
    for failure in failures { context.events(.failure(failure)) }
    try context.print("\(new.count) \(new.count == 1 ? "entry" : "entries") written to \(file)")
    return Outcome(failures.isEmpty ? .clean : .usage)
  }

  private static func name(of pattern: Suppression.Pattern) -> String {
    let parts = [pattern.fingerprint, pattern.rule, pattern.object, pattern.attribute, pattern.value]
    return "the finding " + parts.compactMap { $0 }.joined(separator: ", ")
  }

  private func patterns(_ failures: inout [String]) throws -> [Suppression.Pattern] {
    guard !fingerprints.isEmpty else {
      return [
        Suppression.Pattern(
          rule: pattern.rule, object: pattern.object, attribute: pattern.attribute, value: pattern.value)
      ]
    }
    guard let store else { return fingerprints.map { Suppression.Pattern(fingerprint: $0) } }
    let opened = try AuditStore(path: store, access: .read)
    var patterns: [Suppression.Pattern] = []
    for fingerprint in fingerprints {
      var found: Finding?
      try opened.lives(of: .fingerprint(fingerprint)) { found = try Finding($0.finding) }
      guard let finding = found else {
        failures.append("\(store) has no finding \(fingerprint)")
        continue
      }
      let pattern = Self.pattern(of: finding)
      let survives = SuppressionFile.survives(Acceptance(reason: "x", owner: "x").suppression(pattern))
      patterns.append(survives ? pattern : Suppression.Pattern(fingerprint: finding.fingerprint.hexadecimal))
    }
    return patterns
  }

  /// What names a finding in words that people can check; its fingerprint where a part of it is no text.
  private static func pattern(of finding: Finding) -> Suppression.Pattern {
    let object = finding.objectGUID?.description ?? finding.dn.text
    guard let object, finding.value == nil || finding.value?.text != nil else {
      return Suppression.Pattern(fingerprint: finding.fingerprint.hexadecimal)
    }
    // A duplicate is accepted by its value, whoever holds it in whichever attribute.
    let isDuplicate = !finding.related.isEmpty
    return Suppression.Pattern(
      rule: finding.rule, object: isDuplicate ? nil : object, attribute: isDuplicate ? nil : finding.attribute,
      value: finding.value?.text)
  }
}
