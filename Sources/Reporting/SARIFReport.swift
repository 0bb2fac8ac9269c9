import Bytes
import Directory
import Findings

/// The `sarif` format (OASIS SARIF 2.1.0), for code scanning and the viewers of editors; written as the findings come.
///
/// - The place in an LDIF file is the physical location, the object the logical one, by its DN. Entries of a server have
///   no physical location.
/// - The other holders of a value are `relatedLocations`.
/// - `partialFingerprints` hold the finding's fingerprint, so that a change of lines or of order changes no result.
/// - `baselineState` and `suppressions` tell how it compares with earlier runs, when that is known.
public struct SARIFReport: FindingSink {
  private let output: ReportOutput
  private var startedAt = ""
  private var ruleIndexes: [String: Int] = [:]
  private var isFirst = true

  /// A report to an output.
  public init(output: ReportOutput) { self.output = output }

  /// Writes the tool and its rules. Throws `ReportError`.
  public mutating func begin(_ run: RunDescription) throws {
    startedAt = run.startedAt
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
    try output.write(json)
  }

  /// Writes one result. Throws `ReportError`.
  public mutating func receive(_ finding: Finding) throws {
    var json: [UInt8] = []
    json.append(literal: isFirst ? "\n" : ",\n")
    isFirst = false
    let index = ruleIndexes[finding.rule]
    json.appendObject { Self.append(finding, ruleIndex: index, to: &$0) }
    try output.write(json)
  }

  /// Writes what was read and ends the file. Throws `ReportError`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    var json: [UInt8] = []
    json.append(literal: isFirst ? "],\"invocations\":[" : "\n],\"invocations\":[")
    json.appendObject { json in
      json.appendMember("executionSuccessful", coverage.isComplete)
      if !startedAt.isEmpty { json.appendMember("startTimeUtc", startedAt) }
      if !coverage.isComplete {
        json.appendMember("toolExecutionNotifications") { value in
          value.appendArray { (array) in
            for line in CoverageText.lines(for: coverage) {
              array.appendElement { element in
                element.appendObject {
                  $0.appendMember("level", "error")
                  $0.appendMember("message") { $0.appendObject { $0.appendMember("text", SARIFText.message(line)) } }
                }
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
        }
      }
    }
    json.append(literal: "]}]}\n")
    try output.write(json)
    try output.flush()
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
    json.appendMember("message") { $0.appendObject { $0.appendMember("text", SARIFText.message(finding.message)) } }
    json.appendMember("locations") { value in
      value.appendArray {
        $0.appendElement { $0.appendObject { append(finding.location, dn: finding.dn, id: nil, to: &$0) } }
      }
    }
    if !finding.related.isEmpty {
      json.appendMember("relatedLocations") { value in
        value.appendArray { (array) in
          for (index, place) in finding.related.enumerated() {
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
          let value = id.place.value.map { ": \(TerminalText.escape($0.bytes))" } ?? ""
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
    let name = TerminalText.escape(dn.bytes)
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
    if let value = finding.value { json.appendMember("value", value) }
    if let state = finding.state { json.appendMember("state", state.rawValue) }
    if let suggestion = finding.suggestion {
      json.appendMember("suggestion") { value in
        value.appendObject { json in
          json.appendMember("action", suggestion.action.rawValue)
          if let value = suggestion.value { json.appendMember("value", value) }
        }
      }
    }
  }
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
