import Glibc

/// A file that is written beside the one it replaces, so that a reader, or a crash, sees the old one or the new one.
///
/// Without `commit` the old file stays as it is, and nothing is left beside it.
public final class AtomicFile {
  private let target: String
  private let draft: String
  /// Where the file is until it takes its place.
  public var path: String { draft }
  private var isCommitted = false
  /// What is written into; closed together with the object.
  public let descriptor: FileDescriptor

  /// Begins to replace a file.
  ///
  /// - Parameters:
  ///   - mode: the mode of the new file; nil: that of the old one.
  ///   - newFileMode: the mode, less the process's mask, where there is no old one of the same user.
  /// - Throws: `SystemError`.
  public init(replacing path: String, mode: UInt32? = nil, newFileMode: UInt32 = 0o644) throws(SystemError) {
    // A link is followed: the file that it names is the one under version control. Links of others are not.
    target = try LinkedPath.trusted(path)
    var status = stat()
    let isThere = lstat(PathText.name(target), &status) == 0
    guard !isThere || status.st_mode & S_IFMT != S_IFDIR else { throw SystemError(code: EISDIR) }
    (descriptor, draft) = try UniqueFile.make(target + ".")
    let isOurs = isThere && status.st_uid == geteuid()
    let mode = mode ?? (isOurs ? status.st_mode & 0o777 : newFileMode & ~Self.mask)
    guard fchmod(descriptor.number, mode_t(mode)) == 0 else {
      let error = SystemError.last
      unlink(PathText.name(draft))
      throw error
    }
  }

  /// Puts the file in the place of the old one, once its bytes are on the disk.
  ///
  /// - Throws: `SystemError`; then the old file is still there.
  public func commit() throws(SystemError) {
    guard fsync(descriptor.number) == 0, rename(PathText.name(draft), PathText.name(target)) == 0 else {
      throw SystemError.last
    }
    isCommitted = true
    Folder.synchronize(LinkedPath.parts(target).folder)
  }

  deinit {
    descriptor.close()
    if !isCommitted { unlink(PathText.name(draft)) }
  }

  /// The process's mask of modes.
  private static var mask: UInt32 {
    let mask = umask(0)
    umask(mask)
    return mask
  }
}
