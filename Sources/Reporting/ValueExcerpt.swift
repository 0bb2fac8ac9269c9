import Bytes
import Directory
import Findings

/// A value prepared for showing: escaped, shortened around its flagged places, with the carets that go under it.
///
/// Flagged characters that cannot be seen have a visible form and the caret stands under that form: `␣` for the space,
/// `\u{00A0}` for other invisible characters and for combining marks, `\xFF` for bytes that are not UTF-8.
struct ValueExcerpt {
  /// One shown character, or the `…` in the place of characters that are left out.
  struct Cell: Equatable {
    /// Its bytes in `shown`.
    var range: Range<Int>
    var width: Int
    var isFlagged: Bool
  }

  /// The text that is shown, without colours.
  private(set) var shown: [UInt8] = []
  /// The characters of `shown`, in order.
  private(set) var cells: [Cell] = []
  /// Whether something was left out.
  private(set) var isShortened = false
  /// Flagged places that did not fit.
  private(set) var hiddenPlaces = 0

  /// A value shown in at most so many columns.
  init(_ value: [UInt8], spans: [FlaggedSpan], width: Int) {
    let isPlainText = isPlain(value.span, except: UInt8(ascii: "\\"), 0)
    let total = isPlainText ? value.count : Self.elementCount(of: value)
    let marks = Marks(spans: spans, total: total)
    if isPlainText && total < width {
      buildPlain(value, marks: marks)
      return
    }
    let everything = [0..<total + 1]
    if total <= width, build(value, total: total, marks: marks, windows: everything, width: width) { return }
    isShortened = true
    guard !marks.ranges.isEmpty else {
      let tail = Self.tail(in: width)
      _ = build(
        value, total: total, marks: marks, windows: [0..<max(1, width - tail - 2), total - tail..<total + 1],
        width: width)
      return
    }
    for context in [30, 20, 12, 8, 5, 3, 1] {
      let windows = marks.windows(context: context)
      let isLast = context == 1
      guard isLast || windows.reduce(0, { $0 + $1.count }) <= width else { continue }
      if build(value, total: total, marks: marks, windows: windows, width: width) { return }
    }
  }

  /// Appends what an excerpt of a value without flagged places shows, where the value is printable ASCII without a space at
  /// its ends and too long for so many columns: the short way for the long values that are common, X.500 addresses.
  ///
  /// - Returns: whether the value is of that kind; if not, nothing is appended.
  static func appendShortened<Output: ByteAppending & ~Copyable>(
    _ value: Span<UInt8>, width: Int, to bytes: inout Output
  ) -> Bool {
    let space = UInt8(ascii: " ")
    guard value.count > width, isPlain(value, except: UInt8(ascii: "\\"), 0), value[0] != space,
      value[value.count - 1] != space
    else { return false }
    let tail = Self.tail(in: width)
    bytes.append(bytes: value.extracting(0..<max(1, width - tail - 2)))
    bytes.append(literal: "…")
    bytes.append(bytes: value.extracting(value.count - tail..<value.count))
    return true
  }

  /// How many characters at the end of a long value are shown.
  private static func tail(in width: Int) -> Int { min(8, width / 4) }

  /// Number of columns of the excerpt.
  var width: Int { cells.reduce(0) { $0 + $1.width } }

  /// The line of carets without spaces at its end; empty when nothing is flagged.
  var carets: [UInt8] {
    var line: [UInt8] = []
    var pending = 0
    for cell in cells {
      guard cell.isFlagged else {
        pending += cell.width
        continue
      }
      line.append(contentsOf: repeatElement(UInt8(ascii: " "), count: pending))
      line.append(contentsOf: repeatElement(UInt8(ascii: "^"), count: max(1, cell.width)))
      pending = 0
    }
    return line
  }

  /// The shown text as a string.
  var text: String { String(decoding: shown, as: UTF8.self) }

  private static func elementCount(of value: [UInt8]) -> Int {
    let bytes = value.span
    var index = 0
    var count = 0
    while index < value.count {
      index += UTF8Element(at: index, in: bytes).length
      count += 1
    }
    return count
  }

  /// The short way for the most common values: printable ASCII that fits, where bytes, characters and columns are one.
  private mutating func buildPlain(_ value: [UInt8], marks: Marks) {
    shown.reserveCapacity(value.count + 8)
    cells.reserveCapacity(value.count + 1)
    var mark = 0
    for (index, byte) in value.enumerated() {
      let start = shown.count
      while mark < marks.ranges.count, marks.ranges[mark].upperBound <= index { mark += 1 }
      let isFlagged = mark < marks.ranges.count && marks.ranges[mark].contains(index)
      if byte == UInt8(ascii: " ") && (isFlagged || index == 0 || index == value.count - 1) {
        shown.append(literal: "␣")
      } else {
        shown.append(byte)
      }
      cells.append(.init(range: start..<shown.count, width: 1, isFlagged: isFlagged))
    }
    guard let last = marks.ranges.last, last.contains(value.count) else { return }
    shown.append(UInt8(ascii: " "))
    cells.append(.init(range: shown.count - 1..<shown.count, width: 1, isFlagged: true))
  }

  /// Builds the cells of the windows; false when they do not fit, with as many as fit.
  private mutating func build(
    _ value: [UInt8], total: Int, marks: Marks, windows: [Range<Int>], width limit: Int
  ) -> Bool {
    // One column is kept for the ellipsis at the end.
    let isEverything = windows.count == 1 && windows[0].count > total
    var builder = ExcerptBuilder(value: value, total: total, limit: isEverything ? limit : limit - 1)
    var reader = windows.makeIterator()
    var window = reader.next()
    var mark = 0
    var byteIndex = 0
    var index = 0
    while let current = window, index <= total {
      if index >= current.upperBound {
        window = reader.next()
        continue
      }
      while mark < marks.ranges.count, marks.ranges[mark].upperBound <= index { mark += 1 }
      let isFlagged = mark < marks.ranges.count && marks.ranges[mark].contains(index)
      if index >= current.lowerBound {
        guard builder.add(index: index, byteIndex: byteIndex, isFlagged: isFlagged) else { break }
      }
      if index < total { byteIndex += UTF8Element(at: byteIndex, in: value.span).length }
      index += 1
    }
    let lastIndex = builder.lastIndex
    builder.finish()
    shown = builder.shown
    cells = builder.cells
    hiddenPlaces = builder.isWhole ? 0 : marks.ranges.count { $0.lowerBound > lastIndex }
    return builder.isWhole
  }
}

/// The flagged places of a value as ranges of elements, in order and apart from each other.
private struct Marks {
  var ranges: [Range<Int>] = []

  init(spans: [FlaggedSpan], total: Int) {
    let sorted = spans.lazy.filter { $0.offset >= 0 && $0.offset <= total }.sorted { $0.offset < $1.offset }
    for span in sorted {
      // A span of length 0 marks the place where something is missing: one column, behind the value at its end.
      let length = min(max(1, span.length), max(1, total - span.offset))
      let range = span.offset..<span.offset + length
      if let last = ranges.last, range.lowerBound <= last.upperBound {
        ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        ranges.append(range)
      }
    }
  }

  /// The parts of the value to show, with some characters around each place; of long places both ends.
  func windows(context: Int) -> [Range<Int>] {
    var windows: [Range<Int>] = []
    for range in ranges {
      if range.count > 48 {
        add(range.lowerBound - context..<range.lowerBound + 24, to: &windows)
        add(range.upperBound - 12..<range.upperBound + context, to: &windows)
      } else {
        add(range.lowerBound - context..<range.upperBound + context, to: &windows)
      }
    }
    return windows
  }

  private func add(_ window: Range<Int>, to windows: inout [Range<Int>]) {
    let window = max(0, window.lowerBound)..<window.upperBound
    // An ellipsis in the place of one or two characters gains nothing.
    if let last = windows.last, window.lowerBound <= last.upperBound + 2 {
      windows[windows.count - 1] = last.lowerBound..<max(last.upperBound, window.upperBound)
    } else {
      windows.append(window)
    }
  }
}

/// Collects the cells of an excerpt within a number of columns.
private struct ExcerptBuilder {
  private let value: [UInt8]
  private let total: Int
  private let limit: Int
  private(set) var cells: [ValueExcerpt.Cell] = []
  private(set) var shown: [UInt8] = []
  private var width = 0
  private var nextIndex = 0
  /// Whether the cell before can carry a combining mark.
  private var hasBase = false
  /// Whether everything fitted so far.
  private(set) var isWhole = true

  init(value: [UInt8], total: Int, limit: Int) {
    self.value = value
    self.total = total
    self.limit = limit
  }

  /// Index of the last element that was added; -1 when there is none.
  var lastIndex: Int { nextIndex - 1 }

  /// Adds the element at an index, or the place behind the last one; false when it does not fit any more.
  mutating func add(index: Int, byteIndex: Int, isFlagged: Bool) -> Bool {
    if index > nextIndex { addEllipsis() }
    guard index < total else {
      nextIndex = index + 1
      guard isFlagged else { return true }
      let start = shown.count
      shown.append(UInt8(ascii: " "))
      return fit(from: start, width: 1, isFlagged: true)
    }
    let start = shown.count
    let isEdge = index == 0 || index == total - 1
    let width = append(UTF8Element(at: byteIndex, in: value.span), at: byteIndex, isFlagged: isFlagged, isEdge: isEdge)
    guard fit(from: start, width: width, isFlagged: isFlagged) else { return false }
    nextIndex = index + 1
    return true
  }

  /// Ends the excerpt, with an ellipsis when elements follow.
  mutating func finish() {
    if nextIndex < total { addEllipsis() }
  }

  private mutating func addEllipsis() {
    let start = shown.count
    shown.append(literal: "…")
    cells.append(.init(range: start..<shown.count, width: 1, isFlagged: false))
    width += 1
    hasBase = false
  }

  /// Makes a cell of what was appended since `start`, or takes it back.
  private mutating func fit(from start: Int, width cellWidth: Int, isFlagged: Bool) -> Bool {
    guard width + cellWidth <= limit else {
      shown.removeSubrange(start...)
      isWhole = false
      return false
    }
    cells.append(.init(range: start..<shown.count, width: cellWidth, isFlagged: isFlagged))
    width += cellWidth
    return true
  }

  /// Appends the shown form of an element and returns its width.
  private mutating func append(_ element: UTF8Element, at byteIndex: Int, isFlagged: Bool, isEdge: Bool) -> Int {
    let start = shown.count
    switch element {
    case .invalid(let byte):
      TerminalText.append(invalid: byte, to: &shown)
    case .scalar(let scalar, let length):
      if scalar == " " && (isFlagged || isEdge) {
        hasBase = false
        shown.append(literal: "␣")
        return 1
      }
      let isCombining = DisplayWidth.isCombining(scalar)
      let isShownEscaped =
        TerminalText.isEscaped(scalar) || isCombining && (isFlagged || !hasBase)
        || TerminalText.looksLikeEscape(value.span, at: byteIndex)
      if !isShownEscaped {
        hasBase = true
        shown.append(contentsOf: value[byteIndex..<byteIndex + length])
        return DisplayWidth.of(scalar)
      }
      TerminalText.append(escapeOf: scalar, to: &shown)
    }
    hasBase = false
    return shown.count - start
  }
}
