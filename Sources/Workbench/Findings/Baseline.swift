import Bytes
import Findings
import Reporting

/// The findings of an earlier report: what they are known by in memory, their texts put aside.
final class Baseline {
  private struct Row {
    /// Where its JSON is in the spool.
    var range: Range<Int>
    /// Key of its entry, and of those that share the value.
    var holder: UInt64
    var others: ArraySlice<UInt64>
    var isSeen = false
  }

  private let path: String
  private let isComplete: Bool
  private var rows: [Row] = []
  private var positions: [Fingerprint: Int] = [:]
  private let texts = Spool(memoryLimit: 1 << 20)

  /// Reads a report.
  ///
  /// - Throws: `ReportFileError`, `SpoolFailure`.
  init(path: String) throws {
    self.path = path
    var rows: [Row] = []
    var positions: [Fingerprint: Int] = [:]
    var writer = JSONFindingWriter()
    var json: [UInt8] = []
    let texts = texts
    let summary = try ReportFileReader.read(path: path) { finding in
      guard positions[finding.fingerprint] == nil else { return }
      positions[finding.fingerprint] = rows.count
      var finding = finding
      // What it was compared with its own past is nothing here.
      finding.state = nil
      json.removeAll(keepingCapacity: true)
      writer.append(finding, to: &json)
      let start = try texts.append(json.span)
      let holders = EntryKey.anchors(of: finding)
      rows.append(
        Row(
          range: start..<start + json.count, holder: holders[0],
          others: holders.count > 1 ? holders.dropFirst() : []))
    }
    isComplete = summary.isComplete ?? true
    self.rows = rows
    self.positions = positions
  }

  /// Known or new; a value that another holder has joined is new again.
  func state(of finding: Finding) -> FindingState {
    guard let position = positions[finding.fingerprint] else { return .new }
    rows[position].isSeen = true
    guard finding.holderCount > 1 else { return .known }
    let holders = Set(rows[position].others).union([rows[position].holder])
    return EntryKey.anchors(of: finding).allSatisfy(holders.contains) ? .known : .new
  }

  /// Hands over the findings that are gone, if everything was read.
  func end(_ coverage: inout Coverage, judgedRules: Set<String>, gone: (Finding) throws -> Void) throws {
    if !isComplete {
      coverage.remarks.append("the run of \(path) had not read everything: what it did not see is new here")
    }
    let unseen = rows.filter { !$0.isSeen }
    guard coverage.isComplete else {
      if !unseen.isEmpty {
        coverage.remarks.append(
          "\(unseen.count) \(unseen.count == 1 ? "finding" : "findings") of \(path) not seen; because not everything "
            + "was read, \(unseen.count == 1 ? "it is" : "they are") not taken for gone")
      }
      return
    }
    var json: [UInt8] = []
    for row in unseen {
      try texts.read(row.range, into: &json)
      var finding = try finding(json)
      guard judgedRules.contains(finding.rule) else { continue }
      finding.state = .gone
      try gone(finding)
    }
  }

  private func finding(_ json: [UInt8]) throws -> Finding {
    do throws(JSONFindingError) {
      return try JSONFindingReader.finding(json)
    } catch {
      throw CommandFailure(message: "a finding of \(path) cannot be read again: \(error)", status: .usage)
    }
  }
}
