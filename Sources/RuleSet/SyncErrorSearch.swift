/// What a user may be looking for in the catalogue of errors: an id, a name, a code, the number of an event, or words.
extension SyncErrorCatalogue {
  /// The definitions that are meant, those that fit best alone.
  ///
  /// - Parameter query: `move-mailbox-locked`, `InvalidSoftMatch`, `0x6ba`, `6941`, `ADSync 6941`, `smtp proxy matching`.
  public func find(_ query: String) -> [SyncErrorDefinition] {
    let text = query.trimmingSpace
    guard !text.isEmpty else { return [] }
    if let definition = definition(text.lowercased()) { return [definition] }
    let exact = definitions.filter { $0.isCalled(text) }
    return exact.isEmpty ? named(by: text) : exact
  }

  /// Those that have every word, the ones with all of them in the id or the title before others.
  private func named(by text: String) -> [SyncErrorDefinition] {
    let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    guard !words.isEmpty else { return [] }
    let titled = definitions.filter { definition in
      let title = "\(definition.id) \(definition.title)".lowercased()
      return words.allSatisfy(title.contains)
    }
    if !titled.isEmpty { return titled }
    return definitions.filter { definition in
      let everything = definition.words
      return words.allSatisfy(everything.contains)
    }
  }
}

extension SyncErrorDefinition {
  /// Whether an engine, a service or an event log calls the error so: by its name, a code, or the number of an event.
  fileprivate func isCalled(_ text: String) -> Bool {
    let folded = text.lowercased()
    if types.contains(where: { $0.lowercased() == folded }) || cause(of: text) != nil { return true }
    let words = folded.split(separator: " ").filter { $0 != "event" && $0 != "id" }
    guard let number = words.last.flatMap({ Int($0) }) else { return false }
    let provider = words.dropLast().joined(separator: " ")
    return events.contains { event in
      event.id == number && (provider.isEmpty || event.source == nil || event.source?.lowercased() == provider)
    }
  }

  /// All that is written about the error, in lower case.
  fileprivate var words: String {
    var texts = [id, title, meaning, cause, remedy] + types + alternatives + templates.map(\.text)
    for cause in causes { texts += cause.codes + [cause.cause, cause.remedy] }
    return texts.joined(separator: "\n").lowercased()
  }
}
