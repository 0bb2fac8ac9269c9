/// A few short names in one buffer, numbered, to be found ignoring ASCII case without touching a reference count.
struct NamePool: Sendable {
  private var bytes: [UInt8] = []
  private var places: [Place] = []

  private struct Place: Sendable {
    var start: Int
    var count: Int
    /// The first eight bytes, or all of them.
    var word: UInt64
  }

  /// Number of names.
  var count: Int { places.count }

  /// Adds a name in lower case.
  mutating func add(_ name: [UInt8]) {
    places.append(Place(start: bytes.count, count: name.count, word: Self.word(name.span)))
    bytes += name
  }

  /// The name with a number.
  subscript(number: Int) -> [UInt8] {
    Array(bytes[places[number].start..<places[number].start + places[number].count])
  }

  /// The number of a name; nil when it is not there.
  @inline(__always)
  func number(_ name: Span<UInt8>) -> Int? {
    let word = Self.word(name)
    for number in places.indices where places[number].word == word && places[number].count == name.count {
      let start = places[number].start
      if name.count <= 8 || WideBytes.areEqualButForCase(name, bytes.span.extracting(start..<start &+ name.count)) {
        return number
      }
    }
    return nil
  }

  /// The first eight bytes of a name in lower case, or all of them.
  @inline(__always)
  private static func word(_ name: Span<UInt8>) -> UInt64 {
    name.withUnsafeBytes { raw in WideBytes.lower(raw.count < 8 ? WideBytes.short(raw) : WideBytes.word(raw, 0)) }
  }
}
