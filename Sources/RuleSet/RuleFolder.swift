import Bytes
import Directory
import Glibc

/// Finds and reads the rule files of a directory.
enum RuleFolder {
  private static let maximumDepth = 32

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
    let files = paths(in: path, depth: 1, problems: problems)
    if files.isEmpty, problems.problems.count == before {
      report(path, "holds no rule files (*.yaml)", problems)
    }
    return files.compactMap { read($0, problems) }
  }

  private enum Kind { case file, folder, other }

  private static func kind(of path: String) -> Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  private static func paths(in folder: String, depth: Int, problems: ProblemList) -> [String] {
    guard depth <= maximumDepth else {
      report(folder, "lies more than \(maximumDepth) directories deep", problems)
      return []
    }
    guard let names = Folder.names(in: folder) else {
      report(folder, "cannot be read: \(lastError())", problems)
      return []
    }
    return names.sorted().flatMap { name -> [String] in
      let path = folder + "/" + name
      switch kind(of: path) {
      case .folder: return paths(in: path, depth: depth + 1, problems: problems)
      case .file: return name.hasSuffix(".yaml") || name.hasSuffix(".yml") ? [path] : []
      case .other, nil: return []
      }
    }
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
