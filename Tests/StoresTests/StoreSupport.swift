import Stores
import Directory
import Findings
import Foundation

/// A directory that goes with its owner.
final class TemporaryDirectory {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "audit-store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }
}

/// What a test says a run finds: rule, entry and value, and what is told of it.
struct Sample: Hashable {
  var rule = "some-rule"
  var entry: Int
  var value = "value"
  var message = "message"
  var holders: [Int] = []

  var finding: Finding {
    let dn = Self.dn(entry)
    return Finding(
      rule: rule, severity: .error, effect: .blocked, certainty: .documented, dn: dn, objectGUID: Self.guid(entry),
      objectClass: "user", attribute: "mail", value: AttributeValue(value), valueIndex: 0, spans: [], message: message,
      suggestion: nil, location: SourceLocation(source: "export.ldif", line: 1),
      related: holders.map {
        RelatedValue(
          dn: Self.dn($0), objectGUID: Self.guid($0), objectClass: "user", attribute: "mail",
          value: AttributeValue(value), location: SourceLocation(source: "export.ldif"))
      },
      fingerprint: holders.isEmpty
        ? Fingerprint(
          rule: rule, objectGUID: Self.guid(entry), dn: dn, attribute: "mail", value: AttributeValue(value)
        )
        : Fingerprint(rule: rule, sharedKey: Array(value.utf8).span))
  }

  /// What the store keeps of it in place of a report's JSON, which it does not look into.
  var json: [UInt8] {
    Array("{\"rule\":\"\(rule)\",\"entry\":\(entry),\"m\":\"\(message)\",\"h\":\"\(holders)\"}".utf8)
  }

  static func dn(_ entry: Int) -> AttributeValue { AttributeValue("CN=User \(entry),DC=contoso,DC=com") }
  static func guid(_ entry: Int) -> GUID? { GUID((0..<16).map { UInt8(truncatingIfNeeded: entry >> ($0 % 4 * 8)) }) }
}

/// What a recorded run said.
struct Outcome: Equatable {
  var states: [String: FindingState] = [:]
  var gone: Set<String> = []
  var number = 0
}

extension AuditStore {
  /// Records a run of these findings.
  @discardableResult
  func record(
    _ samples: [Sample], at time: Int = 1_795_485_600, isComplete: Bool = true, rules: Set<String> = ["some-rule"]
  ) throws -> Outcome {
    try record { recorder in
      var outcome = Outcome()
      var tally = FindingTally()
      try recorder.begin(head(at: time))
      for sample in samples {
        var finding = sample.finding
        let memory = try recorder.compare(finding) { $1 += sample.json }
        finding.state = memory.state
        tally.count(finding)
        outcome.states[finding.fingerprint.hexadecimal] = memory.state
      }
      _ = try recorder.close(isComplete: isComplete, judgedRules: rules) { outcome.gone.insert($0.fingerprint) }
      var coverage = Coverage()
      coverage.entriesRead = 100
      if !isComplete { coverage.gaps = ["something was not read"] }
      try recorder.finish(coverage, tally, finishedAt: time + 60)
      outcome.number = recorder.runNumber
      return outcome
    }
  }

  /// Findings of a run by state.
  func shown(_ number: Int) throws -> Outcome {
    var outcome = Outcome(number: number)
    try findings(of: run(number)) { finding in
      if finding.state == .gone {
        outcome.gone.insert(finding.fingerprint)
      } else {
        outcome.states[finding.fingerprint] = finding.state
      }
    }
    return outcome
  }
}

func head(at time: Int = 1_795_485_600, sourceTime: Int? = nil, selection: String = "") -> RunHead {
  RunHead(
    startedAt: time, version: "1.0", ruleSet: "entra", sources: ["export.ldif"], selection: selection,
    sourceTime: sourceTime)
}

/// SplitMix64: the same numbers for the same seed.
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
