import Bytes
import Directory

/// Prints what was read, as `entries` does: one JSON object a line, or LDIF.
///
/// JSON: `{"dn":…,"line":…,"attributes":{"name":["text",{"b64":"…"}]}}` for an entry, with the attributes in the order of
/// their first appearance; `{"dn":…,"changetype":…}` for other change records; `{"error":{"line":…,"column":…,
/// "message":…}}` for a record that could not be read. Lines of LDIF output have no place for errors: they are left to
/// the caller, who tells them on the side.
public struct EntryPrinter: Sendable {
  /// The form of the output.
  public enum Format: String, Sendable, CaseIterable {
    case ndjson
    case ldif
  }

  /// The text printed so far and not yet taken; the caller writes it out and empties it (`removeAll`).
  public var bytes: [UInt8] {
    get { format == .ndjson ? json : ldif.bytes }
    set { if format == .ndjson { json = newValue } else { ldif.bytes = newValue } }
    _modify {
      if format == .ndjson { yield &json } else { yield &ldif.bytes }
    }
  }

  private let format: Format
  private var json: [UInt8] = []
  private var ldif = LDIFWriter()
  /// For each attribute number, where its values go in `groups`; reused from entry to entry.
  private var groupOf: [Int] = []

  /// A printer of a form.
  public init(_ format: Format) {
    self.format = format
    ldif.bytes.insert(contentsOf: ExportMarks.ownComment.utf8, at: 0)
  }

  /// Says at the start of LDIF what a source was asked for, so that the text tells of absent attributes what the source does.
  /// For texts of one source, before anything else is taken.
  public mutating func printRequest(of source: any EntrySource) {
    guard format == .ldif else { return }
    ldif.bytes.insert(contentsOf: ExportMarks.comments(of: source).utf8, at: 0)
  }

  /// Prints the entries, change records and problems of a batch in input order.
  public mutating func print(_ batch: borrowing EntryBatch) {
    var change = 0
    var problem = 0
    for index in 0...batch.entries.count {
      let position = index == batch.entries.count ? Int.max : index
      printBetween(batch, upTo: position, &change, &problem)
      if index < batch.entries.count { print(entry: index, of: batch) }
    }
  }

  private mutating func printBetween(
    _ batch: borrowing EntryBatch, upTo position: Int, _ change: inout Int, _ problem: inout Int
  ) {
    while true {
      let changeLine =
        change < batch.changes.count && batch.changes[change].position <= position
        ? batch.changes[change].line : nil
      let problemLine =
        problem < batch.problems.count && batch.problems[problem].position <= position
        ? batch.problems[problem].line : nil
      if let problemLine, changeLine.map({ problemLine < $0 }) ?? true {
        if format == .ndjson { print(batch.problems[problem], lineBase: batch.lineBase) }
        problem += 1
      } else if changeLine != nil {
        print(batch.changes[change].record)
        change += 1
      } else {
        return
      }
    }
  }

  /// Prints one entry.
  public mutating func print(_ entry: EntryView) { print(entry: entry.index, of: entry.batch) }

  private mutating func print(entry index: Int, of batch: borrowing EntryBatch) {
    let entry = batch.entries[index]
    let controls = batch.controls.isEmpty ? [] : batch.controls[index] ?? []
    guard format == .ndjson else {
      ldif.write(entry, of: batch, controls: controls)
      return
    }
    let groups = groups(of: entry, batch)
    json.appendObject { json in
      json.appendMember("dn", value: batch.bytes.span.extracting(entry.dn), escaping: .controls)
      if batch.hasLines { json.appendMember("line", batch.lineBase + Int(entry.line) + 1) }
      json.appendMember("attributes") {
        $0.appendObject { json in
          for group in groups {
            json.appendName(String(decoding: group.name, as: UTF8.self), escaping: .controls)
            json.appendArray(of: group.values) {
              JSONText.append(
                value: batch.bytes.span.extracting(batch.values[$1].range), to: &$0, escaping: .controls)
            }
          }
        }
      }
      Self.append(controls, to: &json)
    }
    json.append(UInt8(ascii: "\n"))
  }

  /// The values of one attribute of an entry.
  private struct Group {
    var attribute: AttributeID
    /// As first spelled in the entry.
    var name: [UInt8]
    /// Indices into the batch's values.
    var values: [Int]
  }

  /// Indices of the entry's values by attribute, in the order in which the attributes first appear.
  private mutating func groups(of entry: EntryRecord, _ batch: borrowing EntryBatch) -> [Group] {
    var names = SpelledNames(entry)
    let missing = batch.attributes.count - groupOf.count
    if missing > 0 { groupOf.append(contentsOf: repeatElement(-1, count: missing)) }
    var groups: [Group] = []
    for index in entry.values {
      let attribute = batch.values[index].attribute
      let group = groupOf[Int(attribute)]
      if group >= 0 {
        groups[group].values.append(index)
      } else {
        groupOf[Int(attribute)] = groups.count
        groups.append(Group(attribute: attribute, name: names.name(of: batch.values[index], batch), values: [index]))
      }
    }
    for group in groups { groupOf[Int(group.attribute)] = -1 }
    return groups
  }

  private mutating func print(_ record: ChangeRecord) {
    guard format == .ndjson else {
      ldif.write(record)
      return
    }
    json.appendObject { json in
      json.appendMember("dn", value: record.dn.span, escaping: .controls)
      switch record.change {
      case .delete: json.appendMember("changetype", literal: "delete")
      case .modify(let modifications):
        json.appendMember("changetype", literal: "modify")
        json.appendMember("modifications") { $0.appendArray(of: modifications) { Self.append($1, to: &$0) } }
      case .modifyDN(let newRDN, let deleteOldRDN, let newSuperior):
        json.appendMember("changetype", literal: "modrdn")
        json.appendMember("newrdn", value: newRDN.span, escaping: .controls)
        json.appendMember("deleteoldrdn", deleteOldRDN)
        if let newSuperior { json.appendMember("newsuperior", value: newSuperior.span, escaping: .controls) }
      }
      Self.append(record.controls, to: &json)
    }
    json.append(UInt8(ascii: "\n"))
  }

  private static func append(_ modification: Modification, to json: inout [UInt8]) {
    json.appendObject {
      $0.appendMember("op", modification.operation.rawValue)
      $0.appendMember("attribute", modification.attribute, escaping: .controls)
      $0.appendMember("values") {
        $0.appendArray(of: modification.values) { JSONText.append(value: $1.span, to: &$0, escaping: .controls) }
      }
    }
  }

  private static func append(_ controls: [ChangeControl], to json: inout [UInt8]) {
    guard !controls.isEmpty else { return }
    json.appendMember("controls") {
      $0.appendArray(of: controls) { json, control in
        json.appendObject {
          $0.appendMember("oid", control.oid, escaping: .controls)
          $0.appendMember("critical", control.isCritical)
          if let value = control.value { $0.appendMember("value", value: value.span, escaping: .controls) }
        }
      }
    }
  }

  private mutating func print(_ problem: PlacedProblem, lineBase: Int) {
    json.appendObject {
      $0.appendMember("error") {
        $0.appendObject {
          $0.appendMember("line", lineBase + problem.line + 1)
          $0.appendMember("column", problem.column)
          $0.appendMember("message", problem.message, escaping: .controls)
        }
      }
    }
    json.append(UInt8(ascii: "\n"))
  }
}
