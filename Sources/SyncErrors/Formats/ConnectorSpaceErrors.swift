import Bytes

/// Reads the errors of connector-space exports (csexport.exe, `Get-ADSyncCSObject … SerializedXml`).
///
/// Only what names the object is read beside the errors; the whole of its attributes is the business of others.
struct ConnectorSpaceErrors {
  private let sink: ErrorSink

  init(_ sink: ErrorSink) { self.sink = sink }

  /// Attributes by which an object is found, and what their values are.
  private static let naming: [String: MentionedIdentifier.Kind] = [
    "onPremisesDistinguishedName": .distinguishedName, "sourceAnchor": .sourceAnchor,
    "onPremisesSamAccountName": .samAccountName, "userPrincipalName": .userPrincipalName, "mail": .address,
    "sAMAccountName": .samAccountName, "onPremiseSecurityIdentifier": .sid, "cloudAnchor": .cloudAnchor,
  ]

  private static let kept: Set<String> = [
    "cs-object", "export-errordetail", "import-errordetail", "ma-name", "mv-link", "cs-mv-links", "cs-mv-value",
    "synchronized-hologram", "unapplied-export-hologram", "escrowed-export-hologram", "hologram", "export-hologram",
    "unapplied-export", "escrowed-export", "pending-import-hologram", "import-hologram", "entry", "delta",
  ]

  static func skips(_ name: String, _ attributes: [XMLAttribute], _ parent: String?) -> Bool {
    switch parent {
    case "entry", "delta":
      return !(name == "attr" && attributes.contains { $0.name == "name" && naming[$0.value] != nil })
    case nil, "cs-object", "synchronized-hologram", "unapplied-export-hologram", "escrowed-export-hologram", "hologram",
      "export-hologram", "unapplied-export", "escrowed-export", "pending-import-hologram", "import-hologram",
      "cs-mv-links":
      return !kept.contains(name)
    default: return false
    }
  }

  func read(_ object: XMLNode, line: Int) {
    for detail in object.children where detail.name == "export-errordetail" || detail.name == "import-errordetail" {
      guard !detail.children.isEmpty || !detail.attributes.isEmpty else { continue }
      emit(detail, of: object, line: line)
    }
  }

  private func emit(_ detail: XMLNode, of object: XMLNode, line: Int) {
    let offset = max(0, detail.line - object.line)
    var error = SyncError(message: "", location: sink.location(line: line + offset))
    error.source = "connector-space-export"
    error.connector = object.text("ma-name")
    error.set("object-type", object.attribute("object-type"))
    error.set("phase", detail.name == "export-errordetail" ? "export" : "import")
    // Older exports have a level between.
    let inner = detail.child("export-error") ?? detail.child("import-error")
    EngineError.read(detail, into: &error)
    if let inner, error.type == nil { EngineError.read(inner, into: &error) }
    if error.type == nil, error.message.isEmpty { return }
    addIdentifiers(object, to: &error)
    sink.emit(error)
  }

  private func addIdentifiers(_ object: XMLNode, to error: inout SyncError) {
    var own: [MentionedIdentifier] = []
    if let dn = object.attribute("cs-dn") {
      own.append(MentionedIdentifier(dn, IdentifierShape.name(dn), field: "cs-dn"))
    }
    for hologram in object.children {
      for entry in hologram.children {
        for attribute in entry.children where attribute.name == "attr" {
          guard let name = attribute.attribute("name"), let kind = Self.naming[name],
            let value = attribute.children.first(where: { $0.attribute("operation") != "delete" })?.trimmedText
          else { continue }
          // A SID in base64 is for others to decode: only the text form is an identifier as it stands.
          if kind == .sid, !value.hasPrefix("S-") { continue }
          own.append(MentionedIdentifier(value, kind, field: name))
        }
      }
    }
    if let id = object.attribute("id") { own.append(MentionedIdentifier(id, .connectorSpaceID, field: "id")) }
    if let id = object.text("mv-link") { own.append(MentionedIdentifier(id, .metaverseID, field: "mv-link")) }
    let others = error.identifiers
    error.identifiers = []
    for identifier in own + others { error.add(identifier) }
  }
}
