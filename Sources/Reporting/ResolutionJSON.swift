import Bytes
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
    bytes.append(literal: "{")
    bytes.appendMember("run") {
      $0.appendObject {
        $0.appendMember("version", run.version)
        $0.appendMember("ruleSet", run.ruleSet)
        $0.appendMember("inputs", inputs)
        $0.appendMember("sources", run.sources)
        $0.appendMember("connectorSpaces", connectorSpaces)
      }
    }
    bytes.append(literal: ",\n\"errors\":[\n")
  }

  /// Ends the document.
  public mutating func finish(_ summary: ResolutionSummary) {
    bytes.append(literal: "],\n\"coverage\":")
    bytes.appendObject {
      $0.appendMember("entriesRead", summary.entriesRead)
      $0.appendMember("recordsLost", summary.recordsLost)
      $0.appendMember("gaps", summary.gaps)
      $0.appendMember("interrupted", summary.isInterrupted)
      $0.appendMember("complete", summary.isComplete)
    }
    bytes.append(literal: ",\n\"counts\":")
    bytes.appendObject {
      $0.appendMember("resolved", summary.resolved)
      $0.appendMember("ambiguous", summary.ambiguous)
      $0.appendMember("unresolved", summary.unresolved)
    }
    bytes.append(literal: "}\n")
  }

  /// Appends an answer as one object without a line break.
  public mutating func append(_ answer: ResolvedError) {
    var output: [UInt8] = []
    swap(&output, &bytes)
    output.appendObject {
      $0.appendMember("error") { Self.append(answer.error, to: &$0) }
      $0.appendMember("identifiers") { $0.appendArray(of: answer.identifiers) { Self.append($1, to: &$0) } }
      $0.appendMember("status", answer.status.rawValue)
      if !answer.reason.isEmpty { $0.appendMember("reason", answer.reason) }
      $0.appendMember("objects") { $0.appendArray(of: answer.objects) { append($1, to: &$0) } }
      $0.appendMember("conflicts") { $0.appendArray(of: answer.conflicts) { Self.append($1, to: &$0) } }
      if let explanation = answer.explanation { append(explanation, of: answer.error.id, to: &$0) }
      $0.appendMember("remarks", answer.remarks)
    }
    swap(&output, &bytes)
  }

  private static func append(_ error: ErrorDescription, to bytes: inout [UInt8]) {
    bytes.appendObject {
      $0.appendMember("id", error.id)
      if !error.title.isEmpty { $0.appendMember("title", error.title) }
      $0.appendMember("type", ifThere: error.type)
      $0.appendMember("code", ifThere: error.code)
      $0.appendMember("source", ifThere: error.source)
      if let id = error.eventID { $0.appendMember("eventID", id) }
      $0.appendMember("message", ifThere: error.message)
      $0.appendMember("trackingId", ifThere: error.trackingID)
      $0.appendMember("count", error.count)
      $0.appendMember("first", ifThere: error.first)
      $0.appendMember("last", ifThere: error.last)
      $0.appendMember("attributes", error.attributes)
      append(error.location, to: &$0)
    }
  }

  private static func append(_ identifier: Identifier, to bytes: inout [UInt8]) {
    bytes.appendObject {
      $0.appendMember("text", identifier.text)
      $0.appendMember("form", identifier.form.rawValue)
      $0.appendMember("nature", IdentifierReport.name(of: identifier.nature))
      if let anchor = identifier.sourceAnchorText { $0.appendMember("sourceAnchor", anchor) }
      if let guid = identifier.guid { $0.appendMember("guid", guid) }
      if let sid = identifier.sid { $0.appendMember("sid", sid.description) }
      if let cloud = identifier.cloudAnchor { $0.appendMember("cloudObjectId", cloud.objectID.description) }
      $0.appendMember("notes", identifier.notes)
    }
  }

  private mutating func append(_ object: ResolvedObject, to bytes: inout [UInt8]) {
    bytes.appendObject {
      $0.appendMember("dn", object.dn)
      if let guid = object.objectGUID { $0.appendMember("objectGUID", guid) }
      if !object.objectClass.isEmpty { $0.appendMember("objectClass", object.objectClass) }
      $0.appendMember("state", object.state.rawValue)
      if let id = object.immutableID {
        $0.appendMember("immutableId", id)
        $0.appendMember("immutableIdAttribute", ifThere: object.immutableIDAttribute)
      }
      $0.appendMember("connectorSpaceDN", ifThere: object.connectorSpaceDN)
      if let isEnabled = object.isEnabled { $0.appendMember("enabled", isEnabled) }
      $0.appendMember("matchedBy", ifThere: object.matchedBy)
      $0.appendMember("matchedText", ifThere: object.matchedText)
      $0.appendMember("matchedAttribute", ifThere: object.matchedAttribute)
      $0.appendMember("path", object.path)
      Self.append(object.location, to: &$0)
      $0.appendMember("attributes") {
        $0.appendObject {
          for attribute in object.attributes {
            $0.appendName(attribute.name)
            $0.appendArray(of: attribute.values) { JSONText.append(value: $1, to: &$0) }
          }
        }
      }
      $0.appendMember("findings") { $0.appendArray(of: object.findings) { findings.append($1, to: &$0) } }
      Self.append(object.steps, to: &$0)
      $0.appendMember("remarks", object.remarks)
    }
  }

  private static func append(_ value: HeldValue, to bytes: inout [UInt8]) {
    bytes.appendObject {
      $0.appendMember("attribute", value.attribute)
      $0.appendMember("value", ifThere: value.value)
      $0.appendMember("holders") { $0.appendArray(of: value.holders) { append($1, to: &$0) } }
      append(value.steps, to: &$0)
    }
  }

  private static func append(_ holder: RelatedValue, to bytes: inout [UInt8]) {
    bytes.appendObject {
      $0.appendMember("dn", holder.dn)
      if let guid = holder.objectGUID { $0.appendMember("objectGUID", guid) }
      if !holder.objectClass.isEmpty { $0.appendMember("objectClass", holder.objectClass) }
      $0.appendMember("attribute", holder.attribute)
      if let value = holder.value { $0.appendMember("value", value) }
      append(holder.location, to: &$0)
    }
  }

  private static func append(_ steps: [NextStep], to bytes: inout [UInt8]) {
    bytes.appendMember("steps") {
      $0.appendArray(of: steps) { bytes, step in
        bytes.appendObject {
          $0.appendMember("kind", step.kind.rawValue)
          $0.appendMember("title", step.title)
          $0.appendMember("text", step.text)
        }
      }
    }
  }

  private mutating func append(_ explanation: ErrorExplanation, of id: String, to bytes: inout [UInt8]) {
    if let known = explanations[id], known.explanation == explanation {
      bytes += known.text
      return
    }
    let start = bytes.count
    bytes.appendMember("explanation") {
      $0.appendObject {
        $0.appendMember("meaning", explanation.meaning)
        $0.appendMember("cause", ifThere: explanation.cause)
        $0.appendMember("remedy", ifThere: explanation.remedy)
        $0.appendMember("alternatives", explanation.alternatives)
        $0.appendMember("references", explanation.references)
      }
    }
    explanations[id] = (explanation, Array(bytes[start...]))
  }

  private static func append(_ location: SourceLocation, to bytes: inout [UInt8]) {
    bytes.appendMember("location") {
      $0.appendObject {
        $0.appendMember("source", location.source)
        if let line = location.line { $0.appendMember("line", line) }
        if let column = location.column { $0.appendMember("column", column) }
      }
    }
  }
}
