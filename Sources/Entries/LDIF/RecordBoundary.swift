/// Finds where the last whole record of a buffer ends.
///
/// A record ends with an empty line, and no LDIF construct lets an empty line stand inside a record (a folded line
/// goes on with a space). So the last empty line may be looked for from behind, which touches a record or two instead of
/// the whole buffer. A carriage return before a line feed belongs to the line end.
enum RecordBoundary {
  /// The position behind the last empty line of the first `to` bytes, or 0 when there is none.
  ///
  /// - Parameter from: Everything before it was searched already, without success; an empty line may straddle it.
  static func last(in bytes: Span<UInt8>, from: Int, to: Int) -> Int {
    let lowest = max(0, from - 2)
    var position = to - 1
    while position >= lowest {
      if bytes[position] == 10, isLineStart(bytes, position) { return position + 1 }
      position -= 1
    }
    return 0
  }

  /// Whether the line feed at `position` ends an empty line.
  private static func isLineStart(_ bytes: Span<UInt8>, _ position: Int) -> Bool {
    if position == 0 || bytes[position - 1] == 10 { return true }
    guard bytes[position - 1] == 13 else { return false }
    return position == 1 || bytes[position - 2] == 10
  }
}
