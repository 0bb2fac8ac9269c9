/// Options that several kinds of checks have.
extension RuleMapping {
  /// `part`: what of the value is looked at.
  public func part(default part: Part = .whole) -> Part? { optional("part", default: part) { $0.choice(Part.self) } }

  /// `case-sensitive`.
  public func caseSensitive() -> Bool? { optional("case-sensitive", default: false) { $0.boolean() } }

  /// `position`: where a character is looked for.
  public func position() -> CharacterRule.Position? {
    optional("position", default: .anywhere) { $0.choice(CharacterRule.Position.self) }
  }

  /// The one key of several that has to be given.
  public func oneOf(_ names: [String]) -> (key: String, value: RuleNode)? {
    let given = keys.filter { names.contains($0.name) }
    guard let first = given.first, let value = self[first.name] else {
      return hasMistakes ? nil : node.nothing("\(RuleNode.list(names)) is missing; give one of them")
    }
    if given.count > 1 {
      return given[1].node.nothing("`\(first.name)` and `\(given[1].name)` are both given; keep one")
    }
    return (first.name, value)
  }

  /// `min` and `max`, of which at least one is given.
  public func bounds() -> (min: Int?, max: Int?)? {
    let limit = Int64(Int32.max)
    let min = optional("min") { $0.integer(in: 0...limit) }
    let max = optional("max") { $0.integer(in: 0...limit) }
    guard let min, let max else { return nil }
    if min == nil, max == nil {
      return hasMistakes ? nil : node.nothing("`min` or `max` is missing; give at least one")
    }
    return isInOrder(min, max) ? (min.map { Int($0) }, max.map { Int($0) }) : nil
  }

  /// Whether `min` is not more than `max`.
  public func isInOrder(_ min: Int64?, _ max: Int64?) -> Bool {
    guard let min, let max, min > max else { return true }
    self["min"]?.report("`min` \(min) is more than `max` \(max)")
    return false
  }
}

extension RuleNode {
  /// A text that has at least one character, white space included.
  public func nonEmptyText() -> String? {
    guard let text = text() else { return nil }
    return text.isEmpty ? nothing("the text is empty; write at least one character") : text
  }

  /// A pattern that `PatternSyntax` takes.
  public func pattern() -> String? {
    guard let text = text() else { return nil }
    do {
      _ = try PatternSyntax(parsing: text)
      return text
    } catch {
      report(column: error.column, of: text, error.message)
      return nil
    }
  }

  /// A domain suffix in lower case, without a leading dot.
  public func domainSuffix() -> String? {
    guard let text = text() else { return nil }
    let suffix = (text.hasPrefix(".") ? String(text.dropFirst()) : text).lowercased()
    return DomainName.isValid(suffix)
      ? suffix : nothing("`\(text)` is no domain suffix; write one such as onmicrosoft.com")
  }

  /// An item of a set of characters: a character, a code point, a range or a class.
  public func characterItem() -> CharacterRule.Item? {
    guard let text = text() else { return nil }
    do {
      return try CharacterItem.item(text)
    } catch {
      return nothing(error.message)
    }
  }
}
