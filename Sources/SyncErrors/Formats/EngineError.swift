/// An error as the synchronization engine writes it into XML, in connector-space exports and in run histories alike.
///
/// `error-type` and the times are attributes in the one and child elements in the other; both are read in both.
enum EngineError {
  static func read(_ node: XMLNode, into error: inout SyncError) {
    func value(_ name: String) -> String? { node.attribute(name) ?? node.text(name) }
    error.type = value("error-type") ?? value("error_type")
    error.first = value("first-occurred").map { EventTime.iso($0, isUTC: true) }
    error.last = value("date-occurred").map { EventTime.iso($0, isUTC: true) } ?? error.first
    if error.first == nil { error.first = error.last }
    if let retries = value("retry-count") {
      error.set("retry-count", retries)
      // The first time is no retry.
      error.count = max(1, min(Int(retries) ?? 0, Int.max - 1) + 1)
    }
    error.set("algorithm-step", descendantText(node, "algorithm-step"))
    readDirectoryError(node, into: &error)
    readExtensionError(node, into: &error)
    readRulesError(node, into: &error)
    if error.message.isEmpty { error.message = error.type ?? "" }
  }

  private static func find(_ node: XMLNode, _ name: String) -> XMLNode? {
    var found: XMLNode?
    node.forEach { if found == nil, $0.name == name { found = $0 } }
    return found
  }

  private static func descendantText(_ node: XMLNode, _ name: String) -> String? { find(node, name)?.trimmedText }

  /// What the connected directory said.
  static func readDirectoryError(_ node: XMLNode, into error: inout SyncError) {
    guard let inner = find(node, "cd-error") else { return }
    error.set("error-code", inner.text("error-code"))
    error.set("error-name", inner.text("error-name"))
    error.set("server-error-detail", inner.text("server-error-detail"))
    if error.type == nil { error.type = inner.text("error-name") }
    let literal = inner.text("error-literal") ?? inner.text("server-error-detail") ?? ""
    error.message = error.message.isEmpty ? literal : error.message
    guard let extra = inner.text("extra-error-details") else { return }
    if let details = ExtraErrorDetails(parsing: extra) {
      error.add(details)
    } else {
      error.set("extra-error-details", extra)
    }
  }

  /// What a rules extension said.
  private static func readExtensionError(_ node: XMLNode, into error: inout SyncError) {
    guard let inner = find(node, "extension-error-info") else { return }
    error.set("extension-name", inner.text("extension-name"))
    error.set("extension-callsite", inner.text("extension-callsite"))
    error.set("extension-context", inner.text("extension-context"))
    guard let stack = inner.text("call-stack") else { return }
    if error.message.isEmpty { error.message = stack } else { error.set("call-stack", stack) }
  }

  /// Which rule failed, and on which attributes.
  private static func readRulesError(_ node: XMLNode, into error: inout SyncError) {
    guard let inner = find(node, "rules-error-info") else { return }
    inner.forEach { part in
      if let attribute = part.attribute("dest-attr") { error.add(attribute: attribute) }
      if part.name == "src-attribute" || part.name == "src-attr", let name = part.trimmedText {
        error.add(attribute: name)
      }
    }
    if error.message.isEmpty, let text = inner.trimmedText { error.message = text }
  }
}
