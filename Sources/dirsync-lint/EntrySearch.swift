import Directory
import Findings
import Entries
import RuleEngine
import Reporting
import Resolving

/// `entries --find`: the entries that an identifier names, whole.
struct EntrySearch {
  private let identifiers: [Identifier]
  private let format: String
  private let output: ReportOutput

  init(_ values: [String], format: String, output: ReportOutput) {
    identifiers = values.map { Identifier($0) }
    self.format = format
    self.output = output
  }

  /// Searches sources and prints what is found.
  func status(_ sources: [LookupSource]) throws -> ExitStatus {
    let queries = identifiers.map { LookupQuery($0, inConnectorSpace: true) }
    let lookup = Lookup(queries)
    var printer = EntryPrinter(format == "ndjson" ? .ndjson : .ldif)
    if format == "text" { printer.bytes.removeAll() }
    let observer = Linter.Observer(
      problem: { StandardError.write($0.line) }, isInterrupted: { Interruption.isWanted })
    var found = Array(repeating: 0, count: identifiers.count)
    var isComplete = true
    var unavailable = 0
    do {
      for source in sources {
        let reading = try lookup.run(source, observer: observer) { batch, entry, hits in
          for query in Set(hits.map(\.query)) { found[query] += 1 }
          if format == "text" {
            try output.write(heading(of: batch.entries[entry], batch, hits, source.name))
          }
          printer.print(entry: entry, of: batch)
          try output.write(printer.bytes)
          printer.bytes.removeAll(keepingCapacity: true)
        }
        for gap in reading.gaps { StandardError.write("dirsync-lint: \(source.name): \(gap)") }
        if let failure = reading.unavailable {
          unavailable += 1
          StandardError.write("dirsync-lint: error: \(failure)")
        }
        isComplete = isComplete && reading.isComplete
        if reading.isInterrupted { break }
      }
      try output.flush()
    } catch ReportError.closedPipe {
      return .clean
    }
    if Interruption.isWanted { return .interrupted }
    if unavailable == sources.count { return .unavailable }
    for (number, identifier) in identifiers.enumerated() where found[number] == 0 {
      tellMissing(identifier, isComplete: isComplete)
    }
    if !isComplete { return .partial }
    return found.contains(0) ? .findings : .clean
  }

  /// Where the entry is and by what it was found, as a comment of LDIF.
  private func heading(
    of entry: EntryRecord, _ batch: EntryBatch, _ hits: [Lookup.Hit], _ source: String
  ) -> [UInt8] {
    var seen: Set<String> = []
    let reasons = hits.map { "\($0.attribute) (\(identifiers[$0.query].text))" }.filter { seen.insert($0).inserted }
    let line = batch.hasLines ? ":\(batch.lineBase + Int(entry.line) + 1)" : ""
    return Array("# \(TerminalText.escape("\(source)\(line): found by \(reasons.joined(separator: ", "))"))\n".utf8)
  }

  private func tellMissing(_ identifier: Identifier, isComplete: Bool) {
    let place = isComplete ? "" : " in what could be read"
    StandardError.write("dirsync-lint: not found\(place): \(identifier.text) (\(identifier.form.label))")
    for remark in identifier.remarks + identifier.notes { StandardError.write("  \(remark)") }
  }
}
