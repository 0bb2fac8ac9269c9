import Directory
import Findings
import Entries
import Joins
import Reporting
import Resolving

/// `entries --find`: the entries that an identifier names, whole.
struct EntrySearch {
  private let identifiers: [Identifier]
  private let format: EntriesJob.Format
  private let context: JobContext

  init(_ values: [String], format: EntriesJob.Format, _ context: JobContext) {
    identifiers = values.map { Identifier($0) }
    self.format = format
    self.context = context
  }

  /// Searches sources and prints what is found.
  func outcome(_ sources: [SourcePlace]) throws -> Outcome {
    let queries = identifiers.map { LookupQuery($0, inConnectorSpace: true) }
    let lookup = Lookup(queries)
    var printer = EntryPrinter(format == .ndjson ? .ndjson : .ldif)
    if format == .text { printer.bytes.removeAll() }
    var found = Array(repeating: 0, count: identifiers.count)
    var isComplete = true
    var reasons: [String] = []
    var unavailable = 0
    for source in sources {
      let reading = try lookup.run(source, observer: context.observer) { entry, hits in
        for query in Set(hits.map(\.query)) { found[query] += 1 }
        if format == .text {
          try context.write(heading(of: entry, hits))
        }
        printer.print(entry)
        try context.write(printer.bytes)
        printer.bytes.removeAll(keepingCapacity: true)
      }
      reasons += reading.gaps.map { "\(source.name): \($0)" }
      if reading.recordsLost > 0 {
        let lost = reading.recordsLost
        reasons.append("\(lost) \(lost == 1 ? "record" : "records") of \(source.name) could not be read")
      }
      if let failure = reading.unavailable {
        unavailable += 1
        context.events(.failure("\(failure)"))
      }
      isComplete = isComplete && reading.isComplete
      if reading.isInterrupted { break }
    }
    try context.flush()
    if context.cancellation.isRequested { return Outcome(.interrupted) }
    if unavailable == sources.count { return Outcome(.unavailable) }
    for (number, identifier) in identifiers.enumerated() where found[number] == 0 {
      tellMissing(identifier, isComplete: isComplete)
    }
    if !isComplete { return Outcome(.partial, reasons: reasons) }
    return Outcome(found.contains(0) ? .findings : .clean)
  }

  /// Where the entry is and by what it was found, as a comment of LDIF.
  private func heading(of entry: EntryView, _ hits: [Lookup.Hit]) -> [UInt8] {
    var seen: Set<String> = []
    let reasons = hits.map { "\($0.attribute) (\(identifiers[$0.query].text))" }.filter { seen.insert($0).inserted }
    return Array("# \(TerminalText.escape("\(entry.place): found by \(reasons.joined(separator: ", "))"))\n".utf8)
  }

  private func tellMissing(_ identifier: Identifier, isComplete: Bool) {
    let place = isComplete ? "" : " in what could be read"
    context.events(.message("not found\(place): \(identifier.text) (\(identifier.form.label))"))
    for remark in identifier.remarks + identifier.notes { context.events(.line("  \(remark)")) }
  }
}
