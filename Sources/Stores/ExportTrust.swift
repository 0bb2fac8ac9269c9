import Bytes
import Findings

/// Whether an export is what it should be, told by what the last complete run saw: a bad export would make half a
/// directory look mended.
public enum ExportTrust {
  /// How much older than the last one an export may be: clocks differ, and a day's export may be run again.
  public static let tolerance = 3_600

  /// Why an export is not to be trusted, one sentence each; empty when nothing speaks against it.
  ///
  /// - Parameters:
  ///   - coverage: what was read.
  ///   - last: the last complete run.
  public static func doubts(
    _ coverage: Coverage, head: RunHead, newestChange: Int?, last: StoredRun
  ) -> [String] {
    var doubts: [String] = []
    if head.selection != last.head.selection {
      doubts.append(
        "other entries were chosen than in run \(last.number) (\(words(head.selection)), then"
          + " \(words(last.head.selection)))")
    }
    if let text = missing(coverage.entriesInSource, last.coverage.entriesInSource) {
      doubts.append("\(text) entries of run \(last.number) are missing")
    } else if let text = missing(coverage.entriesJudged + coverage.recordsLost, last.coverage.entriesJudged) {
      doubts.append("\(text) entries in scope of run \(last.number) are missing")
    }
    doubts += vanished(coverage, last)
    if let time = head.sourceTime, let before = last.head.sourceTime, time < before - tolerance {
      doubts.append(
        "it was written at \(Timestamp.text(epochSeconds: time)), before that of run \(last.number)"
          + " (\(Timestamp.text(epochSeconds: before)))")
    }
    if let newestChange, let before = last.newestChange, newestChange < before - tolerance {
      doubts.append(
        "its newest whenChanged is \(Timestamp.text(epochSeconds: newestChange)), that of run \(last.number) was"
          + " \(Timestamp.text(epochSeconds: before))")
    }
    return doubts
  }

  /// "1,200 of 3,000" when a third or more is missing.
  private static func missing(_ count: Int, _ before: Int) -> String? {
    guard before > 0, (before - count) * 3 >= before else { return nil }
    return "\(before - count) of \(before)"
  }

  /// Attributes that no entry has any more, though many had them: ten, or a third of the entries. The one entry that had
  /// an attribute may have been mended.
  private static func vanished(_ coverage: Coverage, _ last: StoredRun) -> [String] {
    guard coverage.entriesRead > 0 else { return [] }
    let names = last.coverage.attributeCounts.filter { name, count in
      coverage.attributeCounts[name] == 0 && (count >= 10 || (count >= 2 && count * 3 >= last.coverage.entriesRead))
    }
    return names.sorted { $0.key.lowercased() < $1.key.lowercased() }.map { name, count in
      "no entry has \(name) any more, which \(count) had in run \(last.number)"
    }
  }

  private static func words(_ selection: String) -> String { selection.isEmpty ? "all of them" : selection }
}
