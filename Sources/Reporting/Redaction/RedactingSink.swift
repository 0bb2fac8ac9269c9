import Directory
import Findings

/// Stands between a run and a report and hands on findings in which every name, address and DN is a pseudonym.
///
/// A report behind it never sees an original value, whatever its format. What is kept: rules, severities, effects, counts,
/// attributes, the places in files, the flagged characters and where they stand, which values are equal, the public end of
/// domains, and what a suggestion changes. `Docs/redaction.md` tells what can still be concluded.
public struct RedactingSink: FindingSink {
  private var sink: any FindingSink
  private var pseudonyms: Pseudonyms
  private var messages: [String: MessageRedaction] = [:]

  /// A sink in front of another.
  /// - Parameters:
  ///   - isPublicSuffix: whether a label in lower case is a top-level domain of the Internet; those stay readable.
  public init(_ sink: any FindingSink, key: RedactionKey, isPublicSuffix: @escaping (String) -> Bool) {
    self.sink = sink
    pseudonyms = Pseudonyms(key: key, isPublicSuffix: isPublicSuffix)
  }

  /// Hands on the run with pseudonyms of its sources.
  public mutating func begin(_ run: RunDescription) throws {
    messages = Dictionary(run.rules.map { ($0.id, MessageRedaction($0)) }) { first, _ in first }
    // Runs, findings and coverage are built from their parts, so that a part that they get one day does not get through
    // unnoticed.
    var redacted = RunDescription(
      version: run.version, ruleSet: run.ruleSet, sources: run.sources.map { pseudonyms.source($0) },
      startedAt: run.startedAt, rules: run.rules, trend: run.trend)
    redacted.hasStates = run.hasStates
    redacted.topLevelDomains = run.topLevelDomains
    redacted.sourcesWrittenAt = run.sourcesWrittenAt
    // A title is for those who get the report.
    redacted.title = run.title
    redacted.causes = run.causes.map { redact($0) }
    try sink.begin(redacted)
  }

  /// Hands on the finding with pseudonyms.
  public mutating func receive(_ finding: Finding) throws { try sink.receive(redact(finding)) }

  /// Hands on counts and coverage; the reasons of gaps, which may name anything, are left out.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    var redacted = Coverage()
    redacted.entriesRead = coverage.entriesRead
    redacted.recordsLost = coverage.recordsLost
    redacted.changeRecords = coverage.changeRecords
    redacted.attributesNeverSeen = coverage.attributesNeverSeen
    redacted.attributesNotApplicable = coverage.attributesNotApplicable
    redacted.rules = coverage.rules
    redacted.topLevelDomains = coverage.topLevelDomains
    redacted.isInterrupted = coverage.isInterrupted
    redacted.gaps = coverage.gaps.map { _ in "a part of the source (what it was is left out of a redacted report)" }
    redacted.checks = coverage.checks.map { result in
      CheckResult(
        source: pseudonyms.source(result.source), check: result.check, title: result.title, status: result.status,
        rule: result.rule, summary: result.status == .found ? "" : "left out of a redacted report")
    }
    let remarks = coverage.remarks.count
    if remarks > 0 { redacted.remarks = ["remarks left out of a redacted report: \(remarks)"] }
    redacted.outOfScope = coverage.outOfScope.map { excluded in
      let prefix = "object class "
      guard excluded.reason.hasPrefix(prefix) else {
        return Coverage.ReasonCount(
          reason: excluded.reason, count: excluded.count,
          names: excluded.names.map { AttributeValue(pseudonyms.dn($0.bytes)) })
      }
      let name = pseudonyms.objectClass(String(excluded.reason.dropFirst(prefix.count)))
      return Coverage.ReasonCount(reason: prefix + name, count: excluded.count)
    }
    try sink.finish(coverage: redacted, counts: counts)
  }

  private mutating func redact(_ cause: Cause) -> Cause {
    let name =
      switch cause.kind {
      // As in a value, in which it stands behind an @.
      case .domain: Array(pseudonyms.value([UInt8(ascii: "@")] + cause.name.bytes, attribute: "").dropFirst())
      case .container: pseudonyms.dn(cause.name.bytes)
      case .rule: cause.name.bytes
      }
    return Cause(
      kind: cause.kind, name: AttributeValue(name), objectClass: cause.objectClass.map { pseudonyms.objectClass($0) },
      objects: cause.objects, findings: cause.findings, rules: cause.rules, remedy: cause.remedy)
  }

  private mutating func redact(_ finding: Finding) -> Finding {
    let summary = RuleSummary(
      id: finding.rule, severity: finding.severity, effect: finding.effect, certainty: finding.certainty)
    var redacted = Finding(
      summary, dn: AttributeValue(pseudonyms.dn(finding.dn.bytes)),
      objectGUID: finding.objectGUID.map { pseudonyms.guid($0) },
      objectClass: pseudonyms.objectClass(finding.objectClass), attribute: finding.attribute, value: nil,
      valueIndex: finding.valueIndex, spans: [], message: "", suggestion: nil, location: redact(finding.location),
      fingerprint: pseudonyms.fingerprint(finding.fingerprint), annotations: redact(finding.annotations))
    redacted.state = finding.state
    redacted.firstSeen = finding.firstSeen
    redacted.suppression = finding.suppression.map { suppression in
      Suppression(
        pattern: .init(), reason: "left out", owner: pseudonyms.plainText(suppression.owner),
        ticket: suppression.ticket.map { _ in "left out" }, expires: suppression.expires)
    }
    redactValue(of: finding, in: &redacted)
    redacted.related = finding.related.map { redact($0) }
    redacted.message =
      messages[finding.rule]?.message(of: finding, redacted: redacted) ?? "what \(finding.rule) says is left out"
    return redacted
  }

  /// Annotations whose name is known; of others nobody knows what they say.
  private mutating func redact(_ annotations: [Annotation]) -> [Annotation] {
    annotations.compactMap { annotation in
      var annotation = annotation
      switch annotation.name {
      case Annotation.labels: annotation.values = annotation.values.map { pseudonyms.label($0) }
      case Annotation.proposedAction: break
      case Annotation.commonName:
        annotation.values = annotation.values.map { name in
          String(decoding: pseudonyms.value(Array(name.utf8), attribute: "cn"), as: UTF8.self)
        }
      default: return nil
      }
      return annotation
    }
  }

  private mutating func redactValue(of finding: Finding, in redacted: inout Finding) {
    let original = finding.value?.bytes
    let characters = original.flatMap { pseudonyms.characters(of: $0, attribute: finding.attribute) }
    if finding.spans.isEmpty || characters == nil {
      redacted.value = original.map { AttributeValue(pseudonyms.value($0, attribute: finding.attribute)) }
    }
    if let original, let characters {
      if !finding.spans.isEmpty { redacted.value = AttributeValue(ValueText.bytes(of: characters)) }
      redacted.spans = Self.spans(finding.spans, in: characters)
      if let suggested = finding.suggestion?.value {
        let change = SuggestionRedaction.characters(
          of: ValueText.characters(of: suggested.bytes), original: ValueText.characters(of: original),
          pseudonym: characters)
        redacted.suggestion = change.map {
          Suggestion(action: finding.suggestion?.action ?? .replace, value: AttributeValue(ValueText.bytes(of: $0)))
        }
      }
    } else if original == nil {
      redacted.spans = finding.spans
    }
    if redacted.suggestion == nil, let suggestion = finding.suggestion {
      redacted.suggestion = Suggestion(
        action: suggestion.action,
        value: suggestion.value.map { AttributeValue(pseudonyms.value($0.bytes, attribute: finding.attribute)) })
    }
  }

  /// The spans with the characters that stand there now: letters of other scripts than Latin are others.
  private static func spans(_ spans: [FlaggedSpan], in characters: [UInt32]) -> [FlaggedSpan] {
    spans.map { span in
      var span = span
      if span.codePoint != nil {
        let isThere = span.offset >= 0 && span.offset < characters.count
        let character = isThere ? characters[span.offset] : ValueText.byteBase
        span.codePoint = character < ValueText.byteBase ? character : nil
      }
      return span
    }
  }

  private mutating func redact(_ place: RelatedValue) -> RelatedValue {
    RelatedValue(
      dn: AttributeValue(pseudonyms.dn(place.dn.bytes)), objectGUID: place.objectGUID.map { pseudonyms.guid($0) },
      objectClass: pseudonyms.objectClass(place.objectClass), attribute: place.attribute,
      value: place.value.map { AttributeValue(pseudonyms.value($0.bytes, attribute: place.attribute)) },
      location: redact(place.location))
  }

  private func redact(_ location: SourceLocation) -> SourceLocation {
    SourceLocation(source: pseudonyms.source(location.source), line: location.line, column: location.column)
  }
}
