import ArgumentParser
import Workbench

/// Options about findings that somebody accepted, and about which findings are shown.
struct KnownFindingOptions: ParsableArguments {
  @Option(help: "File of suppressions: findings that somebody accepted, with reason, owner and last day; repeatable.")
  var suppressions: [String] = []

  @Option(
    help: """
      Show only findings in these states, separated by commas: new, known, returned, gone, suppressed, \
      expired-suppression.
      """)
  var states: String?

  /// What was typed.
  var choice: KnownFindings {
    var known = KnownFindings()
    known.suppressions = suppressions
    known.states = states
    return known
  }
}
