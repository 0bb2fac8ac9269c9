import Findings

/// Keeps the gravest findings: the loudest first, then by what happens, then as they came. What is accepted or gone is none.
struct Gravest {
  /// A finding and its place: the lower, the graver.
  private struct Ranked {
    var rank: Int
    var finding: Finding
  }

  private let limit: Int
  private var ranked: [Ranked] = []

  /// - Parameter limit: how many are kept.
  init(limit: Int) { self.limit = limit }

  /// The findings, the gravest first.
  var findings: [Finding] { ranked.map(\.finding) }

  /// Takes a finding if it is grave enough.
  mutating func add(_ finding: Finding) {
    guard finding.state != .gone, finding.state != .suppressed else { return }
    let rank = Self.rank(of: finding)
    if ranked.count == limit {
      guard let last = ranked.last, rank < last.rank else { return }
      ranked.removeLast()
    }
    let place = ranked.firstIndex { $0.rank > rank } ?? ranked.count
    ranked.insert(Ranked(rank: rank, finding: finding), at: place)
  }

  /// How many ranks there are.
  static let ranks = 65

  /// How grave a finding is: the lower, the graver. What is accepted or gone comes last.
  static func rank(of finding: Finding) -> Int {
    if finding.state == .gone || finding.state == .suppressed { return ranks - 1 }
    let quiet = finding.state == .known ? 1 : 0
    let loudness = Severity.allCases.firstIndex(of: finding.severity) ?? 0
    let effect = Effect.allCases.firstIndex(of: finding.effect) ?? 0
    return (quiet * 4 + 3 - loudness) * 8 + effect
  }
}
