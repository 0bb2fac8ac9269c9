import Bytes

/// Texts of tools of Windows that are no export, or one from which not everything can be read, by their lines.
enum ForeignText {
  /// What a line shows of the text that it stands in, and what to do; nil for a line that shows nothing.
  static func reason(_ line: ArraySlice<UInt8>) -> String? {
    guard line.count < 400 else { return nil }
    let text = String(decoding: line, as: UTF8.self)
    return signs.first { sign in sign.starts.contains(where: text.hasPrefix) }?.reason
  }

  private static let signs: [(starts: [String], reason: String)] = [
    (
      ["ld = ldap_open(", "ld = ldap_sslinit(", "Expanding base '", "***Searching...", ">> Dn: "],
      "is the screen of ldp, which cuts long values and escapes nothing; \(ExportAdvice.ldifde)"
    ),
    (
      ["Repadmin: running command"],
      "is the screen of repadmin, which shows no bytes and escapes nothing; \(ExportAdvice.ldifde)"
    ),
    (
      ["Connecting to \"", "Logging in as current user using SSPI"],
      "is what ldifde or csvde wrote on the screen (or its log), not the export; give the file that it was told to write (-f)"
    ),
    (["AdFind V"], "is the screen of AdFind; \(ExportAdvice.ldifde)"),
  ]

  /// What a whole text is, told by lines that other texts do not have; nil for others.
  static func reason(lines: [ArraySlice<UInt8>]) -> String? {
    func has(_ start: String) -> Bool { lines.contains { $0.starts(with: Array(start.utf8)) } }
    if has("ADsPath: LDAP://") || has("adspath: LDAP://") {
      return "it is the screen of dsquery, which shows no bytes and 100 objects only; \(ExportAdvice.ldifde)"
    }
    guard let first = lines.first else { return nil }
    if TableHeader(first).isOfIdFix { return "it is IdFix's list of errors; `dirsync-lint convert FILE` reads it" }
    if has("<Objects>") || first.starts(with: Array("<Objects>".utf8)) {
      return "it was written with ConvertTo-Xml, which loses types; \(ExportAdvice.powerShell)"
    }
    return nil
  }
}
