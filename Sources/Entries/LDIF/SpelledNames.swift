import Directory

/// The attribute descriptions of an entry as they are written in its text.
///
/// An `AttributeTable` keeps one spelling per description, whichever came first in a run; what is printed again should be
/// what this entry has. The names are found again in the text by the lines of the values, which is exact also for folded
/// names. An entry without text (from a server), a value without a column (of an export that is no LDIF) and a description with
/// a `range` option get the table's name.
struct SpelledNames {
  private var line: Int
  private var position: Int
  private let end: Int

  init(_ entry: EntryRecord) {
    line = Int(entry.line)
    position = Int(entry.textOffset)
    end = position + Int(entry.textLength)
  }

  /// The description of a value; values must be asked for in their order.
  mutating func name(of value: ValueRecord, _ batch: borrowing EntryBatch) -> [UInt8] {
    let known = Array(batch.attributes[value.attribute].name.utf8)
    // Where a value has no column, its line is none of the text.
    guard value.column > 0 else { return known }
    let text = batch.bytes.span
    while line < Int(value.line), position < end {
      if text[position] == 10 { line += 1 }
      position += 1
    }
    var name: [UInt8] = []
    var index = position
    while index < end, name.count <= known.count, text[index] != UInt8(ascii: ":") {
      switch text[index] {
      case 13: break
      // The line end and the space of a fold.
      case 10: index += 1
      default: name.append(text[index])
      }
      index += 1
    }
    return name.count == known.count ? name : known
  }
}
