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
  private let templates: [Template]
  private var byType: [String: [Int]] = [:]
  private var byEvent: [Int: [(source: String?, definition: Int)]] = [:]

  init(_ catalogue: SyncErrorCatalogue) {
    definitions = catalogue.definitions
    templates = definitions.enumerated().flatMap { index, definition in
      definition.templates.map { template in
        let program = TemplateProgram(template)
        let weight = program.weight + (definition.isFallback ? 0 : Self.fallbackDistance)
        return Template(definition: index, program: program, weight: weight)
      }
    }
    for (index, definition) in definitions.enumerated() {
      for type in definition.types { byType[type.lowercased(), default: []].append(index) }
      for event in definition.events { byEvent[event.id, default: []].append((event.source?.lowercased(), index)) }
    }
  }

  /// Whether an error is called so.
  func knows(type: String) -> Bool { type.utf8.count < 100 && byType[type.lowercased()] != nil }

  /// The definition that says most about an error: one that knows its type and its text, its type, its text (the longer
  /// the template the better), or its event.
  func recognise(type: String?, source: String?, eventID: Int?, text: MessageText) -> Recognition? {
    let words = text.words()
    let typed = type.flatMap { byType[$0.lowercased()] } ?? []
    var best: (weight: Int, definition: Int, match: TemplateMatch)?
    var bestTyped: (weight: Int, definition: Int, match: TemplateMatch)?
    for template in templates where template.program.mayMatch(words) {
      let weight = template.weight
      let isTyped = typed.contains(template.definition)
      if weight <= best?.weight ?? 0, !isTyped || weight <= bestTyped?.weight ?? 0 { continue }
      guard let match = template.program.match(text) else { continue }
      if weight > best?.weight ?? 0 { best = (weight, template.definition, match) }
      if isTyped, weight > bestTyped?.weight ?? 0 { bestTyped = (weight, template.definition, match) }
    }
    if let bestTyped { return Recognition(id: definitions[bestTyped.definition].id, match: bestTyped.match) }
    if let index = typed.first { return Recognition(id: definitions[index].id, match: best?.match) }
    if let best { return Recognition(id: definitions[best.definition].id, match: best.match) }
    if let eventID, let events = byEvent[eventID] {
      let source = source?.lowercased()
      let event = events.first { $0.source == source } ?? events.first { $0.source == nil || source == nil }
      if let event { return Recognition(id: definitions[event.definition].id, match: nil) }
    }
    return nil
  }

  /// The places at which errors begin in a text that may hold several: those at which the template that says most matches.
  func starts(in text: MessageText) -> [Int] {
    let words = text.words()
    var best: (weight: Int, program: TemplateProgram, first: Int)?
    for template in templates where template.weight > best?.weight ?? 0 && template.program.mayMatch(words) {
      if let match = template.program.match(text) {
        best = (template.weight, template.program, match.range.lowerBound)
      }
    }
    guard let best else { return [] }
    var starts: [Int] = []
    var place = best.first
    while let match = best.program.match(text, from: place) {
      starts.append(match.range.lowerBound)
      place = max(match.range.upperBound, match.range.lowerBound + 1)
    }
    return starts
  }
}
