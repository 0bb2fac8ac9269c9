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
    get { format == .ndjson ? json.bytes : ldif.bytes }
    set { if format == .ndjson { json.bytes = newValue } else { ldif.bytes = newValue } }
    _modify {
      if format == .ndjson { yield &json.bytes } else { yield &ldif.bytes }
    }
  }

  private let format: Format
  private var json = JSONText()
  private var ldif = LDIFWriter()
  /// For each attribute number, where its values go in `groups`; reused from entry to entry.
  private var groupOf: [Int] = []

  /// A printer of a form.
  public init(_ format: Format) { self.format = format }

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

  /// Prints one entry of a batch.
  public mutating func print(entry index: Int, of batch: borrowing EntryBatch) {
    let entry = batch.entries[index]
    let controls = batch.controls.isEmpty ? [] : batch.controls[index] ?? []
    guard format == .ndjson else {
      ldif.write(entry, of: batch, controls: controls)
      return
    }
    json.raw("{\"dn\":")
    json.value(batch.bytes.span.extracting(entry.dn))
    if batch.hasLines {
      json.raw(",\"line\":")
      json.number(batch.lineBase + Int(entry.line) + 1)
    }
    json.raw(",\"attributes\":{")
    for (number, group) in groups(of: entry, batch).enumerated() {
      if number > 0 { json.raw(",") }
      json.string(group.name.span)
      json.raw(":[")
      for (number, value) in group.values.enumerated() {
        if number > 0 { json.raw(",") }
        json.value(batch.bytes.span.extracting(batch.values[value].range))
      }
      json.raw("]")
    }
    json.raw("}")
    print(controls)
    json.raw("}\n")
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
    json.raw("{\"dn\":")
    json.value(record.dn.span)
    switch record.change {
    case .delete: json.raw(",\"changetype\":\"delete\"")
    case .modify(let modifications):
      json.raw(",\"changetype\":\"modify\",\"modifications\":[")
      for (number, modification) in modifications.enumerated() {
        if number > 0 { json.raw(",") }
        print(modification)
      }
      json.raw("]")
    case .modifyDN(let newRDN, let deleteOldRDN, let newSuperior):
      json.raw(",\"changetype\":\"modrdn\",\"newrdn\":")
      json.value(newRDN.span)
      json.raw(",\"deleteoldrdn\":")
      json.bool(deleteOldRDN)
      if let newSuperior {
        json.raw(",\"newsuperior\":")
        json.value(newSuperior.span)
      }
    }
    print(record.controls)
    json.raw("}\n")
  }

  private mutating func print(_ modification: Modification) {
    json.raw("{\"op\":")
    json.string(modification.operation.rawValue)
    json.raw(",\"attribute\":")
    json.string(modification.attribute)
    json.raw(",\"values\":[")
    for (number, value) in modification.values.enumerated() {
      if number > 0 { json.raw(",") }
      json.value(value.span)
    }
    json.raw("]}")
  }

  private mutating func print(_ controls: [ChangeControl]) {
    guard !controls.isEmpty else { return }
    json.raw(",\"controls\":[")
    for (number, control) in controls.enumerated() {
      if number > 0 { json.raw(",") }
      json.raw("{\"oid\":")
      json.string(control.oid)
      json.raw(",\"critical\":")
      json.bool(control.isCritical)
      if let value = control.value {
        json.raw(",\"value\":")
        json.value(value.span)
      }
      json.raw("}")
    }
    json.raw("]")
  }

  private mutating func print(_ problem: PlacedProblem, lineBase: Int) {
    json.raw("{\"error\":{\"line\":")
    json.number(lineBase + problem.line + 1)
    json.raw(",\"column\":")
    json.number(problem.column)
    json.raw(",\"message\":")
    json.string(problem.message)
    json.raw("}}\n")
  }
}
