import Bytes

/// Files that people hand to `convert` and that IdFix never wrote, told by their start.
enum ForeignFile {
  /// What a file is, and what reads it; nil when IdFix may have written it.
  ///
  /// - Parameters:
  ///   - bytes: the file as it is.
  ///   - text: the file in UTF-8.
  static func kind(of bytes: [UInt8], text: [UInt8], path: String) -> String? {
    if bytes.starts(with: "PK\u{3}\u{4}".utf8) {
      return "it is a workbook or an archive; save the sheet as CSV, or take the file out of the archive"
    }
    if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) { return "it is a workbook of old; save the sheet as CSV" }
    if bytes.starts(with: "ElfFile\0".utf8) {
      return "it is an event log; `dirsync-lint resolve \(path)` reads its errors"
    }
    if isDirectoryExport(text) {
      return "it is an LDIF export of a directory; `dirsync-lint lint \(path)` judges it"
    }
    return nil
  }

  /// What reads a file, by its first line that is not blank, when it has none of IdFix's columns; empty when nothing is known.
  static func hint(_ line: some Collection<UInt8>, path: String) -> String {
    let text = IdFixWords.lowercased(Array(line.prefix(1 << 16)))
    let cells = text.split { ",;".contains($0) }.map { cell in cell.filter { $0 != "\"" } }
    let isTable = cells.count > 1 && cells.contains { $0 == "dn" || $0 == "distinguishedname" }
    let isOfPowerShell = ["<objs", "[", "{"].contains { text.hasPrefix($0) }
    return isTable || isOfPowerShell ? "; if it is an export of a directory, `dirsync-lint lint \(path)` judges it" : ""
  }

  /// Whether the first record has content; those of IdFix all have a change.
  private static func isDirectoryExport(_ text: [UInt8]) -> Bool {
    var names: [String] = []
    for line in text.split(maxSplits: 64, omittingEmptySubsequences: false, whereSeparator: { $0 == 0x0A }) {
      let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x0D }
      if isBlank, names.contains("dn") { break }
      guard !isBlank, line.first != UInt8(ascii: "#"), let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
        continue
      }
      names.append(IdFixWords.lowercased(Array(line[..<colon])))
    }
    if names.first == "version" { names.removeFirst() }
    return names.first == "dn" && names.contains("objectclass") && !names.contains("changetype")
  }
}
