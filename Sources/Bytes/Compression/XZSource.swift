import CArchive

/// Decompresses xz, also of several streams in a row.
///
/// Why the pointers are sound: libarchive gets an unretained pointer to `feed`, which lives as long as this object, and calls back
/// only within `read` and `init`; the bytes that it is handed stay in their place until it asks for more.
final class XZSource: ByteSource {
  private let archive: OpaquePointer
  private let feed: Feed

  /// What libarchive reads from.
  private final class Feed {
    let source: any ByteSource
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
    var failure: ReadFailure?

    init(_ source: any ByteSource) { self.source = source }
    deinit { buffer.deallocate() }
  }

  /// Decompresses what a source yields.
  ///
  /// - Throws: `ReadFailure` when the library cannot be started, or the first bytes are damaged.
  init(_ source: any ByteSource) throws(ReadFailure) {
    guard let archive = archive_read_new() else { throw ReadFailure(.readError, "there is no memory to read xz") }
    self.archive = archive
    feed = Feed(source)
    archive_read_support_filter_xz(archive)
    archive_read_support_format_raw(archive)
    let client = Unmanaged.passUnretained(feed).toOpaque()
    var status = archive_read_open(archive, client, nil, { _, client, start in XZSource.hand(client, start) }, nil)
    var entry: OpaquePointer?
    if status == ARCHIVE_OK { status = archive_read_next_header(archive, &entry) }
    // Nothing compressed is nothing to read.
    guard status == ARCHIVE_OK || status == ARCHIVE_EOF else { throw failed() }
  }

  deinit { archive_read_free(archive) }

  /// Fills a part of `buffer`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    guard buffer.count > 0 else { return 0 }
    let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
    guard count >= 0 else { throw failed() }
    return count
  }

  private func failed() -> ReadFailure {
    feed.failure
      ?? ReadFailure(.corruptCompression, "the xz data are damaged or end too early: copy or export the file again")
  }

  /// Hands the next bytes of the source over.
  private static func hand(
    _ client: UnsafeMutableRawPointer?, _ start: UnsafeMutablePointer<UnsafeRawPointer?>?
  ) -> Int {
    guard let client, let start else { return -1 }
    let feed = Unmanaged<Feed>.fromOpaque(client).takeUnretainedValue()
    do throws(ReadFailure) {
      let count = try feed.source.read(into: feed.buffer)
      start.pointee = UnsafeRawPointer(feed.buffer.baseAddress)
      return count
    } catch {
      feed.failure = error
      return -1
    }
  }
}
