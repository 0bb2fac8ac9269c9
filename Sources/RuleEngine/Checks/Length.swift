import Bytes
import RuleSet

/// `length`: a part of the value is too short or too long.
struct LengthCheck: CheckKind {
  /// What a length counts.
  enum Unit: String, CaseIterable { case characters, bytes }

  static let name = "length"

  let part: Part
  let unit: Unit
  let min: Int?
  let max: Int?

  init?(_ node: RuleNode) {
    guard let options = node.mapping(["part", "unit", "min", "max"], what: "`length`") else { return nil }
    let part = options.part()
    let unit = options.optional("unit", default: .characters) { $0.choice(Unit.self) }
    guard let bounds = options.bounds(), !options.hasMistakes, let part, let unit else { return nil }
    self.part = part
    self.unit = unit
    (min, max) = bounds
  }

  var bounds: (min: Bool, max: Bool) { (min != nil, max != nil) }

  func words(for rule: Rule) -> String {
    "\(RuleWords.name(part)) has \(RuleWords.outside(min, max, unit == .bytes ? "byte" : "character"))"
  }

  func test() -> LengthTest { LengthTest(limits: Limits(min, max), countsBytes: unit == .bytes) }
}

/// `length`, compiled.
struct LengthTest: ValueTesting {
  let limits: Limits
  let countsBytes: Bool

  @inline(__always)
  func fails(_ value: Span<UInt8>, _ range: Range<Int>) -> Bool {
    if range.count <= limits.maximum, limits.minimum <= 0 { return false }
    return !limits.allow(length(value, range))
  }

  private func length(_ value: Span<UInt8>, _ range: Range<Int>) -> Int {
    countsBytes ? range.count : ScalarReader.utf16Count(value, range)
  }

  func mark(
    _ issue: inout Issue, _ value: Span<UInt8>, _ range: Range<Int>, _ shape: ValueShape, _ tables: CheckTables
  ) {
    issue.set(limits)
    issue.length = length(value, range)
    if issue.length > limits.maximum { issue.flagged = [surplus(value, range)] }
  }

  /// What is beyond the longest allowed length, from a character boundary on.
  private func surplus(_ value: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    if countsBytes { return range.lowerBound + limits.maximum..<range.upperBound }
    var index = range.lowerBound
    var units = 0
    while index < range.upperBound {
      let (scalar, length) = ScalarReader.scalar(at: index, of: value)
      units += scalar != ScalarReader.invalid && scalar > 0xFFFF ? 2 : 1
      if units > limits.maximum { break }
      index += length
    }
    return index..<range.upperBound
  }

  /// Where no value of the shape is too short, a short one passes.
  func clearLength(_ values: PlainValues, _ part: ValuePart, _ tables: CheckTables) -> Int? {
    guard values.shape != .other else { return nil }
    if limits.minimum <= 0 { return limits.maximum }
    // Parts of a text, and what stands before a colon, can be empty.
    let isLongEnough = limits.minimum == 1 && (part.part == .whole || values.shape != .text && values.tells(part))
    return isLongEnough ? limits.maximum : nil
  }
}
