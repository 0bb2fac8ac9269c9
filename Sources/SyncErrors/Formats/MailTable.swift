import Bytes

/// Reads the table of an identity synchronization error mail as it is pasted: each cell on a line of its own, the source
/// anchor last.
struct MailTable {
  private static let header = ["identity", "error description", "source anchor"]
  private var headerPlace = 0
  private var cells: [String] = []
  /// The lines of the row that is being read.
  private var lines: [(text: String, number: Int)] = []
  private var firstLine = 0
  private var count = 0
  private static let maximumCells = 64

  /// Whether a line is the first cell of the header.
  static func isHeader(_ line: String) -> Bool {
    guard line.utf8.count <= 80 else { return false }
    // `I`, in any case, comes first; whatever is not ASCII may be white space.
    let first = line.utf8.first { $0 > 32 && $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "|") }
    guard let first, first | 0x20 == UInt8(ascii: "i") || first >= 0x80 else { return false }
    return Trimmed.text(line, also: "*|").lowercased() == header[0]
  }

  /// - Returns: false when the line does not belong to the table.
  mutating func add(_ line: String, number: Int, to sink: ErrorSink) -> Bool {
    let cell = Trimmed.text(line, also: "|")
    if cell.isEmpty {
      if !cells.isEmpty { lines.append((line, number)) }
      return true
    }
    if headerPlace < Self.header.count {
      guard cell.lowercased() == Self.header[headerPlace] else { return false }
      headerPlace += 1
      return true
    }
    if cells.isEmpty { firstLine = number }
    cells.append(cell)
    lines.append((line, number))
    if IdentifierShape.whole(cell) == .sourceAnchor, cells.count >= 2 {
      emit(anchor: cells.removeLast(), to: sink)
    }
    // What does not end is no table.
    return cells.count <= Self.maximumCells
  }

  private mutating func emit(anchor: String?, to sink: ErrorSink) {
    guard cells.count >= 1 else { return }
    var members = [JSONValue.Member(name: "Identity", value: .string(cells[0]))]
    members.append(.init(name: "Error Description", value: .string(cells.dropFirst().joined(separator: "\n"))))
    if let anchor { members.append(.init(name: "Source Anchor", value: .string(anchor))) }
    cells = []
    lines = []
    guard var error = RecordFields(sink, .object(members)).error(line: firstLine, isTable: true) else { return }
    error.source = "error-mail"
    sink.emit(error)
  }

  /// The table ends. What is left is no row, because a row ends with an anchor: the closing words of the mail, or what was
  /// pasted below it.
  ///
  /// - Returns: The lines of that, to be read as what they are.
  mutating func finish(to sink: ErrorSink) -> [(text: String, number: Int)] {
    defer {
      cells = []
      lines = []
    }
    return lines
  }
}
