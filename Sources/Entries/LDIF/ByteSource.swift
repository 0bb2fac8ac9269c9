import Directory
/// Something that yields bytes: a file, a decompressor, a transcoder. Used from one thread.
protocol ByteSource: AnyObject {
  /// Fills a part of `buffer` and returns how many bytes it wrote: 0 at the end only.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceFailure) -> Int
}

extension ByteSource {
  /// Fills a part of `range` of `bytes` and returns how many bytes it wrote: 0 at the end only.
  func read(into bytes: inout [UInt8], _ range: Range<Int>) throws(SourceFailure) -> Int {
    try bytes.withUnsafeMutableBufferPointer { (buffer) throws(SourceFailure) -> Int in
      try read(into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[range])))
    }
  }
}

/// A source of which the first bytes can be looked at before they are read.
final class PeekedSource: ByteSource {
  private let source: any ByteSource
  private var ahead: [UInt8] = []
  private var taken = 0

  init(_ source: any ByteSource) { self.source = source }

  /// The first `count` bytes not yet read, or fewer when the source ends before.
  func peek(_ count: Int) throws(SourceFailure) -> ArraySlice<UInt8> {
    var chunk = [UInt8](repeating: 0, count: count)
    while ahead.count - taken < count {
      let got = try readChunk(&chunk)
      if got == 0 { break }
      ahead.append(contentsOf: chunk[..<got])
    }
    return ahead[taken...].prefix(count)
  }

  /// Drops bytes that were peeked at.
  func drop(_ count: Int) { taken += min(count, ahead.count - taken) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceFailure) -> Int {
    let waiting = ahead.count - taken
    guard waiting > 0 else { return try source.read(into: buffer) }
    let count = min(waiting, buffer.count)
    buffer.copyBytes(from: ahead[taken..<taken + count])
    taken += count
    if taken == ahead.count {
      ahead = []
      taken = 0
    }
    return count
  }

  private func readChunk(_ chunk: inout [UInt8]) throws(SourceFailure) -> Int {
    try source.read(into: &chunk, 0..<chunk.count)
  }
}
