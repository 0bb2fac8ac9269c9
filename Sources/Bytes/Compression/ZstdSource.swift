import CZstd

/// Decompresses Zstandard (RFC 8878), also of several frames in a row.
final class ZstdSource: ByteSource {
  /// The largest window accepted, as a power of two: 128 MiB, what `zstd --long` makes, so that a file cannot claim
  /// gigabytes of memory.
  private static let windowLogMax: Int32 = 27

  private let source: any ByteSource
  private let stream: OpaquePointer
  private var input = [UInt8](repeating: 0, count: 1 << 17)
  private var inputStart = 0
  private var inputEnd = 0
  private var isInFrame = false
  private var isAtEnd = false

  /// Decompresses what a source yields.
  ///
  /// - Throws: `ReadFailure` when the library cannot be started.
  init(_ source: any ByteSource) throws(ReadFailure) {
    guard let stream = ZSTD_createDStream() else {
      throw ReadFailure(.readError, "libzstd cannot be started: out of memory")
    }
    self.source = source
    self.stream = stream
    _ = ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, Self.windowLogMax)
  }

  deinit { ZSTD_freeDStream(stream) }

  /// Fills a part of `buffer`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    guard buffer.count > 0 else { return 0 }
    while !isAtEnd {
      if inputStart == inputEnd, try !refill() {
        // The decoder may still hold output of a frame whose input it has.
        let produced = isInFrame ? try decompressSome(into: buffer) : 0
        if produced > 0 { return produced }
        isAtEnd = true
        if !isInFrame { return 0 }
        throw ReadFailure(
          .corruptCompression, "the zstd data end too early: the file is truncated, copy or export it again")
      }
      let produced = try decompressSome(into: buffer)
      if produced > 0 { return produced }
    }
    return 0
  }

  private func refill() throws(ReadFailure) -> Bool {
    inputStart = 0
    inputEnd = try source.read(into: &input, 0..<input.count)
    return inputEnd > 0
  }

  private func decompressSome(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
    let status = input.withUnsafeBytes { bytes in
      var chunk = ZSTD_inBuffer(src: bytes.baseAddress, size: inputEnd, pos: inputStart)
      let status = ZSTD_decompressStream(stream, &output, &chunk)
      inputStart = chunk.pos
      return status
    }
    guard ZSTD_isError(status) == 0 else {
      isAtEnd = true
      let detail = ZSTD_getErrorName(status).map { String(cString: $0) } ?? "unknown error"
      throw ReadFailure(
        .corruptCompression, "the zstd data are damaged or need too much memory (\(detail))")
    }
    isInFrame = status != 0
    return output.pos
  }
}
