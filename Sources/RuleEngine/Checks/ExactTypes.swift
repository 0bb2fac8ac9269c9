/// Lists of address types that must be spelled exactly so, by number.
struct ExactTypes: Sendable {
  /// A list.
  struct List: BitwiseCopyable, Sendable {
    fileprivate let number: UInt32
  }

  private struct Spelling: Sendable {
    /// The type and its colon, if they are no longer than eight bytes, and ones where they are.
    var word: UInt64 = 0
    var mask: UInt64 = 0
    var text: [UInt8]
  }

  private var spellings: [Spelling] = []
  private var lists: [Range<Int>] = []

  /// Adds a list.
  mutating func add(_ types: [String]) -> List {
    let start = spellings.count
    for type in types {
      var spelling = Spelling(text: Array(type.utf8) + [UInt8(ascii: ":")])
      if spelling.text.count <= 8 {
        for (place, byte) in spelling.text.enumerated() {
          spelling.word |= UInt64(byte) << UInt64(8 * place)
          spelling.mask |= 0xFF << UInt64(8 * place)
        }
      }
      spellings.append(spelling)
    }
    lists.append(start..<spellings.count)
    return List(number: UInt32(lists.count - 1))
  }

  /// Whether a value begins with one of the types of a list and a colon.
  @inline(__always)
  func begins(_ value: Span<UInt8>, with list: List) -> Bool {
    let first = WideBytes.first(value)
    for number in lists[Int(list.number)] {
      if value.count >= 8, spellings[number].mask != 0 {
        if first & spellings[number].mask == spellings[number].word { return true }
      } else if beginsSlowly(value, spellings[number].text) {
        return true
      }
    }
    return false
  }

  private func beginsSlowly(_ value: Span<UInt8>, _ text: [UInt8]) -> Bool {
    value.count >= text.count && WideBytes.areEqual(value.extracting(0..<text.count), text.span)
  }
}
