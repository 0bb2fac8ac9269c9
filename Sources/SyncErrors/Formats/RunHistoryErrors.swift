/// Reads run histories, and the fragments of them that PowerShell objects hold as text.
struct RunHistoryErrors {
  private let sink: ErrorSink

  init(_ sink: ErrorSink) { self.sink = sink }

  private struct Run {
    var connector: String?
    var profile: String?
    var step: String?
    var time: String?
  }

  /// What errors of a run history have for a source.
  static let source = "run-history"

  /// Results of steps that are no errors.
  private static let goodResults = ["success", "completed-no-objects", "in-progress", "completed-warnings"]
  /// Results that only say that objects had errors, which are told one by one.
  static let summaryResults = [
    "completed-export-errors", "completed-sync-errors", "completed-discovery-errors", "completed-transient-objects",
    "completed-warnings",
  ]

  func read(_ root: XMLNode, line: Int) {
    var run = Run()
    run.connector = root.text("ma-name")
    run.profile = root.text("run-profile-name")
    // A fragment has the result of a connection, and then its log, which says more.
    if root.name == "connection-log", let result = root.child("incident")?.text("connection-result") {
      sink.dropHeld(type: result)
    }
    if root.name == "connection-result", let result = root.trimmedText, result != "success" {
      sink.hold(resultError(result, root, run, line: line - root.line))
    } else {
      read(root, run, line: line - root.line)
    }
  }

  private func read(_ node: XMLNode, _ run: Run, line: Int) {
    var run = run
    switch node.name {
    case "step-details":
      run.step = node.attribute("step-number")
      run.time = node.text("start-date").map { EventTime.iso($0, isUTC: true) }
      let before = sink.summary.errors
      for child in node.children { read(child, run, line: line) }
      readResult(node, run, hasErrors: sink.summary.errors > before, line: line)
    case "import-error", "export-error", "retry-error", "ma-object-error": emit(node, run, line: line)
    case "incident", "cd-error": emitIncident(node, run, line: line)
    case "ma-connection", "connection-log":
      // The log says more than the result.
      let hasLog = node.child("connection-log")?.child("incident") != nil
      for child in node.children where !(hasLog && child.name == "connection-result") { read(child, run, line: line) }
    case "connection-result":
      if let result = node.trimmedText, result != "success" { emitResult(result, node, run, line: line) }
    case "preview": readPreview(node, run, line: line)
    default:
      for child in node.children { read(child, run, line: line) }
    }
  }

  private func newError(_ node: XMLNode, _ run: Run, line: Int) -> SyncError {
    var error = SyncError(message: "", location: sink.location(line: line + node.line))
    error.source = Self.source
    error.connector = run.connector
    error.runProfile = run.profile
    error.set("step", run.step)
    return error
  }

  private func emit(_ node: XMLNode, _ run: Run, line: Int) {
    var error = newError(node, run, line: line)
    error.set("phase", node.name == "export-error" ? "export" : node.name == "import-error" ? "import" : node.name)
    if let dn = node.attribute("dn") ?? node.text("dn") {
      error.add(MentionedIdentifier(dn, IdentifierShape.name(dn), field: "dn"))
    }
    EngineError.read(node, into: &error)
    if let anchor = node.text("anchor"), node.child("anchor")?.attribute("encoding") != "base64" {
      error.add(MentionedIdentifier(anchor, .sourceAnchor, field: "anchor"))
    }
    if let id = node.attribute("cs-guid") { error.add(MentionedIdentifier(id, .connectorSpaceID, field: "cs-guid")) }
    if let id = node.attribute("mv-guid") { error.add(MentionedIdentifier(id, .metaverseID, field: "mv-guid")) }
    if let name = node.attribute("displayName") {
      error.add(MentionedIdentifier(name, .displayName, field: "displayName"))
    }
    guard error.type != nil || !error.message.isEmpty else { return }
    sink.emit(error)
  }

  /// What happened to the connection.
  private func emitIncident(_ node: XMLNode, _ run: Run, line: Int) {
    var error = newError(node, run, line: line)
    error.type = node.text("connection-result")
    error.first = node.text("date").map { EventTime.iso($0, isUTC: true) } ?? run.time
    error.last = error.first
    error.set("server", node.text("server"))
    EngineError.readDirectoryError(node, into: &error)
    if node.name == "cd-error" {
      error.message = node.text("error-literal") ?? ""
      error.set("error-code", node.text("error-code"))
    }
    if error.message.isEmpty { error.message = error.type ?? "" }
    guard !error.message.isEmpty else { return }
    sink.emit(error)
  }

  private func emitResult(_ result: String, _ node: XMLNode, _ run: Run, line: Int) {
    sink.emit(resultError(result, node, run, line: line))
  }

  private func resultError(_ result: String, _ node: XMLNode, _ run: Run, line: Int) -> SyncError {
    var error = newError(node, run, line: line)
    error.type = result
    error.message = result
    error.first = run.time
    error.last = run.time
    return error
  }

  /// The result of a step is an error of its own when no object's error explains it.
  private func readResult(_ step: XMLNode, _ run: Run, hasErrors: Bool, line: Int) {
    guard let result = step.child("step-result"), let text = result.trimmedText else { return }
    if Self.goodResults.contains(text) || hasErrors && Self.summaryResults.contains(text) { return }
    emitResult(text, result, run, line: line)
  }

  /// `preview/error[@type,@code]`.
  private func readPreview(_ node: XMLNode, _ run: Run, line: Int) {
    node.forEach { part in
      guard part.name == "error" || part.name == "import-error" || part.name == "export-error" else { return }
      var error = newError(part, run, line: line)
      error.source = "preview"
      EngineError.read(part, into: &error)
      error.type = part.attribute("type") ?? error.type
      error.set("error-code", part.attribute("code"))
      if error.message.isEmpty { error.message = part.text("diagnosis") ?? error.type ?? "" }
      if let dn = node.attribute("dn") ?? node.attribute("cs-dn") {
        error.add(MentionedIdentifier(dn, IdentifierShape.name(dn), field: "dn"))
      }
      guard !error.message.isEmpty else { return }
      sink.emit(error)
    }
  }
}
