import Foundation

/// A table of facts: YAML with one mapping a line, so that it needs no parser of YAML while the program is built.
///
/// ```yaml
/// # a comment
/// attributes:
///   proxyAddresses: { multivalued: true, cloud: [proxyAddresses, proxyAddress] }
/// ```
///
/// A test reads the same files with the reader of rule files and compares.
struct FactTable {
  struct Row {
    var name: String
    var facts: [(key: String, values: [String])]
    var line: Int
  }

  private let file: String
  private(set) var rows: [Row] = []

  /// Reads a file of a folder whose first key is `heading`.
  init(_ path: String, in folder: URL, heading: String) throws {
    file = "Rules/" + path
    let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    var hasHeading = false
    for (index, content) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let trimmed = content.trimmingCharacters(in: .whitespaces)
      if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
      if !hasHeading {
        guard trimmed == heading + ":" else { throw mistake(index, "expected `\(heading):`") }
        hasHeading = true
        continue
      }
      let row = try row(trimmed, index)
      guard !rows.contains(where: { $0.name.lowercased() == row.name.lowercased() }) else {
        throw mistake(index, "`\(row.name)` is given twice; keep one")
      }
      rows.append(row)
    }
  }

  /// The value of a key that has one; nil where it is not given.
  func one(_ key: String, of row: Row) throws -> String? {
    guard let values = row.facts.first(where: { $0.key == key })?.values else { return nil }
    guard values.count == 1 else { throw mistake(row.line, "`\(key)` has one value") }
    return values[0]
  }

  /// The value of a key of which only one has to be said; false where it is not given.
  func isSaid(_ key: String, _ word: String, of row: Row) throws -> Bool {
    guard let value = try one(key, of: row) else { return false }
    guard value == word else { throw mistake(row.line, "write `\(key): \(word)`, or leave it out") }
    return true
  }

  /// The values of a key; none where it is not given.
  func all(_ key: String, of row: Row) -> [String] { row.facts.first { $0.key == key }?.values ?? [] }

  /// Refuses keys that are not known.
  func check(_ known: [String]) throws {
    for row in rows {
      for fact in row.facts where !known.contains(fact.key) {
        throw mistake(row.line, "`\(fact.key)` is no fact; known are \(known.joined(separator: ", "))")
      }
    }
  }

  func mistake(_ line: Int, _ message: String) -> EmbeddingFailure {
    EmbeddingFailure(file: file, line: line + 1, message)
  }

  private func row(_ text: String, _ line: Int) throws -> Row {
    guard let colon = text.range(of: ": {"), text.hasSuffix("}") else {
      throw mistake(line, "expected one line `name: { key: value, … }`")
    }
    var row = Row(name: String(text[..<colon.lowerBound]), facts: [], line: line)
    var rest = text[colon.upperBound...].dropLast().trimmingCharacters(in: .whitespaces)[...]
    while !rest.isEmpty {
      guard let end = rest.range(of: ": ") else { throw mistake(line, "expected `key: value` at `\(rest)`") }
      let key = String(rest[..<end.lowerBound])
      rest = rest[end.upperBound...]
      let isList = rest.first == "["
      guard let close = isList ? rest.firstIndex(of: "]") : rest.firstIndex(of: ",") ?? rest.endIndex else {
        throw mistake(line, "`[` without `]`")
      }
      let values = (isList ? rest[rest.index(after: rest.startIndex)..<close] : rest[..<close]).split(separator: ",")
      row.facts.append((key, values.map { $0.trimmingCharacters(in: .whitespaces) }))
      rest = isList ? rest[rest.index(after: close)...] : rest[close...]
      if rest.first == "," { rest = rest.dropFirst() }
      rest = rest.drop { $0 == " " }
    }
    return row
  }
}

/// The tables that are read before any rule is, as Swift.
enum FactTables {
  static func swift(of folder: URL) throws -> String {
    try "\nenum EmbeddedFacts {\n" + attributes(folder) + objectClasses(folder) + exportProperties(folder) + "}\n"
  }

  private static func attributes(_ folder: URL) throws -> String {
    let table = try FactTable("data/attributes.yaml", in: folder, heading: "attributes")
    try table.check(["syntax", "multivalued", "typed", "identifies", "cloud", "idfix", "personal"])
    var swift = "  static let attributes: [AttributeFacts] = [\n"
    for row in table.rows {
      // Names of cases: what is none does not compile.
      let syntax = try table.one("syntax", of: row) ?? "text"
      let identifies = try table.one("identifies", of: row).map { ".\($0)" } ?? "nil"
      swift += "    AttributeFacts(name: \(Literal.swift(row.name)), syntax: .\(syntax), identifies: \(identifies), "
      swift += "isMultivalued: \(try table.isSaid("multivalued", "true", of: row)), "
      swift += "isTyped: \(try table.isSaid("typed", "true", of: row)), "
      swift += "isOfIdFix: \(try table.isSaid("idfix", "true", of: row)), "
      swift += "isPersonal: \(try !table.isSaid("personal", "false", of: row)), "
      swift += "cloudNames: \(list(table.all("cloud", of: row)))),\n"
    }
    return swift + "  ]\n"
  }

  private static func objectClasses(_ folder: URL) throws -> String {
    let table = try FactTable("data/object-classes.yaml", in: folder, heading: "object-classes")
    try table.check(["specific", "superclass", "always"])
    var swift = "  static let objectClasses: [ObjectClassFacts] = [\n"
    for row in table.rows {
      swift += "    ObjectClassFacts(name: \(Literal.swift(row.name)), "
      swift += "isSpecific: \(try table.isSaid("specific", "true", of: row)), "
      swift += "superclass: \(try table.one("superclass", of: row).map(Literal.swift) ?? "nil"), "
      swift += "always: \(list(table.all("always", of: row)))),\n"
    }
    return swift + "  ]\n"
  }

  private static func exportProperties(_ folder: URL) throws -> String {
    let table = try FactTable("data/export-properties.yaml", in: folder, heading: "export-properties")
    try table.check(["attribute", "form", "numbers", "of"])
    var swift = "  static let exportProperties: [PropertyFacts] = [\n"
    for row in table.rows {
      swift += "    PropertyFacts(name: \(Literal.swift(row.name)), "
      swift += "attribute: \(try table.one("attribute", of: row).map(Literal.swift) ?? "nil"), "
      swift += "form: .\(try table.one("form", of: row) ?? "text"), "
      swift += "numbers: \(try numbers(table.all("numbers", of: row), of: row, table)), "
      swift += "isOfExchange: \(try table.isSaid("of", "exchange", of: row))),\n"
    }
    return swift + "  ]\n"
  }

  /// `[True=0, False=2]` as a list of words with their numbers.
  private static func numbers(_ words: [String], of row: FactTable.Row, _ table: FactTable) throws -> String {
    let pairs = try words.map { word in
      let parts = word.split(separator: "=")
      guard parts.count == 2, let number = Int64(parts[1]) else {
        throw table.mistake(row.line, "expected `word=number`, found `\(word)`")
      }
      return ".init(word: \(Literal.swift(String(parts[0]))), number: \(number))"
    }
    return "[" + pairs.joined(separator: ", ") + "]"
  }

  private static func list(_ texts: [String]) -> String {
    "[" + texts.map(Literal.swift).joined(separator: ", ") + "]"
  }
}
