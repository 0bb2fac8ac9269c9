/// Address types that conditions name, numbered as `ValueShape.type` has them.
struct AddressTypes: Sendable {
  /// In lower case; position plus two is the number.
  private var names = NamePool()

  /// Number of types, counting those without a name.
  var count: Int { names.count + 2 }

  /// The name of a type in lower case; nil for `none` and `other`.
  func name(_ type: Int) -> [UInt8]? { type >= 2 ? names[type - 2] : nil }

  /// The number of a type that a condition names; beyond 61 different ones, further types count as `other`.
  mutating func add(_ name: String) -> UInt8 {
    let bytes = Array(name.lowercased().utf8)
    if let known = number(bytes.span) { return known }
    guard names.count < 61 else { return ValueShape.other }
    names.add(bytes)
    return UInt8(names.count + 1)
  }

  /// The number of a type that was named.
  @inline(__always)
  func number(_ name: Span<UInt8>) -> UInt8? { names.number(name).map { UInt8(truncatingIfNeeded: $0 &+ 2) } }

  /// The number of the type before a value's colon.
  @inline(__always)
  func type(of value: Span<UInt8>, colon: Int) -> UInt8 {
    guard colon >= 0 else { return ValueShape.none }
    // Nothing before a colon is no type that has a name, and no value without a colon either.
    return colon > 0 ? number(value.extracting(0..<colon)) ?? ValueShape.other : ValueShape.other
  }
}
