/// Room: bytes of a report in raw memory, appended with one comparison for each piece.
///
/// An array asks at each `append` whether it is the only owner of its elements and whether there is room; for the some fifty
/// pieces of a finding that is more work than to copy them.
///
/// Why the memory is sound: everything is written by `append`, which makes room first, and read by `withBytes`, which ends at
/// `count`; the buffer cannot be copied, so it frees its memory once.
struct ByteBuffer: ~Copyable, ByteAppending {
  private var memory: UnsafeMutableRawBufferPointer
  private(set) var count = 0

  /// An empty buffer with room for so many bytes.
  init(capacity: Int) { memory = .allocate(byteCount: capacity, alignment: 16) }

  deinit { memory.deallocate() }

  /// Calls `body` with what was appended.
  func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(rebasing: memory[..<count]))
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    if count == memory.count { grow(1) }
    memory[count] = byte
    count &+= 1
  }

  @inline(__always)
  mutating func append(bytes: Span<UInt8>) {
    if bytes.count > memory.count &- count { grow(bytes.count) }
    bytes.withUnsafeBytes { new in
      guard let from = new.baseAddress, let to = memory.baseAddress else { return }
      (to + count).copyMemory(from: from, byteCount: new.count)
    }
    count &+= bytes.count
  }

  mutating func reserve(_ additional: Int) {
    if additional > memory.count - count { grow(additional) }
  }

  mutating func truncate(to count: Int) {
    precondition(count >= 0 && count <= self.count)
    self.count = count
  }

  @inline(never)
  private mutating func grow(_ additional: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(count + additional, 2 * memory.count), alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
    memory.deallocate()
    memory = larger
  }
}
