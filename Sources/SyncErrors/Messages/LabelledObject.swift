import Bytes
import Directory

/// The object that a line names with a label, where nothing in the line has the shape of an identifier: one that was cut, masked
/// or mistyped, one in a form that only its label gives away, or a plain name.
///
/// It counts as much as one that can be read. Were it dropped, the error would seem to name no object, and whoever holds the
/// value of which it complains would pass for the object.
enum LabelledObject {
  /// - Parameters:
  ///   - message: the text of an error.
  ///   - known: the identifiers that were found in it by their shape.
  static func find(in message: MessageText, besides known: [MentionedIdentifier]) -> [MentionedIdentifier] {
    guard !known.contains(where: { $0.role == .object }) else { return [] }
    var found: [MentionedIdentifier] = []
    for line in message.bytes.split(separator: 10) {
      guard let named = named(in: line) else { continue }
      // An address or a GUID in the line is what the line names.
      let folded = String(decoding: line, as: UTF8.self).lowercased()
      if known.contains(where: { $0.role != .conflicting && folded.contains($0.text.lowercased()) }) { continue }
      found.append(named)
    }
    return found
  }

  /// Whether a line does nothing but name an object: with a label, whatever its value looks like, or by its shape.
  static func isNaming(_ line: ArraySlice<UInt8>) -> Bool {
    guard !line.isEmpty, line.count <= longestLabel + longestValue else { return false }
    if labelled(line) != nil { return true }
    return IdentifierShape.whole(Trimmed.text(String(decoding: line, as: UTF8.self), also: "-•*")) != nil
  }

  /// What a label announces.
  private enum Meaning {
    case identifier(MentionedIdentifier.Kind)
    /// An identifier of any form, or a name.
    case name(MentionedIdentifier.Kind)
  }

  private static let longestLabel = 40
  private static let longestValue = 200
  private static let longestName = 64

  private static let labels: [String: Meaning] = [
    "objectguid": .identifier(.guid), "msdsconsistencyguid": .identifier(.guid),
    "consistencyguid": .identifier(.guid), "adobjectguid": .identifier(.guid),
    "user": .name(.displayName), "object": .name(.displayName), "account": .name(.displayName),
    "recipient": .name(.displayName), "mailbox": .name(.displayName), "objectname": .name(.displayName),
  ]

  private static func meaning(_ label: String) -> Meaning? {
    if let known = labels[RecordColumn.folded(label)] { return known }
    switch RecordColumn(label) {
    case .name: return .identifier(.distinguishedName)
    case .sourceAnchor: return .identifier(.sourceAnchor)
    case .sid: return .identifier(.sid)
    case .userPrincipalName: return .name(.userPrincipalName)
    case .identifier, .displayName: return .name(.displayName)
    case .samAccountName: return .name(.samAccountName)
    case .alias: return .name(.alias)
    default: return nil
    }
  }

  private static func labelled(_ line: ArraySlice<UInt8>) -> (meaning: Meaning, value: String)? {
    let head = line.prefix(longestLabel)
    guard let mark = head.firstIndex(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }) else { return nil }
    let label = Trimmed.text(String(decoding: line[..<mark], as: UTF8.self), also: "*_`\"'-•")
    guard !label.isEmpty, let meaning = meaning(label) else { return nil }
    let rest = line[(mark + 1)...]
    guard rest.count <= longestValue else { return nil }
    // `objectGUID:: …` of LDIF.
    let value = Trimmed.text(String(decoding: rest, as: UTF8.self), also: "*_`\"':,;")
    return value.isEmpty ? nil : (meaning, value)
  }

  /// The object that a field names: `user`, `dn` or another such label, and its value.
  static func named(label: String, value: String) -> MentionedIdentifier? {
    let value = Trimmed.text(value)
    guard value.utf8.count <= longestValue, let meaning = meaning(label) else { return nil }
    return named(meaning, value)
  }

  /// The object that a line does nothing but name: with a label, by its shape, or in a short sentence with the word of a kind
  /// of object before it.
  static func named(by line: ArraySlice<UInt8>) -> MentionedIdentifier? {
    if let named = named(in: line) { return named }
    let text = Trimmed.text(String(decoding: line, as: UTF8.self), also: "-•*.")
    if let kind = IdentifierShape.whole(text) { return MentionedIdentifier(text, kind) }
    let words = text.lowercased().split(separator: " ")
    guard words.count <= longestSentence, words.count > 1, let last = text.split(separator: " ").last,
      words.contains(where: sentenceWords.contains), (sentenceWords.union(verbs)).contains(words[words.count - 2])
    else { return nil }
    let name = Trimmed.text(last, also: "()'\"<>")
    return IdentifierShape.whole(name).map { MentionedIdentifier(name, $0) }
  }

  private static let longestSentence = 8
  private static let verbs: Set<Substring> = ["is", "was", "ist", "war", "est", "es", "è"]
  private static let sentenceWords: Set<Substring> = [
    "user", "account", "object", "mailbox", "recipient", "group", "contact", "benutzer", "konto", "postfach", "objekt",
    "utilisateur", "compte", "usuario", "cuenta", "utente", "gebruiker",
  ]

  private static func named(in line: ArraySlice<UInt8>) -> MentionedIdentifier? {
    labelled(line).flatMap { named($0.meaning, $0.value) }
  }

  private static func named(_ meaning: Meaning, _ value: String) -> MentionedIdentifier? {
    guard !isPlaceholder(value) else { return nil }
    switch meaning {
    case .identifier(let kind):
      return MentionedIdentifier(value, IdentifierShape.whole(value) ?? kind)
    case .name(let kind):
      guard value.utf8.count <= longestName, value.split(separator: " ").count <= 5 else { return nil }
      if let kind = IdentifierShape.whole(value) { return MentionedIdentifier(value, kind) }
      // What has the mark of an address is one, however much of it is left.
      let isAddress = value.contains("@")
      return MentionedIdentifier(
        value, isAddress ? .userPrincipalName : kind, role: isAddress ? .object : .mentioned)
    }
  }

  /// What stands where nothing is known, and the names of kinds of objects.
  private static let placeholders: Set<String> = [
    "n/a", "na", "null", "(null)", "none", "unknown", "-", "--", "system", "user", "group", "contact", "computer",
    "object", "true", "false", "yes", "no",
  ]

  private static func isPlaceholder(_ value: String) -> Bool {
    placeholders.contains(value.lowercased()) || value.hasPrefix("NT AUTHORITY\\")
  }
}
