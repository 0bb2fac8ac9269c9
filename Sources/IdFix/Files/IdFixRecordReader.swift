import Directory
import Findings

/// Reads the files of IdFix that look like LDIF and are none: `Update <time>.ldf`, and the LDF export.
///
/// Both have lines of a name, a colon, a space and the value as it is: nothing is folded or base64, and a line break in a
/// value is a line of its own. A line that does not begin with one of the names continues the value before it.
enum IdFixRecordReader {
  private struct Line {
    var number: Int
    var name: String
    var value: [UInt8]
  }

  // MARK: - Update files

  /// Reads an update file: for each change the object, the attribute, the error, the value and what was written.
  static func readUpdates(_ text: [UInt8], path: String) -> IdFixFile {
    var file = IdFixFile(kind: .update)
    let names: Set = ["distinguishedname", "objectclass", "attribute", "error", "value", "update", "action"]
    for record in records(of: lines(of: text, names: names, path: path, &file), from: "distinguishedname", path, &file)
    {
      var members: [String: [UInt8]] = [:]
      for line in record where members[line.name] == nil { members[line.name] = line.value }
      let number = record[0].number
      guard let attribute = attribute(members["attribute"], line: number, path, &file) else { continue }
      let (errors, _) = IdFixWords.errors(in: members["error"] ?? [])
      file.rows.append(
        IdFixRow(
          line: number, dn: record[0].value, commonName: nil,
          objectClass: String(decoding: members["objectclass"] ?? [], as: UTF8.self), attribute: attribute,
          errors: errors, value: present(members["value"]), update: present(members["update"]), proposal: nil,
          action: members["action"].flatMap(IdFixRow.Action.init(named:))))
    }
    return file
  }

  // MARK: - LDF exports

  /// Reads an LDF export: a replacement, or for proxyAddresses a record that deletes the old value and one that adds the
  /// new one.
  static func readExport(_ text: [UInt8], path: String) -> IdFixFile {
    var file = IdFixFile(kind: .export)
    let operations: Set = ["replace", "delete", "add"]
    let names = operations.union(["dn", "cn", "changetype"]).union(IdFixWords.attributes.keys)
    for record in records(of: lines(of: text, names: names, path: path, &file), from: "dn", path, &file) {
      let number = record[0].number
      guard let operation = record.first(where: { operations.contains($0.name) }) else {
        report(number, "this record changes nothing", path, &file)
        continue
      }
      guard let attribute = attribute(operation.value, line: operation.number, path, &file) else { continue }
      let value = record.last { $0.name == attribute.lowercased() && $0.number > operation.number }?.value
      let commonName = record.first { $0.name == "cn" }.map(\.value)
      var row = IdFixRow(
        line: number, dn: record[0].value, commonName: commonName, objectClass: "", attribute: attribute, errors: [],
        value: nil, update: nil, proposal: nil, action: nil)
      if operation.name == "delete" {
        row.value = present(value)
        file.rows.append(row)
      } else if operation.name == "add", let last = file.rows.last, last.dn == row.dn, last.attribute == attribute,
        last.update == nil, last.value != nil
      {
        file.rows[file.rows.count - 1].update = present(value)
      } else {
        row.update = present(value)
        file.rows.append(row)
      }
    }
    return file
  }

  // MARK: - Lines

  private static func lines(
    of text: [UInt8], names: Set<String>, path: String, _ file: inout IdFixFile
  ) -> [Line] {
    var lines: [Line] = []
    // Whether the line before may go on: after the end of a record, an empty line is no line break of a value.
    var isOpen = false
    for (index, content) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      let content = content.last == 0x0D ? content.dropLast() : content
      if content.elementsEqual([UInt8(ascii: "-")]) {
        isOpen = false
        continue
      }
      if let colon = content.firstIndex(of: UInt8(ascii: ":")) {
        let name = IdFixWords.lowercased(Array(content[..<colon]))
        if names.contains(name) {
          let rest = content[(colon + 1)...]
          let value = rest.first == 0x20 ? rest.dropFirst() : rest
          if rest.first == UInt8(ascii: ":") || rest.first == UInt8(ascii: "<") {
            report(index + 1, "IdFix writes neither base64 nor URLs; lint reads proper LDIF", path, &file)
          }
          lines.append(Line(number: index + 1, name: name, value: Array(value)))
          isOpen = true
          continue
        }
      }
      if isOpen, !lines.isEmpty, !content.isEmpty {
        lines[lines.count - 1].value += [0x0A] + content
      } else if !content.allSatisfy({ $0 == 0x20 }) {
        report(index + 1, "this line begins with no name that IdFix writes", path, &file)
      }
    }
    return lines
  }

  private static func records(
    of lines: [Line], from first: String, _ path: String, _ file: inout IdFixFile
  ) -> [[Line]] {
    var records: [[Line]] = []
    for line in lines {
      if line.name == first {
        guard IdFixWords.beginsLikeDN(line.value[...]) else {
          report(line.number, "this is no DN", path, &file)
          records.append([])
          continue
        }
        records.append([line])
      } else if records.isEmpty {
        report(line.number, "this line stands before the first object", path, &file)
      } else if !records[records.count - 1].isEmpty {
        records[records.count - 1].append(line)
      }
    }
    return records.filter { !$0.isEmpty }
  }

  private static func attribute(
    _ name: [UInt8]?, line: Int, _ path: String, _ file: inout IdFixFile
  ) -> String? {
    if let name, let attribute = IdFixWords.attributes[IdFixWords.lowercased(name)] { return attribute }
    let shown = name.map { "'\(String(decoding: $0, as: UTF8.self))'" } ?? "none"
    report(line, "IdFix does not judge the attribute \(shown)", path, &file)
    return nil
  }

  private static func present(_ value: [UInt8]?) -> [UInt8]? { value.flatMap { $0.isEmpty ? nil : $0 } }

  private static func report(_ line: Int, _ message: String, _ path: String, _ file: inout IdFixFile) {
    file.problems.append(
      Problem(location: SourceLocation(source: path, line: line, column: 1), message: message))
  }
}
