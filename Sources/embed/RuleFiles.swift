import Foundation

/// The rule files as Swift (see `Sources/ShippedRules`).
enum RuleFiles {
  /// Every rule file below a folder, as a table of paths and texts, and the tables of facts.
  static func swift(of folder: URL) throws -> String {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".txt") }
      .sorted()
    var swift = "// Written by `embed rules` from Rules/. Not part of the tree.\n\n"
    swift += "enum EmbeddedRules {\n  static let files: [(path: String, text: String)] = [\n"
    for name in names {
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      swift += "    (\(Literal.swift(name)), \(Literal.swift(text))),\n"
    }
    return try swift + "  ]\n}\n" + FactTables.swift(of: folder)
  }
}
