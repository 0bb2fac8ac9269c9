import ArgumentParser
import Stores
import Findings
import RuleSet

/// `audit prune`: takes old runs out of a store.
struct AuditPruneCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Take all but the last runs out of a store.",
    discussion: "Findings that only those runs had go with them; one that comes back later is new.")

  @OptionGroup var store: StoreOption
  @Option(help: "Number of runs to keep.") var keep: Int

  func validate() throws {
    guard keep >= 1 else { throw ValidationError("--keep is a number of runs, at least 1") }
  }

  func status() throws -> ExitStatus {
    let pruned = try store.open(.change).prune(keep: keep, compacts: true)
    StandardOutput.write(
      "\(pruned.runs) \(pruned.runs == 1 ? "run" : "runs") and \(pruned.findings) "
        + "\(pruned.findings == 1 ? "finding" : "findings") taken out")
    return .clean
  }
}

/// `audit suppress`: writes suppressions.
struct AuditSuppressCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "suppress", abstract: "Accept findings: write entries to a file of suppressions.",
    discussion: """
      Name findings by their fingerprints (of a store, with --store, the entry then names rule, object, attribute and \
      value), or say with --rule, --object, --attribute and --value which findings are accepted.
      """)

  @Option(help: "The file of suppressions; made if there is none.")
  var suppressions: String

  @Option(help: ArgumentHelp("Store that has the findings.", valueName: "file"))
  var store: String?

  @Option(help: "Id of the rule.")
  var rule: String?
  @Option(help: "objectGUID or DN of the entry.")
  var object: String?
  @Option(help: "Name of the attribute.")
  var attribute: String?
  @Option(help: "The value.")
  var value: String?

  @Option(help: "Why this is accepted.")
  var reason: String
  @Option(help: "Who answers for it.")
  var owner: String
  @Option(help: "Where it was decided, such as the number of a change request.")
  var ticket: String?
  @Option(help: "Last day on which it holds, as in 2027-03-31; without it, it has no end.")
  var expires: String?

  @Argument(help: ArgumentHelp("Fingerprints of findings.", valueName: "fingerprint"))
  var fingerprints: [String] = []

  func validate() throws {
    let hasPattern = rule != nil || object != nil || attribute != nil || value != nil
    guard hasPattern != !fingerprints.isEmpty else {
      throw ValidationError(
        hasPattern
          ? "name fingerprints or --rule, --object, --attribute, --value: not both"
          : "say what is accepted: fingerprints, or --rule with --object, --attribute or --value")
    }
    if let expires, CalendarDate(expires) == nil {
      throw ValidationError("--expires is a day such as 2027-03-31, not '\(expires)'")
    }
  }

  func status() throws -> ExitStatus {
    let new = try patterns().map { pattern in
      Suppression(
        pattern: pattern, reason: reason, owner: owner, ticket: ticket, expires: expires.flatMap { CalendarDate($0) })
    }
    let before = try TextFile.readIfThere(suppressions)
    let text = try SuppressionFile.appending(new, to: before, path: suppressions)
    try WholeFile.replace(suppressions, with: text)
    StandardOutput.write("\(new.count) \(new.count == 1 ? "entry" : "entries") written to \(suppressions)")
    return .clean
  }

  private func patterns() throws -> [Suppression.Pattern] {
    guard !fingerprints.isEmpty else {
      return [Suppression.Pattern(rule: rule, object: object, attribute: attribute, value: value)]
    }
    guard let store else { return fingerprints.map { Suppression.Pattern(fingerprint: $0) } }
    let opened = try AuditStore(path: store, access: .read)
    return try fingerprints.map { fingerprint in
      var found: Finding?
      try opened.lives(of: .fingerprint(fingerprint)) { found = try Finding($0.finding) }
      guard let finding = found else {
        throw ProgramFailure(message: "\(store) has no finding \(fingerprint)", status: .usage)
      }
      return Self.pattern(of: finding)
    }
  }

  /// What names a finding in words that people can check; its fingerprint where a part of it is no text.
  private static func pattern(of finding: Finding) -> Suppression.Pattern {
    let object = finding.objectGUID?.description ?? finding.dn.text
    guard let object, finding.value == nil || finding.value?.text != nil else {
      return Suppression.Pattern(fingerprint: finding.fingerprint)
    }
    // A duplicate is accepted by its value, whoever holds it in whichever attribute.
    let isDuplicate = !finding.related.isEmpty
    return Suppression.Pattern(
      rule: finding.rule, object: isDuplicate ? nil : object, attribute: isDuplicate ? nil : finding.attribute,
      value: finding.value?.text)
  }
}
