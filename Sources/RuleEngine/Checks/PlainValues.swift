import RuleSet

/// All values of one plain shape and one address type, of which checks are proved at compile time to pass every one.
struct PlainValues {
  let shape: PlainShape
  /// The address type before the value, in lower case, when one is known; nil for none.
  let type: [UInt8]?
  /// Whether the value has a type that is not known by name.
  let hasOtherType: Bool

  /// Whether they are words or addresses, of which the shape tells more than that they are printable.
  var isPlain: Bool { shape == .word || shape == .address }

  /// Whether a part lies behind the type, where the shape tells what it is made of; otherwise a type that is not known by
  /// name, of which nothing is known, may be in it.
  func tells(_ part: ValuePart) -> Bool {
    switch part.part {
    case .afterPrefix: true
    case .whole, .prefix: !hasOtherType
    case .localPart: !hasOtherType || part.followsType
    // The last `@` of an address is its own; a word may follow a type that has one.
    case .domain: !hasOtherType || part.followsType || shape == .address
    }
  }

  static var alphanumerics: [UInt8] { Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8) }

  /// Bytes that a part of a plain value can have (at its ends).
  func bytes(of part: Part, edgesOnly: Bool) -> [UInt8] {
    let typed = type != nil || hasOtherType
    var known = Self.alphanumerics
    if !edgesOnly { known += Array("-_.".utf8) }
    if !edgesOnly, shape == .address, part == .whole || part == .afterPrefix { known.append(UInt8(ascii: "@")) }
    if !edgesOnly, typed, part == .whole || part == .prefix { known.append(UInt8(ascii: ":")) }
    // An address that is not set apart from its type begins with it.
    if !edgesOnly, typed, part == .localPart { known.append(UInt8(ascii: ":")) }
    return known
  }
}
