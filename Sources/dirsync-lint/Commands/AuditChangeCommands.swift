import ArgumentParser
import Workbench

/// `audit prune`: takes old runs out of a store.
struct AuditPruneCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Take all but the last runs out of a store.",
    discussion: "Findings that only those runs had go with them; one that comes back later is new.")

  @OptionGroup var store: StoreOption
  @Option(help: "Number of runs to keep.") var keep: Int

  func validate() throws {
    guard keep >= 1 else { throw ValidationError("--keep is a number of runs, at least 1") }
  }

  func job() throws -> any Job { AuditPruneJob(store: store.store, keep: keep) }
}

/// `audit suppress`: writes suppressions.
struct AuditSuppressCommand: JobCommand {
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

  func validate() throws { try checked { try suppression.validate() } }

  func job() throws -> any Job { suppression }

  private var suppression: AuditSuppressJob {
    var pattern = AuditSuppressJob.Pattern()
    pattern.rule = rule
    pattern.object = object
    pattern.attribute = attribute
    pattern.value = value
    return AuditSuppressJob(
      file: suppressions, store: store, pattern: pattern, fingerprints: fingerprints,
      acceptance: Acceptance(reason: reason, owner: owner, ticket: ticket, expires: expires))
  }
}
