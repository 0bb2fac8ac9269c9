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
    read(text, names: names, from: "distinguishedname", path, &file) { record, file in
      var members: [String: [UInt8]] = [:]
      for line in record where members[line.name] == nil { members[line.name] = line.value }
      let number = record[0].number
      guard let attribute = attribute(members["attribute"], line: number, path, &file) else { return }
      let (errors, _) = IdFixWords.errors(in: members["error"] ?? [])
      file.add(
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
    read(text, names: names, from: "dn", path, &file) { record, file in
      let number = record[0].number
      guard let operation = record.first(where: { operations.contains($0.name) }) else {
        report(number, "this record changes nothing", path, &file)
        return
      }
      guard let attribute = attribute(operation.value, line: operation.number, path, &file) else { return }
      let value = record.last { $0.name == attribute.lowercased() && $0.number > operation.number }?.value
      let commonName = record.first { $0.name == "cn" }.map(\.value)
      var row = IdFixRow(
        line: number, dn: record[0].value, commonName: commonName, objectClass: "", attribute: attribute, errors: [],
        value: nil, update: nil, proposal: nil, action: nil)
      if operation.name == "delete" {
        row.value = present(value)
        file.add(row)
      } else if operation.name == "add", let last = file.rows.last, last.dn == row.dn, last.attribute == attribute,
        last.update == nil, last.value != nil
      {
        file.changeLast { $0.update = present(value) }
      } else {
        row.update = present(value)
        file.add(row)
      }
    }
    return file
  }

  // MARK: - Lines

  /// The most lines of a record that are kept, and the most bytes of them.
  private static let maximumLines = 1_000
  private static let maximumSize = 4 << 20

  /// Takes a text apart into records, each beginning with a line of one name, and hands them over one after the other.
  private static func read(
    _ text: [UInt8], names: Set<String>, from first: String, _ path: String, _ file: inout IdFixFile,
    _ take: ([Line], inout IdFixFile) -> Void
  ) {
    var record: [Line] = []
    var size = 0
    // Whether there was a first line that could not be used: what follows it belongs to nothing.
    var isOrphaned = false
    // Whether the line before may go on: after the end of a record, an empty line is no line break of a value.
    var isOpen = false
    for (index, content) in IdFixLines(text).enumerated() {
      if content.elementsEqual([UInt8(ascii: "-")]) {
        isOpen = false
        continue
      }
      guard let line = line(content, index + 1, names, path, &file) else {
        if isOpen, !content.isEmpty {
          size += content.count + 1
          if size <= maximumSize, !record.isEmpty { record[record.count - 1].value += [0x0A] + content }
        } else if !content.allSatisfy({ $0 == 0x20 }) {
          file.report(index + 1, "this line begins with no name that IdFix writes", path: path)
        }
        continue
      }
      isOpen = true
      if line.name == first {
        hand(record, size, path, &file, take)
        isOrphaned = !IdFixWords.beginsLikeDN(line.value[...])
        if isOrphaned { file.report(line.number, "this is no DN", path: path) }
        record = isOrphaned ? [] : [line]
        size = line.value.count
      } else if !record.isEmpty {
        size += line.value.count
        if record.count <= maximumLines, size <= maximumSize { record.append(line) }
      } else if !isOrphaned {
        file.report(line.number, "this line stands before the first object", path: path)
      }
    }
    hand(record, size, path, &file, take)
  }

  private static func hand(
    _ record: [Line], _ size: Int, _ path: String, _ file: inout IdFixFile, _ take: ([Line], inout IdFixFile) -> Void
  ) {
    guard let first = record.first else { return }
    guard record.count <= maximumLines, size <= maximumSize else {
      return file.report(
        first.number, "this record has more than \(maximumLines) lines or 4 MiB, which IdFix never wrote", path: path)
    }
    take(record, &file)
  }

  private static func line(
    _ content: ArraySlice<UInt8>, _ number: Int, _ names: Set<String>, _ path: String, _ file: inout IdFixFile
  ) -> Line? {
    guard let colon = content.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = IdFixWords.lowercased(Array(content[..<colon].prefix(64)))
    guard names.contains(name) else { return nil }
    let rest = content[(colon + 1)...]
    if rest.first == UInt8(ascii: ":") || rest.first == UInt8(ascii: "<") {
      file.report(number, "IdFix writes neither base64 nor URLs; lint reads proper LDIF", path: path)
    }
    return Line(number: number, name: name, value: Array(rest.first == 0x20 ? rest.dropFirst() : rest))
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
    file.report(line, message, path: path)
  }
}
