/// A few short names in one buffer, numbered, to be found ignoring ASCII case without touching a reference count.
struct NamePool: Sendable {
  private var bytes: [UInt8] = []
  private var places: [Place] = []

  private struct Place: Sendable {
    var start: Int
    var count: Int
  }

  /// Number of names.
  var count: Int { places.count }

  /// Adds a name in lower case.
  mutating func add(_ name: [UInt8]) {
    places.append(Place(start: bytes.count, count: name.count))
    bytes += name
  }

  /// The name with a number.
  subscript(number: Int) -> [UInt8] {
    Array(bytes[places[number].start..<places[number].start + places[number].count])
  }

  /// The number of a name; nil when it is not there.
  @inline(__always)
  func number(_ name: Span<UInt8>) -> Int? {
    for number in places.indices {
      let place = places[number]
      guard place.count == name.count else { continue }
      var index = 0
      while index < place.count, bytes[place.start &+ index] == TextFold.lower(name[index]) { index &+= 1 }
      if index == place.count { return number }
    }
    return nil
  }
}
