import Directory

/// A mistake in a rule file, a list or an option, with what a right one looks like.
public struct RuleProblem: Error, Hashable, Sendable {
  /// Where it stands; `source` is the path of the file (`entra/mail/….yaml` for shipped ones).
  public var location: SourceLocation
  /// One sentence without a full stop.
  public var message: String

  /// A problem; see the properties.
  public init(location: SourceLocation, message: String) {
    self.location = location
    self.message = message
  }
}

extension RuleProblem: CustomStringConvertible {
  /// `path:line:column: error: message`.
  public var description: String { "\(location): error: \(message)" }
}

/// All mistakes of all rule files, in the order of files and lines.
public struct RuleProblems: Error, Hashable, Sendable {
  /// The problems.
  public var problems: [RuleProblem]

  /// These problems.
  public init(_ problems: [RuleProblem]) { self.problems = problems }
}

extension RuleProblems: CustomStringConvertible {
  /// One line for each problem.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Collects the problems of everything that is loaded together.
final class ProblemList {
  private(set) var problems: [RuleProblem] = []
  private var seen: Set<RuleProblem> = []

  /// Takes a problem, once: a mapping may be looked at more than once.
  func report(_ location: SourceLocation, _ message: String) {
    let problem = RuleProblem(location: location, message: message)
    if seen.insert(problem).inserted { problems.append(problem) }
  }

  /// The problems by file (in the order of first mention), then by place.
  var sorted: [RuleProblem] {
    var order: [String: Int] = [:]
    for problem in problems where order[problem.location.source] == nil {
      order[problem.location.source] = order.count
    }
    let keyed = problems.enumerated().map { index, problem in
      (
        key: [
          order[problem.location.source] ?? 0, problem.location.line ?? 0, problem.location.column ?? 0, index,
        ], problem: problem
      )
    }
    return keyed.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.problem)
  }
}
