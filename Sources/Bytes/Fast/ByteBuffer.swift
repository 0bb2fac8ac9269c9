/// Room: bytes of a report in raw memory, appended with one comparison for each piece.
///
/// An array asks at each `append` whether it is the only owner of its elements and whether there is room; for the some fifty
/// pieces of a finding that is more work than to copy them.
///
/// Why the memory is sound: everything is written by `append`, which makes room first, and read by `withBytes`, which ends at
/// `count`; the buffer cannot be copied, so it frees its memory once.
@frozen
public struct ByteBuffer: ~Copyable, ByteAppending {
  @usableFromInline var memory: UnsafeMutableRawBufferPointer
  /// Number of bytes so far.
  @inlinable public var count: Int { length }
  @usableFromInline var length = 0

  /// The last byte; nil when there is none.
  @inlinable public var last: UInt8? { length > 0 ? memory[length - 1] : nil }

  /// An empty buffer with room for so many bytes.
  @inlinable
  public init(capacity: Int) { memory = .allocate(byteCount: capacity, alignment: 16) }

  @inlinable
  deinit { memory.deallocate() }

  /// What was appended.
  public var bytes: [UInt8] { withBytes { Array($0) } }

  /// Writes what was appended into a file. Throws `SystemError`.
  public func write(to file: FileDescriptor) throws(SystemError) {
    try withBytes { (bytes) throws(SystemError) in try file.write(bytes) }
  }

  /// Calls `body` with what was appended.
  @inlinable
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(rebasing: memory[..<count]))
  }

  /// Appends a byte.
  @inlinable @inline(__always)
  public mutating func append(_ byte: UInt8) {
    if count == memory.count { grow(1) }
    memory[count] = byte
    length &+= 1
  }

  /// Appends bytes.
  @inlinable @inline(__always)
  public mutating func append(bytes: Span<UInt8>) {
    if bytes.count > memory.count &- count { grow(bytes.count) }
    bytes.withUnsafeBytes { new in
      guard let from = new.baseAddress, let to = memory.baseAddress else { return }
      (to + count).copyMemory(from: from, byteCount: new.count)
    }
    length &+= bytes.count
  }

  /// Makes room for so many more bytes.
  @inlinable
  public mutating func reserve(_ additional: Int) {
    if additional > memory.count - count { grow(additional) }
  }

  /// Takes back all but the first so many bytes.
  @inlinable
  public mutating func truncate(to count: Int) {
    precondition(count >= 0 && count <= self.count)
    length = count
  }

  @usableFromInline @inline(never)
  mutating func grow(_ additional: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(count + additional, 2 * memory.count), alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
    memory.deallocate()
    memory = larger
  }
}
