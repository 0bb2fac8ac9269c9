/// Takes lines apart where two spaces or more, or marks that stand in no cell, hold cells apart.
enum SpacedCells {
  /// The cells of a line in their order, without the spaces around them; empty ones are left out.
  ///
  /// - Parameter isMark: whether an ASCII byte holds cells apart by itself.
  static func cells(of line: String, _ isMark: (UInt8) -> Bool) -> [Substring] {
    let bytes = line.utf8
    var cells: [Substring] = []
    var start: String.Index?
    /// Behind the last byte of the cell at hand.
    var end = bytes.startIndex
    var spaces = 0
    func close() {
      if let start { cells.append(line[start..<end]) }
      start = nil
    }
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      let next = bytes.index(after: index)
      if byte == 32 {
        spaces += 1
      } else {
        let isMark = isMark(byte)
        if isMark || spaces > 1 { close() }
        spaces = 0
        if !isMark {
          if start == nil { start = index }
          end = next
        }
      }
      index = next
    }
    close()
    return cells
  }
}
