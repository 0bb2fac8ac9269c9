/// Makes XML declarations between fragments harmless.
///
/// `<?xml` is allowed only at the very start of a document, and here a start tag stands before it. Each is turned into a
/// processing instruction of another name, of the same length, so that places stay what they are.
struct FragmentFilter {
  private static let pattern = Array("<?xml".utf8)
  /// The end of the last piece, when it may be the beginning of the pattern.
  private var held: [UInt8] = []

  /// - Parameter isLast: Whether no more comes: nothing is held back then.
  mutating func filter(_ text: inout [UInt8], isLast: Bool) {
    if !held.isEmpty {
      text.insert(contentsOf: held, at: 0)
      held.removeAll(keepingCapacity: true)
    }
    let count = Self.pattern.count
    var index = 0
    while let next = text[index...].firstIndex(of: Self.pattern[0]) {
      let candidate = text[next...].prefix(count)
      if candidate.count < count {
        if !isLast, Self.pattern.starts(with: candidate) {
          held = Array(candidate)
          text.removeLast(candidate.count)
          return
        }
      } else if candidate.elementsEqual(Self.pattern) {
        text[next + count - 1] = UInt8(ascii: "_")
      }
      index = next + 1
    }
  }
}
