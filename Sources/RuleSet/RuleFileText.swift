import Directory
import Yams

/// Reads the text of a rule file into nodes with places.
///
/// Rule files are data by strangers as far as this reader is concerned: size and nesting are limited, and anchors,
/// aliases and tags are refused, because an alias can stand for exponentially much text. All scalars are text; there is
/// no YAML 1.1 guessing (`no`, `012`, `1:30`).
enum RuleFileText {
  /// The largest file that is read, in bytes.
  static let maximumSize = 1 << 20
  /// The deepest nesting of lists and mappings.
  static let maximumDepth = 32
  /// How many keys that are given twice are reported for one file.
  private static let maximumDuplicates = 20
  /// Stands before a key that is given again further down, while reading: Yams refuses duplicates, one at a time.
  private static let duplicateMark: Unicode.Scalar = "\u{E000}"

  /// The root node; nil when the text is no YAML that can be used, which has been reported then.
  ///
  /// - Parameters:
  ///   - limit: the largest size in bytes.
  ///   - purpose: what such a file holds, for the message about its size.
  static func read(
    _ bytes: [UInt8], path: String, problems: ProblemList, limit: Int = maximumSize,
    purpose: String = "a rule file holds one rule, rule set or scope"
  ) -> RuleNode? {
    let start = SourceLocation(source: path, line: 1, column: 1)
    guard bytes.count <= limit else {
      problems.report(start, "the file is larger than \(limit >> 20) MiB; \(purpose)")
      return nil
    }
    guard let text = validText(bytes, path: path, problems: problems) else { return nil }
    if let anchor = usedAnchor(text) {
      problems.report(
        location(ofScalar: anchor.position, in: text, path: path),
        "anchors and aliases (`&\(anchor.name)`, `*\(anchor.name)`) are not available; write the text out, or put it in quotes"
      )
      return nil
    }
    return compose(text, path: path, problems: problems)
  }

  // MARK: text

  private static func validText(_ bytes: [UInt8], path: String, problems: ProblemList) -> String? {
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard let text = String(validating: body, as: UTF8.self) else {
      let valid = validPrefix(body)
      problems.report(
        location(ofScalar: valid.unicodeScalars.count, in: valid, path: path),
        "the file is not UTF-8 from here on; save it as UTF-8")
      return nil
    }
    for (index, scalar) in text.unicodeScalars.enumerated() where !isAllowed(scalar) {
      let name = "U+" + hexadecimal(scalar.value)
      problems.report(
        location(ofScalar: index, in: text, path: path),
        "the character \(name) is not allowed in a rule file; write it in double quotes as \"\\u\(hexadecimal(scalar.value))\""
      )
      return nil
    }
    return text
  }

  /// The characters of YAML (1.2, 5.1), less the ones that this reader needs for itself.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF: true
    case 0xE000, 0xFEFF, 0xFFFE, 0xFFFF: false
    default: scalar.value > 0xE000
    }
  }

  private static func validPrefix(_ bytes: [UInt8]) -> String {
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var prefix = String.UnicodeScalarView()
    while case .valid(let encoded) = parser.parseScalar(from: &rest) { prefix.append(Unicode.UTF8.decode(encoded)) }
    return String(prefix)
  }

  static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  static func location(ofScalar index: Int, in text: String, path: String) -> SourceLocation {
    var line = 1
    var column = 1
    for scalar in text.unicodeScalars.prefix(index) {
      column += 1
      if scalar == "\n" { (line, column) = (line + 1, 1) }
    }
    return SourceLocation(source: path, line: line, column: column)
  }

  /// The first name that stands both as an anchor (`&name`) and as an alias (`*name`) where YAML could take it so.
  ///
  /// Found in the text, because comparing the keys of a mapping, which Yams does while it reads, walks through all that an
  /// alias stands for. A single one (`R &D` in a text) is left to the nodes.
  private static func usedAnchor(_ text: String) -> (name: String, position: Int)? {
    guard text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) else { return nil }
    var anchors: [String: Int] = [:]
    var aliases: Set<String> = []
    let scalars = Array(text.unicodeScalars)
    for index in scalars.indices where scalars[index] == "&" || scalars[index] == "*" {
      if index > 0, !isBeforeNode(scalars[index - 1]) { continue }
      let name = String(String.UnicodeScalarView(scalars[(index + 1)...].prefix { isAnchorScalar($0) }))
      guard !name.isEmpty else { continue }
      if scalars[index] == "&" {
        if anchors[name] == nil { anchors[name] = index }
      } else {
        aliases.insert(name)
      }
    }
    return anchors.filter { aliases.contains($0.key) }.min { $0.value < $1.value }.map { ($0.key, $0.value) }
  }

  private static func isBeforeNode(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value <= 0x20 || "[{,:?-!".unicodeScalars.contains(scalar) || scalar.value >= 0x80
  }

  private static func isAnchorScalar(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      || scalar == "-" || scalar == "_"
  }

  // MARK: nodes

  private static func compose(_ text: String, path: String, problems: ProblemList) -> RuleNode? {
    var text = text
    var marks: [Mark] = []
    while true {
      do {
        let file = RuleFile(path: path, text: text, problems: problems, duplicates: marks, duplicateMark: duplicateMark)
        return try node(text, file: file)
      } catch YamlError.duplicatedKeysInMapping(_, let context) where marks.count < maximumDuplicates {
        guard let marked = insert(duplicateMark, at: context.mark, in: text) else { return nil }
        text = marked
        marks.append(context.mark)
      } catch {
        report(error, text: text, path: path, problems: problems)
        return nil
      }
    }
  }

  private static func node(_ text: String, file: RuleFile) throws -> RuleNode? {
    // The nodes refer to their anchors weakly: the parser has to live until they have been looked at.
    let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
    return try withExtendedLifetime(parser) {
      guard let root = try parser.singleRoot() else {
        file.report(
          nil, "the file is empty; it holds a rule (`id:`), a rule set (`rule-set:`) or a scope (`scope:`)")
        return nil
      }
      return file.isPlain(root, depth: 1) ? RuleNode(node: root, file: file) : nil
    }
  }

  private static func insert(_ scalar: Unicode.Scalar, at mark: Mark, in text: String) -> String? {
    var scalars = text.unicodeScalars
    var line = 1
    var index = scalars.startIndex
    while line < mark.line {
      guard let lineBreak = scalars[index...].firstIndex(where: { $0 == "\n" }) else { return nil }
      index = scalars.index(after: lineBreak)
      line += 1
    }
    guard let place = scalars.index(index, offsetBy: mark.column - 1, limitedBy: scalars.endIndex) else { return nil }
    scalars.insert(scalar, at: place)
    return String(scalars)
  }

  private static func report(_ error: any Error, text: String, path: String, problems: ProblemList) {
    var place = (line: 1, column: 1)
    let message: String
    switch error {
    case YamlError.scanner(let context, let problem, let mark, _),
      YamlError.parser(let context, let problem, let mark, _),
      YamlError.composer(let context, let problem, let mark, _):
      place = (mark.line, mark.column)
      let details = context.map { " (\($0.text), line \($0.mark.line))" } ?? ""
      message = "not YAML: \(problem)\(details)"
    case YamlError.duplicatedKeysInMapping(let names, let context):
      place = (context.mark.line, context.mark.column)
      message = "`\(names.first ?? "")` is given twice; keep one"
    case YamlError.reader(let problem, let offset, _, _):
      let prefix = String(decoding: Array(text.utf8.prefix(offset ?? 0)), as: UTF8.self)
      problems.report(location(ofScalar: prefix.unicodeScalars.count, in: prefix, path: path), "not YAML: \(problem)")
      return
    default:
      message = "not YAML: \(error)"
    }
    problems.report(SourceLocation(source: path, line: max(1, place.line), column: max(1, place.column)), message)
  }
}

/// One file being read: where it is and where its problems go.
final class RuleFile {
  let path: String
  /// The text that the nodes' marks refer to.
  private let text: String
  let problems: ProblemList
  /// Places at which `duplicateMark` was put into the text.
  private let duplicates: [Mark]
  private let duplicateMark: Unicode.Scalar

  init(path: String, text: String, problems: ProblemList, duplicates: [Mark], duplicateMark: Unicode.Scalar) {
    self.path = path
    self.text = text
    self.problems = problems
    self.duplicates = duplicates
    self.duplicateMark = duplicateMark
  }

  /// The name of the file without its folder and extension.
  var name: String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    return last.lastIndex(of: ".").map { String(last[..<$0]) } ?? last
  }

  func location(_ mark: Mark?) -> SourceLocation {
    guard let mark else { return SourceLocation(source: path, line: 1, column: 1) }
    return location(line: mark.line, column: mark.column)
  }

  func location(line: Int, column: Int) -> SourceLocation {
    let inserted = duplicates.count { $0.line == line && $0.column < column }
    return SourceLocation(source: path, line: line, column: column - inserted)
  }

  func report(_ mark: Mark?, _ message: String) { problems.report(location(mark), message) }

  /// Whether the file has just this text at a place (after a quotation mark): nothing escaped, no line folded.
  func hasText(_ expected: String, at mark: Mark, quoted: Bool) -> Bool {
    let lines = text.unicodeScalars.split(separator: "\n", maxSplits: mark.line, omittingEmptySubsequences: false)
    guard mark.line <= lines.count else { return false }
    let rest = lines[mark.line - 1].dropFirst(mark.column - 1 + (quoted ? 1 : 0))
    return rest.starts(with: expected.unicodeScalars)
  }

  /// A key as written, and whether it is given again further down.
  func key(_ text: String) -> (name: String, isDuplicate: Bool) {
    guard text.unicodeScalars.first == duplicateMark else { return (text, false) }
    let name = text.unicodeScalars.dropFirst()
    // A quoted key became a plain scalar by the mark.
    let quotes: [Unicode.Scalar] = ["\"", "'"]
    if let first = name.first, name.count > 1, quotes.contains(first), name.last == first {
      return (String(name.dropFirst().dropLast()), true)
    }
    return (String(name), true)
  }

  /// Whether a node and all below are free of anchors, tags and too deep nesting; the first of those is reported.
  func isPlain(_ node: Node, depth: Int) -> Bool {
    guard depth <= RuleFileText.maximumDepth else {
      report(node.mark, "lists and mappings are nested more than \(RuleFileText.maximumDepth) deep; no rule needs that")
      return false
    }
    if let anchor = node.anchor {
      report(
        node.mark, "anchors (`&\(anchor.rawValue)`) are not available; write the text in quotes if it begins with `&`")
      return false
    }
    switch node {
    case .scalar(let scalar): return isUntagged(scalar.tag, scalar.mark, isPlain: scalar.style == .plain)
    case .sequence(let sequence):
      return isUntagged(sequence.tag, sequence.mark, isPlain: true)
        && sequence.allSatisfy { isPlain($0, depth: depth + 1) }
    case .mapping(let mapping):
      return isUntagged(mapping.tag, mapping.mark, isPlain: true)
        && mapping.allSatisfy { isPlain($0.key, depth: depth + 1) && isPlain($0.value, depth: depth + 1) }
    case .alias:
      report(node.mark, "aliases are not available; write the text in quotes if it begins with `*`")
      return false
    }
  }

  private static let impliedTags: Set = ["", Tag.Name.str.rawValue, Tag.Name.seq.rawValue, Tag.Name.map.rawValue]

  /// Yams gives quoted scalars the tag of strings, whether that was written or not.
  private func isUntagged(_ tag: Tag, _ mark: Mark?, isPlain: Bool) -> Bool {
    let name = tag.rawValue
    if Self.impliedTags.contains(name) { return true }
    report(mark, "tags (`\(name)`) are not available; write the text in quotes if it begins with `!`")
    return false
  }
}
