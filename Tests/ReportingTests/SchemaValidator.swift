/// Validates JSON against the part of JSON Schema 2020-12 that the schemas under `Docs/` use. A keyword that it does not
/// know is an error, so that no constraint goes untested.
struct SchemaValidator {
  let root: JSON

  /// What is wrong with a value, with its place; empty when it is valid.
  func errors(in value: JSON, against pointer: String = "#") -> [String] {
    guard let schema = resolve(pointer) else { return ["no schema \(pointer)"] }
    return check(value, schema, at: "$")
  }

  private func resolve(_ pointer: String) -> JSON? {
    pointer.split(separator: "/").dropFirst().reduce(Optional(root)) { $0?[String($1)] }
  }

  private func check(_ value: JSON, _ schema: JSON, at path: String) -> [String] {
    guard case .object(let keywords) = schema else { return ["schema at \(path) is no object"] }
    var errors: [String] = []
    for (keyword, argument) in keywords {
      switch keyword {
      case "$schema", "$id", "id", "$defs", "definitions", "title", "description", "default": break
      case "$ref": errors += argument.string.flatMap(resolve).map { check(value, $0, at: path) } ?? ["bad $ref"]
      case "type": if !isType(value, argument.string ?? "") { errors.append("\(path): not of type \(argument)") }
      case "enum": if argument.array?.contains(value) != true { errors.append("\(path): \(value) not in enum") }
      case "oneOf":
        let matching = (argument.array ?? []).count { check(value, $0, at: path).isEmpty }
        if matching != 1 { errors.append("\(path): matches \(matching) of oneOf") }
      case "anyOf":
        if !(argument.array ?? []).contains(where: { check(value, $0, at: path).isEmpty }) {
          errors.append("\(path): matches nothing of anyOf")
        }
      case "uniqueItems":
        let items = value.array ?? []
        if argument == .bool(true), items.indices.contains(where: { items[..<$0].contains(items[$0]) }) {
          errors.append("\(path): items repeat")
        }
      case "maximum":
        if case .number(let number) = value, case .number(let most) = argument, number > most {
          errors.append("\(path): above \(most)")
        }
      case "format":
        if let text = value.string, !hasFormat(text, argument.string ?? "") {
          errors.append("\(path): '\(text)' is no \(argument)")
        }
      case "required":
        for name in argument.array ?? [] where value[name.string ?? ""] == nil {
          errors.append("\(path): lacks \(name)")
        }
      case "properties":
        guard case .object(let members) = value else { break }
        for (name, member) in members {
          if let schema = argument[name] { errors += check(member, schema, at: "\(path).\(name)") }
        }
      case "additionalProperties":
        guard case .object(let members) = value else { break }
        for (name, member) in members where schema["properties"]?[name] == nil {
          if argument == .bool(false) {
            errors.append("\(path): unknown \(name)")
          } else if argument != .bool(true) {
            errors += check(member, argument, at: "\(path).\(name)")
          }
        }
      case "items":
        for (index, element) in (value.array ?? []).enumerated() {
          errors += check(element, argument, at: "\(path)[\(index)]")
        }
      case "minItems", "minLength", "minimum": errors += checkMinimum(keyword, value, argument, at: path)
      case "pattern": if !matches(value, argument.string ?? "") { errors.append("\(path): pattern \(argument)") }
      default: errors.append("\(path): the validator does not know \(keyword)")
      }
    }
    return errors
  }

  private func isType(_ value: JSON, _ name: String) -> Bool {
    switch (name, value) {
    case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("number", .number): true
    case ("integer", .number(let number)): number.rounded() == number
    default: false
    }
  }

  private func hasFormat(_ text: String, _ format: String) -> Bool {
    let isURI = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"<>\"{}|\\^`".utf8.contains($0) }
    switch format {
    case "uri": return isURI && text.contains(":")
    case "uri-reference": return isURI
    case "date-time":
      return text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/) != nil
    default: return false
    }
  }

  private func checkMinimum(_ keyword: String, _ value: JSON, _ argument: JSON, at path: String) -> [String] {
    guard case .number(let minimum) = argument else { return ["\(keyword) without a number"] }
    let size: Double?
    switch (keyword, value) {
    case ("minItems", .array(let elements)): size = Double(elements.count)
    case ("minLength", .string(let text)): size = Double(text.unicodeScalars.count)
    case ("minimum", .number(let number)): size = number
    default: size = nil
    }
    guard let size, size < minimum else { return [] }
    return ["\(path): \(keyword) \(minimum)"]
  }

  private func matches(_ value: JSON, _ pattern: String) -> Bool {
    guard case .string(let text) = value else { return true }
    guard let regex = try? Regex(pattern) else { return false }
    return (try? regex.firstMatch(in: text)) != nil
  }
}
