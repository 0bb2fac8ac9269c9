import RuleSet

/// Finds the definition of an error in the catalogue.
struct ErrorRecogniser {
  private struct Template {
    var definition: Int
    var program: TemplateProgram
    /// How much a match says: any template says more than one of a fallback.
    var weight: Int
  }

  /// What was found.
  struct Recognition {
    var id: String
    /// Where a template matched, if one did.
    var match: TemplateMatch?
  }

  /// More than the weight of any template.
  private static let fallbackDistance = 1 << 20

  private let definitions: [SyncErrorDefinition]
  /// Those that say most come first.
  private let templates: [Template]
  private var byType: [String: [Int]] = [:]
  private var byEvent: [Int: [(source: String?, definition: Int)]] = [:]

  init(_ catalogue: SyncErrorCatalogue) {
    definitions = catalogue.definitions
    let templates = definitions.enumerated().flatMap { index, definition in
      definition.templates.map { template in
        let program = TemplateProgram(template)
        let weight = program.weight + (definition.isFallback ? 0 : Self.fallbackDistance)
        return Template(definition: index, program: program, weight: weight)
      }
    }
    // Of those that say as much as each other the first counts.
    self.templates = templates.enumerated().sorted {
      ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset)
    }.map(\.element)
    for (index, definition) in definitions.enumerated() {
      for type in definition.types { byType[type.lowercased(), default: []].append(index) }
      for event in definition.events { byEvent[event.id, default: []].append((event.source?.lowercased(), index)) }
    }
  }

  /// Whether an error is called so.
  func knows(type: String) -> Bool { type.utf8.count < 100 && byType[type.lowercased()] != nil }

  /// The definition that says most about an error: one that knows its type and its text, its type, its text (the longer
  /// the template the better), or its event.
  func recognise(type: String?, source: String?, eventID: Int?, text: SearchedText) -> Recognition? {
    let typed = type.flatMap { byType[$0.lowercased()] } ?? []
    if let first = typed.first {
      let found = bestTemplate(in: text) { typed.contains($0.definition) }
      if let found { return Recognition(id: definitions[templates[found.template].definition].id, match: found.match) }
      return Recognition(id: definitions[first].id, match: best(in: text)?.match)
    }
    if let best = best(in: text) {
      return Recognition(id: definitions[templates[best.template].definition].id, match: best.match)
    }
    if let eventID, let events = byEvent[eventID] {
      let source = source?.lowercased()
      let event = events.first { $0.source == source } ?? events.first { $0.source == nil || source == nil }
      if let event { return Recognition(id: definitions[event.definition].id, match: nil) }
    }
    return nil
  }

  /// The places at which errors begin in a text that may hold several: those at which the template that says most matches.
  func starts(in text: SearchedText) -> [Int] {
    guard let best = best(in: text) else { return [] }
    var starts: [Int] = []
    var next: TemplateMatch? = best.match
    while let match = next {
      starts.append(match.range.lowerBound)
      let place = max(match.range.upperBound, match.range.lowerBound + 1)
      next = templates[best.template].program.match(text.text, from: place, &text.matcher)
    }
    return starts
  }

  /// The template that says most of those that match; looked for once.
  private func best(in text: SearchedText) -> SearchedText.Found? {
    if let known = text.best { return known }
    let found = bestTemplate(in: text) { _ in true }
    text.best = .some(found)
    return found
  }

  private func bestTemplate(in text: SearchedText, _ isWanted: (Template) -> Bool) -> SearchedText.Found? {
    for (number, template) in templates.enumerated()
    where isWanted(template) && template.program.mayMatch(text.words) {
      if let match = template.program.match(text.text, &text.matcher) { return .init(template: number, match: match) }
    }
    return nil
  }
}

/// A text, and what has been found in it so far.
final class SearchedText {
  /// A template of the catalogue that matches.
  struct Found {
    /// Its number.
    var template: Int
    var match: TemplateMatch
  }

  let text: MessageText
  let words: WordSet
  /// The template that says most; nil while it has not been looked for.
  var best: Found??
  /// What runs templates over the text.
  var matcher = TemplateMatcher()

  init(_ message: String) {
    text = MessageText(message)
    words = text.words()
  }
}
