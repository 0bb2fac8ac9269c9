import Bytes
import Directory
import Findings

/// The `sarif` format (OASIS SARIF 2.1.0), for code scanning and the viewers of editors.
///
/// Code scanning of GitHub takes 25,000 results in a file of 10 MB, packed: where there are more, the gravest are written, those
/// first, and a notification says how many there were.
///
/// - The place in an LDIF file is the physical location, the object the logical one, by its DN. Entries of a server have
///   no physical location.
/// - The other holders of a value are `relatedLocations`.
/// - `partialFingerprints` hold the finding's fingerprint, so that a change of lines or of order changes no result.
/// - `baselineState` and `suppressions` tell how it compares with earlier runs, when that is known.
public struct SARIFReport: FindingSink {
  /// The most results in a file.
  public static let limit = 25_000
  /// The most bytes of a file once it is packed with gzip: 10 MB, less what the end of the file and the packer's last block take.
  static let packedLimit = 9_500_000

  private let output: ReportOutput
  private let packedLimit: Int
  private let tell: (String) -> Void
  private let packed = GzipLength()
  private var records: GravestRecords
  private var run = RunDescription(version: "", ruleSet: "", sources: [])
  private var ruleIndexes: [String: Int] = [:]

  /// A report to an output.
  ///
  /// - Parameters:
  ///   - limit: how many results a file has.
  ///   - packedLimit: how many bytes a file has once it is packed.
  ///   - tell: told what is left out.
  public init(
    output: ReportOutput, limit: Int = SARIFReport.limit, packedLimit: Int? = nil,
    tell: @escaping (String) -> Void = { _ in }
  ) {
    self.output = output
    self.packedLimit = packedLimit ?? Self.packedLimit
    self.tell = tell
    records = GravestRecords(limit: limit)
  }

  /// Writes the tool and its rules. Throws `ReportError`.
  public mutating func begin(_ run: RunDescription) throws {
    self.run = run
    ruleIndexes = Dictionary(run.rules.enumerated().map { ($1.id, $0) }) { first, _ in first }
    var json: [UInt8] = []
    json.appendObject {
      $0.appendMember(
        "$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
      $0.appendMember("version", "2.1.0")
    }
    // Taken apart by hand, as the results are written one by one between the members of the run.
    json.removeLast()
    json.append(literal: ",\"runs\":[{\"tool\":")
    json.appendObject { Self.append(tool: run, to: &$0) }
    json.append(literal: ",\"columnKind\":\"unicodeCodePoints\",\"properties\":")
    json.appendObject { json in
      json.appendMember("ruleSet", run.ruleSet)
      json.appendMember("sources", run.sources)
    }
    json.append(literal: ",\"results\":[")
    packed?.add(json)
    try output.write(json)
  }

  /// Puts one result aside. Throws `SpoolFailure`.
  public mutating func receive(_ finding: Finding) throws {
    let index = ruleIndexes[finding.rule]
    try records.add(finding) {
      var json: [UInt8] = []
      json.appendObject { Self.append(finding, ruleIndex: index, to: &$0) }
      return json
    }
  }

  /// Writes the results and what was read. Throws `ReportError`, `SpoolFailure`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    let written = try writeResults()
    let notice = written < records.total ? notice(written: written) : nil
    var json: [UInt8] = []
    json.append(literal: written == 0 ? "],\"invocations\":[" : "\n],\"invocations\":[")
    append(coverage, notice: notice, to: &json)
    json.append(literal: "]}]}\n")
    try output.write(json)
    try output.flush()
    if let notice { tell(notice) }
  }

  private func notice(written: Int) -> String {
    "this file has the \(grouped(written)) gravest of \(counted(records.total, "finding", "findings")): its readers take"
      + " \(grouped(Self.limit)) and 10 MB; json and csv have all of them"
  }

  /// Writes as many results as there is room for.
  ///
  /// - Returns: how many.
  private func writeResults() throws -> Int {
    var written = 0
    var json: [UInt8] = []
    var line: [UInt8] = []
    for record in records.chosen() {
      try records.read(record, into: &json)
      line.removeAll(keepingCapacity: true)
      line.append(literal: written == 0 ? "\n" : ",\n")
      line.append(bytes: json.span)
      packed?.add(line)
      guard (packed?.count ?? 0) <= packedLimit else { break }
      try output.write(line)
      written += 1
    }
    return written
  }

  private func append(_ coverage: Coverage, notice: String?, to json: inout [UInt8]) {
    json.appendObject { json in
      json.appendMember("executionSuccessful", coverage.isComplete)
      if !run.startedAt.isEmpty { json.appendMember("startTimeUtc", run.startedAt) }
      let reasons = coverage.isComplete ? [] : CoverageText.lines(for: coverage)
      let notifications = reasons.map { ("error", $0) } + (notice.map { [("warning", $0)] } ?? [])
      if !notifications.isEmpty {
        json.appendMember("toolExecutionNotifications") { value in
          value.appendArray(of: notifications) { json, notification in
            json.appendObject {
              $0.appendMember("level", notification.0)
              $0.appendMember("message") {
                $0.appendObject { $0.appendMember("text", SARIFText.message(notification.1)) }
              }
            }
          }
        }
      }
      json.appendMember("properties") { value in
        value.appendObject {
          $0.appendMember("complete", coverage.isComplete)
          $0.appendMember("entriesRead", coverage.entriesRead)
          $0.appendMember("entriesInSource", coverage.entriesInSource)
          $0.appendMember("entriesJudged", coverage.entriesJudged)
          $0.appendMember("topLevelDomains", ifThere: coverage.topLevelDomains ?? run.topLevelDomains)
          if notice != nil { $0.appendMember("findings", records.total) }
        }
      }
    }
  }

  private static func append(tool run: RunDescription, to json: inout [UInt8]) {
    json.appendMember("driver") { driver in
      driver.appendObject {
        $0.appendMember("name", "dirsync-lint")
        $0.appendMember("version", run.version)
        $0.appendMember("rules") { rules in
          rules.appendArray { (array) in
            for rule in run.rules { array.appendElement { $0.appendObject { append(rule, to: &$0) } } }
          }
        }
      }
    }
  }

  private static func append(_ rule: RuleSummary, to json: inout [UInt8]) {
    json.appendMember("id", rule.id)
    json.appendMember("shortDescription") { $0.appendObject { $0.appendMember("text", SARIFText.message(rule.title)) } }
    json.appendMember("fullDescription") {
      $0.appendObject { $0.appendMember("text", SARIFText.message(rule.explanation)) }
    }
    var help = rule.explanation
    if !rule.references.isEmpty { help += "\n\nSources:\n" + rule.references.map { "\($0)\n" }.joined() }
    json.appendMember("help") { $0.appendObject { $0.appendMember("text", SARIFText.message(help)) } }
    if let reference = rule.references.first(where: { $0.hasPrefix("https://") && SARIFText.isURI($0) }) {
      json.appendMember("helpUri", reference)
    }
    json.appendMember("defaultConfiguration") { $0.appendObject { $0.appendMember("level", rule.severity.level) } }
    json.appendMember("properties") { properties in
      properties.appendObject {
        $0.appendMember("effect", rule.effect.rawValue)
        $0.appendMember("certainty", rule.certainty.rawValue)
        $0.appendMember("attributes", rule.attributes)
      }
    }
  }

  private static func append(_ finding: Finding, ruleIndex: Int?, to json: inout [UInt8]) {
    json.appendMember("ruleId", finding.rule)
    if let ruleIndex { json.appendMember("ruleIndex", ruleIndex) }
    json.appendMember("level", finding.severity.level)
    let message = TextCut.cut(finding.message, limit: longestText)
    json.appendMember("message") { $0.appendObject { $0.appendMember("text", SARIFText.message(message)) } }
    json.appendMember("locations") { value in
      value.appendArray {
        $0.appendElement { $0.appendObject { append(finding.location, dn: finding.dn, id: nil, to: &$0) } }
      }
    }
    if !finding.related.isEmpty {
      json.appendMember("relatedLocations") { value in
        value.appendArray { (array) in
          for (index, place) in finding.related.prefix(mostRelated).enumerated() {
            array.appendElement {
              $0.appendObject { append(place.location, dn: place.dn, id: (index + 1, place), to: &$0) }
            }
          }
        }
      }
    }
    json.appendMember("partialFingerprints") {
      $0.appendObject { $0.appendMember("dirsyncLint/v1", finding.fingerprint.hexadecimal) }
    }
    if let state = finding.state { append(state, suppression: finding.suppression, to: &json) }
    json.appendMember("properties") { $0.appendObject { appendProperties(of: finding, to: &$0) } }
  }

  private static func append(
    _ location: SourceLocation, dn: AttributeValue, id: (number: Int, place: RelatedValue)?,
    to json: inout [UInt8]
  ) {
    if let id {
      json.appendMember("id", id.number)
      json.appendMember("message") { message in
        message.appendObject { json in
          let value = id.place.value.map { ": \(escaped($0))" } ?? ""
          json.appendMember("text", SARIFText.message("\(id.place.attribute)\(value)"))
        }
      }
    }
    if let uri = SARIFText.uri(ofSource: location.source) {
      json.appendMember("physicalLocation") { physical in
        physical.appendObject { json in
          json.appendMember("artifactLocation") { $0.appendObject { $0.appendMember("uri", uri) } }
          if let line = location.line {
            json.appendMember("region") { region in
              region.appendObject {
                $0.appendMember("startLine", line)
                if let column = location.column { $0.appendMember("startColumn", column) }
              }
            }
          }
        }
      }
    }
    let name = escaped(dn)
    json.appendMember("logicalLocations") { value in
      value.appendArray {
        $0.appendElement { element in
          element.appendObject {
            $0.appendMember("fullyQualifiedName", name)
            $0.appendMember("kind", "entry")
          }
        }
      }
    }
  }

  private static func append(
    _ state: FindingState, suppression: Suppression?, to json: inout [UInt8]
  ) {
    let baseline: StaticString =
      switch state {
      case .new, .returned: "new"
      case .known, .suppressed, .expiredSuppression: "unchanged"
      case .gone: "absent"
      }
    json.appendMember("baselineState", literal: baseline)
    if state == .suppressed {
      json.appendMember("suppressions") { value in
        value.appendArray {
          $0.appendElement { element in
            element.appendObject {
              $0.appendMember("kind", "external")
              if let suppression { $0.appendMember("justification", TerminalText.escape(suppression.reason)) }
            }
          }
        }
      }
    }
  }

  private static func appendProperties(of finding: Finding, to json: inout [UInt8]) {
    json.appendMember("effect", finding.effect.rawValue)
    json.appendMember("certainty", finding.certainty.rawValue)
    json.appendMember("attribute", finding.attribute)
    if let guid = finding.objectGUID { json.appendMember("objectGUID", guid.description) }
    if !finding.objectClass.isEmpty { json.appendMember("objectClass", finding.objectClass) }
    if finding.related.count > mostRelated { json.appendMember("holders", finding.holderCount) }
    append(finding.value, to: &json)
    if let state = finding.state { json.appendMember("state", state.rawValue) }
    if let suggestion = finding.suggestion {
      json.appendMember("suggestion") { value in
        value.appendObject { json in
          json.appendMember("action", suggestion.action.rawValue)
          append(suggestion.value, to: &json)
        }
      }
    }
  }
}

extension SARIFReport {
  /// Readers of results show one screen of text.
  fileprivate static let longestText = 8_192
  /// Locations of one result that readers take.
  fileprivate static let mostRelated = 1_000

  /// A value as text, cut where it is longer than anybody reads.
  fileprivate static func escaped(_ value: AttributeValue) -> String {
    TerminalText.escape(TextCut.cut(value.bytes, limit: longestText))
  }

  /// Appends a value as it is, or the length of one that would be too much for a file.
  fileprivate static func append(_ value: AttributeValue?, to json: inout [UInt8]) {
    guard let value else { return }
    if value.bytes.count <= longestValue {
      json.appendMember("value", value)
    } else {
      json.appendMember("valueLength", value.bytes.count)
    }
  }
  private static let longestValue = 65_536
}

extension Severity {
  /// The level of SARIF that stands for the severity.
  fileprivate var level: String {
    switch self {
    case .error: "error"
    case .warning: "warning"
    case .info: "note"
    }
  }
}
