import Directory
import Entries

/// Bytes that are easy to write and to show as text.
struct Bytes: Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
  var bytes: [UInt8]
  init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }
  init(stringLiteral text: String) { bytes = Array(text.utf8) }
  var text: String { String(decoding: bytes, as: UTF8.self) }
  var description: String { text.debugDescription }
}

/// What a source said, in a form that is easy to compare: one item per record, in input order.
enum Item: Equatable, CustomStringConvertible {
  case entry(dn: Bytes, line: Int, values: [Value], controls: [ChangeControl] = [])
  case change(ChangeRecord, line: Int)
  case problem(line: Int, column: Int, message: String, losesRecord: Bool = true)

  struct Value: Equatable, CustomStringConvertible {
    var name: String
    var bytes: Bytes
    var line: Int
    var column: Int
    var description: String { "\(line):\(column) \(name)=\(bytes)" }
  }

  var description: String {
    switch self {
    case .entry(let dn, let line, let values, let controls): "\n\(line): entry \(dn) \(values) \(controls)"
    case .change(let record, let line): "\n\(line): change \(record)"
    case .problem(let line, let column, let message, let loses): "\n\(line):\(column): \(message) \(loses)"
    }
  }

  /// The problem's place as `line:column`; empty for other items.
  var place: String {
    if case .problem(let line, let column, _, _) = self { "\(line):\(column)" } else { "" }
  }
  var message: String {
    if case .problem(_, _, let message, _) = self { message } else { "" }
  }
  /// `name=value` of each value of an entry, with values as text.
  var values: [String] {
    guard case .entry(_, _, let values, _) = self else { return [] }
    return values.map { "\($0.name)=\($0.bytes.text)" }
  }
  var dn: String {
    if case .entry(let dn, _, _, _) = self { dn.text } else { "" }
  }
}

/// The items of a batch, with lines counted from 1 at the start of the source.
func items(of batch: EntryBatch) -> [Item] {
  var items: [Item] = []
  var problems = batch.problems[...]
  var changes = batch.changes[...]
  func flush(_ position: Int) {
    while true {
      let problem = problems.first.flatMap { $0.position <= position ? $0 : nil }
      let change = changes.first.flatMap { $0.position <= position ? $0 : nil }
      if let problem, change.map({ problem.line < $0.line }) ?? true {
        items.append(
          .problem(
            line: batch.lineBase + problem.line + 1, column: problem.column, message: problem.message,
            losesRecord: problem.losesRecord))
        problems.removeFirst()
      } else if let change {
        items.append(.change(change.record, line: batch.lineBase + change.line + 1))
        changes.removeFirst()
      } else {
        return
      }
    }
  }
  for (index, entry) in batch.entries.enumerated() {
    flush(index)
    let values = batch.values[entry.values].map {
      Item.Value(
        name: batch.attributes[$0.attribute].name, bytes: Bytes(batch.bytes[$0.range]),
        line: batch.lineBase + Int($0.line) + 1, column: Int($0.column))
    }
    items.append(
      .entry(
        dn: Bytes(batch.bytes[entry.dn]), line: batch.lineBase + Int(entry.line) + 1,
        values: values, controls: batch.controls[index] ?? []))
  }
  flush(.max)
  return items
}
