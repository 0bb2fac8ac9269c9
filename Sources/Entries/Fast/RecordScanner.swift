import Bytes
import Directory

/// Room: reading ordinary content records at the speed of looking for line feeds.
///
/// The scanner handles what nearly every line of an export is: `dn:`, then lines whose attribute descriptions have been
/// seen before, plain, folded or base64. At anything else (a new description, a change record, a control, a URL, bad
/// text) it takes back what it has of the record and stops; `LDIFRecordParser` then reads that record from its start, byte
/// by byte, and tells the scanner's tables what it learned. So the scanner never has to explain itself, and no rule of
/// RFC 2849 is decided here but the plain ones.
///
/// Why the pointers are sound: the caller gives a buffer with `room` bytes of which `textEnd` hold text, a zero byte at
/// `textEnd`, and at least `LDIFBlock.slack` bytes beyond `room`. Line ends come from `LineEnds`, which stops at `textEnd`. Looks
/// beyond a line end (at most 32 bytes, and single steps stopped by a line feed or the zero byte) stay within the slack.
/// Decoded values are written from `cursor` on, always behind the text, so the text itself is never changed; each write
/// is preceded by a test against `room`.
struct RecordScanner {
  /// Why the scanner stopped.
  enum Stop {
    /// The text is read.
    case end
    /// The record at `position` needs the careful reader.
    case unusual
    /// The record at `position` needs more room for decoded values.
    case room
  }

  /// The buffers and tables the scanner works on.
  struct Memory {
    /// The text and, behind it, decoded values.
    var base: UnsafeMutablePointer<UInt8>
    var textEnd: Int
    var room: Int
    var spellings: UnsafeMutablePointer<Spelling>
    var spellingText: UnsafePointer<UInt8>
    var slots: UnsafePointer<UInt32>
    var slotMask: Int
    var base64: UnsafePointer<UInt32>
    /// For text that was read before without a mistake: the table of a `LineFilter`, so that lines nobody asked for need no
    /// look.
    var wanted: UnsafePointer<UInt64>?
  }

  /// A part of a ranged attribute: of which entry, and whether it was the last part.
  struct RangedPart: Equatable {
    var entry: Int
    var attribute: AttributeID
    var isLast: Bool
  }

  private static let lineFeed: UInt8 = 10
  private static let carriageReturn: UInt8 = 13
  private static let space: UInt8 = 32
  private static let colon: UInt8 = 58
  private static let lessThan: UInt8 = 60

  /// Where the next line begins.
  var position = 0
  /// Number of lines before `position`.
  var line = 0
  /// Where the next decoded value goes.
  var cursor: Int
  /// Parts of ranged attributes met so far.
  var rangedParts: [RangedPart] = []

  init(cursor: Int) { self.cursor = cursor }

  /// Reads records into `entries` and `values` until something stops it.
  mutating func scan(_ memory: Memory, entries: inout [EntryRecord], values: inout [ValueRecord]) -> Stop {
    var lineEnds = LineEnds(memory.base, from: position, textEnd: memory.textEnd)
    while skipToRecord(memory, &lineEnds) {
      let firstValue = values.count
      let partCount = rangedParts.count
      let (recordStart, recordLine, recordCursor) = (position, line, cursor)
      var dn = 0..<0
      if Self.startsWithDN(memory.base + position) {
        let stop = scanRecord(memory, &lineEnds, entryIndex: entries.count, &values, &dn)
        if stop == .end {
          entries.append(
            EntryRecord(
              dnOffset: UInt32(truncatingIfNeeded: dn.lowerBound), dnLength: UInt32(truncatingIfNeeded: dn.count),
              firstValue: UInt32(truncatingIfNeeded: firstValue),
              valueCount: UInt32(truncatingIfNeeded: values.count - firstValue),
              line: UInt32(truncatingIfNeeded: recordLine), textOffset: UInt32(truncatingIfNeeded: recordStart),
              textLength: UInt32(truncatingIfNeeded: recordEnd - recordStart)))
          continue
        }
        values.removeLast(values.count - firstValue)
        rangedParts.removeLast(rangedParts.count - partCount)
        (position, line, cursor) = (recordStart, recordLine, recordCursor)
        return stop
      }
      return .unusual
    }
    return .end
  }

  /// Where the record just read ends.
  private var recordEnd = 0

  /// Skips empty lines and comments; false at the end of the text.
  @inline(__always)
  private mutating func skipToRecord(_ memory: Memory, _ lineEnds: inout LineEnds) -> Bool {
    let base = memory.base
    while position < memory.textEnd {
      switch base[position] {
      case Self.lineFeed:
        position = lineEnds.next() &+ 1
        line &+= 1
      case Self.carriageReturn where base[position + 1] == Self.lineFeed && position + 1 < memory.textEnd:
        position = lineEnds.next() &+ 1
        line &+= 1
      case UInt8(ascii: "#"):
        repeat {
          position = lineEnds.next() &+ 1
          line &+= 1
        } while position < memory.textEnd && base[position] == Self.space
        position = min(position, memory.textEnd)
      default: return true
      }
    }
    return false
  }

  @inline(__always)
  private static func startsWithDN(_ line: UnsafePointer<UInt8>) -> Bool {
    line[0] | 0x20 == UInt8(ascii: "d") && line[1] | 0x20 == UInt8(ascii: "n") && line[2] == colon
  }

  /// Whether two carriage returns stand before the line feed of a line.
  @inline(__always)
  private static func endsTwice(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    end > start &+ 1 && base[end &- 1] == carriageReturn && base[end &- 2] == carriageReturn
  }

  /// Reads the record at `position`, up to and with the empty line behind it.
  ///
  /// Positions and lengths are below 4 GiB, so sums of them need no test for overflow.
  @inline(__always)
  private mutating func scanRecord(
    _ memory: Memory, _ lineEnds: inout LineEnds, entryIndex: Int, _ values: inout [ValueRecord],
    _ dn: inout Range<Int>
  ) -> Stop {
    let base = memory.base
    let textEnd = memory.textEnd
    /// Values met, whether kept or passed over.
    var valueCount = 0
    var position = self.position
    var line = self.line
    var cursor = self.cursor
    var spelling = SpellingTable.dn
    var isDNLine = true
    var hasChangeType = false
    recordEnd = textEnd
    while position < textEnd {
      let lineOfValue = line
      let cursorBefore = cursor
      var start = position
      var end = lineEnds.next()
      var next = min(end &+ 1, textEnd)
      line &+= 1
      if end > start, base[end &- 1] == Self.carriageReturn {
        end &-= 1
        if end > start, base[end &- 1] == Self.carriageReturn { return .unusual }
      }
      if end == start {
        recordEnd = position
        position = next
        break
      }
      if let wanted = memory.wanted, !isDNLine, !LineFilter.passes(base + start, count: end &- start, wanted) {
        position = next
        if base[start] != Self.space, base[start] != UInt8(ascii: "#") { valueCount &+= 1 }
        continue
      }
      let isFolded = base[next] == Self.space && next < textEnd

      // The attribute description, as the line has it: the one expected, or the last one again.
      let last = spelling
      var value = start &+ 3
      var isKnown = isDNLine
      if !isDNLine {
        let guess = Int(memory.spellings[last].next)
        if SpellingTable.matches(memory.spellings + guess, base + start, memory.spellingText) {
          spelling = guess
          isKnown = true
        } else {
          isKnown = SpellingTable.matches(memory.spellings + last, base + start, memory.spellingText)
        }
        value = start &+ Int(memory.spellings[spelling].length)
        // A value that nobody asked for is passed over. (Base64 and URLs may still be mistakes of the text.)
        if isKnown, memory.spellings[spelling].kind == .unread, value < end,
          base[value] != Self.colon, base[value] != Self.lessThan
        {
          if isFolded {
            repeat {
              end = lineEnds.next()
              if Self.endsTwice(base, next, end) { return .unusual }
              next = min(end &+ 1, textEnd)
              line &+= 1
            } while next < textEnd && base[next] == Self.space
          }
          position = next
          valueCount &+= 1
          continue
        }
      }
      if isFolded {
        let unfoldedStart = cursor
        value = value &- start &+ cursor
        while true {
          let count = end &- start
          if cursor &+ count &+ 1 > memory.room { return .room }
          Self.copy(base + start, to: base + cursor, count: count)
          cursor &+= count
          guard next < textEnd, base[next] == Self.space else { break }
          start = next &+ 1
          end = lineEnds.next()
          next = min(end &+ 1, textEnd)
          line &+= 1
          if Self.endsTwice(base, start, end) { return .unusual }
          if end > start, base[end &- 1] == Self.carriageReturn { end &-= 1 }
        }
        base[cursor] = 0
        start = unfoldedStart
        end = cursor
        cursor &+= 1
      }
      position = next
      if !isKnown {
        if base[start] == UInt8(ascii: "#") {
          cursor = cursorBefore
          continue
        }
        guard
          let found = SpellingTable.find(
            base + start, memory.spellings, memory.spellingText, memory.slots, slotMask: memory.slotMask)
        else { return .unusual }
        memory.spellings[last].next = UInt32(truncatingIfNeeded: found)
        spelling = found
        value = start &+ Int(memory.spellings[spelling].length)
      }
      if value > end { return .unusual }

      // The value.
      let mark = base[value]
      var length: Int
      let column: Int
      if mark == Self.space {
        repeat { value &+= 1 } while base[value] == Self.space
        column = value &- start &+ 1
        length = end &- value
      } else if mark == Self.colon, value < end {
        repeat { value &+= 1 } while base[value] == Self.space
        column = value &- start &+ 1
        let output = isFolded ? start : cursor
        if output &+ (end &- value) > memory.room { return .room }
        length = Base64Decoder.decode(base + value, count: end &- value, to: base + output, tables: memory.base64)
        if length < 0 { return .unusual }
        cursor = output &+ length
        value = output
      } else if mark == Self.lessThan, value < end {
        return .unusual
      } else {
        column = value &- start &+ 1
        length = end &- value
      }
      if isDNLine {
        dn = value..<value &+ length
        isDNLine = false
        continue
      }
      switch memory.spellings[spelling].kind {
      case .ordinary: break
      case .unread:
        cursor = cursorBefore
        valueCount &+= 1
        continue
      case .dn: return .unusual
      case .directive:
        // Right behind the DN it says what kind of record this is; anywhere else it is a mistake.
        guard valueCount == 0, !hasChangeType, Self.isAdd(base + value, length) else { return .unusual }
        hasChangeType = true
        continue
      case .ranged:
        let part = RangedPart(
          entry: entryIndex, attribute: memory.spellings[spelling].attribute,
          isLast: memory.spellings[spelling].isLastRange)
        if rangedParts.last != part { rangedParts.append(part) }
      }
      valueCount &+= 1
      values.append(
        ValueRecord(
          attribute: memory.spellings[spelling].attribute, offset: UInt32(truncatingIfNeeded: value),
          length: UInt32(truncatingIfNeeded: length), line: UInt32(truncatingIfNeeded: lineOfValue),
          column: UInt16(truncatingIfNeeded: min(column, 65_535))))
    }
    self.position = position
    self.line = line
    self.cursor = cursor
    return .end
  }

  /// Whether a value is `add`, for a `changetype` line.
  private static func isAdd(_ value: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    length == 3 && value[0] | 0x20 == UInt8(ascii: "a") && value[1] | 0x20 == UInt8(ascii: "d")
      && value[2] | 0x20 == UInt8(ascii: "d")
  }

  /// Copies `count` bytes, in steps of 32: up to 31 bytes too many are read and written, within the slack.
  @inline(__always)
  private static func copy(_ from: UnsafePointer<UInt8>, to: UnsafeMutablePointer<UInt8>, count: Int) {
    let source = UnsafeRawPointer(from)
    let target = UnsafeMutableRawPointer(to)
    var done = 0
    while done < count {
      target.storeBytes(
        of: source.loadUnaligned(fromByteOffset: done, as: SIMD32<UInt8>.self), toByteOffset: done,
        as: SIMD32<UInt8>.self)
      done += 32
    }
  }
}
