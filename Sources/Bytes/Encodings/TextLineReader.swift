/// Takes a text that comes in pieces apart into lines, which end with LF or CR LF.
public struct TextLineReader: Sendable {
  /// The start of a line of which the end is still to come.
  private var pending: [UInt8] = []
  private var number = 0
  /// What ended the line before.
  private var lineBreak: [UInt8] = []

  /// A reader of lines.
  public init() {}

  /// Receives a line without its end, its number from 1, and what ended the line before it.
  public typealias Receiver<Failure: Error> = (
    _ line: ArraySlice<UInt8>, _ number: Int, _ lineBreak: [UInt8]
  ) throws(Failure) -> Void

  /// Reads a piece.
  public mutating func read<Failure>(_ text: [UInt8], _ receive: Receiver<Failure>) throws(Failure) {
    var rest = text[...]
    while let end = rest.firstIndex(of: 10) {
      if pending.isEmpty {
        try hand(rest[..<end], receive)
      } else {
        pending += rest[..<end]
        var line: [UInt8] = []
        swap(&line, &pending)
        try hand(line[...], receive)
      }
      rest = rest[(end + 1)...]
    }
    pending += rest
  }

  /// Reads the last piece, with the line that nothing ends.
  public mutating func finish<Failure>(_ text: [UInt8], _ receive: Receiver<Failure>) throws(Failure) {
    try read(text, receive)
    guard !pending.isEmpty else { return }
    let line = pending
    pending = []
    try hand(line[...], receive)
  }

  private mutating func hand<Failure>(_ line: ArraySlice<UInt8>, _ receive: Receiver<Failure>) throws(Failure) {
    number += 1
    let hasReturn = line.last == 13
    let before = lineBreak
    lineBreak = hasReturn ? [13, 10] : [10]
    try receive(hasReturn ? line.dropLast() : line, number, before)
  }
}
