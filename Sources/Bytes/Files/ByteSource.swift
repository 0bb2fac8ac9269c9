/// Something that yields bytes: a file, a decompressor, a transcoder. Used from one thread.
public protocol ByteSource: AnyObject {
  /// Fills a part of `buffer` and returns how many bytes it wrote: 0 at the end only.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int
}

extension ByteSource {
  /// Fills a part of `range` of `bytes` and returns how many bytes it wrote: 0 at the end only.
  public func read(into bytes: inout [UInt8], _ range: Range<Int>) throws(ReadFailure) -> Int {
    try bytes.withUnsafeMutableBufferPointer { (buffer) throws(ReadFailure) -> Int in
      try read(into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[range])))
    }
  }
}

/// A source of which the first bytes can be looked at before they are read.
///
/// A failure stays: whoever reads on after it was met by somebody who looked ahead meets it again, behind the bytes that came
/// before it. So data that end too early never pass for data that end.
public final class PeekedSource: ByteSource {
  private let source: any ByteSource
  private var failure: ReadFailure?
  private var ahead: [UInt8] = []
  private var taken = 0

  /// A source of which nothing was looked at yet.
  public init(_ source: any ByteSource) { self.source = source }

  /// The first `count` bytes not yet read, or fewer when the source ends before.
  ///
  /// - Throws: the failure of the source when not a single byte came before it.
  public func peek(_ count: Int) throws(ReadFailure) -> ArraySlice<UInt8> {
    var chunk = [UInt8](repeating: 0, count: count)
    while ahead.count - taken < count, failure == nil {
      do throws(ReadFailure) {
        let got = try readChunk(&chunk)
        if got == 0 { break }
        ahead.append(contentsOf: chunk[..<got])
      } catch {
        failure = error
      }
    }
    if let failure, ahead.count == taken { throw failure }
    return ahead[taken...].prefix(count)
  }

  /// Drops bytes that were peeked at.
  public func drop(_ count: Int) { taken += min(count, ahead.count - taken) }

  /// Hands on what was peeked at, then what follows.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    let waiting = ahead.count - taken
    guard waiting > 0 else { return try readOn(into: buffer) }
    let count = min(waiting, buffer.count)
    buffer.copyBytes(from: ahead[taken..<taken + count])
    taken += count
    if taken == ahead.count {
      ahead = []
      taken = 0
    }
    return count
  }

  private func readOn(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    if let failure { throw failure }
    do throws(ReadFailure) { return try source.read(into: buffer) } catch {
      failure = error
      throw error
    }
  }

  private func readChunk(_ chunk: inout [UInt8]) throws(ReadFailure) -> Int {
    try source.read(into: &chunk, 0..<chunk.count)
  }
}
