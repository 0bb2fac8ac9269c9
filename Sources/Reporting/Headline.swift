import Bytes
import Findings

/// The sentence about a run that can be repeated: what will not arrive, what few causes it has, how it was the last time.
///
/// Every report for people says it in these words.
enum Headline {
  /// The sentence, without a full stop; nil where no error and no warning is open.
  static func text(_ run: RunDescription, _ counts: FindingCounts) -> String? {
    guard let harm = counts.harm, harm.objects > 0 else { return nil }
    let parts = [losses(harm, counts), share(run.causes, of: counts), change(run, counts)]
    return parts.compactMap(\.self).joined(separator: "; ")
  }

  /// `96.4 % of 1,200 objects are clean`: without an error or a warning; nil where that is not known.
  static func clean(_ coverage: Coverage, _ counts: FindingCounts) -> String? {
    guard let harm = counts.harm, let share = cleanShare(harm, of: coverage.entriesJudged) else { return nil }
    return "\(share) of \(counted(coverage.entriesJudged, "object is", "objects are")) clean"
  }

  /// A share in percent with a digit behind the point, never rounded up to all.
  static func cleanShare(_ harm: Harm, of objects: Int) -> String? {
    guard objects > 0, harm.objects <= objects else { return nil }
    let tenths = (objects - harm.objects) * 1_000 / objects
    return tenths == 1_000 ? "100 %" : "\(tenths / 10).\(tenths % 10) %"
  }

  private static func losses(_ harm: Harm, _ counts: FindingCounts) -> String {
    func part(_ count: Int, _ one: String, _ many: String) -> String? { count > 0 ? counted(count, one, many) : nil }
    let (account, accounts) = harm.blocksUsersOnly ? ("account", "accounts") : ("object", "objects")
    let (lost, allLost) = harm.losesAddressesOnly ? ("address is", "addresses are") : ("value is", "values are")
    let parts = [
      part(harm.objectsBlocked, "\(account) will not arrive", "\(accounts) will not arrive"),
      part(harm.valuesLost, "\(lost) lost", "\(allLost) lost"), part(harm.conflicts, "conflict", "conflicts"),
      part(harm.valuesAltered, "value will change", "values will change"),
    ].compactMap(\.self)
    guard parts.isEmpty else { return parts.joined(separator: ", ") }
    return "nothing is lost, but \(counted(harm.objects, "object needs", "objects need")) attention"
  }

  /// Causes that have no finding in common, as far as they explain half of all.
  private static func share(_ causes: [Cause], of counts: FindingCounts) -> String? {
    var chosen: [Cause] = []
    for cause in causes where chosen.count < 3 {
      let overlaps = chosen.contains { $0.kind != cause.kind && !Set($0.rules).isDisjoint(with: cause.rules) }
      if !overlaps { chosen.append(cause) }
    }
    let explained = chosen.reduce(0) { $0 + $1.findings }
    guard counts.total > 0, explained <= counts.total, explained * 2 >= counts.total else { return nil }
    let percent = explained * 100 / counts.total
    return "\(counted(chosen.count, "cause makes", "causes make")) \(percent) % of all findings"
  }

  /// How many errors and warnings there are more than in the last run that read everything.
  private static func change(_ run: RunDescription, _ counts: FindingCounts) -> String? {
    guard let last = run.trend.last(where: \.isComplete) else { return nil }
    let difference = counts.open(atOrAbove: .warning) - last.counts.open(atOrAbove: .warning)
    let when = day(of: last, run)
    switch difference {
    case 0: return "as many as \(when)"
    case 1...: return "\(grouped(difference)) more than \(when)"
    default: return "\(grouped(-difference)) fewer than \(when)"
    }
  }

  private static func day(of point: TrendPoint, _ run: RunDescription) -> String {
    let date = String(point.finishedAt.prefix(10))
    guard let now = CalendarDate(String(run.startedAt.prefix(10))), let then = CalendarDate(date) else {
      return "in the last run"
    }
    switch now.daysSinceEpoch - then.daysSinceEpoch {
    case 0: return "in the last run"
    case 1: return "yesterday"
    default: return "on \(date)"
    }
  }
}
