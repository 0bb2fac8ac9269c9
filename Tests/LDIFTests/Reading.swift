import DirectoryModel
import Glibc

@testable import LDIF

/// What a source said, in a form that is easy to compare: one item per record, in input order.
enum Item: Equatable, CustomStringConvertible {
  case entry(dn: String, line: Int, values: [Value], controls: [ChangeControl] = [])
  case change(ChangeRecord, line: Int)
  case problem(line: Int, column: Int, message: String, losesRecord: Bool = true)

  struct Value: Equatable, CustomStringConvertible {
    var name: String
    var bytes: [UInt8]
    var line: Int
    var column: Int
    var description: String { "\(line):\(column) \(name)=\(String(decoding: bytes, as: UTF8.self).debugDescription)" }
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
    return values.map { "\($0.name)=\(String(decoding: $0.bytes, as: UTF8.self))" }
  }
  var dn: String {
    if case .entry(let dn, _, _, _) = self { dn } else { "" }
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
        name: batch.attributes[$0.attribute].name, bytes: Array(batch.bytes[$0.range]),
        line: batch.lineBase + Int($0.line) + 1, column: Int($0.column))
    }
    items.append(
      .entry(
        dn: String(decoding: batch.bytes[entry.dn], as: UTF8.self), line: batch.lineBase + Int(entry.line) + 1,
        values: values, controls: batch.controls[index] ?? []))
  }
  flush(.max)
  return items
}

/// A file that is gone when the test is over.
final class TemporaryFile {
  let path: String
  init(_ bytes: [UInt8]) {
    var template = Array("/tmp/ldif-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    close(descriptor)
  }
  deinit { unlink(path) }
}

struct Reading {
  var items: [Item] = []
  var lines = 0
  var failure: LDIFFailure?
  var blocks = 0

  init(_ text: String, blockSize: Int = 1 << 20) { self.init(Array(text.utf8), blockSize: blockSize) }

  init(_ bytes: [UInt8], blockSize: Int = 1 << 20, recordLimit: Int = 1 << 30) {
    let file = TemporaryFile(bytes)
    var parser = LDIFParser(attributes: AttributeTable(["mail", "proxyAddresses"]))
    var block = LDIFBlock()
    var batch = EntryBatch(attributes: AttributeTable())
    do throws(LDIFFailure) {
      let reader = try LDIFBlockReader(
        file: FileSource(path: file.path), blockSize: blockSize, recordLimit: recordLimit)
      while try reader.next(into: &block) {
        parser.parse(&block, into: &batch)
        batch.lineBase = lines
        items += LDIFTests.items(of: batch)
        lines += batch.lineCount
        blocks += 1
      }
    } catch {
      failure = error
    }
  }
}
