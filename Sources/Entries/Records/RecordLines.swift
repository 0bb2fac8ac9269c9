import Directory

/// Where the records of a text begin in the file that the text was made from, and what of them was lost in that file.
struct RecordLines: Sendable {
  /// For each record: its first line in the text, counted from 0, and the line of its object in the file, counted from the end
  /// of what came before.
  private var places: [(textLine: Int, line: Int)] = []
  /// Lines of the file that come before the text.
  private var base = 0
  /// Lines of the file that belong to the text.
  private(set) var lineCount = 0
  /// Whether the file has lines that a user can look up; without them, records keep the lines of the text.
  private let hasLines: Bool
  /// By the line of the text on which a record begins: attributes whose values the file has lost.
  private var lost: [Int: [String]] = [:]

  init(hasLines: Bool) { self.hasLines = hasLines }

  /// Adds a record.
  ///
  /// - Parameter line: counted from 1 in the file.
  mutating func add(textLine: Int, line: Int) {
    let place = max(line - 1 - base, lineCount)
    places.append((textLine, place))
    lineCount = place
  }

  /// Takes back the record that was added last.
  ///
  /// - Parameter lineCount: what `lineCount` was before it.
  mutating func removeLast(lineCount: Int) {
    places.removeLast()
    self.lineCount = lineCount
  }

  /// Takes note of attributes of a record whose values the file has lost.
  mutating func noteLost(_ attributes: [String], textLine: Int) {
    if !attributes.isEmpty { lost[textLine] = attributes }
  }

  /// Whether anything of a record was lost.
  var hasLosses: Bool { !lost.isEmpty }

  /// The attributes that a record has lost.
  func lostAttributes(ofTextLine textLine: Int) -> [String] { lost[textLine] ?? [] }

  /// The records so far; the next ones are counted from the last of these.
  mutating func take() -> RecordLines {
    let taken = self
    base += lineCount
    lineCount = 0
    places.removeAll(keepingCapacity: true)
    lost.removeAll(keepingCapacity: true)
    return taken
  }

  /// Puts everything in a batch on the line of its object, without a column.
  func apply(to batch: inout EntryBatch) {
    guard hasLines else { return }
    for index in batch.entries.indices { batch.put(index, on: line(ofTextLine: Int(batch.entries[index].line))) }
    for index in batch.changes.indices { batch.changes[index].line = line(ofTextLine: batch.changes[index].line) }
    for index in batch.problems.indices { batch.problems[index].line = line(ofTextLine: batch.problems[index].line) }
    batch.lineCount = lineCount
  }

  private func line(ofTextLine textLine: Int) -> Int {
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle].textLine <= textLine { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? places[low - 1].line : 0
  }
}

extension EntryBatch {
  /// Puts an entry and all its values on one line, without a column.
  mutating func put(_ entry: Int, on line: Int) {
    let line = UInt32(clamping: line)
    entries[entry].line = line
    for value in entries[entry].values {
      values[value].line = line
      values[value].column = 0
    }
  }
}
