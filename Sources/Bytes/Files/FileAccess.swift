import Glibc

/// Who may read a file, and whether there is one.
public enum FileAccess {
  /// Whether there is something of that name.
  public static func exists(_ path: String) -> Bool {
    var state = stat()
    return stat(PathText.name(path), &state) == 0
  }

  /// Whether it is a folder.
  public static func isFolder(_ path: String) -> Bool {
    var state = stat()
    return stat(PathText.name(path), &state) == 0 && state.st_mode & S_IFMT == S_IFDIR
  }

  /// Who besides the owner may read a file, in words; nil when nobody may, or there is no such file.
  public static func readers(of path: String) -> String? {
    var state = stat()
    guard stat(PathText.name(path), &state) == 0 else { return nil }
    if state.st_mode & S_IROTH != 0 { return "everybody on this machine" }
    return state.st_mode & S_IRGRP != 0 ? "its group" : nil
  }
}
