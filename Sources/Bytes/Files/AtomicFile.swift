import Glibc

/// A file that is written beside the one it replaces, so that a reader, or a crash, sees the old one or the new one.
///
/// Without `commit` the old file stays as it is, and nothing is left beside it.
public final class AtomicFile {
  private let target: String
  private let draft: String
  private var isCommitted = false
  /// What is written into; closed together with the object.
  public let descriptor: FileDescriptor

  /// Begins to replace a file.
  ///
  /// - Parameter mode: the mode of the new file; nil: that of the old one, or 0644 less the process's mask where there is none.
  /// - Throws: `SystemError`.
  public init(replacing path: String, mode: UInt32? = nil) throws(SystemError) {
    // A link is followed: the file that it names is the one under version control.
    let old = realpath(path, nil).map { name in
      defer { free(name) }
      return String(cString: name)
    }
    target = old ?? path
    (descriptor, draft) = try UniqueFile.make(target + ".")
    guard fchmod(descriptor.number, mode_t(mode ?? Self.mode(of: old))) == 0 else {
      let error = SystemError.last
      unlink(draft)
      throw error
    }
  }

  /// Puts the file in the place of the old one.
  ///
  /// - Parameter isDurable: whether the bytes must be on the disk before.
  /// - Throws: `SystemError`; then the old file is still there.
  public func commit(isDurable: Bool) throws(SystemError) {
    if isDurable, fsync(descriptor.number) != 0 { throw SystemError.last }
    guard rename(draft, target) == 0 else { throw SystemError.last }
    isCommitted = true
  }

  deinit {
    descriptor.close()
    if !isCommitted { unlink(draft) }
  }

  private static func mode(of old: String?) -> UInt32 {
    var status = stat()
    if let old, stat(old, &status) == 0 { return status.st_mode & 0o7777 }
    let mask = umask(0)
    umask(mask)
    return 0o644 & ~mask
  }
}
