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
    var json = JSONBuilder()
    json.object {
      $0.member("$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
      $0.member("version", "2.1.0")
    }
    // Taken apart by hand, as the results are written one by one between the members of the run.
    json.bytes.removeLast()
    json.bytes.append(literal: ",\"runs\":[{\"tool\":")
    json.object { Self.append(tool: run, to: &$0) }
    json.bytes.append(literal: ",\"columnKind\":\"unicodeCodePoints\",\"properties\":")
    json.object { (object) in
      object.member("ruleSet", run.ruleSet)
      object.member("sources") { array in
        array.array { for source in run.sources { $0.element { $0.string(source) } } }
      }
    }
    json.bytes.append(literal: ",\"results\":[")
    try output.write(json.bytes)
  }

  /// Writes one result. Throws `ReportError`.
  public mutating func receive(_ finding: Finding) throws {
    var json = JSONBuilder()
    json.bytes.append(literal: isFirst ? "\n" : ",\n")
    isFirst = false
    let index = ruleIndexes[finding.rule]
    json.object { Self.append(finding, ruleIndex: index, to: &$0) }
    try output.write(json.bytes)
  }

  /// Writes what was read and ends the file. Throws `ReportError`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    var json = JSONBuilder()
    json.bytes.append(literal: isFirst ? "],\"invocations\":[" : "\n],\"invocations\":[")
    json.object { (object) in
      object.member("executionSuccessful", coverage.isComplete)
      if !startedAt.isEmpty { object.member("startTimeUtc", startedAt) }
      if !coverage.isComplete {
        object.member("toolExecutionNotifications") { value in
          value.array { (array) in
            for line in CoverageText.lines(for: coverage) {
              array.element { element in
                element.object {
                  $0.member("level", "error")
                  $0.member("message") { $0.object { $0.member("text", SARIFText.message(line)) } }
                }
              }
            }
          }
        }
      }
      object.member("properties") { value in
        value.object {
          $0.member("complete", coverage.isComplete)
          $0.member("entriesRead", coverage.entriesRead)
          $0.member("entriesInSource", coverage.entriesInSource)
          $0.member("entriesJudged", coverage.entriesJudged)
        }
      }
    }
    json.bytes.append(literal: "]}]}\n")
    try output.write(json.bytes)
    try output.flush()
  }

  private static func append(tool run: RunDescription, to object: inout JSONBuilder.Object) {
    object.member("driver") { driver in
      driver.object {
        $0.member("name", "dirsync-lint")
        $0.member("version", run.version)
        $0.member("rules") { rules in
          rules.array { (array) in
            for rule in run.rules { array.element { $0.object { append(rule, to: &$0) } } }
          }
        }
      }
    }
  }

  private static func append(_ rule: RuleSummary, to object: inout JSONBuilder.Object) {
    object.member("id", rule.id)
    object.member("shortDescription") { $0.object { $0.member("text", SARIFText.message(rule.title)) } }
    object.member("fullDescription") { $0.object { $0.member("text", SARIFText.message(rule.explanation)) } }
    var help = rule.explanation
    if !rule.references.isEmpty { help += "\n\nSources:\n" + rule.references.map { "\($0)\n" }.joined() }
    object.member("help") { $0.object { $0.member("text", SARIFText.message(help)) } }
    if let reference = rule.references.first(where: { $0.hasPrefix("https://") && SARIFText.isURI($0) }) {
      object.member("helpUri", reference)
    }
    object.member("defaultConfiguration") { $0.object { $0.member("level", rule.severity.level) } }
    object.member("properties") { properties in
      properties.object {
        $0.member("effect", rule.effect.rawValue)
        $0.member("certainty", rule.certainty.rawValue)
        $0.member("attributes") { value in
          value.array { for attribute in rule.attributes { $0.element { $0.string(attribute) } } }
        }
      }
    }
  }

  private static func append(_ finding: Finding, ruleIndex: Int?, to object: inout JSONBuilder.Object) {
    object.member("ruleId", finding.rule)
    if let ruleIndex { object.member("ruleIndex", ruleIndex) }
    object.member("level", finding.severity.level)
    object.member("message") { $0.object { $0.member("text", SARIFText.message(finding.message)) } }
    object.member("locations") { value in
      value.array {
        $0.element { $0.object { append(finding.location, dn: finding.dn, id: nil, to: &$0) } }
      }
    }
    if !finding.related.isEmpty {
      object.member("relatedLocations") { value in
        value.array { (array) in
          for (index, place) in finding.related.enumerated() {
            array.element { $0.object { append(place.location, dn: place.dn, id: (index + 1, place), to: &$0) } }
          }
        }
      }
    }
    object.member("partialFingerprints") { $0.object { $0.member("dirsyncLint/v1", finding.fingerprint) } }
    if let state = finding.state { append(state, suppression: finding.suppression, to: &object) }
    object.member("properties") { $0.object { appendProperties(of: finding, to: &$0) } }
  }

  private static func append(
    _ location: SourceLocation, dn: AttributeValue, id: (number: Int, place: RelatedValue)?,
    to object: inout JSONBuilder.Object
  ) {
    if let id {
      object.member("id", id.number)
      object.member("message") { message in
        message.object { (object) in
          let value = id.place.value.map { ": \(TerminalText.escape($0.bytes))" } ?? ""
          object.member("text", SARIFText.message("\(id.place.attribute)\(value)"))
        }
      }
    }
    if let uri = SARIFText.uri(ofSource: location.source) {
      object.member("physicalLocation") { physical in
        physical.object { (object) in
          object.member("artifactLocation") { $0.object { $0.member("uri", uri) } }
          if let line = location.line {
            object.member("region") { region in
              region.object {
                $0.member("startLine", line)
                if let column = location.column { $0.member("startColumn", column) }
              }
            }
          }
        }
      }
    }
    let name = TerminalText.escape(dn.bytes)
    object.member("logicalLocations") { value in
      value.array {
        $0.element { element in
          element.object {
            $0.member("fullyQualifiedName", name)
            $0.member("kind", "entry")
          }
        }
      }
    }
  }

  private static func append(
    _ state: FindingState, suppression: Suppression?, to object: inout JSONBuilder.Object
  ) {
    let baseline: StaticString =
      switch state {
      case .new, .returned: "new"
      case .known, .suppressed, .expiredSuppression: "unchanged"
      case .gone: "absent"
      }
    object.member("baselineState", baseline.description)
    if state == .suppressed {
      object.member("suppressions") { value in
        value.array {
          $0.element { element in
            element.object {
              $0.member("kind", "external")
              if let suppression { $0.member("justification", TerminalText.escape(suppression.reason)) }
            }
          }
        }
      }
    }
  }

  private static func appendProperties(of finding: Finding, to object: inout JSONBuilder.Object) {
    object.member("effect", finding.effect.rawValue)
    object.member("certainty", finding.certainty.rawValue)
    object.member("attribute", finding.attribute)
    if let guid = finding.objectGUID { object.member("objectGUID", guid.description) }
    if !finding.objectClass.isEmpty { object.member("objectClass", finding.objectClass) }
    if let value = finding.value { object.member("value") { $0.value(value) } }
    if let state = finding.state { object.member("state", state.rawValue) }
    if let suggestion = finding.suggestion {
      object.member("suggestion") { value in
        value.object { (object) in
          object.member("action", suggestion.action.rawValue)
          if let value = suggestion.value { object.member("value") { $0.value(value) } }
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
