/// Turns text whose lines end with carriage returns alone, as the first Macintosh systems wrote it and some converters still
/// do, into text with line feeds.
public final class CarriageReturnSource: ByteSource {
  private let source: any ByteSource

  /// Translates what a source yields.
  public init(_ source: any ByteSource) { self.source = source }

  /// Whether a text begins as such text does: lines end with carriage returns, and there is no line feed. Behind a last
  /// byte that is one, nobody knows what comes.
  public static func recognizes(_ start: ArraySlice<UInt8>) -> Bool {
    start.dropLast().contains(13) && !start.contains(10)
  }

  /// Fills a part of `buffer`.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    let count = try source.read(into: buffer)
    for index in 0..<count where buffer[index] == 13 { buffer[index] = 10 }
    return count
  }
}
