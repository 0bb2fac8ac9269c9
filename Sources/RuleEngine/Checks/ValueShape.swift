import RuleSet

/// What the engine knows of a value before any check: where its address type ends and where its domain begins.
struct ValueShape {
  /// Offset of the first colon; -1 when there is none.
  var colon = -1
  /// Offset of the last `@`; -1 when there is none.
  var at = -1
  /// Which of the program's address types stands before the colon: `none`, `other`, or a position from 2 on.
  var type: UInt8 = ValueShape.none
  /// Union of the slot's character classes over all bytes.
  var classes: UInt32 = 0
  /// Whether the value is known to be printable ASCII.
  var isPrintable = false

  static let none: UInt8 = 0
  static let other: UInt8 = 1
}

/// What of a value a check looks at.
struct ValuePart: BitwiseCopyable, Sendable {
  var part = Part.whole
  /// Whether an address begins behind the type (`when: value-prefix…` is given).
  var followsType = false

  /// The bytes that the check looks at; nil when the value has no such part.
  @inline(__always)
  func range(of count: Int, _ shape: ValueShape) -> Range<Int>? {
    switch part {
    case .whole: return 0..<count
    case .prefix: return shape.colon >= 0 ? 0..<shape.colon : nil
    case .afterPrefix: return shape.colon + 1..<count
    case .localPart:
      let start = followsType ? shape.colon + 1 : 0
      return start..<(shape.at >= start ? shape.at : count)
    case .domain:
      let start = followsType ? shape.colon + 1 : 0
      return shape.at >= start ? shape.at + 1..<count : nil
    }
  }
}
