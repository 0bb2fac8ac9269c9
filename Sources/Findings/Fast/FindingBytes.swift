/// Room: layouts, holders and spans of findings as bytes.
///
/// What is stored is `BitwiseCopyable` and read by the process that wrote it, so that the bytes at a place are those of a value
/// that was put there; loads are unaligned, and each is checked to lie within the bytes.
extension FindingLayout {
  /// Number of bytes of a layout.
  package static var size: Int { MemoryLayout<FindingLayout>.stride }
  /// Number of bytes of a holder.
  static var holderSize: Int { MemoryLayout<Holder>.stride }

  /// The layout at a place.
  package init(_ bytes: [UInt8], at start: Int) { self = bytes.value(at: start) }

  /// Appends room for a layout.
  ///
  /// - Returns: where it begins.
  package static func reserve(in bytes: inout [UInt8]) -> Int {
    bytes.append(contentsOf: repeatElement(0, count: size))
    return bytes.count - size
  }

  /// Puts the layout at a place that was reserved for it.
  package func store(at start: Int, in bytes: inout [UInt8]) {
    precondition(start >= 0 && start + Self.size <= bytes.count)
    bytes.withUnsafeMutableBytes { $0.storeBytes(of: self, toByteOffset: start, as: FindingLayout.self) }
  }
}

extension [UInt8] {
  /// The value that was stored at a place.
  @inline(__always)
  func value<Value: BitwiseCopyable>(at place: Int) -> Value {
    precondition(place >= 0 && place + MemoryLayout<Value>.stride <= count)
    return withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: Value.self) }
  }

  /// Appends values, one behind the other.
  ///
  /// - Returns: where they are, counted from a place.
  package mutating func append<Value: BitwiseCopyable>(values: [Value], base: Int) -> FindingLayout.Part {
    let start = count - base
    values.withUnsafeBytes { append(contentsOf: $0) }
    return FindingLayout.Part(start..<count - base)
  }

  /// Appends a text.
  ///
  /// - Returns: where it is, counted from a place.
  @inline(__always)
  package mutating func append(part text: Span<UInt8>, base: Int) -> FindingLayout.Part {
    let start = count - base
    text.withUnsafeBufferPointer { append(contentsOf: $0) }
    return FindingLayout.Part(start..<count - base)
  }
}
