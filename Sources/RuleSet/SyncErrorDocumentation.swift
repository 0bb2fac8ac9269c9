import Bytes
import Directory
import Findings

/// Documentation of errors of synchronization, made from nothing but their files.
public enum SyncErrorDocumentation {
  /// All definitions of a catalogue in Markdown: the content of a page.
  public static func markdown(for catalogue: SyncErrorCatalogue) -> String {
    var lines = [
      "# Errors of synchronization", "",
      "What `dirsync-lint resolve` knows of the errors of DirSync, Azure AD Connect, Entra Connect, Cloud Sync and hybrid",
      "mailbox moves. Made from the files under `Rules/sync-errors` by `dirsync-lint rules docs --sync-errors`; how they are",
      "written is in [sync-error-format.md](sync-error-format.md).", "",
      "| Error | Severity | What it is |", "|---|---|---|",
    ]
    for definition in catalogue.definitions {
      let title = MarkdownText.escaped(definition.title)
      lines.append("| [\(definition.id)](#\(definition.id)) | \(definition.severity.rawValue) | \(title) |")
    }
    for definition in catalogue.definitions { lines += ["", markdown(for: definition, level: 2)] }
    return lines.joined(separator: "\n")
  }

  /// One definition in Markdown: a section with the id as its heading.
  public static func markdown(for definition: SyncErrorDefinition, level: Int = 1) -> String {
    var lines = [
      String(repeating: "#", count: max(1, level)) + " \(definition.id)", "", MarkdownText.escaped(definition.title),
      "",
    ]
    for (label, text) in facts(definition) { lines.append("- **\(label):** \(text)") }
    for (label, text) in prose(definition) {
      lines += ["", "**\(label).** " + paragraphs(text).map(MarkdownText.escaped).joined(separator: "\n\n")]
    }
    if !definition.causes.isEmpty {
      lines += ["", "| Code | Cause | What to do |", "|---|---|---|"]
      for cause in definition.causes {
        let cells = [cause.cause, cause.remedy].map { MarkdownText.escaped(paragraphs($0).joined(separator: " ")) }
        lines.append(
          "| \(cause.codes.map(RuleWords.code).joined(separator: ", ")) | \(cells.joined(separator: " | ")) |")
      }
    }
    if !definition.alternatives.isEmpty {
      lines += ["", "**It can also mean:**", ""]
      lines += definition.alternatives.map { "- " + MarkdownText.escaped(paragraphs($0).joined(separator: " ")) }
    }
    if !definition.templates.isEmpty {
      lines += ["", "**Texts:**", "", "```text"] + definition.templates.map(shown) + ["```"]
    }
    lines += ["", "**References:**", ""] + references(definition).map { "- <\($0)>" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One definition as plain text for a terminal.
  ///
  /// - Parameter width: columns; longer lines are wrapped at white space.
  public static func text(for definition: SyncErrorDefinition, width: Int = 80) -> String {
    var page = TextPage(width: width)
    page.add(definition.id)
    page.add(definition.title)
    page.addBlank()
    for (label, text) in facts(definition) { page.add(text, label: label) }
    for (label, text) in prose(definition) {
      page.addBlank()
      page.add(label)
      for paragraph in paragraphs(text) { page.add(paragraph) }
    }
    if !definition.causes.isEmpty {
      page.addBlank()
      page.add("Causes by code")
      for cause in definition.causes {
        page.add("- \(cause.codes.joined(separator: ", ")): \(paragraphs(cause.cause).joined(separator: " "))")
        page.add("  \(paragraphs(cause.remedy).joined(separator: " "))")
      }
    }
    if !definition.alternatives.isEmpty {
      page.addBlank()
      page.add("It can also mean")
      for text in definition.alternatives { page.add("- " + paragraphs(text).joined(separator: " ")) }
    }
    if !definition.templates.isEmpty {
      page.addBlank()
      page.add("Texts")
      for template in definition.templates { page.addVerbatim("  " + shown(template)) }
    }
    page.addBlank()
    page.add("References")
    for reference in references(definition) { page.addVerbatim("  " + reference) }
    return page.text
  }

  private static func facts(_ definition: SyncErrorDefinition) -> [(label: String, text: String)] {
    var facts: [(label: String, text: String)] = [
      ("Severity", definition.severity.rawValue), ("Certainty", certainty(definition.certainty)),
    ]
    if !definition.types.isEmpty {
      facts.append(("Error types", definition.types.map(RuleWords.code).joined(separator: ", ")))
    }
    if !definition.events.isEmpty {
      let events = definition.events.map { [$0.source, String($0.id)].compactMap { $0 }.joined(separator: " ") }
      facts.append(("Events", events.joined(separator: ", ")))
    }
    return facts
  }

  private static func certainty(_ certainty: Certainty) -> String {
    switch certainty {
    case .documented: "documented (a page of the vendor has the text)"
    case .observed: "observed (the text was seen in logs that others have published)"
    case .inferred: "inferred (the meaning is known, the exact words are not)"
    }
  }

  private static func prose(_ definition: SyncErrorDefinition) -> [(label: String, text: String)] {
    [("Meaning", definition.meaning), ("Cause", definition.cause), ("What to do", definition.remedy)]
  }

  /// The template in a form for people: holes by name, the first of several choices.
  private static func shown(_ template: SyncErrorTemplate) -> String { shown(template.pieces) }

  private static func shown(_ pieces: [SyncErrorTemplate.Piece]) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .space: " "
      case .hole(let name, _): name.hasPrefix("any") ? "…" : "{\(name)}"
      case .choice(let choices): choices.first.map(shown) ?? ""
      }
    }.joined()
  }

  /// The sources, those of single causes among them.
  private static func references(_ definition: SyncErrorDefinition) -> [String] {
    var references: [String] = []
    for reference in definition.references + definition.causes.flatMap(\.references)
    where !references.contains(reference) {
      references.append(reference)
    }
    return references
  }

  private static func paragraphs(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
}

extension SyncErrorCatalogue {
  /// The ids, with those of rules, of which one is nearest to what a user wrote; nil when none is near.
  public func nearest(to id: String, or others: [String]) -> String? {
    NearestName.find(id, in: definitions.map(\.id) + others)
  }
}
