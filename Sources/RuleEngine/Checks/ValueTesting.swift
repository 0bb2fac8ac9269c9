/// A check of values, compiled to plain data of a few bytes: it is copied for every value that it judges, so what does not fit
/// a machine word (sets, texts, patterns) lies in `CheckTables` and is touched when the quick test could not clear the value.
///
/// How it tests is for `ValueTest` to call, without a detour, each kind with what it asks for. What follows is asked when rules
/// are compiled, or when a value has failed.
protocol ValueTesting: BitwiseCopyable, Sendable {
  /// Says in an issue what of a value failed.
  ///
  /// - Parameter range: what the check looks at.
  func mark(
    _ issue: inout Issue, _ value: Span<UInt8>, _ range: Range<Int>, _ shape: ValueShape, _ tables: CheckTables)
  /// Whether every one of the values passes.
  func passesAll(_ values: PlainValues, _ part: ValuePart, _ tables: CheckTables) -> Bool
  /// The number of bytes up to which none of the values fails; nil when there is none worth looking at.
  func clearLength(_ values: PlainValues, _ part: ValuePart, _ tables: CheckTables) -> Int?
}

extension ValueTesting {
  /// The value as a whole is meant.
  func mark(
    _ issue: inout Issue, _ value: Span<UInt8>, _ range: Range<Int>, _ shape: ValueShape, _ tables: CheckTables
  ) {}

  /// Not known.
  func passesAll(_ values: PlainValues, _ part: ValuePart, _ tables: CheckTables) -> Bool { false }

  /// None.
  func clearLength(_ values: PlainValues, _ part: ValuePart, _ tables: CheckTables) -> Int? { nil }
}

/// The least and the most of what a check counts.
struct Limits: BitwiseCopyable, Sendable {
  @Small private(set) var minimum: Int
  @Small private(set) var maximum: Int

  init(_ minimum: Int?, _ maximum: Int?) {
    self.minimum = minimum ?? 0
    self.maximum = maximum ?? .max
  }

  @inline(__always)
  func allow(_ count: Int) -> Bool { count >= minimum && count <= maximum }
}

extension Issue {
  /// Names the limits that were applied, for the message.
  mutating func set(_ limits: Limits) {
    minimum = limits.minimum > 0 ? limits.minimum : nil
    maximum = limits.maximum < .max ? limits.maximum : nil
  }
}
