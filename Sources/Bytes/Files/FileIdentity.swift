import Glibc

/// What makes two names the same file, however they are spelled and whatever links lead there.
public enum FileIdentity: Hashable, Sendable {
  /// A regular file or a named pipe that is there: hard links to it are it as well.
  case existing(device: UInt64, inode: UInt64)
  /// A name that nothing has yet, in a folder that is there.
  case missing(device: UInt64, folder: UInt64, name: String)

  /// The file of a path; nil for terminals, devices and folders, which several may use at once, and for a path that leads
  /// nowhere.
  public init?(path: String) {
    var status = stat()
    if stat(PathText.name(path), &status) == 0 {
      self.init(status)
      return
    }
    guard errno == ENOENT else { return nil }
    let target = LinkedPath.end(of: path) { _ in true } ?? path
    let (folder, name) = LinkedPath.parts(target)
    guard !name.isEmpty, stat(PathText.name(folder), &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      return nil
    }
    self = .missing(device: UInt64(status.st_dev), folder: UInt64(status.st_ino), name: name)
  }

  /// The file of an open descriptor; nil as above.
  public init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  /// A folder, which links may lead to by many names; nil where the path leads to none.
  public init?(folder path: String) {
    var status = stat()
    guard stat(PathText.name(path), &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    self = .existing(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
  }

  private init?(_ status: stat) {
    guard [S_IFREG, S_IFIFO].contains(status.st_mode & S_IFMT) else { return nil }
    self = .existing(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
  }
}

/// Symbolic links at the end of a path.
///
/// Who may write into a folder such as `/tmp` can put a link there under the name that somebody else is about to write to.
/// Links are therefore followed only when they belong to whoever runs the program, or to root.
public enum LinkedPath {
  /// The path that links lead to; the path itself where it is no link.
  ///
  /// - Throws: `SystemError`: a link belongs to somebody else, or they lead round in a circle.
  public static func trusted(_ path: String) throws(SystemError) -> String {
    var isForeign = false
    let user = geteuid()
    let target = end(of: path) { status in
      isForeign = status.st_uid != user && status.st_uid != 0
      return !isForeign
    }
    if isForeign { throw SystemError.foreignLink }
    guard let target else { throw SystemError(code: ELOOP) }
    return target
  }

  /// Follows links as long as `follows` says so; nil when it does not, or when there are too many.
  static func end(of path: String, _ follows: (stat) -> Bool) -> String? {
    var path = path
    for _ in 0..<40 {
      var status = stat()
      guard lstat(PathText.name(path), &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return path }
      guard follows(status), let target = text(ofLink: path), !target.isEmpty else { return nil }
      path = target.hasPrefix("/") ? target : parts(path).folder + "/" + target
    }
    return nil
  }

  /// The folder that a name is in, and the name.
  static func parts(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let folder = String(path[..<slash])
    return (folder.isEmpty ? "/" : folder, String(path[path.utf8.index(after: slash)...]))
  }

  private static func text(ofLink path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink(PathText.name(path), &bytes, Int(PATH_MAX))
    guard count > 0 else { return nil }
    return PathText.text(bytes[..<count].map { UInt8(bitPattern: $0) })
  }
}
