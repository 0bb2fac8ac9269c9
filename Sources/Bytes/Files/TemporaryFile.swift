import Glibc

/// A file in the folder for temporary files (`TMPDIR`, or `/tmp`) that only its owner may read, and that is gone when nobody
/// holds this object any more.
public final class TemporaryFile {
  /// Where the file is.
  public let path: String
  /// The open file; it is closed together with the object.
  public let descriptor: FileDescriptor

  /// The folder for temporary files.
  public static var folder: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }

  /// Makes an empty file.
  ///
  /// - Throws: `SystemError`.
  public init() throws(SystemError) {
    (descriptor, path) = try UniqueFile.make(Self.folder + "/dirsync-lint.")
  }

  /// Makes an empty file without a name, of which nothing stays behind when the program is killed.
  ///
  /// - Throws: `SystemError`.
  public static func makeUnnamed() throws(SystemError) -> FileDescriptor {
    let (descriptor, path) = try UniqueFile.make(folder + "/dirsync-lint.")
    unlink(path)
    return descriptor
  }

  deinit {
    descriptor.close()
    unlink(path)
  }
}

/// New files with names that nothing else has.
enum UniqueFile {
  /// Makes a file, mode 0600, whose path begins as given.
  static func make(_ start: String) throws(SystemError) -> (FileDescriptor, path: String) {
    var name = PathText.name(start + "XXXXXX")
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw SystemError.last }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return (FileDescriptor(descriptor), PathText.text(name.dropLast().map { UInt8(bitPattern: $0) }))
  }
}
