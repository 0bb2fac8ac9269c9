import Bytes
import Findings

/// A keyed permutation of the texts of one shape: the pseudonym of a word has as many characters of the same kinds.
///
/// A Feistel network over numbers of mixed radix, as in format-preserving encryption (NIST SP 800-38G), with SipHash-2-4
/// as its round function: a pseudorandom function made for short inputs, whose 128-bit key the user has. Ten rounds, each
/// adds to one half what the function makes of the other, digit by digit modulo their radix. So
/// - equal words get equal pseudonyms and different ones different ones, without a table to keep or to leak;
/// - a word cannot be found from its pseudonym, nor guessed and tested, without the key;
/// - shape is not hidden: the length, where digits stand, and for one or two letters alone how often they occur.
struct DigitCipher {
  /// A character as a number below the size of its alphabet.
  struct Digit {
    var value: UInt32
    var radix: UInt32
  }

  private let key: RedactionKey
  private static let rounds = 10

  init(key: RedactionKey) { self.key = key }

  /// Replaces digits by those of their pseudonym.
  func encipher(_ digits: inout [Digit]) {
    let middle = digits.count / 2
    for round in 0..<Self.rounds {
      let changed = round % 2 == 0 ? middle..<digits.count : 0..<middle
      if changed.isEmpty { continue }
      let (seed0, seed1) = seed(round: round, changed: changed, of: digits)
      var words: (UInt64, UInt64) = (0, 0)
      for (position, index) in changed.enumerated() {
        if position % 2 == 0 {
          var hash = SipHash128(key0: seed0, key1: seed1)
          hash.combine(word: UInt64(position))
          words = hash.finalize()
        }
        let added = (position % 2 == 0 ? words.0 : words.1) % UInt64(digits[index].radix)
        digits[index].value = UInt32((UInt64(digits[index].value) + added) % UInt64(digits[index].radix))
      }
    }
  }

  /// What the round function makes of everything that does not change in a round: the other half, and all radices.
  private func seed(round: Int, changed: Range<Int>, of digits: [Digit]) -> (UInt64, UInt64) {
    var hash = SipHash128(key0: key.word0, key1: key.word1)
    hash.combine(word: UInt64(round))
    hash.combine(word: UInt64(digits.count))
    for (index, digit) in digits.enumerated() {
      hash.combine(word: UInt64(digit.radix) << 32 | (changed.contains(index) ? 0xFFFF_FFFF : UInt64(digit.value)))
    }
    return hash.finalize()
  }
}
