import Foundation

/// The rule files as C (see `Sources/CShippedRules`).
enum RuleFiles {
  /// Every rule file below a folder, as a table of paths and texts.
  static func c(of folder: URL) throws -> String {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".txt") }
      .sorted()
    var source = "// Written by `embed rules` from Rules/. Not part of the tree.\n"
    source += "#include \"CShippedRules.h\"\n\nconst struct shipped_file shipped_files[] = {\n"
    for name in names {
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      guard !text.utf8.contains(0) else { throw EmbeddingFailure("\(name) has a zero byte, which no text has") }
      source += "  {\(Literal.c(name)), \(Literal.c(text))},\n"
    }
    return source + "  {0, 0},\n};\n"
  }
}
