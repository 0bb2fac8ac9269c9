import Findings

/// The pseudonym of a suggested value, made by the change that was made to the original.
///
/// What the suggestion has of the original value has the pseudonym that it has there, so that the change can be seen:
/// `xükwpz` becomes `xukwpz` as `müller` became `muller`.
enum SuggestionRedaction {
  /// The suggestion in pseudonyms; nil when it has letters or digits that are not from the original value.
  ///
  /// - Parameter pseudonym: the pseudonym of `original`, character by character.
  static func characters(of suggestion: [UInt32], original: [UInt32], pseudonym: [UInt32]) -> [UInt32]? {
    let types = (prefix(of: suggestion), prefix(of: original))
    var result = Array(suggestion[..<types.0])
    let suggestion = Array(suggestion[types.0...])
    let (original, pseudonym) = (Array(original[types.1...]), Array(pseudonym[types.1...]))
    let start = zip(suggestion, original).prefix { $0 == $1 }.count
    let end = zip(suggestion.dropFirst(start).reversed(), original.dropFirst(start).reversed())
      .prefix { $0 == $1 }.count
    result += pseudonym[..<start]
    guard
      let middle = middle(
        Array(suggestion[start..<suggestion.count - end]), Array(original[start..<original.count - end]),
        Array(pseudonym[start..<pseudonym.count - end]))
    else { return nil }
    return result + middle + pseudonym[(pseudonym.count - end)...]
  }

  private static func prefix(of characters: [UInt32]) -> Int {
    guard let colon = characters.firstIndex(of: 0x3A), AddressType.isKept(characters[..<colon]) else { return 0 }
    return colon + 1
  }

  /// The part that differs: along its longest common subsequence with the original.
  private static func middle(_ new: [UInt32], _ old: [UInt32], _ pseudonym: [UInt32]) -> [UInt32]? {
    guard new.count * old.count <= 4_000_000 else { return nil }
    let width = old.count + 1
    var lengths = [Int32](repeating: 0, count: (new.count + 1) * width)
    for row in stride(from: new.count - 1, through: 0, by: -1) {
      for column in stride(from: old.count - 1, through: 0, by: -1) {
        lengths[row * width + column] =
          new[row] == old[column]
          ? lengths[(row + 1) * width + column + 1] + 1
          : max(lengths[(row + 1) * width + column], lengths[row * width + column + 1])
      }
    }
    var result: [UInt32] = []
    var (row, column) = (0, 0)
    // Letters that may stand for an accented one that was taken away, `ss` for `ß`: two for each.
    var credit = 0
    while row < new.count {
      if column < old.count, new[row] == old[column] {
        result.append(pseudonym[column])
        (row, column) = (row + 1, column + 1)
      } else if column < old.count,
        lengths[row * width + column + 1] >= lengths[(row + 1) * width + column]
      {
        if WordPseudonyms.isAccentedLatin(old[column]), pseudonym[column] == old[column] { credit += 2 }
        column += 1
      } else {
        if isNaming(new[row]) {
          guard credit > 0 else { return nil }
          credit -= 1
        }
        result.append(new[row])
        row += 1
      }
    }
    return result
  }

  private static func isNaming(_ character: UInt32) -> Bool {
    guard let scalar = Unicode.Scalar(character) else { return false }
    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }
}
