import CZlib

/// Decompresses gzip (RFC 1952), also of several members in a row, as `cat a.gz b.gz` makes.
final class GzipSource: ByteSource {
  private let source: any ByteSource
  private var stream = z_stream()
  private var input = [UInt8](repeating: 0, count: 1 << 17)
  private var inputStart = 0
  private var inputEnd = 0
  private var isBetweenMembers = false
  private var isAtEnd = false

  /// Decompresses what a source yields.
  ///
  /// - Throws: `ReadFailure` when the library cannot be started.
  init(_ source: any ByteSource) throws(ReadFailure) {
    self.source = source
    // 15 bits of window, plus 16 for the gzip format alone.
    let status = inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      throw ReadFailure(.readError, "zlib cannot be started (status \(status))")
    }
  }

  deinit { inflateEnd(&stream) }

  /// Fills a part of `buffer`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    guard buffer.count > 0 else { return 0 }
    while !isAtEnd {
      if inputStart == inputEnd, try !refill() {
        isAtEnd = true
        if isBetweenMembers { return 0 }
        throw ReadFailure(
          .corruptCompression, "the gzip data end too early: the file is truncated, copy or export it again")
      }
      if isBetweenMembers, try !startNextMember() { return 0 }
      let produced = try inflateSome(into: buffer)
      if produced > 0 { return produced }
    }
    return 0
  }

  private func refill() throws(ReadFailure) -> Bool {
    inputStart = 0
    inputEnd = try source.read(into: &input, 0..<input.count)
    return inputEnd > 0
  }

  /// Zero bytes behind the last member are padding; anything but another member is damage.
  private func startNextMember() throws(ReadFailure) -> Bool {
    while true {
      while inputStart < inputEnd, input[inputStart] == 0 { inputStart += 1 }
      if inputStart < inputEnd { break }
      if try !refill() {
        isAtEnd = true
        return false
      }
    }
    guard input[inputStart] == 0x1f else {
      isAtEnd = true
      throw ReadFailure(
        .corruptCompression, "the gzip data are followed by something that is not gzip")
    }
    inflateReset(&stream)
    isBetweenMembers = false
    return true
  }

  private func inflateSome(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    var status = Z_OK
    var produced = 0
    input.withUnsafeMutableBufferPointer { bytes in
      stream.next_in = bytes.baseAddress.map { $0 + inputStart }
      stream.avail_in = UInt32(inputEnd - inputStart)
      let room = UInt32(clamping: buffer.count)
      stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.avail_out = room
      status = inflate(&stream, Z_NO_FLUSH)
      produced = Int(room - stream.avail_out)
      inputStart = inputEnd - Int(stream.avail_in)
    }
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: isBetweenMembers = true
    default:
      isAtEnd = true
      let detail = stream.msg.map { String(cString: $0) } ?? "status \(status)"
      throw ReadFailure(.corruptCompression, "the gzip data are damaged (\(detail))")
    }
    return produced
  }
}
