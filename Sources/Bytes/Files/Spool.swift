import Glibc

/// A temporary file could not be written or read.
public struct SpoolFailure: Error, Sendable, CustomStringConvertible {
  /// What failed, in one sentence without a full stop.
  public var description: String

  /// A failure, in one sentence without a full stop.
  public init(description: String) { self.description = description }
}

/// Bytes put aside during a run: in memory at first, then in a temporary file that has no name.
///
/// The file is made in `TMPDIR` (or `/tmp`) with mode 0600 and unlinked at once, so nothing of a directory stays behind
/// when the program is killed.
/// Unchecked: a spool has one owner at a time, which is under a lock where several threads take turns.
public final class Spool: @unchecked Sendable {
  private let memoryLimit: Int
  private var memory: [UInt8] = []
  /// Length of what is in the file, or would be if it had not been discarded; what is in memory follows it.
  private var fileLength = 0
  /// How much of the memory, from its start, nobody will ask for.
  private var discarded = 0
  private var file: FileDescriptor?

  /// A spool that uses a file for all but the last `memoryLimit` bytes.
  public init(memoryLimit: Int) { self.memoryLimit = memoryLimit }

  deinit { file?.close() }

  /// Number of bytes in the spool, those that were discarded included.
  public var count: Int { fileLength + memory.count }

  /// Tells that nobody will ask for what comes before an offset: what is in memory need not be written to the file.
  public func discard(before offset: Int) { discarded = min(max(discarded, offset - fileLength), memory.count) }

  /// Appends bytes.
  ///
  /// - Returns: the offset at which they begin.
  /// - Throws: `SpoolFailure` when a temporary file cannot be made or written.
  @discardableResult
  public func append(_ bytes: Span<UInt8>) throws(SpoolFailure) -> Int {
    let offset = count
    if memory.count + bytes.count > memoryLimit { try makeRoom(for: bytes.count) }
    if bytes.count > memoryLimit {
      try bytes.withUnsafeBufferPointer { buffer throws(SpoolFailure) in
        try write(UnsafeRawBufferPointer(buffer))
      }
    } else {
      bytes.withUnsafeBufferPointer { memory.append(contentsOf: $0) }
    }
    return offset
  }

  /// Appends bytes to a buffer if all of them are in memory; false if not.
  ///
  /// - Precondition: the range is within the spool.
  public func append(_ range: Range<Int>, to buffer: inout [UInt8]) -> Bool {
    guard range.lowerBound >= fileLength else { return false }
    memory.withUnsafeBufferPointer {
      buffer.append(contentsOf: $0[range.lowerBound - fileLength..<range.upperBound - fileLength])
    }
    return true
  }

  /// Whether a file was made.
  var hasFile: Bool { file != nil }

  /// Number of bytes that come from the file, not from memory.
  public var fileCount: Int { fileLength }

  /// Reads bytes into a buffer, replacing what is in it.
  ///
  /// - Throws: `SpoolFailure` when the temporary file cannot be read.
  public func read(_ range: Range<Int>, into buffer: inout [UInt8]) throws(SpoolFailure) {
    buffer.removeAll(keepingCapacity: true)
    buffer.extend(to: buffer.count + range.count)
    try read(range, into: &buffer, at: 0)
  }

  /// Reads bytes over those at a place of a buffer.
  ///
  /// - Precondition: the range is within the spool, and the buffer has so many bytes from the place on.
  /// - Throws: `SpoolFailure` when the temporary file cannot be read.
  public func read(_ range: Range<Int>, into buffer: inout [UInt8], at place: Int) throws(SpoolFailure) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count && buffer.count - place >= range.count)
    let inFile = range.clamped(to: 0..<fileLength)
    if let file, !inFile.isEmpty {
      do throws(SystemError) {
        let target = place..<place + inFile.count
        guard try file.read(at: UInt64(inFile.lowerBound), into: &buffer, target) == inFile.count else {
          throw SystemError(code: EIO)
        }
      } catch {
        throw SpoolFailure(description: "cannot read the temporary file: \(error)")
      }
    }
    let start = max(range.lowerBound, fileLength) - fileLength
    let end = range.upperBound - fileLength
    guard start < end else { return }
    memory.withUnsafeBytes { from in
      buffer.withUnsafeMutableBytes { to in
        UnsafeMutableRawBufferPointer(rebasing: to[(place + inFile.count)...]).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: from[start..<end]))
      }
    }
  }

  /// Drops what was discarded, if that is much; else, or if it is not enough, moves the memory into the file.
  private func makeRoom(for additional: Int) throws(SpoolFailure) {
    if discarded > 0, discarded >= memory.count / 2 {
      memory.removeFirst(discarded)
      fileLength += discarded
      discarded = 0
    }
    if memory.count + additional > memoryLimit { try flush() }
  }

  private func flush() throws(SpoolFailure) {
    guard !memory.isEmpty else { return }
    fileLength += discarded
    try memory.withUnsafeBufferPointer { (bytes) throws(SpoolFailure) in
      try write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[discarded...]))
    }
    discarded = 0
    memory.removeAll(keepingCapacity: true)
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(SpoolFailure) {
    let file: FileDescriptor
    if let open = self.file { file = open } else { file = try makeFile() }
    do throws(SystemError) {
      try file.write(bytes, at: fileLength)
      fileLength += bytes.count
    } catch {
      throw SpoolFailure(
        description: "cannot write a temporary file: \(error); set TMPDIR to a directory with more room")
    }
  }

  private func makeFile() throws(SpoolFailure) -> FileDescriptor {
    do throws(SystemError) {
      let file = try TemporaryFile.makeUnnamed()
      self.file = file
      return file
    } catch {
      throw SpoolFailure(description: "cannot make a temporary file in \(TemporaryFile.folder): \(error)")
    }
  }
}
