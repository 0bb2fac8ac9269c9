import RuleSet

/// Puts what the holes of a template took into an error.
///
/// Holes with these names have a meaning; all others become fields of that name.
struct MatchedFields {
  private let text: MessageText

  init(_ text: MessageText) { self.text = text }

  func apply(_ match: TemplateMatch, to error: inout SyncError) {
    applyConflict(match, to: &error)
    for hole in match.holes where !hole.name.hasPrefix("any") {
      let value = value(hole.range, hole.kind)
      if !value.isEmpty { apply(hole.name, value, to: &error) }
    }
  }

  /// A value that another object has, and the attribute beside it.
  private func applyConflict(_ match: TemplateMatch, to error: inout SyncError) {
    guard let taken = match.holes.first(where: { $0.name == "conflict-value" }),
      let attribute = match.holes.first(where: { $0.name == "attribute" })
    else { return }
    error.add(conflicts: [
      .init(attribute: value(attribute.range, attribute.kind), value: value(taken.range, taken.kind))
    ])
  }

  private func apply(_ name: String, _ value: String, to error: inout SyncError) {
    switch name {
    case "attribute": error.add(attribute: value)
    case "attributes":
      for part in value.split(whereSeparator: { $0 == "," || $0 == ";" }) {
        let words = part.split(whereSeparator: \.isWhitespace)
        if let name = words.first { error.add(attribute: String(name)) }
        // Behind the list of a message without a full stop stands what whoever pasted it has to say.
        if words.count > 1 { break }
      }
    case "type": if error.type == nil { error.type = value }
    case "connector": if error.connector == nil { error.connector = Trimmed.text(value, also: "'\"") }
    case "run-profile": if error.runProfile == nil { error.runProfile = Trimmed.text(value, also: "'\"") }
    case "tracking-id": if error.trackingID == nil { error.trackingID = value }
    case "user": error.add(MentionedIdentifier(value, IdentifierShape.ofUser(value)))
    case "dn": error.add(MentionedIdentifier(value, IdentifierShape.name(value)))
    case "anchor": error.add(MentionedIdentifier(value, .sourceAnchor))
    case "mailbox-guid": error.add(MentionedIdentifier(value, .mailboxGUID))
    case "archive-guid": error.add(MentionedIdentifier(value, .archiveGUID))
    case "upn": error.add(MentionedIdentifier(value, .userPrincipalName))
    case "display-name": error.add(MentionedIdentifier(value, .displayName))
    default: error.set(name, value)
    }
  }

  /// What a hole took: without the line breaks of a console.
  private func value(_ range: Range<Int>, _ kind: SyncErrorTemplate.HoleKind) -> String {
    let bytes = text.bytes[range]
    switch kind {
    case .guid: return Trimmed.text(String(decoding: bytes.filter { $0 != 10 }, as: UTF8.self))
    case .text: return Trimmed.text(WrappedName.text(bytes))
    case .line, .word, .number, .name, .names: return Trimmed.text(String(decoding: bytes, as: UTF8.self))
    }
  }
}

/// What an identifier is by its shape, where the input says only that it is one.
enum IdentifierShape {
  /// A distinguished name of the directory, or one of the connector space.
  static func name(_ text: String) -> MentionedIdentifier.Kind {
    if text.lowercased().hasPrefix("mvid=") { return .metaverseID }
    let found = IdentifierScanner.identifiers(in: MessageText(text))
    if let first = found.first, found.count == 1 || first.kind == .distinguishedName { return first.kind }
    return .distinguishedName
  }

  /// A user as messages name him: by an address or another identifier, else by name or alias.
  static func ofUser(_ text: String) -> MentionedIdentifier.Kind {
    whole(text) ?? (text.utf8.contains(32) ? .displayName : .alias)
  }

  /// Any identifier; nil for texts that have no such shape as a whole.
  static func whole(_ text: String) -> MentionedIdentifier.Kind? {
    let trimmed = Trimmed.text(text)
    // Only names may have that many words.
    guard trimmed.utf8.count <= 4096,
      trimmed.utf8.count(where: { $0 == 32 }) < 3 || trimmed.utf8.prefix(8).contains(UInt8(ascii: "="))
    else { return nil }
    let found = IdentifierScanner.identifiers(in: MessageText(trimmed))
    guard let first = found.first, found.count == 1, first.text.utf8.count + 2 >= trimmed.utf8.count else { return nil }
    return first.kind
  }
}
