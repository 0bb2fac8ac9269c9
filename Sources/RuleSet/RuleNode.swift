import Bytes
import Directory
import Yams

/// A node of a rule file: typed access that reports what is wrong at its place and goes on.
///
/// Every reading function returns nil after it has reported a problem, so that a caller can read all the rest first and
/// give up at the end.
public struct RuleNode {
  let node: Node
  let file: RuleFile

  /// Where the node stands.
  public var location: SourceLocation { file.location(node.mark) }

  /// Reports a problem at the node.
  public func report(_ message: String) { file.report(node.mark, message) }

  /// Reports a problem at a place within the node's text, given by a column of that text counted from 1.
  ///
  /// The text stands where the node does only if it is written on one line; for folded and escaped text the node's own
  /// place is given, and the message names the column.
  public func report(column: Int, of text: String, _ message: String) {
    guard case .scalar(let scalar) = node, let mark = node.mark,
      file.hasText(text, at: mark, quoted: scalar.style != .plain)
    else {
      report("column \(column) of the text: \(message)")
      return
    }
    let quote = scalar.style == .plain ? 0 : 1
    file.problems.report(file.location(line: mark.line, column: mark.column + quote + column - 1), message)
  }

  /// The text of a scalar. Nothing is guessed: `no` is the text no.
  public func text() -> String? {
    guard case .scalar(let scalar) = node else {
      report("expected a text, found \(kind)")
      return nil
    }
    return scalar.string
  }

  /// Whether it is a text, and no list or mapping.
  public var isText: Bool { if case .scalar = node { true } else { false } }

  /// A text that is not blank and has no control characters; `lines` allows line breaks and tabs.
  public func proseText(lines: Bool = false) -> String? {
    guard let text = text() else { return nil }
    if let control = text.unicodeScalars.first(where: { isControl($0, lines: lines) }) {
      report("the text has the control character U+\(RuleFileText.hexadecimal(control.value)); take it out")
      return nil
    }
    let isBlank = text.unicodeScalars.allSatisfy(\.isWhiteSpace)
    if isBlank { report("the text is empty; write one") }
    return isBlank ? nil : text
  }

  private func isControl(_ scalar: Unicode.Scalar, lines: Bool) -> Bool {
    if lines, scalar == "\n" || scalar == "\t" { return false }
    return CharacterClass.control.contains(scalar.value)
  }

  /// `true` or `false`.
  public func boolean() -> Bool? {
    guard let text = text() else { return nil }
    switch text {
    case "true": return true
    case "false": return false
    default:
      report("`\(text)` is not `true` or `false`")
      return nil
    }
  }

  /// `true`, for keys that have no other value.
  public func onlyTrue() -> Bool? {
    guard let text = text() else { return nil }
    if text == "true" { return true }
    report("`\(text)` is not `true`, the only value here; leave the key out otherwise")
    return nil
  }

  /// A decimal number.
  public func integer(in range: ClosedRange<Int64>) -> Int64? {
    guard let text = text() else { return nil }
    guard let value = Int64(text), !text.hasPrefix("+") else {
      report("`\(text)` is not a whole number")
      return nil
    }
    guard range.contains(value) else {
      let most = range.upperBound == .max ? "" : " and at most \(range.upperBound)"
      report("\(value) is out of range; write a number of at least \(range.lowerBound)\(most)")
      return nil
    }
    return value
  }

  /// One of the words of a type.
  public func choice<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> Word? where Word.RawValue == String {
    guard let text = text() else { return nil }
    if let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue)
    report("`\(text)` is not one of \(Self.list(words))\(NearestName.hint(text, in: words))")
    return nil
  }

  /// The nodes of a list that is not empty. One thing where a list is expected is a mistake.
  public func items() -> [RuleNode]? {
    guard case .sequence(let sequence) = node else {
      report("expected a list, as in [one, two], found \(kind)")
      return nil
    }
    guard !sequence.isEmpty else {
      report("the list is empty; name at least one, or leave the key out")
      return nil
    }
    return sequence.map { RuleNode(node: $0, file: file) }
  }

  /// A list of what `read` takes; nil when the list or any item is wrong. The same item twice is a mistake.
  public func list<Item>(_ read: (RuleNode) -> Item?) -> [Item]? {
    guard let items = items() else { return nil }
    var seen: Set<String> = []
    var isRight = true
    let values = items.compactMap { item in
      if let text = item.node.scalar?.string, !seen.insert(text).inserted {
        item.report("`\(text)` is in the list twice; keep one")
        isRight = false
      }
      return read(item)
    }
    return isRight && values.count == items.count ? values : nil
  }

  /// The pairs of a mapping with these keys and no others.
  ///
  /// - Parameter what: what the mapping is, for messages: `a rule`.
  public func mapping(_ known: [String], what: String) -> RuleMapping? {
    guard let mapping = anyMapping(what: what) else { return nil }
    for (key, keyNode) in mapping.keys where !known.contains(key) {
      let hint = NearestName.find(key, in: known).map { "did you mean `\($0)`?" }
      keyNode.report("unknown key `\(key)`; \(hint ?? "\(what) has \(Self.list(known, "and"))")")
      mapping.hasMistakes = true
    }
    return mapping
  }

  /// The pairs of a mapping, whatever its keys.
  func anyMapping(what: String) -> RuleMapping? {
    guard case .mapping(let pairs) = node else {
      report("expected \(what) (`key: value`), found \(kind)")
      return nil
    }
    return RuleMapping(pairs, of: self)
  }

  /// What the node is, for messages.
  var kind: String {
    switch node {
    case .scalar(let scalar): scalar.string.isEmpty && scalar.style == .plain ? "nothing" : "a text"
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .alias: "an alias"
    }
  }

  /// WideBytes for a message: "`a`, `b` or `c`".
  public static func list(_ words: [String], _ conjunction: String = "or") -> String {
    let quoted = words.map { "`\($0)`" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "nothing" }
    return quoted.dropLast().joined(separator: ", ") + " \(conjunction) " + last
  }
}

/// A mapping of a rule file.
public final class RuleMapping {
  /// The mapping's node.
  public let node: RuleNode
  /// The keys in order, with their nodes.
  public private(set) var keys: [(name: String, node: RuleNode)] = []
  /// The name of the first key, even if it is given again further down.
  private(set) var firstName: String?
  /// Whether anything was wrong with the keys.
  public internal(set) var hasMistakes = false
  private var values: [String: RuleNode] = [:]

  init(_ mapping: Node.Mapping, of node: RuleNode) {
    self.node = node
    for (keyNode, value) in mapping {
      let key = RuleNode(node: keyNode, file: node.file)
      guard case .scalar(let scalar) = keyNode else {
        key.report("a key is a text, found \(key.kind)")
        hasMistakes = true
        continue
      }
      let (name, isDuplicate) = node.file.key(scalar.string)
      if firstName == nil { firstName = name }
      if isDuplicate {
        key.report("`\(name)` is given twice; keep one")
        hasMistakes = true
        continue
      }
      keys.append((name, key))
      values[name] = RuleNode(node: value, file: node.file)
    }
  }

  /// The value of a key, when it is there.
  public subscript(key: String) -> RuleNode? { values[key] }

  /// The value of a key that must be there; `example` shows it in the message.
  public func required(_ key: String, _ example: String) -> RuleNode? {
    if let value = values[key] { return value }
    node.report("`\(key)` is missing; write `\(key): \(example)`")
    hasMistakes = true
    return nil
  }

  /// Reads the value of a key that may be absent.
  ///
  /// - Returns: `.some(nil)` never: the default when the key is absent, nil when its value is wrong.
  public func optional<Value>(_ key: String, default value: Value, _ read: (RuleNode) -> Value?) -> Value? {
    guard let node = values[key] else { return value }
    return read(node)
  }

  /// Reads the value of a key that may be absent and has no default.
  ///
  /// - Returns: nil when its value is wrong, `.some(nil)` when the key is absent.
  public func optional<Value>(_ key: String, _ read: (RuleNode) -> Value?) -> Value?? {
    guard let node = values[key] else { return .some(nil) }
    guard let value = read(node) else { return nil }
    return .some(value)
  }
}
