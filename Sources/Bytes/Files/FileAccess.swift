import Glibc

/// Who may read a file.
public enum FileAccess {
  /// Who besides the owner may read a file, in words; nil when nobody may, or there is no such file.
  public static func readers(of path: String) -> String? {
    var state = stat()
    guard stat(PathText.name(path), &state) == 0 else { return nil }
    if state.st_mode & S_IROTH != 0 { return "everybody on this machine" }
    return state.st_mode & S_IRGRP != 0 ? "its group" : nil
  }
}
