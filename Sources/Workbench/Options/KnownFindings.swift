import Bytes
import Findings
import RuleSet

/// What is known of findings beforehand: those that somebody accepted, and in which states they are shown.
public struct KnownFindings: Sendable {
  /// Files of suppressions.
  public var suppressions: [String] = []
  /// States of findings that are shown, separated by commas; nil: all.
  public var states: String?

  /// Nothing is known.
  public init() {}

  /// The states of findings that go into reports; nil: all.
  ///
  /// - Throws: `UsageError`.
  func shownStates() throws -> Set<FindingState>? {
    guard let states else { return nil }
    return Set(
      try states.split(separator: ",").map { word in
        guard let state = FindingState(rawValue: String(word)) else {
          let names = FindingState.allCases.map(\.rawValue).joined(separator: ", ")
          throw UsageError("--states is a list of \(names), not '\(word)'")
        }
        return state
      })
  }

  /// What findings are compared with.
  ///
  /// - Throws: the mistakes of the files of suppressions.
  func memory(_ past: FindingMemory.Past, in context: JobContext) throws -> FindingMemory {
    FindingMemory(past, suppressions: try read(), today: CalendarDate(epochSeconds: context.now()))
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
