import Directory
import Findings

/// Resolved errors as JSON objects, one after the other.
public struct ResolutionJSON {
  /// The text so far; the caller writes it out and empties it.
  public var bytes: [UInt8] = []
  private var findings = JSONFindingWriter()
  /// What was written of the explanation of an error, by its id: it is the same each time.
  private var explanations: [String: (explanation: ErrorExplanation, text: [UInt8])] = [:]

  /// A writer of nothing.
  public init() {}

  /// Begins a document that has all answers in it.
  public mutating func begin(_ run: RunDescription, inputs: [String], connectorSpaces: [String]) {
    bytes.append(literal: #"{"run":"#)
    first(#"{"version":"#, run.version)
    member(#","ruleSet":"#, run.ruleSet)
    for (name, list) in [("inputs", inputs), ("sources", run.sources), ("connectorSpaces", connectorSpaces)] {
      bytes.append(",\"\(name)\":")
      JSONText.append(strings: list, to: &bytes)
    }
    bytes.append(literal: "},\n\"errors\":[\n")
  }

  /// Ends the document.
  public mutating func finish(_ summary: ResolutionSummary) {
    bytes.append(literal: "],\n\"coverage\":{\"entriesRead\":")
    bytes.append(decimal: summary.entriesRead)
    bytes.append(literal: ",\"recordsLost\":")
    bytes.append(decimal: summary.recordsLost)
    bytes.append(literal: ",\"gaps\":")
    JSONText.append(strings: summary.gaps, to: &bytes)
    bytes.append(summary.isInterrupted ? ",\"interrupted\":true" : ",\"interrupted\":false")
    bytes.append(summary.isComplete ? ",\"complete\":true" : ",\"complete\":false")
    bytes.append(literal: "},\n\"counts\":{\"resolved\":")
    bytes.append(decimal: summary.resolved)
    bytes.append(literal: ",\"ambiguous\":")
    bytes.append(decimal: summary.ambiguous)
    bytes.append(literal: ",\"unresolved\":")
    bytes.append(decimal: summary.unresolved)
    bytes.append(literal: "}}\n")
  }

  /// Appends an answer as one object without a line break.
  public mutating func append(_ answer: ResolvedError) {
    bytes.append(literal: #"{"error":"#)
    append(answer.error)
    bytes.append(literal: #","identifiers":"#)
    list(answer.identifiers) { $0.append($1) }
    member(#","status":"#, answer.status.rawValue)
    if !answer.reason.isEmpty { member(#","reason":"#, answer.reason) }
    bytes.append(literal: #","objects":"#)
    list(answer.objects) { $0.append($1) }
    bytes.append(literal: #","conflicts":"#)
    list(answer.conflicts) { $0.append($1) }
    if let explanation = answer.explanation { append(explanation, of: answer.error.id) }
    bytes.append(literal: #","remarks":"#)
    JSONText.append(strings: answer.remarks, to: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func append(_ error: ErrorDescription) {
    first(#"{"id":"#, error.id)
    if !error.title.isEmpty { member(#","title":"#, error.title) }
    member(#","type":"#, error.type)
    member(#","code":"#, error.code)
    member(#","source":"#, error.source)
    if let id = error.eventID {
      bytes.append(literal: #","eventID":"#)
      bytes.append(decimal: id)
    }
    member(#","message":"#, error.message)
    member(#","trackingId":"#, error.trackingID)
    bytes.append(literal: #","count":"#)
    bytes.append(decimal: error.count)
    member(#","first":"#, error.first)
    member(#","last":"#, error.last)
    bytes.append(literal: #","attributes":"#)
    JSONText.append(strings: error.attributes, to: &bytes)
    append(error.location)
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func append(_ identifier: Identifier) {
    first(#"{"text":"#, identifier.text)
    member(#","form":"#, identifier.form.rawValue)
    member(#","nature":"#, IdentifierReport.name(of: identifier.nature))
    if let anchor = identifier.sourceAnchorText { member(#","sourceAnchor":"#, anchor) }
    if let guid = identifier.guid { member(#","guid":"#, guid) }
    if let sid = identifier.sid { member(#","sid":"#, sid.description) }
    if let cloud = identifier.cloudAnchor { member(#","cloudObjectId":"#, cloud.objectID.description) }
    bytes.append(literal: #","notes":"#)
    JSONText.append(strings: identifier.notes, to: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func append(_ object: ResolvedObject) {
    bytes.append(literal: #"{"dn":"#)
    JSONText.append(value: object.dn, to: &bytes)
    if let guid = object.objectGUID { member(#","objectGUID":"#, guid) }
    if !object.objectClass.isEmpty { member(#","objectClass":"#, object.objectClass) }
    member(#","state":"#, object.state.rawValue)
    if let id = object.immutableID {
      member(#","immutableId":"#, id)
      member(#","immutableIdAttribute":"#, object.immutableIDAttribute)
    }
    member(#","connectorSpaceDN":"#, object.connectorSpaceDN)
    if let isEnabled = object.isEnabled { bytes.append(isEnabled ? #","enabled":true"# : #","enabled":false"#) }
    member(#","matchedBy":"#, object.matchedBy)
    member(#","matchedText":"#, object.matchedText)
    member(#","matchedAttribute":"#, object.matchedAttribute)
    bytes.append(literal: #","path":"#)
    JSONText.append(strings: object.path, to: &bytes)
    append(object.location)
    bytes.append(literal: #","attributes":{"#)
    for (index, attribute) in object.attributes.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      JSONText.append(string: attribute.name, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      list(attribute.values) { JSONText.append(value: $1, to: &$0.bytes) }
    }
    bytes.append(literal: #"},"findings":"#)
    list(object.findings) { $0.findings.append($1, to: &$0.bytes) }
    append(object.steps)
    bytes.append(literal: #","remarks":"#)
    JSONText.append(strings: object.remarks, to: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func append(_ value: HeldValue) {
    first(#"{"attribute":"#, value.attribute)
    member(#","value":"#, value.value)
    bytes.append(literal: #","holders":"#)
    list(value.holders) { $0.append($1) }
    append(value.steps)
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func append(_ holder: RelatedValue) {
    bytes.append(literal: #"{"dn":"#)
    JSONText.append(value: holder.dn, to: &bytes)
    if let guid = holder.objectGUID { member(#","objectGUID":"#, guid) }
    if !holder.objectClass.isEmpty { member(#","objectClass":"#, holder.objectClass) }
    member(#","attribute":"#, holder.attribute)
    if let value = holder.value {
      bytes.append(literal: #","value":"#)
      JSONText.append(value: value, to: &bytes)
    }
    append(holder.location)
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func append(_ steps: [NextStep]) {
    bytes.append(literal: #","steps":"#)
    list(steps) { writer, step in
      writer.first(#"{"kind":"#, step.kind.rawValue)
      writer.member(#","title":"#, step.title)
      writer.member(#","text":"#, step.text)
      writer.bytes.append(UInt8(ascii: "}"))
    }
  }

  private mutating func append(_ explanation: ErrorExplanation, of id: String) {
    if let known = explanations[id], known.explanation == explanation {
      bytes += known.text
      return
    }
    let start = bytes.count
    append(explanation)
    explanations[id] = (explanation, Array(bytes[start...]))
  }

  private mutating func append(_ explanation: ErrorExplanation) {
    bytes.append(literal: #","explanation":"#)
    first(#"{"meaning":"#, explanation.meaning)
    member(#","cause":"#, explanation.cause)
    member(#","remedy":"#, explanation.remedy)
    bytes.append(literal: #","alternatives":"#)
    JSONText.append(strings: explanation.alternatives, to: &bytes)
    bytes.append(literal: #","references":"#)
    JSONText.append(strings: explanation.references, to: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func append(_ location: SourceLocation) {
    bytes.append(literal: #","location":"#)
    first(#"{"source":"#, location.source)
    if let line = location.line {
      bytes.append(literal: #","line":"#)
      bytes.append(decimal: line)
    }
    if let column = location.column {
      bytes.append(literal: #","column":"#)
      bytes.append(decimal: column)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func list<Element>(
    _ elements: [Element], _ body: (inout ResolutionJSON, Element) -> Void
  ) {
    bytes.append(UInt8(ascii: "["))
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      body(&self, element)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// Appends the first member of an object; its name with the punctuation around it.
  private mutating func first(_ name: StaticString, _ value: String) {
    bytes.append(literal: name)
    JSONText.append(string: value, to: &bytes)
  }

  /// Appends another member; its name with the punctuation around it.
  private mutating func member(_ name: StaticString, _ guid: GUID) {
    bytes.append(literal: name)
    JSONText.append(guid: guid, to: &bytes)
  }

  /// Appends another member, if there is a value.
  private mutating func member(_ name: StaticString, _ value: String?) {
    guard let value else { return }
    bytes.append(literal: name)
    JSONText.append(string: value, to: &bytes)
  }
}
