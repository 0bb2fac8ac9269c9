/// Recursive descent over the scalars of a pattern.
struct PatternParser {
  private let scalars: [Unicode.Scalar]
  private let ignoringCase: Bool
  private var position = 0

  init(_ text: String, ignoringCase: Bool) {
    scalars = Array(text.unicodeScalars)
    self.ignoringCase = ignoringCase
  }

  mutating func parse() throws(PatternError) -> PatternSyntax {
    let pattern = try alternatives(depth: 1)
    if peek == ")" { throw fail("`)` without its `(`; a literal one is written `\\)`") }
    return pattern
  }

  private mutating func alternatives(depth: Int) throws(PatternError) -> PatternSyntax {
    var parts = [try sequence(depth: depth)]
    while peek == "|" {
      position += 1
      parts.append(try sequence(depth: depth))
    }
    return parts.count == 1 ? parts[0] : .alternatives(parts)
  }

  private mutating func sequence(depth: Int) throws(PatternError) -> PatternSyntax {
    var parts: [PatternSyntax] = []
    while let scalar = peek, scalar != "|", scalar != ")" {
      let part = try atom(scalar, depth: depth)
      parts.append(try repeated(part))
    }
    switch parts.count {
    case 0: return .empty
    case 1: return parts[0]
    default: return .sequence(parts)
    }
  }

  // MARK: atoms

  private mutating func atom(_ scalar: Unicode.Scalar, depth: Int) throws(PatternError) -> PatternSyntax {
    switch scalar {
    case "(": return try group(depth: depth)
    case "[": return .character(try characterClass())
    case ".":
      position += 1
      return .character(.all)
    case "\\": return .character(try escape().set)
    case "*", "+", "?", "{":
      throw fail("nothing before `\(scalar)` to repeat; a literal one is written `\\\(scalar)`")
    case "^", "$":
      throw fail(
        "`\(scalar)` is not needed: a pattern always means the whole part; a literal one is written `\\\(scalar)`")
    case "]", "}":
      throw fail("`\(scalar)` without its opening bracket; a literal one is written `\\\(scalar)`")
    default:
      position += 1
      return .character(withCases(ScalarSet(scalar)))
    }
  }

  private mutating func group(depth: Int) throws(PatternError) -> PatternSyntax {
    let start = position
    guard depth < PatternSyntax.maximumDepth else {
      throw fail("groups may be nested at most \(PatternSyntax.maximumDepth) deep")
    }
    position += 1
    if peek == "?" {
      position += 1
      guard peek == ":" else {
        position = start
        throw fail("only `( )` and `(?: )` are available: no look-around, named groups or flags")
      }
      position += 1
    }
    let inner = try alternatives(depth: depth + 1)
    guard peek == ")" else {
      position = start
      throw fail("`(` without its `)`; a literal one is written `\\(`")
    }
    position += 1
    return inner
  }

  // MARK: repetitions

  private mutating func repeated(_ part: PatternSyntax) throws(PatternError) -> PatternSyntax {
    let start = position
    let bounds: (min: Int, max: Int?)
    switch peek {
    case "*": bounds = (0, nil)
    case "+": bounds = (1, nil)
    case "?": bounds = (0, 1)
    case "{": bounds = try braces()
    default: return part
    }
    position += 1
    if let next = peek, next == "*" || next == "+" || next == "?" || next == "{" {
      let explanation = "lazy and possessive repetitions are not available (they make no difference to a whole match)"
      throw fail("`\(next)` after a repetition: \(explanation); repeat a repetition as in `(?:a+)*`")
    }
    if let max = bounds.max, bounds.min > max {
      position = start
      throw fail("the first number of `{\(bounds.min),\(max)}` is larger than the second")
    }
    return .repetition(part, min: bounds.min, max: bounds.max)
  }

  /// `{m}`, `{m,}`, `{m,n}`; leaves the position on the closing brace.
  private mutating func braces() throws(PatternError) -> (min: Int, max: Int?) {
    let start = position
    position += 1
    guard let min = try number() else {
      position = start
      throw fail("`{` starts a repetition as in `a{3}`, `a{3,}` or `a{1,3}`; a literal one is written `\\{`")
    }
    var max: Int? = min
    if peek == "," {
      position += 1
      max = try number()
    }
    guard peek == "}" else {
      position = start
      throw fail("`{` starts a repetition as in `a{3}`, `a{3,}` or `a{1,3}`; a literal one is written `\\{`")
    }
    return (min, max)
  }

  private mutating func number() throws(PatternError) -> Int? {
    let start = position
    var value: Int?
    while let scalar = peek, ("0"..."9").contains(scalar) {
      value = (value ?? 0) * 10 + Int(scalar.value - 0x30)
      position += 1
      if let value, value > PatternSyntax.maximumRepetition {
        position = start
        throw fail("a repetition may have at most \(PatternSyntax.maximumRepetition)")
      }
    }
    return value
  }

  // MARK: classes

  private mutating func characterClass() throws(PatternError) -> ScalarSet {
    let start = position
    position += 1
    let isInverted = peek == "^"
    if isInverted { position += 1 }
    var literals = ScalarSet.none
    var classes = ScalarSet.none
    var isFirst = true
    while let scalar = peek, scalar != "]" || isFirst {
      if scalar == "]" { throw fail("a class cannot be empty; a literal `]` in it is written `\\]`") }
      isFirst = false
      let item = try classItem(scalar)
      if item.isClass { classes = classes.union(item.set) } else { literals = literals.union(item.set) }
    }
    guard peek == "]" else {
      position = start
      throw fail("`[` without its `]`; a literal one is written `\\[`")
    }
    position += 1
    let set = withCases(literals).union(classes)
    return isInverted ? set.inverted : set
  }

  private typealias ClassItem = (set: ScalarSet, isClass: Bool)

  /// A character, a range or an escape in a class; whether it is a class itself, which has no cases to add.
  private mutating func classItem(_ scalar: Unicode.Scalar) throws(PatternError) -> ClassItem {
    if scalar == "[", let next, next == ":" || next == "." || next == "=" {
      throw fail("named classes such as `[:alpha:]` are not available; write the range, as in `[A-Za-z]`")
    }
    let start = position
    let lower = try classCharacter(scalar)
    guard peek == "-", let end = next, end != "]" else { return lower }
    position += 1
    let upper = try classCharacter(end)
    guard !lower.isClass, !upper.isClass, let first = lower.set.ranges.first?.lowerBound,
      let last = upper.set.ranges.first?.lowerBound
    else {
      position = start
      throw fail("a range goes from one character to another, as in `[a-z]`; a literal `-` is written `\\-`")
    }
    guard first <= last else {
      position = start
      throw fail("the ends of the range are in the wrong order; write the lower code point first, as in `[a-z]`")
    }
    return (ScalarSet([first...last]), false)
  }

  private mutating func classCharacter(_ scalar: Unicode.Scalar) throws(PatternError) -> ClassItem {
    if scalar == "\\" { return try escape() }
    position += 1
    return (ScalarSet(scalar), false)
  }

  /// `\d`, `\w`, `\s`, their opposites, or an escaped ASCII punctuation character.
  private mutating func escape() throws(PatternError) -> ClassItem {
    guard let scalar = next else { throw fail("`\\` at the end; a literal one is written `\\\\`") }
    if let named = Self.namedClass(scalar) {
      position += 2
      return (named, true)
    }
    switch scalar {
    case _ where Self.isPunctuation(scalar):
      position += 2
      return (ScalarSet(scalar), false)
    case "b", "B", "A", "z", "Z", "G":
      throw fail("`\\\(scalar)` is not available: a pattern always means the whole part, without anchors")
    case "1"..."9", "k": throw fail("back-references are not available")
    case "p", "P", "X": throw fail("Unicode properties are not available; write the range of characters")
    default:
      let escapes = "escapes are `\\d`, `\\w`, `\\s`, `\\D`, `\\W`, `\\S` and `\\` before a punctuation character"
      throw fail("`\\\(scalar)` is not available; \(escapes)")
    }
  }

  private static func namedClass(_ scalar: Unicode.Scalar) -> ScalarSet? {
    switch scalar {
    case "d": digits
    case "w": wordCharacters
    case "s": CharacterClass.whiteSpace.scalars
    case "D": digits.inverted
    case "W": wordCharacters.inverted
    case "S": CharacterClass.whiteSpace.scalars.inverted
    default: nil
    }
  }

  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    (0x21...0x7E).contains(scalar.value) && !scalar.properties.isAlphabetic && scalar.properties.numericType == nil
  }

  private static let digits = ScalarSet([0x30...0x39])
  private static let wordCharacters = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])

  private func withCases(_ set: ScalarSet) -> ScalarSet { ignoringCase ? set.addingCases : set }

  // MARK: scalars

  private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }
  private var next: Unicode.Scalar? { position + 1 < scalars.count ? scalars[position + 1] : nil }

  private func fail(_ message: String) -> PatternError { PatternError(column: position + 1, message: message) }
}
