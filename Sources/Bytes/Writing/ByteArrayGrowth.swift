extension [UInt8] {
  private static let zeros = [UInt8](repeating: 0, count: 64 << 10)

  /// Makes the array at least so long, with zeros behind what it has.
  ///
  /// In pieces of an array that is there: appending a repeated element takes a debug build a third of a microsecond a byte,
  /// which was most of the time of the tests that read small files.
  public mutating func extend(to length: Int) {
    guard length > count else { return }
    if isEmpty {
      self = [UInt8](repeating: 0, count: length)
      return
    }
    reserveCapacity(length)
    while count < length { append(contentsOf: Self.zeros.prefix(length - count)) }
  }
}
