import CZlib

/// How long bytes are once they are packed with gzip, for files that somebody takes up to a packed length only.
///
/// What is packed is thrown away.
public final class GzipLength {
  private var stream = z_stream()
  private var packed = [UInt8](repeating: 0, count: 1 << 16)
  /// The length of what was added so far. Some of the last bytes may still be on their way: up to a few hundred kilobytes
  /// unpacked, which zlib collects for a block.
  public private(set) var count = 0

  /// The length of nothing; nil when zlib cannot be started.
  public init?() {
    // 15 bits of window, plus 16 for the gzip format; memory level 8 is what zlib does by default.
    let status = deflateInit2_(
      &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { return nil }
  }

  deinit { deflateEnd(&stream) }

  /// Adds bytes.
  public func add(_ bytes: [UInt8]) {
    var bytes = bytes
    bytes.withUnsafeMutableBufferPointer { input in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(clamping: input.count)
      repeat {
        packed.withUnsafeMutableBufferPointer { output in
          stream.next_out = output.baseAddress
          stream.avail_out = UInt32(output.count)
          deflate(&stream, Z_NO_FLUSH)
          count += output.count - Int(stream.avail_out)
        }
      } while stream.avail_out == 0
    }
  }
}
