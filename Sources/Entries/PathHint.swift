import Bytes

/// What somebody may have meant who named a file that is not there.
enum PathHint {
  /// The hint, behind a semicolon; empty where nothing is near.
  static func text(_ path: String) -> String {
    if let mounted = mountedDrive(path) { return "; Windows drives are mounted in Linux: \(mounted)" }
    if path.hasPrefix("\\\\") { return "; this is a share of Windows: copy the file here, or mount the share" }
    let lower = path.lowercased()
    if ["ldap/", "ldaps/", "ldap:", "ldaps:"].contains(where: lower.hasPrefix) {
      let host = path.drop { $0 != "/" && $0 != ":" }.drop { $0 == "/" || $0 == ":" }
      return "; for a server, write ldaps://\(host)"
    }
    if let near = nearestFile(path) { return "; did you mean \(near)?" }
    return isHostName(lower) ? "; for a server, write ldaps://\(path)" : ""
  }

  /// `C:\Users\jo\export.ldf` as Windows' subsystem for Linux has it.
  private static func mountedDrive(_ path: String) -> String? {
    let bytes = Array(path.utf8)
    guard bytes.count > 2, bytes[1] == UInt8(ascii: ":"), bytes[0] | 0x20 >= 97, bytes[0] | 0x20 <= 122,
      bytes[2] == UInt8(ascii: "\\") || bytes[2] == UInt8(ascii: "/")
    else { return nil }
    let drive = String(path.prefix(1)).lowercased()
    return "/mnt/\(drive)/" + path.dropFirst(3).map { $0 == "\\" ? "/" : String($0) }.joined()
  }

  private static func nearestFile(_ path: String) -> String? {
    let end = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let (folder, name) = (String(path[..<end]), String(path[end...]))
    guard !name.isEmpty, let names = Folder.names(in: folder.isEmpty ? "." : folder) else { return nil }
    return NearestName.find(name, in: names.sorted()).map { folder + $0 }
  }

  /// Endings of files that look like those of hosts.
  private static let endings: Set<String> = [
    "ldif", "ldf", "csv", "json", "ndjson", "xml", "clixml", "txt", "gz", "zst", "xz", "zip", "dat", "evtx", "log",
    "yaml",
  ]

  private static func isHostName(_ name: String) -> Bool {
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.count >= 2, let last = labels.last, !endings.contains(String(last)) else { return false }
    return labels.allSatisfy { label in
      !label.isEmpty && label.utf8.allSatisfy { $0 >= 97 && $0 <= 122 || $0 &- 48 < 10 || $0 == UInt8(ascii: "-") }
    }
  }
}
