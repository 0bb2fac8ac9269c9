import Bytes
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
    // Who may write to the folder may have put something else there under this name: a link is not followed, and nothing but
    // a lock is written over.
    descriptor = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let reason = errno == ELOOP ? "it is a symbolic link" : SystemError.last.description
      throw StoreFailure(.unavailable, "cannot make \(name): \(reason)")
    }
    // From here on `deinit` closes the file.
    guard Self.isLock(descriptor, store: path) else {
      throw StoreFailure(.unavailable, "\(name) is no lock of dirsync-lint; take it away, or name another store")
    }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      let holder = Self.holder(descriptor)
      throw StoreFailure(
        .inUse,
        "another audit is writing to \(path)\(holder); nothing was recorded: start this one again when it has ended")
    }
    ftruncate(descriptor, 0)
    // Who holds the lock is for the message of those who want it; the lock holds without.
    try? FileDescriptor(descriptor).write(Array("\(getpid())\n".utf8))
  }

  /// Whether a file is one that this program makes: of one name, empty or with a number, of the same user or of the owner of
  /// the store.
  private static func isLock(_ descriptor: Int32, store path: String) -> Bool {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1 else {
      return false
    }
    var store = stat()
    let isOwned =
      status.st_uid == geteuid()
      || (lstat(path, &store) == 0 && store.st_mode & S_IFMT == S_IFREG && store.st_uid == status.st_uid)
    guard isOwned else { return false }
    var bytes = [UInt8](repeating: 0, count: 24)
    guard let count = try? FileDescriptor(descriptor).read(at: 0, into: &bytes, 0..<bytes.count) else { return false }
    return count < bytes.count
      && bytes.prefix(count).allSatisfy { $0 == 10 || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  deinit { close(descriptor) }

  /// The process that holds the lock, as it has written itself, in words for a message.
  private static func holder(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = (try? FileDescriptor(descriptor).read(at: 0, into: &bytes, 0..<bytes.count)) ?? 0
    let digits = bytes.prefix(count).prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    return digits.isEmpty ? "" : " (process \(String(decoding: digits, as: UTF8.self)))"
  }
}
