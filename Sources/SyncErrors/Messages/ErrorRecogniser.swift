import RuleSet

/// Finds the definition of an error in the catalogue.
struct ErrorRecogniser {
  private struct Template {
    var definition: Int
    var program: TemplateProgram
    /// How much a match says: any template says more than one of a fallback.
    var weight: Int
    /// The first two words, when no hole is among them: by them templates are of one family of messages.
    var head: [UInt8]?
  }

  /// What was found.
  struct Recognition {
    var id: String
    /// Where a template matched, if one did.
    var match: TemplateMatch?
    /// The name in the text by which alone it is known.
    var bareName: String?
  }

  /// More than the weight of any template.
  private static let fallbackDistance = 1 << 20

  private let definitions: [SyncErrorDefinition]
  /// Those that say most come first.
  private let templates: [Template]
  private var byType: [String: [Int]] = [:]
  private var byEvent: [Int: [(source: String?, definition: Int)]] = [:]
  private let names: ErrorNames
  /// By number of the definition: the texts that hold its code.
  private let codes: [[TemplateProgram]]
  private let places: [String: Int]

  init(_ catalogue: SyncErrorCatalogue) {
    definitions = catalogue.definitions
    let templates = definitions.enumerated().flatMap { index, definition in
      definition.templates.map { template in
        let program = TemplateProgram(template)
        let weight = program.weight + (definition.isFallback ? 0 : Self.fallbackDistance)
        return Template(
          definition: index, program: program, weight: weight, head: Self.head(template.pieces))
      }
    }
    // Of those that say as much as each other the first counts.
    self.templates = templates.enumerated().sorted {
      ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset)
    }.map(\.element)
    names = ErrorNames(definitions)
    codes = definitions.map { $0.codes.map { TemplateProgram($0) } }
    places = Dictionary(definitions.enumerated().map { ($1.id, $0) }) { first, _ in first }
    for (index, definition) in definitions.enumerated() {
      for type in definition.types { byType[type.lowercased(), default: []].append(index) }
      for event in definition.events { byEvent[event.id, default: []].append((event.source?.lowercased(), index)) }
    }
  }

  /// Whether an error is called so.
  func knows(type: String) -> Bool { type.utf8.count < 100 && byType[type.lowercased()] != nil }

  /// The definition that says most about an error: one that knows its type and its text, its type, its text (the longer
  /// the template the better), a name in the text, or its event.
  func recognise(type: String?, source: String?, eventID: Int?, text: SearchedText) -> Recognition? {
    let typed = type.flatMap { byType[$0.lowercased()] } ?? []
    if let first = typed.first {
      let found = bestTemplate(in: text) { typed.contains($0.definition) }
      if let found { return Recognition(id: definitions[templates[found.template].definition].id, match: found.match) }
      return Recognition(id: definitions[first].id, match: best(in: text)?.match)
    }
    let best = best(in: text)
    if let best, !definitions[templates[best.template].definition].isFallback {
      return Recognition(id: definitions[templates[best.template].definition].id, match: best.match)
    }
    // The sentence of an error says more than a name that many errors have in common.
    if let mention = names.first(in: text.text), best == nil || !definitions[mention.definition].isFallback {
      return Recognition(id: definitions[mention.definition].id, match: best?.match, bareName: mention.name)
    }
    if let best { return Recognition(id: definitions[templates[best.template].definition].id, match: best.match) }
    if let eventID, let events = byEvent[eventID] {
      let source = source?.lowercased()
      let event = events.first { $0.source == source } ?? events.first { $0.source == nil || source == nil }
      if let event { return Recognition(id: definitions[event.definition].id, match: nil) }
    }
    return nil
  }

  /// The definition with an id.
  func definition(_ id: String) -> SyncErrorDefinition? { places[id].map { definitions[$0] } }

  /// The code in a text that tells the causes of an error apart: the field's name and the value.
  func code(of id: String, in text: SearchedText) -> (field: String, code: String)? {
    guard let place = places[id] else { return nil }
    for program in codes[place] {
      guard let match = program.match(text.text, &text.matcher),
        let hole = match.holes.first(where: { !$0.name.hasPrefix("any") })
      else { continue }
      let code = Trimmed.text(text.text.string(hole.range), also: ".:;,()[]'\"")
      if !code.isEmpty { return (hole.name, code) }
    }
    return nil
  }

  /// The places at which errors begin in a text that may hold several: those at which the template that says most matches,
  /// or another of its family; without any, the lines that name errors.
  func starts(in text: SearchedText) -> [Int] {
    guard let best = best(in: text), !definitions[templates[best.template].definition].isFallback else {
      let named = names.starts(in: text.text)
      if named.count > 1 { return named }
      return self.best(in: text).map { starts(of: [templates[$0.template]], in: text) } ?? []
    }
    let template = templates[best.template]
    let family = templates.filter {
      ($0.definition == template.definition || template.head != nil && $0.head == template.head)
        && $0.program.mayMatch(text.words)
    }
    return starts(of: family, in: text)
  }

  /// The beginnings of the lines on which templates match that say which error it is.
  func lineStarts(in text: SearchedText) -> [Int] {
    let telling = templates.filter { !definitions[$0.definition].isFallback && $0.program.mayMatch(text.words) }
    return Set(
      telling.flatMap { starts(of: [$0], in: text) }.map { WrappedText.lineStart(text.text.bytes, before: $0) }
    )
    .sorted()
  }

  private func starts(of family: [Template], in text: SearchedText) -> [Int] {
    var starts: [Int] = []
    var place = 0
    var next = family.map { $0.program.match(text.text, &text.matcher) }
    while true {
      for index in family.indices where next[index].map({ $0.range.lowerBound < place }) ?? false {
        next[index] = family[index].program.match(text.text, from: place, &text.matcher)
      }
      guard let first = next.compactMap({ $0 }).min(by: { $0.range.lowerBound < $1.range.lowerBound }) else {
        return starts
      }
      starts.append(first.range.lowerBound)
      // What the last hole takes may reach into the next error of a family; what comes before it is of this one, also where
      // it is a message of its own. A template that is alone takes what it takes.
      let end = family.count > 1 ? first.holes.last?.range.lowerBound : nil
      place = max(first.range.lowerBound + 1, end ?? first.range.upperBound)
    }
  }

  /// The first two words of a template in lower case; nil when a hole or a choice is among them.
  private static func head(_ pieces: [SyncErrorTemplate.Piece]) -> [UInt8]? {
    guard pieces.count > 3, case .text(let first) = pieces[0], pieces[1] == .space, case .text(let second) = pieces[2],
      pieces[3] == .space
    else { return nil }
    return (first + " " + second).utf8.map(MessageText.folded)
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
