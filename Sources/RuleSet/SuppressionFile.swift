import Bytes
import Directory
import Findings

/// A file of suppressions: findings that somebody accepted, as YAML under version control.
///
/// ```yaml
/// suppressions:
///   - rule: proxy-address-not-verified
///     object: 3f2504e0-4f89-41d3-9a0c-0305e82c3301   # or a DN
///     attribute: proxyAddresses
///     value: "smtp:jo@contoso.local"
///     reason: leaves with the merger
///     owner: jo.doe@contoso.com
///     ticket: CHG-1234
///     expires: 2027-03-31
/// ```
public enum SuppressionFile {
  /// The largest file that is read: room for tens of thousands of entries.
  private static let maximumSize = 16 << 20
  static let keys = [
    "rule", "object", "attribute", "value", "fingerprint", "reason", "owner", "ticket", "expires",
  ]

  /// Reads a file of suppressions.
  ///
  /// - Throws: all mistakes of the file.
  public static func read(_ bytes: [UInt8], path: String) throws(RuleProblems) -> [Suppression] {
    try open(bytes, path: path).suppressions
  }

  /// The text of a file with more suppressions at its end; everything that stands in it stays as it is.
  ///
  /// - Parameter bytes: the file as it is; empty for a new one.
  /// - Throws: the mistakes of the file, or that nothing can be added to it because of the way it is written.
  public static func appending(
    _ new: [Suppression], to bytes: [UInt8], path: String
  ) throws(RuleProblems) -> [UInt8] {
    let isBlank = bytes.allSatisfy { $0 <= 0x20 }
    let file = isBlank ? OpenFile() : try open(bytes, path: path)
    var text = isBlank ? Array("suppressions:\n".utf8) : bytes
    if let empty = file.emptyList { text = removingEmptyList(text, at: empty) }
    if let last = text.last, last != UInt8(ascii: "\n") { text.append(UInt8(ascii: "\n")) }
    for suppression in new { text += Array(lines(of: suppression, indentation: file.indentation).utf8) }
    // What was written has to read as what was meant, whatever the rest of the file looks like.
    var reason = "nothing can be added to the file as it is written"
    do throws(RuleProblems) {
      if try read(text, path: path) == file.suppressions + new { return text }
    } catch {
      if let problem = error.problems.first { reason += " (\(problem.message))" }
    }
    let entries = new.map { lines(of: $0, indentation: 2) }.joined()
    throw RuleProblems([
      RuleProblem(
        location: SourceLocation(source: path),
        message: "\(reason); this was meant:\n\(entries.dropLast())")
    ])
  }

  /// Whether a suppression that is written reads as what was meant. Some values do not: YAML has no way to begin a text with a
  /// byte order mark.
  public static func survives(_ suppression: Suppression) -> Bool { fault(of: suppression) == nil }

  /// Why a suppression that is written does not read as what was meant; nil when it does.
  public static func fault(of suppression: Suppression) -> String? {
    let text = "suppressions:\n" + lines(of: suppression, indentation: 2)
    do throws(RuleProblems) {
      let isSame = try read(Array(text.utf8), path: "") == [suppression]
      return isSame ? nil : "a text in it does not survive in YAML"
    } catch {
      return error.problems.first?.message ?? "it cannot be read"
    }
  }

  /// A text without the white space at its ends, which reading takes away.
  public static func trimmed(_ text: String) -> String { text.trimmingSpace }

  // MARK: - Reading

  private struct OpenFile {
    var suppressions: [Suppression] = []
    /// Spaces in front of the hyphens of the list.
    var indentation = 2
    /// Where a list written `[]` stands.
    var emptyList: SourceLocation?
  }

  private static func open(_ bytes: [UInt8], path: String) throws(RuleProblems) -> OpenFile {
    let problems = ProblemList()
    var file = OpenFile()
    let root = RuleFileText.read(
      bytes, path: path, problems: problems, limit: maximumSize, purpose: "split it, or accept less")
    if let mapping = root?.mapping(["suppressions"], what: "a file of suppressions"),
      let list = mapping.required("suppressions", "[…]")
    {
      switch list.node {
      case .sequence(let sequence) where sequence.isEmpty: file.emptyList = list.location
      case .scalar(let scalar) where scalar.string.isEmpty && scalar.style == .plain: break
      default:
        let items = list.items() ?? []
        file.suppressions = items.compactMap(suppression)
        if let first = items.first { file.indentation = indentation(of: first, bytes) }
      }
    }
    guard problems.problems.isEmpty else { throw RuleProblems(problems.sorted) }
    return file
  }

  private static func suppression(_ node: RuleNode) -> Suppression? {
    guard let mapping = node.mapping(keys, what: "a suppression") else { return nil }
    let rule = mapping.optional("rule") { $0.kebabName() }
    let object = mapping.optional("object") { $0.proseText() }
    let attribute = mapping.optional("attribute") { $0.proseText() }
    let value = mapping.optional("value") { $0.text() }
    let fingerprint = mapping.optional("fingerprint", fingerprint)
    let reason = mapping.required("reason", "why this is accepted").flatMap { $0.proseText(lines: true) }
    let owner = mapping.required("owner", "who answers for it").flatMap { $0.proseText() }
    let ticket = mapping.optional("ticket") { $0.proseText() }
    let expires = mapping.optional("expires", day)
    guard !mapping.hasMistakes, let rule, let object, let attribute, let value, let fingerprint, let reason, let owner,
      let ticket, let expires
    else { return nil }
    let pattern = Suppression.Pattern(
      rule: rule, object: object, attribute: attribute, value: value, fingerprint: fingerprint)
    guard isUsable(pattern, node) else { return nil }
    return Suppression(
      pattern: pattern, reason: reason.trimmingSpace, owner: owner, ticket: ticket, expires: expires,
      location: node.location)
  }

  /// A pattern must say enough: a slip must not accept half a directory.
  private static func isUsable(_ pattern: Suppression.Pattern, _ node: RuleNode) -> Bool {
    if pattern.fingerprint != nil {
      guard pattern.object == nil, pattern.attribute == nil, pattern.value == nil else {
        node.report("`fingerprint` names one finding; take `object`, `attribute` and `value` out")
        return false
      }
      return true
    }
    guard pattern.rule != nil else {
      node.report("`rule` is missing; write `rule: rule-id`, or the `fingerprint` of a finding")
      return false
    }
    guard pattern.object != nil || pattern.attribute != nil || pattern.value != nil else {
      node.report(
        "this would accept every finding of the rule; name an `object`, `attribute` or `value`, or leave the rule out of"
          + " the run with --disable")
      return false
    }
    return true
  }

  private static func fingerprint(_ node: RuleNode) -> String? {
    guard let text = node.text() else { return nil }
    if text.utf8.count == 32, text.allSatisfy({ $0.isHexDigit && $0.isASCII }) { return text.lowercased() }
    node.report("`\(text)` is no fingerprint; write the 32 hexadecimal digits that a report gives")
    return nil
  }

  private static func day(_ node: RuleNode) -> CalendarDate? {
    guard let text = node.text() else { return nil }
    if let day = CalendarDate(text) { return day }
    node.report("`\(text)` is no day; write the last day on which this holds, as in 2027-03-31")
    return nil
  }

  /// Spaces in front of the hyphen of a list's first item.
  private static func indentation(of item: RuleNode, _ bytes: [UInt8]) -> Int {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard let number = item.location.line, number <= lines.count else { return 2 }
    return lines[number - 1].prefix { $0 == UInt8(ascii: " ") }.count
  }

  // MARK: - Writing

  private static func removingEmptyList(_ text: [UInt8], at place: SourceLocation) -> [UInt8] {
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
    guard let number = place.line, let column = place.column, number <= lines.count,
      lines[number - 1].dropFirst(column - 1).starts(with: Array("[]".utf8))
    else { return text }
    lines[number - 1].removeSubrange(column - 1..<column + 1)
    return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }

  private static func lines(of suppression: Suppression, indentation: Int) -> String {
    let pattern = suppression.pattern
    let members: [(String, String?)] = [
      ("rule", pattern.rule), ("object", pattern.object), ("attribute", pattern.attribute), ("value", pattern.value),
      ("fingerprint", pattern.fingerprint), ("reason", suppression.reason), ("owner", suppression.owner),
      ("ticket", suppression.ticket), ("expires", suppression.expires?.description),
    ]
    let space = String(repeating: " ", count: indentation)
    return members.compactMap { name, text in text.map { "\(name): \(name == "expires" ? $0 : YAMLText.scalar($0))\n" }
    }.enumerated()
      .map { space + ($0.offset == 0 ? "- " : "  ") + $0.element }.joined()
  }
}

/// Writes texts by strangers as YAML.
enum YAMLText {
  /// A scalar that every reader of YAML takes for just this text: in double quotes with escapes, unless it is a plain word.
  static func scalar(_ text: String) -> String {
    if isPlainWord(text) { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\" + String(scalar)
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case " ": result += " "
      // What looks like an anchor or alias is refused by our own reader, wherever it stands.
      case "&", "*": result += "\\x" + hexadecimal(scalar.value, 2)
      case _ where isVisible(scalar): result.unicodeScalars.append(scalar)
      case _ where scalar.value <= 0xFF: result += "\\x" + hexadecimal(scalar.value, 2)
      case _ where scalar.value <= 0xFFFF: result += "\\u" + hexadecimal(scalar.value, 4)
      default: result += "\\U" + hexadecimal(scalar.value, 8)
      }
    }
    return result + "\""
  }

  /// Letters, digits and hyphens, beginning with a letter, that YAML 1.1 does not take for something else.
  private static func isPlainWord(_ text: String) -> Bool {
    let reserved = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
    guard let first = text.unicodeScalars.first, !reserved.contains(text.lowercased()) else { return false }
    return first.isASCII && first.properties.isAlphabetic
      && text.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-")
      }
  }

  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator,
      .nonspacingMark, .enclosingMark, .spacingMark:
      false
    default: true
    }
  }

  private static func hexadecimal(_ value: UInt32, _ digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
