import Directory
import Glibc

/// Finds and reads the rule files of a directory.
enum RuleFolder {
  private static let maximumDepth = 32

  /// The `*.yaml` and `*.yml` files below a directory, by path; hidden ones are left out. A file stands for itself.
  static func files(in path: String, problems: ProblemList) -> [RuleCatalogue.File] {
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
    guard let names = names(in: folder) else {
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

  private static func names(in folder: String) -> [String]? {
    guard let handle = opendir(folder) else { return nil }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  /// Reads one byte more than may be, so that a larger file is seen to be so.
  private static func read(_ path: String, _ problems: ProblemList) -> RuleCatalogue.File? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      report(path, "cannot be read: \(lastError())", problems)
      return nil
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= RuleFileText.maximumSize {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        report(path, "cannot be read: \(lastError())", problems)
        return nil
      }
      if count == 0 { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    return RuleCatalogue.File(path: path, bytes: bytes)
  }

  private static func report(_ path: String, _ message: String, _ problems: ProblemList) {
    problems.report(SourceLocation(source: path), message)
  }

  private static func lastError() -> String { String(cString: strerror(errno)) }
}
