/// A mistake in an LDAP filter.
public struct FilterError: Error, Hashable, Sendable {
  /// Column in characters (Unicode scalar values), counted from 1.
  public var column: Int
  /// One sentence without a full stop, saying what a right one looks like.
  public var message: String
}

extension Filter {
  /// The deepest nesting of parentheses that is read.
  public static let maximumDepth = 100

  /// Reads an LDAP search filter in its string form (RFC 4515). White space between the parenthesized parts is allowed,
  /// so that a long filter can be written over several lines.
  ///
  /// Extensible matches are limited to rules that one entry decides: the bit tests of Active Directory, and
  /// `caseExactMatch`, `caseExactSubstringsMatch`, `caseIgnoreMatch`, `caseIgnoreSubstringsMatch` by name or OID
  /// (RFC 4517, 4.2). `~=` is read as `=`, as Active Directory does (MS-ADTS 3.1.1.3.1.3.1).
  ///
  /// - Throws: `FilterError` with the column of the first mistake.
  public init(parsing text: String) throws(FilterError) {
    var parser = FilterParser(text)
    self = try parser.parse()
  }

  /// The attributes that the filter names, in lower case, each once, in the order of first mention.
  public var attributes: [String] {
    var seen: Set<String> = []
    var names: [String] = []
    collectAttributes { name in
      let key = name.lowercased()
      if seen.insert(key).inserted { names.append(key) }
    }
    return names
  }

  /// The attributes whose lack makes the filter match: those in its negated parts, in lower case.
  public var negatedAttributes: [String] {
    switch self {
    case .and(let parts), .or(let parts): parts.flatMap(\.negatedAttributes)
    case .not(let part): part.attributes.filter { $0 != "distinguishedname" }
    default: []
    }
  }

  /// The attributes of which the filter asks that the entry has none (`(!(a=*))`), in lower case.
  public var absentAttributes: [String] { presences(negated: true) }

  /// The attributes that are asked for at all, under an even or an odd number of negations.
  private func presences(negated: Bool) -> [String] {
    switch self {
    case .and(let parts), .or(let parts): parts.flatMap { $0.presences(negated: negated) }
    case .not(let part): part.presences(negated: !negated)
    case .present(let name): negated ? [] : [name.lowercased()]
    default: []
    }
  }

  private func collectAttributes(_ visit: (String) -> Void) {
    switch self {
    case .and(let parts), .or(let parts):
      for part in parts { part.collectAttributes(visit) }
    case .not(let part):
      part.collectAttributes(visit)
    case .present(let name), .equal(let name, _), .substrings(let name, _, _, _, _), .greaterOrEqual(let name, _),
      .lessOrEqual(let name, _), .equalExact(let name, _), .allBits(let name, _), .anyBit(let name, _):
      visit(name)
    }
  }
}

/// Recursive descent over the scalars of a filter.
private struct FilterParser {
  private let scalars: [Unicode.Scalar]
  private var position = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  mutating func parse() throws(FilterError) -> Filter {
    skipSpace()
    guard position < scalars.count else { throw fail("a filter cannot be empty; one that every user meets: (mail=*)") }
    let filter = try filter(depth: 1)
    skipSpace()
    guard position == scalars.count else {
      throw fail("nothing may follow the filter's closing parenthesis; combine filters with (&(…)(…)) or (|(…)(…))")
    }
    return filter
  }

  private mutating func filter(depth: Int) throws(FilterError) -> Filter {
    guard peek == "(" else { throw fail("expected `(`; a filter looks like (mail=*) or (&(a=1)(b=2))") }
    guard depth <= Filter.maximumDepth else {
      throw fail("a filter may be nested at most \(Filter.maximumDepth) parentheses deep")
    }
    position += 1
    skipSpace()
    let result: Filter
    switch peek {
    case "&":
      position += 1
      result = .and(try filters(depth: depth))
    case "|":
      position += 1
      result = .or(try filters(depth: depth))
    case "!":
      position += 1
      skipSpace()
      result = .not(try filter(depth: depth + 1))
      skipSpace()
      if peek == "(" { throw fail("`!` takes one filter; to negate several write (!(|(…)(…)))") }
    default:
      result = try item()
    }
    guard peek == ")" else { throw fail("expected `)` to close the filter") }
    position += 1
    return result
  }

  /// The parts of `&` or `|`; none at all are allowed (RFC 4526).
  private mutating func filters(depth: Int) throws(FilterError) -> [Filter] {
    var parts: [Filter] = []
    skipSpace()
    while peek == "(" {
      parts.append(try filter(depth: depth + 1))
      skipSpace()
    }
    return parts
  }

  // MARK: items

  private enum Comparison { case equal, greaterOrEqual, lessOrEqual }

  private mutating func item() throws(FilterError) -> Filter {
    let attribute = try attributeDescription()
    switch peek {
    case "=":
      position += 1
      return try equality(attribute, try assertion())
    case "~" where next == "=":
      position += 2
      return try equality(attribute, try assertion())
    case ">" where next == "=":
      position += 2
      return .greaterOrEqual(attribute: attribute, value: try wholeValue("`>=`"))
    case "<" where next == "=":
      position += 2
      return .lessOrEqual(attribute: attribute, value: try wholeValue("`<=`"))
    case ":":
      position += 1
      return try extensible(attribute)
    default:
      throw fail("expected `=`, `>=`, `<=` or `:` after the attribute `\(attribute)`, as in (mail=*)")
    }
  }

  /// RFC 4512, 2.5: a name or an OID, with options.
  private mutating func attributeDescription() throws(FilterError) -> String {
    let start = position
    while let scalar = peek, Self.isAttributeScalar(scalar) { position += 1 }
    guard position > start else {
      throw fail("expected the name of an attribute, as in (mail=*)")
    }
    let name = text(start..<position)
    guard Self.isAttributeDescription(name) else {
      position = start
      throw fail("`\(name)` is not the name of an attribute; a name has ASCII letters, digits and hyphens")
    }
    return name
  }

  private static func isAttributeScalar(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "-" || scalar == "." || scalar == ";" || scalar == "_"
      || (scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil))
  }

  private static func isAttributeDescription(_ name: String) -> Bool { AttributeName.isValid(name) }

  private mutating func extensible(_ attribute: String) throws(FilterError) -> Filter {
    let start = position
    while let scalar = peek, scalar != ":", scalar != "=", scalar != "(", scalar != ")" { position += 1 }
    let name = text(start..<position)
    guard peek == ":", next == "=" else {
      throw fail("expected `:=` after the matching rule, as in (userAccountControl:1.2.840.113556.1.4.803:=2)")
    }
    guard let rule = MatchingRule(name) else {
      position = start
      throw fail("matching rule `\(name)` is not available; available are \(MatchingRule.list)")
    }
    position += 2
    return try match(attribute, rule)
  }

  private mutating func match(_ attribute: String, _ rule: MatchingRule) throws(FilterError) -> Filter {
    let start = position
    switch rule {
    case .allBits: return .allBits(attribute: attribute, mask: try integer())
    case .anyBit: return .anyBit(attribute: attribute, mask: try integer())
    case .caseIgnoreMatch: return .equal(attribute: attribute, value: try wholeValue("caseIgnoreMatch"))
    case .caseExactMatch: return .equalExact(attribute: attribute, value: try wholeValue("caseExactMatch"))
    case .caseIgnoreSubstringsMatch, .caseExactSubstringsMatch:
      let pieces = try assertion()
      guard pieces.count > 1 else {
        position = start
        throw fail("a substring match needs a `*`, as in SMTP:*@*; for whole values there is caseExactMatch")
      }
      return substrings(attribute, pieces, caseSensitive: rule == .caseExactSubstringsMatch)
    }
  }

  private mutating func integer() throws(FilterError) -> Int64 {
    let start = position
    while let scalar = peek, scalar != "(", scalar != ")" { position += 1 }
    guard let value = Int64(text(start..<position)) else {
      position = start
      throw fail("a bit test takes a whole number, as in (userAccountControl:1.2.840.113556.1.4.803:=2)")
    }
    return value
  }

  private func equality(_ attribute: String, _ pieces: [[UInt8]]) throws(FilterError) -> Filter {
    if pieces.count == 1 { return .equal(attribute: attribute, value: pieces[0]) }
    if pieces.allSatisfy(\.isEmpty) { return .present(attribute: attribute) }
    return substrings(attribute, pieces, caseSensitive: false)
  }

  private func substrings(_ attribute: String, _ pieces: [[UInt8]], caseSensitive: Bool) -> Filter {
    .substrings(
      attribute: attribute, initial: pieces.first ?? [], any: pieces.dropFirst().dropLast().filter { !$0.isEmpty },
      final: pieces.last ?? [], caseSensitive: caseSensitive)
  }

  // MARK: values

  /// A value without `*`.
  private mutating func wholeValue(_ match: String) throws(FilterError) -> [UInt8] {
    let start = position
    let pieces = try assertion()
    guard pieces.count == 1 else {
      position = start
      throw fail("\(match) takes a whole value; write a literal `*` as \\2a")
    }
    return pieces[0]
  }

  /// A value up to the closing parenthesis, split at each `*`.
  private mutating func assertion() throws(FilterError) -> [[UInt8]] {
    var pieces: [[UInt8]] = [[]]
    while let scalar = peek, scalar != ")" {
      switch scalar {
      case "*": pieces.append([])
      case "\\": pieces[pieces.count - 1].append(try escape())
      case "(": throw fail("a literal `(` in a value is written \\28")
      case "\0": throw fail("a literal NUL in a value is written \\00")
      default: pieces[pieces.count - 1].append(contentsOf: Array(String(scalar).utf8))
      }
      position += 1
    }
    return pieces
  }

  /// `\XX`; leaves the position on the last digit.
  private mutating func escape() throws(FilterError) -> UInt8 {
    guard position + 2 < scalars.count, let high = Self.hexadecimal(scalars[position + 1]),
      let low = Self.hexadecimal(scalars[position + 2])
    else {
      throw fail("`\\` in a value is followed by two hexadecimal digits; a literal one is written \\5c")
    }
    position += 2
    return high << 4 | low
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar) -> UInt8? {
    switch scalar {
    case "0"..."9": UInt8(scalar.value - 0x30)
    case "a"..."f": UInt8(scalar.value - 0x61 + 10)
    case "A"..."F": UInt8(scalar.value - 0x41 + 10)
    default: nil
    }
  }

  // MARK: scalars

  private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }
  private var next: Unicode.Scalar? { position + 1 < scalars.count ? scalars[position + 1] : nil }

  private mutating func skipSpace() {
    while let scalar = peek, scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" { position += 1 }
  }

  private func text(_ range: Range<Int>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[range])
    return String(text)
  }

  private func fail(_ message: String) -> FilterError { FilterError(column: position + 1, message: message) }
}

/// Matching rules that a filter may name (RFC 4517, 4.2; MS-ADTS 3.1.1.3.4.4).
private enum MatchingRule: CaseIterable {
  case allBits, anyBit, caseExactMatch, caseExactSubstringsMatch, caseIgnoreMatch, caseIgnoreSubstringsMatch

  init?(_ name: String) {
    let name = name.lowercased()
    guard let rule = Self.allCases.first(where: { $0.names.contains { $0.lowercased() == name } }) else { return nil }
    self = rule
  }

  private var names: [String] {
    switch self {
    case .allBits: ["1.2.840.113556.1.4.803"]
    case .anyBit: ["1.2.840.113556.1.4.804"]
    case .caseExactMatch: ["caseExactMatch", "2.5.13.5"]
    case .caseExactSubstringsMatch: ["caseExactSubstringsMatch", "2.5.13.7"]
    case .caseIgnoreMatch: ["caseIgnoreMatch", "2.5.13.2"]
    case .caseIgnoreSubstringsMatch: ["caseIgnoreSubstringsMatch", "2.5.13.4"]
    }
  }

  static var list: String { allCases.map { "`\($0.names[0])`" }.joined(separator: ", ") }
}

/// Attribute descriptions as text (RFC 4512, 1.4 and 2.5).
public enum AttributeName {
  /// Whether `name` is a key string or a numeric OID, with options.
  public static func isValid(_ name: String) -> Bool {
    guard name.utf8.count <= 256 else { return false }
    let parts = name.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
    guard let type = parts.first, isType(Array(type)) else { return false }
    return parts.dropFirst().allSatisfy { !$0.isEmpty && $0.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x2D } }
  }

  private static func isType(_ type: [UInt8]) -> Bool {
    guard let first = type.first else { return false }
    if isLetter(first) { return type.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x2D } }
    let arcs = type.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return arcs.count > 1 && arcs.allSatisfy { !$0.isEmpty && $0.allSatisfy(isDigit) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
