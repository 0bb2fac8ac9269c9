import SyncErrors

/// What was read of an input, as text that people can compare.
func written(_ input: SyncErrorInput, _ reader: SyncErrorReader) throws -> String {
  var lines: [String] = []
  let summary = try reader.read(input) { item in
    switch item {
    case .error(let error): lines += written(error)
    case .problem(let problem):
      lines.append("problem \(problem.location.line ?? 0):\(problem.location.column ?? 0) \(problem.message)")
    }
  }
  lines.append(
    "total \(summary.errors) errors, \(summary.problems) problems, \(summary.information) information, "
      + "\(summary.unrelated) unrelated")
  return lines.joined(separator: "\n") + "\n"
}

func written(_ error: SyncError) -> [String] {
  var lines = ["error \(error.id) line \(error.location.line ?? 0)"]
  func add(_ name: String, _ value: String?) {
    if let value { lines.append("  \(name): \(value)") }
  }
  add("type", error.type)
  add("source", error.source)
  add("event", error.eventID.map(String.init))
  add("message", excerpt(error.message))
  add("tracking-id", error.trackingID)
  if let first = error.first { add("time", first == error.last ? first : "\(first) to \(error.last ?? "")") }
  if error.count > 1 { add("count", String(error.count)) }
  add("connector", error.connector)
  add("run-profile", error.runProfile)
  if !error.attributes.isEmpty { add("attributes", error.attributes.joined(separator: ", ")) }
  for conflict in error.conflicts {
    add("conflict", "\(conflict.attribute) = \(conflict.value)" + (conflict.written.map { ", written \($0)" } ?? ""))
  }
  for identifier in error.identifiers {
    let role = identifier.role == .object ? "" : " (\(identifier.role.rawValue))"
    add(identifier.kind.rawValue, identifier.text + role + (identifier.field.map { " in \($0)" } ?? ""))
  }
  for (name, value) in error.fields.sorted(by: { $0.key < $1.key }) { add("[\(name)]", excerpt(value)) }
  return lines
}

private func excerpt(_ text: String) -> String {
  let line = text.split(whereSeparator: \.isNewline).joined(separator: " | ")
  return line.count > 100 ? line.prefix(80) + "…" + line.suffix(15) : line
}
