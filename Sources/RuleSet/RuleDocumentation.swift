import Directory
import Findings

/// Documentation of rules, made from nothing but their files.
public enum RuleDocumentation {
  /// A rule in Markdown: a section with the rule's id as its heading.
  ///
  /// - Parameters:
  ///   - catalogue: where the rule sets are looked up that contain the rule.
  ///   - level: the level of the heading.
  public static func markdown(for rule: Rule, in catalogue: RuleCatalogue, level: Int = 1) -> String {
    let words = RuleWords(rule: rule)
    var lines = [
      String(repeating: "#", count: max(1, level)) + " \(rule.id)", "", MarkdownText.escaped(rule.title), "",
    ]
    lines.append("- **Severity:** \(rule.severity.rawValue)")
    lines.append("- **Effect:** \(rule.effect.rawValue) (\(words.effect))")
    lines.append("- **Certainty:** \(rule.certainty.rawValue) (\(words.certainty))")
    if rule.status != .stable { lines.append("- **Status:** \(rule.status.rawValue)") }
    for (name, text) in facts(rule, words, catalogue) { lines.append("- **\(name):** \(text)") }
    lines += ["", paragraphs(rule.explanation).map(MarkdownText.escaped).joined(separator: "\n\n"), ""]
    if !rule.examples.isEmpty {
      lines += ["**Not right:**", ""] + rule.examples.invalid.flatMap { markdown($0, of: rule) }
      lines += ["", "**Right:**", ""] + rule.examples.valid.flatMap { markdown($0, of: rule) } + [""]
    }
    lines += ["**References:**", ""] + rule.references.map { "- <\($0)>" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// All rule sets and rules of a catalogue in Markdown: the content of a page.
  public static func markdown(for catalogue: RuleCatalogue) -> String {
    var lines = ["# Rules", "", "Made from the rule files by `dirsync-lint rules docs`.", "", "## Rule sets", ""]
    for set in catalogue.ruleSets {
      lines += [
        "### \(set.name)", "", "\(MarkdownText.escaped(set.title)). \(MarkdownText.escaped(set.description))", "",
      ]
      lines += ["| Rule | Severity | Effect | What is found |", "|---|---|---|---|"]
      for (rule, severity) in catalogue.rules(in: set) {
        let title = MarkdownText.escaped(rule.title).replacing("|", with: "\\|")
        lines.append("| [\(rule.id)](#\(rule.id)) | \(severity.rawValue) | \(rule.effect.rawValue) | \(title) |")
      }
      lines.append("")
    }
    lines.append("## All rules")
    let rules = catalogue.rules.map { "\n" + markdown(for: $0, in: catalogue, level: 3) }.joined()
    return lines.joined(separator: "\n") + "\n" + rules
  }

  /// A rule as plain text for a terminal.
  ///
  /// - Parameter width: columns; longer lines are wrapped at white space.
  public static func text(for rule: Rule, in catalogue: RuleCatalogue, width: Int = 80) -> String {
    let words = RuleWords(rule: rule)
    var page = TextPage(width: width)
    page.add(rule.id)
    page.add(rule.title)
    page.addBlank()
    page.add("\(rule.severity.rawValue)", label: "Severity")
    page.add("\(rule.effect.rawValue): \(words.effect)", label: "Effect")
    page.add("\(rule.certainty.rawValue): \(words.certainty)", label: "Certainty")
    if rule.status != .stable { page.add(rule.status.rawValue, label: "Status") }
    for (name, text) in facts(rule, words, catalogue) { page.add(text, label: name) }
    page.addBlank()
    for paragraph in paragraphs(rule.explanation) {
      page.add(paragraph)
      page.addBlank()
    }
    if !rule.examples.isEmpty {
      page.add("Not right")
      for example in rule.examples.invalid { add(example, of: rule, to: &page) }
      page.addBlank()
      page.add("Right")
      for example in rule.examples.valid { add(example, of: rule, to: &page) }
      page.addBlank()
    }
    page.add("References")
    for reference in rule.references { page.addVerbatim("  " + reference) }
    return page.text
  }

  /// A folded YAML text has one line break between paragraphs.
  private static func paragraphs(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

  private static func facts(
    _ rule: Rule, _ words: RuleWords, _ catalogue: RuleCatalogue
  ) -> [(name: String, text: String)] {
    let sets = catalogue.ruleSets(with: rule.id).map { name, severity in
      RuleWords.code(name) + (severity == rule.severity ? "" : " (\(severity.rawValue))")
    }
    let facts: [(name: String, text: String?)] = [
      (rule.attributes.count == 1 ? "Attribute" : "Attributes", words.attributes), ("Applies to", words.appliesTo),
      ("Looks at", words.values), ("Requires", words.requirement), ("Found when", words.check),
      ("Left to", words.unless), ("Suggestion", words.suggestion),
      ("Rule sets", sets.isEmpty ? "none" : sets.joined(separator: ", ")),
    ]
    return facts.compactMap { fact in fact.text.map { (fact.name, $0) } }
  }

  // MARK: examples

  /// An example in a line or as records.
  private enum Shown {
    case line(String)
    case records([String])
  }

  private static func shown(_ example: Example, of rule: Rule) -> Shown {
    switch example.input {
    case .ldif(let text):
      return .records(text.split(separator: "\n", omittingEmptySubsequences: false).map { PrintableText.lineShown($0) })
    case .value(let bytes, let attribute, let with, let flagged):
      var line = attribute.map { "\($0): " } ?? ""
      if let flagged {
        line += PrintableText.visible(flagged)
      } else {
        line += String(validating: bytes, as: UTF8.self).map(PrintableText.visible) ?? "\(bytes.count) bytes"
      }
      if line.isEmpty { line = "(empty)" }
      let others = with.map { name, values in
        "\(name): " + values.map(PrintableText.visible).joined(separator: ", ")
      }
      return .line(line + (others.isEmpty ? "" : "   with " + others.joined(separator: "; ")))
    }
  }

  private static func expectation(_ example: Example) -> String? {
    switch example.expected {
    case .none: nil
    case .remove: "→ take the value away"
    case .value(let value): "→ " + PrintableText.visible(value)
    }
  }

  private static func markdown(_ example: Example, of rule: Rule) -> [String] {
    let suggestion = expectation(example)
    switch shown(example, of: rule) {
    case .line(let line):
      return ["- " + RuleWords.code(line) + (suggestion.map { " " + RuleWords.code($0) } ?? "")]
    case .records(let lines):
      return ["- ```ldif"] + lines.map { $0.isEmpty ? "" : "  " + $0 }.trimmingBlankLines + ["  ```"]
        + (suggestion.map { ["  " + RuleWords.code($0)] } ?? [])
    }
  }

  private static func add(_ example: Example, of rule: Rule, to page: inout TextPage) {
    switch shown(example, of: rule) {
    case .line(let line): page.addVerbatim("  " + line)
    case .records(let lines):
      if !page.isAfterHeading { page.addBlank() }
      for line in lines.trimmingBlankLines { page.addVerbatim(line.isEmpty ? "" : "  " + line) }
    }
    if let suggestion = expectation(example) { page.addVerbatim("    " + suggestion) }
  }
}

extension PrintableText {
  /// A line of a record: `visible`, but for the spaces of its layout.
  fileprivate static func lineShown(_ line: Substring) -> String {
    line.unicodeScalars.map { isVisible($0) || $0 == " " ? String($0) : "<\(codePoint($0.value))>" }.joined()
  }
}

extension [String] {
  fileprivate var trimmingBlankLines: [String] {
    guard let first = firstIndex(where: { !$0.isEmpty }), let last = lastIndex(where: { !$0.isEmpty }) else {
      return []
    }
    return Array(self[first...last])
  }
}

extension RuleCatalogue {
  /// The rule sets that contain a rule, with the severity they give it.
  public func ruleSets(with id: String) -> [(name: String, severity: Severity)] {
    ruleSets.compactMap { set in
      rules(in: set).first { $0.rule.id == id }.map { (set.name, $0.severity) }
    }
  }

  /// The rules of a set and of those it extends, with their severities.
  public func rules(in set: RuleSetDefinition) -> [(rule: Rule, severity: Severity)] {
    var contents = SetContents(self)
    contents.add(set)
    return contents.rules.compactMap { id in
      rule(id).map { ($0, contents.severities[id] ?? $0.severity) }
    }
  }
}

/// Texts in Markdown.
enum MarkdownText {
  /// The text with `<` escaped outside code spans: rule texts are prose, not HTML.
  static func escaped(_ text: String) -> String {
    var result = ""
    var isCode = false
    for character in text {
      if character == "`" { isCode.toggle() }
      result += character == "<" && !isCode ? "&lt;" : String(character)
    }
    return result
  }
}

/// Lines of plain text, wrapped.
struct TextPage {
  private let width: Int
  private var lines: [String] = []
  private static let labelWidth = 12

  init(width: Int) { self.width = max(30, width) }

  /// The page, ending in a line break.
  var text: String { lines.joined(separator: "\n") + "\n" }

  mutating func addBlank() {
    if lines.last != "" { lines.append("") }
  }

  /// Whether the last line is not indented.
  var isAfterHeading: Bool { lines.last.map { !$0.hasPrefix(" ") } ?? true }

  mutating func addVerbatim(_ line: String) { lines.append(line) }

  /// A paragraph, after a label in a column of its own when there is one.
  mutating func add(_ paragraph: String, label: String? = nil) {
    let indent = label == nil ? "" : String(repeating: " ", count: Self.labelWidth)
    var line = label.map { $0 + String(repeating: " ", count: max(1, Self.labelWidth - $0.count)) } ?? ""
    var isEmpty = true
    for word in paragraph.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = indent
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    lines.append(line)
  }
}
