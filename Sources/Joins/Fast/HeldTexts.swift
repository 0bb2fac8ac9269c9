import Bytes
import Directory

/// Room: the hashes of the addresses and names that entries hold, kept while a source is read for something else.
///
/// Whether a value is free among a million entries is a question that comes up only when some of them have been judged, and a
/// second reading would cost as much as the first. Hashes that are not among those kept belong to values that nobody holds, for
/// certain; of all others only a second reading knows. Eight bytes for each value of an entry that it holds once or several
/// times, 128 MiB at most: beyond that nothing is certain.
package struct HeldTexts: Sendable {
  /// The attributes whose values are kept: those in which an address, an alias or an account name may stand.
  static let attributes = AttributeSet(
    .userPrincipalName, .proxyAddresses, .mail, .targetAddress, .sipAddress, .legacyExchangeDN, .mailNickname,
    .samAccountName)
  private static let blockSize = 1 << 16
  private static let limit = 1 << 24

  /// Blocks of one size, so that no hash is ever moved.
  private var blocks: [[UInt64]] = []
  private var last: [UInt64] = []
  /// Where the hashes of the entry at hand begin among the last ones.
  private var entryStart = 0
  private var isFull = false

  /// Of nothing yet.
  package init() {}

  /// Begins an entry.
  @inline(__always)
  mutating func beginEntry() {
    entryStart = last.count
    if last.count > Self.blockSize - 512 { closeBlock() }
  }

  /// Keeps the hash of a value of the entry at hand. Most entries hold one address in several attributes.
  @inline(__always)
  mutating func add(_ hash: UInt64) {
    var index = last.count
    let first = max(entryStart, index &- 16)
    while index > first {
      index &-= 1
      if last[index] == hash { return }
    }
    last.append(hash)
  }

  private mutating func closeBlock() {
    if blocks.count * Self.blockSize >= Self.limit {
      isFull = true
    } else {
      blocks.append(last)
    }
    last = []
    last.reserveCapacity(Self.blockSize)
    entryStart = 0
  }

  /// How many entries hold each of some texts: nil when too much was read to say. An entry that holds a text more than once
  /// may count more than once.
  func counts(of hashes: Set<UInt64>) -> [UInt64: Int]? {
    guard !isFull else { return nil }
    var filter = HashFilter(capacity: hashes.count)
    hashes.forEach { filter.insert($0) }
    var counts: [UInt64: Int] = [:]
    filter.words.withUnsafeBufferPointer { words in
      for block in blocks + [last] {
        for hash in block where HashFilter.mayHave(words, hash) && hashes.contains(hash) {
          counts[hash, default: 0] += 1
        }
      }
    }
    return counts
  }
}
