import Bytes
import Directory
import Glibc

/// Finds and reads the rule files of a directory.
enum RuleFolder {
  private static let maximumDepth = 32
  private static let mostFolders = 1_000

  /// The `*.yaml` and `*.yml` files below a directory, by path; hidden ones are left out. A file stands for itself.
  static func files(in path: String, problems: ProblemList) -> [RuleDocument] {
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    guard let kind = kind(of: path) else {
      report(path, "cannot be read: \(lastError())", problems)
      return []
    }
    if kind == .file { return read(path, problems).map { [$0] } ?? [] }
    guard kind == .folder else {
      report(path, "is no directory; give one that holds rule files (*.yaml)", problems)
      return []
    }
    let before = problems.problems.count
    var seen: Set<FileIdentity> = []
    let files = paths(in: path, depth: 1, seen: &seen, problems: problems)
    if files.isEmpty, problems.problems.count == before {
      report(path, "holds no rule files (*.yaml)", problems)
    }
    return files.compactMap { read($0, problems) }
  }

  private enum Kind { case file, folder, other }

  private static func kind(of path: String) -> Kind? {
    var status = stat()
    guard stat(PathText.name(path), &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// Goes through each folder once, whichever links lead to it: two of them may lead round and round.
  private static func paths(
    in folder: String, depth: Int, seen: inout Set<FileIdentity>, problems: ProblemList
  ) -> [String] {
    guard let identity = FileIdentity(folder: folder), seen.insert(identity).inserted else { return [] }
    guard seen.count <= mostFolders else {
      if seen.count == mostFolders + 1 {
        report(folder, "is one of more than \(mostFolders) folders; name the one that holds the rules", problems)
      }
      return []
    }
    guard depth <= maximumDepth else {
      report(folder, "lies more than \(maximumDepth) directories deep", problems)
      return []
    }
    guard let names = Folder.names(in: folder) else {
      report(folder, "cannot be read: \(lastError())", problems)
      return []
    }
    var files: [String] = []
    for name in names.sorted() {
      let path = folder + "/" + name
      switch kind(of: path) {
      case .folder: files += paths(in: path, depth: depth + 1, seen: &seen, problems: problems)
      case .file: if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { files.append(path) }
      case .other, nil: break
      }
    }
    return files
  }

  /// Reads one byte more than may be, so that a larger file is seen to be so.
  private static func read(_ path: String, _ problems: ProblemList) -> RuleDocument? {
    do throws(SystemError) {
      let descriptor = try FileDescriptor.open(reading: path, waits: false)
      defer { descriptor.close() }
      return RuleDocument(path: path, bytes: try descriptor.readToEnd(limit: RuleFileText.maximumSize))
    } catch {
      report(path, "cannot be read: \(error)", problems)
      return nil
    }
  }

  private static func report(_ path: String, _ message: String, _ problems: ProblemList) {
    problems.report(SourceLocation(source: path), message)
  }

  private static func lastError() -> String { SystemError.last.description }
}
