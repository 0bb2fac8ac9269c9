/// Exports of a directory that were given as error material, told by their start.
enum DirectoryExport {
  /// So much of the start is looked at.
  static let sniffLength = 8 << 10

  /// What a text is that can be no error material, whatever it says; nil for others.
  static func certain(_ start: ArraySlice<UInt8>) -> String? {
    let lines = String(decoding: start, as: UTF8.self).split(omittingEmptySubsequences: true) { $0.isNewline }
      .filter { !$0.hasPrefix("#") }.prefix(40)
    guard let first = lines.first.map({ $0.lowercased() }) else { return nil }
    let names = lines.compactMap { line in
      line.firstIndex(of: ":").map { String(line[..<$0]).lowercased() }
    }
    let isRecord = names.first == "dn" || names.first == "version" && names.dropFirst().first == "dn"
    if isRecord, names.contains("objectclass") || names.contains("changetype") || names.contains("objectguid") {
      return "an LDIF export of a directory"
    }
    let cells = first.split { ",;\t".contains($0) }.map { Trimmed.text($0, also: "\"\u{FEFF}") }
    if cells.first == "dn", cells.contains("objectclass") { return "a csvde export of a directory" }
    if cells.contains("distinguishedname"), cells.contains("objectclass") || cells.contains("objectguid"),
      !errorWords.contains(where: first.contains)
    {
      return "a table of directory objects"
    }
    return objects(String(decoding: start, as: UTF8.self).lowercased())
  }

  /// Words of texts that tell of errors: what has one of them is looked through for errors first.
  private static let errorWords = [
    "error", "exception", "fail", "message", "conflict", "duplicate", "provision", "event",
  ]

  /// Objects as PowerShell writes them, without a word that may be of an error.
  private static func objects(_ folded: String) -> String? {
    guard folded.contains("distinguishedname"), folded.contains("objectclass") || folded.contains("objectguid"),
      !errorWords.contains(where: folded.contains)
    else { return nil }
    if folded.contains("<objs ") { return "objects that PowerShell exported (CLIXML)" }
    let first = Trimmed.text(folded.prefix(256)).first
    return first == "{" || first == "[" ? "a JSON export of directory objects" : nil
  }

  /// What a text is that told of no error; nil for others.
  static func likely(_ start: ArraySlice<UInt8>) -> String? {
    if let certain = certain(start) { return certain }
    let text = String(decoding: start, as: UTF8.self)
    let folded = text.lowercased()
    let marks = [
      "distinguishedname", "samaccountname", "objectguid", "objectclass", "userprincipalname", "proxyaddresses",
    ]
    let count = marks.count { folded.contains($0) }
    guard count >= 2 else { return nil }
    if folded.contains("<objs ") { return count >= 3 ? "objects that PowerShell exported (CLIXML)" : nil }
    let first = Trimmed.text(text.prefix(256)).first
    if first == "{" || first == "[" { return count >= 3 ? "a JSON export of directory objects" : nil }
    let line = folded.split { $0.isNewline }.first { !$0.hasPrefix("#") } ?? ""
    let cells = line.split { ",;\t".contains($0) }
    if cells.count >= 2, marks.count(where: { line.contains($0) }) >= 2 { return "a table of directory objects" }
    let isList = folded.split { $0.isNewline }.prefix(40).count { $0.contains(" : ") } >= 3
    return isList && count >= 3 ? "directory objects as PowerShell prints them" : nil
  }
}
