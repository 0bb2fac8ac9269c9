import Findings
import Reporting

/// The findings of an earlier report, kept compactly.
final class Baseline {
  private struct Row {
    var fingerprint: String
    var range: Range<Int>
    var isSeen = false
  }

  private let path: String
  private let isComplete: Bool
  private var rows: [Row] = []
  private var positions: [String: Int] = [:]
  private var bytes: [UInt8] = []

  /// Reads a report.
  ///
  /// - Throws: `ReportFileError`.
  init(path: String) throws {
    self.path = path
    var rows: [Row] = []
    var positions: [String: Int] = [:]
    var bytes: [UInt8] = []
    let summary = try ReportFileReader.read(path: path) { finding in
      guard positions[finding.fingerprint] == nil else { return }
      positions[finding.fingerprint] = rows.count
      let start = bytes.count
      FindingCodec.encode(finding, into: &bytes)
      rows.append(Row(fingerprint: finding.fingerprint, range: start..<bytes.count))
    }
    isComplete = summary.isComplete ?? true
    self.rows = rows
    self.positions = positions
    self.bytes = bytes
  }

  /// Known or new; a value that another holder has joined is new again.
  func state(of finding: Finding) -> FindingState {
    guard let position = positions[finding.fingerprint] else { return .new }
    rows[position].isSeen = true
    guard !finding.related.isEmpty, let before = try? FindingCodec.decode(bytes[rows[position].range]) else {
      return .known
    }
    let holders = Set(before.holderKeys)
    return finding.holderKeys.allSatisfy(holders.contains) ? .known : .new
  }

  /// Hands over the findings that are gone, if everything was read.
  func end(_ coverage: inout Coverage, judgedRules: Set<String>, gone: (Finding) throws -> Void) throws {
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
      try gone(finding)
    }
    if unseen > 0 {
      coverage.remarks.append(
        "\(unseen) \(unseen == 1 ? "finding" : "findings") of \(path) not seen; because not everything was read, "
          + "\(unseen == 1 ? "it is" : "they are") not taken for gone")
    }
  }
}

extension Finding {
  /// Keys of the source anchors of all holders.
  fileprivate var holderKeys: [UInt64] {
    [EntryKey.anchor(objectGUID: objectGUID, dn: dn)]
      + related.map { EntryKey.anchor(objectGUID: $0.objectGUID, dn: $0.dn) }
  }
}
