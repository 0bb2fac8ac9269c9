import Glibc

/// Folders of the file system.
public enum Folder {
  /// The names of what is in a folder, in no order and without those that begin with a dot; nil when it cannot be opened.
  public static func names(in folder: String) -> [String]? {
    guard let handle = opendir(PathText.name(folder)) else { return nil }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        PathText.text(bytes.prefix { $0 != 0 })
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  /// Brings the names in a folder to the disk: a file that was renamed lasts only then. Where that cannot be done, the system
  /// does it in its own time.
  public static func synchronize(_ folder: String) {
    let descriptor = open(PathText.name(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
