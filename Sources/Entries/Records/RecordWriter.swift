import Bytes
import Directory

/// Writes records of a file that is no LDIF as LDIF, and keeps count of those that are too long.
///
/// The text has no folded lines: nobody but the program reads it.
final class RecordWriter {
  private var ldif = LDIFWriter(lineLength: .max)
  private var lines: RecordLines
  /// Lines of the text so far.
  private var textLine = 0
  /// Lines of the entry that was begun, and what there was before it.
  private var lineCount = 0
  private var start = (length: 0, lineCount: 0)
  /// The size from which on a record is skipped, in bytes.
  let recordSize: Int
  /// Objects that were left out, with what to do; the first few of them.
  private var skipped: [String] = []
  private var skippedCount = 0
  private static let most = 10

  /// - Parameter hasLines: whether the file has lines that a user can look up.
  init(recordSize: Int, hasLines: Bool) {
    self.recordSize = recordSize
    lines = RecordLines(hasLines: hasLines)
    // Without the line of the version, so that a source without records yields no text.
    ldif.bytes.removeAll()
  }

  /// Bytes of text that were not taken yet.
  var count: Int { ldif.bytes.count }

  /// Writes an entry.
  ///
  /// - Parameter line: the line of the file on which the object begins, counted from 1.
  func write(dn: [UInt8], attributes: [(description: String, value: [UInt8])], line: Int) {
    begin(line)
    ldif.write(dn: dn, attributes: attributes)
    countLines(from: attributes.count)
  }

  /// Writes the deletion of an object.
  func writeDeletion(of dn: [UInt8], line: Int) {
    begin(line)
    ldif.write(ChangeRecord(dn: dn, change: .delete))
    countLines(from: 1)
  }

  /// Leaves an object out that is too long.
  func skip(line: Int, dn: String) {
    leaveOut(
      "line \(line): the object '\(dn.prefix(200))' is longer than \(recordSize >> 20) MiB and is skipped; "
        + "--record-limit sets the size")
  }

  /// Leaves something out, for a reason that names its place.
  func leaveOut(_ reason: @autoclosure () -> String) {
    skippedCount += 1
    if skipped.count < Self.most { skipped.append(reason()) }
  }

  /// What was left out.
  func gaps(of name: String) -> [String] {
    let others = skippedCount - skipped.count
    return skipped.map { "\(name): \($0)" }
      + (others > 0 ? ["\(name): \(others) other objects could not be read as well"] : [])
  }

  /// Hands the text over, in exchange for an empty buffer.
  func take(into text: inout [UInt8]) -> RecordLines {
    swap(&text, &ldif.bytes)
    textLine = 0
    return lines.take()
  }

  /// Gives the buffer of a block back.
  func reuse(_ buffer: inout [UInt8]) { swap(&buffer, &ldif.bytes) }

  /// Begins an entry, whose attributes follow.
  func beginRecord(dn: [UInt8], line: Int) {
    start = (ldif.bytes.count, lines.lineCount)
    begin(line)
    Self.append([100, 110], dn.span, to: &ldif.bytes)
    lineCount = 0
  }

  /// Adds a value to the entry that was begun.
  func add(_ description: [UInt8], _ value: Span<UInt8>) {
    Self.append(description, value, to: &ldif.bytes)
    lineCount += 1
  }

  /// Adds lines that are made already.
  func add(lines: Span<UInt8>, count: Int) {
    ldif.bytes.append(bytes: lines)
    lineCount += count
  }

  /// Ends the entry that was begun.
  ///
  /// - Parameter lost: attributes whose values the file has lost.
  func endRecord(lost: [String]) {
    ldif.bytes.append(10)
    lines.noteLost(lost, textLine: textLine)
    countLines(from: lineCount)
  }

  /// Takes back the entry that was begun.
  func cancelRecord() {
    ldif.bytes.truncate(to: start.length)
    lines.removeLast(lineCount: start.lineCount)
  }

  /// Appends a line of LDIF that is not folded; a value in base64 where RFC 2849 asks for it.
  static func append(_ description: [UInt8], _ value: Span<UInt8>, to text: inout [UInt8]) {
    text.append(contentsOf: description)
    text.append(UInt8(ascii: ":"))
    if !value.isEmpty {
      text.append(32)
      let isSafe =
        value[0] > 60 && value[value.count - 1] != 32 && isPlain(value, except: 0, 0) || LDIFWriter.isSafe(value)
      if isSafe {
        text.append(bytes: value)
      } else {
        text[text.count - 1] = UInt8(ascii: ":")
        text.append(32)
        text.append(base64: value)
      }
    }
    text.append(10)
  }

  private func begin(_ line: Int) { lines.add(textLine: textLine, line: line) }

  /// A record takes a line for its name and each value, and an empty one; and one more where its attributes would be read as
  /// directives.
  private func countLines(from values: Int) { textLine += values + 2 }
}
