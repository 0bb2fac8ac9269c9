import Bytes
import ArgumentParser
import Findings
import RuleSet

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

  /// The states of findings that go into reports; nil: all.
  var shownStates: Set<FindingState>? {
    get throws {
      guard let states else { return nil }
      return Set(
        try states.split(separator: ",").map { word in
          guard let state = FindingState(rawValue: String(word)) else {
            let names = FindingState.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--states is a list of \(names), not '\(word)'")
          }
          return state
        })
    }
  }

  /// What findings are compared with.
  ///
  /// - Throws: the mistakes of the files of suppressions.
  func memory(_ past: FindingMemory.Past) throws -> FindingMemory {
    FindingMemory(past, suppressions: try read(), today: CalendarDate(epochSeconds: Timestamp.now()))
  }

  private func read() throws -> [Suppression]? {
    guard !suppressions.isEmpty else { return nil }
    var all: [Suppression] = []
    var problems: [RuleProblem] = []
    for path in suppressions {
      let bytes = try TextFile.read(path)
      do throws(RuleProblems) { all += try SuppressionFile.read(bytes, path: path) } catch {
        problems += error.problems
      }
    }
    guard problems.isEmpty else { throw RuleProblems(problems) }
    return all
  }
}
