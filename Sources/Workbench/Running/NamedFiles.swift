import Bytes
import Glibc

/// The files that a job names, gathered before any of them is opened: nothing that is written may be something that is read,
/// or that another option writes, however it is spelled and whatever links lead there.
public struct NamedFiles {
  private struct File {
    var name: String
    var isWritten: Bool
    /// Files of one option, which may be the same.
    var option: Int
  }

  private var files: [FileIdentity: [File]] = [:]
  private var folders: Set<FileIdentity> = []
  private var options = 0
  private let standardOutput: Int32?

  /// No files yet.
  ///
  /// - Parameter standardOutput: the descriptor to which results go that have no file.
  init(standardOutput: Int32?) { self.standardOutput = standardOutput }

  // MARK: What a job names

  /// A file that is read, or all files of a folder; `-` is standard input. No file where the path is nil.
  mutating func reads(_ path: String?, _ what: String) {
    guard let path, !path.isEmpty else { return }
    begin()
    if path == "-" {
      add(FileIdentity(descriptor: STDIN_FILENO), "standard input", isWritten: false)
    } else {
      addTree(path, "\(what) \(path)", depth: 0)
    }
  }

  /// A file that is written; `-` is standard output.
  mutating func writes(_ path: String, _ what: String) {
    guard path != "-" else { return writesStandardOutput() }
    begin()
    add(FileIdentity(path: path), what, isWritten: true)
  }

  /// A file that an option reads and keeps up to date, with what stands beside it under the same name.
  mutating func keeps(_ path: String?, _ what: String, beside endings: [String] = []) {
    guard let path, !path.isEmpty else { return }
    begin()
    add(FileIdentity(path: path), "\(what) \(path)", isWritten: true)
    for ending in endings {
      let other = path + ending
      add(FileIdentity(path: other), "\(other) of \(what) \(path)", isWritten: true)
    }
  }

  /// Results go to standard output.
  mutating func writesStandardOutput() {
    guard let standardOutput else { return }
    begin()
    add(FileIdentity(descriptor: standardOutput), "standard output", isWritten: true)
  }

  private mutating func begin() { options += 1 }

  private mutating func add(_ identity: FileIdentity?, _ name: String, isWritten: Bool) {
    guard let identity else { return }
    files[identity, default: []].append(File(name: name, isWritten: isWritten, option: options))
  }

  /// Folders that lie deeper, or hold more, are read by nobody.
  private static let (depth, mostFiles) = (32, 20_000)

  private mutating func addTree(_ path: String, _ name: String, depth: Int) {
    add(FileIdentity(path: path), name, isWritten: false)
    // A folder is gone through once, by whichever of the links that lead to it.
    guard depth < Self.depth, files.count < Self.mostFiles, let folder = FileIdentity(folder: path),
      folders.insert(folder).inserted
    else { return }
    for name in (Folder.names(in: path) ?? []).sorted() {
      let inside = path + "/" + name
      addTree(inside, inside, depth: depth + 1)
    }
  }

  // MARK: Whether they go together

  /// - Throws: `CommandFailure` when something that is written is something else as well.
  func check() throws(CommandFailure) {
    for files in files.values where files.count > 1 {
      guard let written = files.first(where: \.isWritten),
        let other = files.first(where: { $0.option != written.option })
      else { continue }
      throw CommandFailure(
        message: "\(written.name) and \(other.name) are the same file; name another one: nothing was read or written",
        status: .usage)
    }
  }
}
