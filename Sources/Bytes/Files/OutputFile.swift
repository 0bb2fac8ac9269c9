import Glibc

/// A file by its name that results are written into.
///
/// A regular file is written aside, in the same folder, and takes the place of the old one when it is whole and on the disk:
/// a full disk or a killed process leaves the old one. Pipes, terminals and devices are written as they are.
public final class OutputFile {
  /// What is written into; closed together with the object.
  public let descriptor: FileDescriptor
  /// nil for what is written as it is.
  private let draft: AtomicFile?

  /// Begins to write.
  ///
  /// - Parameters:
  ///   - mode: the mode of the file; nil: that of the old one.
  ///   - newFileMode: the mode where there is no old one of the same user.
  /// - Throws: `SystemError`.
  public init(writing path: String, mode: UInt32? = nil, newFileMode: UInt32) throws(SystemError) {
    var status = stat()
    if let number = Self.openDescriptor(path) {
      descriptor = FileDescriptor(number)
      draft = nil
    } else if stat(PathText.name(path), &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      descriptor = try FileDescriptor.open(writingInto: try LinkedPath.trusted(path))
      draft = nil
    } else {
      let draft = try AtomicFile(replacing: path, mode: mode, newFileMode: newFileMode)
      self.draft = draft
      descriptor = draft.descriptor
    }
  }

  /// Puts a regular file in the place of the old one, once its bytes are on the disk.
  ///
  /// - Throws: `SystemError`; then the old file is still there.
  public func commit() throws(SystemError) {
    try draft?.commit()
  }

  deinit {
    // A draft closes its file itself.
    if draft == nil { descriptor.close() }
  }

  /// `/dev/stdout` and its like name a descriptor of this process, not the file behind it: where it stands and what is in it
  /// are kept.
  private static func openDescriptor(_ path: String) -> Int32? {
    let number: Int32? =
      switch path {
      case "/dev/stdout": STDOUT_FILENO
      case "/dev/stderr": STDERR_FILENO
      default:
        ["/dev/fd/", "/proc/self/fd/"].first { path.hasPrefix($0) }.flatMap { Int32(path.dropFirst($0.count)) }
      }
    guard let number else { return nil }
    let copy = fcntl(number, F_DUPFD_CLOEXEC, 3)
    return copy >= 0 ? copy : nil
  }
}
