import Glibc

/// The right to write to a store: held by one process from before its run to the end, whatever end that is.
///
/// A file of its own beside the store, because SQLite's locks on the store itself would be lost if the process closed
/// another descriptor of it (POSIX `fcntl` locks). `flock` ends with the process, so nothing has to be cleared away after
/// a crash. The file stays: taking it away would let two processes hold locks on two files of the same name.
final class StoreLock {
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// - Throws: `StoreFailure`: another process has it, or the file cannot be made.
  init(store path: String) throws(StoreFailure) {
    let name = path + ".lock"
    descriptor = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreFailure(.unavailable, "cannot make \(name): \(String(cString: strerror(errno)))")
    }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      // `deinit` closes the file, as all that an instance has was set by now.
      let holder = Self.holder(descriptor)
      throw StoreFailure(
        .inUse,
        "another audit is writing to \(path)\(holder); nothing was recorded: start this one again when it has ended")
    }
    let text = Array("\(getpid())\n".utf8)
    ftruncate(descriptor, 0)
    _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  deinit { close(descriptor) }

  /// The process that holds the lock, as it has written itself, in words for a message.
  private static func holder(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    let digits = bytes.prefix(max(0, count)).prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    return digits.isEmpty ? "" : " (process \(String(decoding: digits, as: UTF8.self)))"
  }
}
