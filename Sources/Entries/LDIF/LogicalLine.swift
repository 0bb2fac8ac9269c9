/// A line after unfolding, with what is needed to say where in the source each of its bytes stands.
///
/// Part of the careful reader: plain, checked, and used only where the fast scanner gives up.
struct LogicalLine {
  /// A stretch of one physical line.
  struct Segment {
    /// Index of its first byte in `bytes`.
    var start: Int
    /// The physical line, counted from 0 at the start of the batch.
    var line: Int
  }

  /// The bytes of the line without line ends and without the spaces that mark continuations.
  private(set) var bytes: [UInt8] = []
  /// Its physical lines, one at least.
  private(set) var segments: [Segment] = []
  /// Where the line begins in the text.
  private(set) var textStart = 0

  /// The physical line on which it begins.
  var line: Int { segments.first?.line ?? 0 }
  var isFolded: Bool { segments.count > 1 }

  /// Starts anew with the first physical line.
  mutating func start(_ text: ArraySlice<UInt8>, line: Int) {
    bytes.removeAll(keepingCapacity: bytes.count < 1 << 16)
    segments.removeAll(keepingCapacity: segments.count < 1 << 12)
    textStart = text.startIndex
    append(text, line: line)
  }

  /// Leaves out a byte order mark at the start, which a file brings along that was appended to another.
  mutating func dropByteOrderMark() {
    guard bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { return }
    bytes.removeFirst(3)
    textStart += 3
    for index in segments.indices.dropFirst() { segments[index].start -= 3 }
  }

  /// Adds a continuation, without the space that marks it.
  mutating func append(_ text: ArraySlice<UInt8>, line: Int) {
    segments.append(Segment(start: bytes.count, line: line))
    bytes.append(contentsOf: text)
  }

  /// Line (counted from 0) and column (in characters, counted from 1) of a byte, or of the end of the line.
  func place(of index: Int) -> (line: Int, column: Int) {
    // The end of a physical line is told on that line, not at the start of the next one.
    let number = max(0, segments.count { $0.start <= index } - 1)
    guard let first = segments.first else { return (0, 1) }
    let segment = number < segments.count ? segments[number] : first
    let indent = number == 0 ? 0 : 1
    let characters = bytes[segment.start..<max(segment.start, min(index, bytes.count))].count { $0 & 0xc0 != 0x80 }
    return (segment.line, indent + characters + 1)
  }
}

/// Walks over the physical lines of a text.
struct LineWalk {
  /// The text; it ends at `end`.
  let bytes: [UInt8]
  let end: Int
  /// Where the next physical line begins.
  private(set) var position: Int
  /// The number of that line, counted from 0 at the start of the batch.
  private(set) var line: Int
  /// Where the record ended whose empty line, or whose end of the text, was met last; nil inside a record.
  private(set) var recordEnd: Int?

  init(_ bytes: [UInt8], end: Int, position: Int, line: Int) {
    self.bytes = bytes
    self.end = end
    self.position = position
    self.line = line
  }

  /// Whether the next line goes on with the one before.
  var isAtContinuation: Bool { position < end && bytes[position] == UInt8(ascii: " ") }

  /// The next physical line without its line end; nil at the end of the text.
  mutating func next() -> ArraySlice<UInt8>? {
    guard position < end else { return nil }
    let start = position
    var stop = bytes[start..<end].firstIndex(of: 10) ?? end
    position = min(stop + 1, end)
    line += 1
    if stop > start, bytes[stop - 1] == 13 { stop -= 1 }
    return bytes[start..<stop]
  }

  /// Skips to behind the empty line that ends the record, unless that is done already.
  mutating func finishRecord() {
    while recordEnd == nil {
      let start = position
      guard let text = next(), !text.isEmpty else {
        recordEnd = start
        return
      }
    }
  }

  /// Unfolds the next line that is not a comment into `logical`; false at the end of the record, of which the empty
  /// line is then consumed.
  mutating func nextLogical(into logical: inout LogicalLine) -> Bool {
    while true {
      let number = line
      let start = position
      guard recordEnd == nil, let text = next(), !text.isEmpty else {
        recordEnd = recordEnd ?? start
        return false
      }
      let isComment = text.first == UInt8(ascii: "#")
      if !isComment { logical.start(text, line: number) }
      while isAtContinuation {
        let continued = line
        guard let more = next() else { break }
        if !isComment { logical.append(more.dropFirst(), line: continued) }
      }
      if !isComment { return true }
    }
  }
}
