import Bytes
import Directory

/// Reads the examples of a rule.
struct ExampleReader {
  /// Stands before flagged places.
  static let marker: Unicode.Scalar = "↓"
  /// The attributes of the rule.
  let attributes: [String]

  func read(_ node: RuleNode) -> Examples? {
    guard let mapping = node.mapping(["valid", "invalid"], what: "`examples`") else { return nil }
    let valid = mapping.required("valid", "[\"a good value\"]").flatMap { list($0, isValid: true) }
    let invalid = mapping.required("invalid", "[{ value: \"…\", flagged: \"↓…\" }]").flatMap {
      list($0, isValid: false)
    }
    guard !mapping.hasMistakes, let valid, let invalid else { return nil }
    return Examples(valid: valid, invalid: invalid)
  }

  private func list(_ node: RuleNode, isValid: Bool) -> [Example]? {
    guard let items = node.items() else { return nil }
    let examples = items.compactMap { isValid ? readValid($0) : readInvalid($0) }
    return examples.count == items.count ? examples : nil
  }

  private func readValid(_ node: RuleNode) -> Example? {
    if case .scalar(let scalar) = node.node {
      return Example(
        input: .value(Array(scalar.string.utf8), attribute: nil, with: [], flagged: nil), expected: .none,
        location: node.location)
    }
    let known = ["value", "ldif", "base64", "with", "attribute"]
    guard let mapping = node.mapping(known, what: "a valid example"), let input = input(mapping, isValid: true),
      !mapping.hasMistakes
    else { return nil }
    return Example(input: input, expected: .none, location: node.location)
  }

  private func readInvalid(_ node: RuleNode) -> Example? {
    if case .scalar(let scalar) = node.node {
      let flagged = String(Self.marker) + scalar.string
      return Example(
        input: .value(Array(scalar.string.utf8), attribute: nil, with: [], flagged: flagged), expected: .none,
        location: node.location)
    }
    let known = ["value", "ldif", "base64", "with", "attribute", "flagged", "suggests", "removes"]
    guard let mapping = node.mapping(known, what: "an invalid example") else { return nil }
    let input = input(mapping, isValid: false)
    guard let expected = expected(mapping), let input, !mapping.hasMistakes else { return nil }
    return Example(input: input, expected: expected, location: node.location)
  }

  private func expected(_ mapping: RuleMapping) -> Example.ExpectedSuggestion? {
    let removes = mapping.optional("removes", default: false) { $0.onlyTrue() }
    guard let suggests = mapping["suggests"] else { return removes.map { $0 ? .remove : .none } }
    guard removes == false else {
      return removes.flatMap { _ in suggests.nothing("`suggests` and `removes` are both given; keep one") }
    }
    if case .scalar(let scalar) = suggests.node, scalar.style == .plain, ["~", ""].contains(scalar.string) {
      return Example.ExpectedSuggestion.none
    }
    return suggests.text().map { .value($0) }
  }

  // MARK: what is linted

  private func input(_ mapping: RuleMapping, isValid: Bool) -> Example.Input? {
    let given = mapping.keys.filter { ["value", "ldif", "base64"].contains($0.name) }
    guard let first = given.first, let node = mapping[first.name] else {
      return mapping.hasMistakes
        ? nil : mapping.node.nothing("`value`, `ldif` or `base64` is missing; give one of them")
    }
    if given.count > 1 {
      return given[1].node.nothing("`\(first.name)` and `\(given[1].name)` are both given; keep one")
    }
    if first.name == "ldif" { return records(node, mapping, isValid: isValid) }
    let bytes = first.name == "value" ? node.text().map { Array($0.utf8) } : base64(node)
    let attribute = mapping.optional("attribute", ownAttribute)
    let with = mapping.optional("with", default: [], companions)
    let flagged = flagged(mapping, bytes, isText: first.name == "value", isValid: isValid)
    guard let bytes, let attribute, let with, let flagged else { return nil }
    return .value(bytes, attribute: attribute, with: with, flagged: flagged)
  }

  private func records(_ node: RuleNode, _ mapping: RuleMapping, isValid: Bool) -> Example.Input? {
    for key in mapping.keys where ["with", "attribute", "flagged"].contains(key.name) {
      key.node.report("`\(key.name)` does not go with `ldif`; write everything into the records")
      mapping.hasMistakes = true
    }
    guard let text = node.text() else { return nil }
    let isMarked = text.unicodeScalars.contains(Self.marker)
    if isMarked == isValid {
      return node.nothing(
        isValid
          ? "a valid example has no `↓`"
          : "an invalid example has `↓` before each flagged place, as in `mail: ↓jo@contoso.com`")
    }
    return .ldif(text)
  }

  /// The marked value; for an invalid text the default is the whole value, marked at its start.
  private func flagged(_ mapping: RuleMapping, _ bytes: [UInt8]?, isText: Bool, isValid: Bool) -> String?? {
    guard let bytes, isText, !isValid else {
      guard let node = mapping["flagged"], !isText else { return .some(nil) }
      return node.nothing("`flagged` goes with `value` only")
    }
    let value = String(decoding: bytes, as: UTF8.self)
    guard let node = mapping["flagged"] else { return String(Self.marker) + value }
    guard let text = node.text() else { return nil }
    guard text.unicodeScalars.contains(Self.marker) else {
      return node.nothing("`flagged` has `↓` before each flagged place, as in \"smtp:jo↓ doe@contoso.com\"")
    }
    guard unmarked(text) == unmarked(value) else {
      return node.nothing("`flagged` without its `↓` is not the value")
    }
    return text
  }

  private func unmarked(_ text: String) -> [Unicode.Scalar] { text.unicodeScalars.filter { $0 != Self.marker } }

  private func ownAttribute(_ node: RuleNode) -> String? {
    guard let name = node.attributeName() else { return nil }
    guard attributes.isEmpty || attributes.contains(where: { $0.lowercased() == name.lowercased() }) else {
      return node.nothing("`\(name)` is no attribute of the rule\(NearestName.hint(name, in: attributes))")
    }
    return name
  }

  private func companions(_ node: RuleNode) -> [(name: String, values: [String])]? {
    guard let mapping = node.anyMapping(what: "attributes") else { return nil }
    var pairs: [(name: String, values: [String])] = []
    for (name, key) in mapping.keys {
      guard key.attributeName() != nil, let value = mapping[name] else {
        mapping.hasMistakes = true
        continue
      }
      let values: [String]? =
        if case .sequence = value.node { texts(value) } else { value.text().map { [$0] } }
      if let values { pairs.append((name, values)) } else { mapping.hasMistakes = true }
    }
    return mapping.hasMistakes ? nil : pairs
  }

  private func texts(_ node: RuleNode) -> [String]? {
    guard let items = node.items() else { return nil }
    let texts = items.compactMap { $0.text() }
    return texts.count == items.count ? texts : nil
  }

  private func base64(_ node: RuleNode) -> [UInt8]? {
    guard let text = node.text() else { return nil }
    return (try? Base64Text.decode(text))
      ?? node.nothing("`\(text)` is not base64; write it as in \"AAAA\", padded with `=`")
  }
}
