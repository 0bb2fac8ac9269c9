import Findings
import Reporting

/// The findings of an earlier report, kept compactly.
final class Baseline {
  private struct Row {
    var fingerprint: Fingerprint
    var range: Range<Int>
    var isSeen = false
  }

  private let path: String
  private let isComplete: Bool
  private var rows: [Row] = []
  private var positions: [Fingerprint: Int] = [:]
  private var bytes: [UInt8] = []

  /// Reads a report.
  ///
  /// - Throws: `ReportFileError`.
  init(path: String) throws {
    self.path = path
    var rows: [Row] = []
    var positions: [Fingerprint: Int] = [:]
    var bytes: [UInt8] = []
    let summary = try ReportFileReader.read(path: path) { finding in
      guard let fingerprint = Fingerprint(hexadecimal: finding.fingerprint), positions[fingerprint] == nil else {
        return
      }
      positions[fingerprint] = rows.count
      let start = bytes.count
      FindingCodec.encode(finding, into: &bytes)
      rows.append(Row(fingerprint: fingerprint, range: start..<bytes.count))
    }
    isComplete = summary.isComplete ?? true
    self.rows = rows
    self.positions = positions
    self.bytes = bytes
  }

  /// Known or new; a value that another holder has joined is new again.
  func state(of finding: PackedFinding) -> FindingState {
    guard let position = positions[finding.fingerprint] else { return .new }
    rows[position].isSeen = true
    guard !finding.related.isEmpty, let before = try? FindingCodec.decode(bytes[rows[position].range]) else {
      return .known
    }
    let holders = Set(EntryKey.anchors(of: PackedFinding(before)))
    return EntryKey.anchors(of: finding).allSatisfy(holders.contains) ? .known : .new
  }

  /// Hands over the findings that are gone, if everything was read.
  func end(_ coverage: inout Coverage, judgedRules: Set<String>, gone: (PackedFinding) throws -> Void) throws {
    if !isComplete {
      coverage.remarks.append("the run of \(path) had not read everything: what it did not see is new here")
    }
    var unseen = 0
    for row in rows where !row.isSeen {
      var finding = try FindingCodec.decode(bytes[row.range])
      guard coverage.isComplete else {
        unseen += 1
        continue
      }
      guard judgedRules.contains(finding.rule) else { continue }
      finding.state = .gone
      try gone(PackedFinding(finding))
    }
    if unseen > 0 {
      coverage.remarks.append(
        "\(unseen) \(unseen == 1 ? "finding" : "findings") of \(path) not seen; because not everything was read, "
          + "\(unseen == 1 ? "it is" : "they are") not taken for gone")
    }
  }
}
