import Bytes
import RuleSet
import Testing

@testable import Joins
@testable import RuleEngine

/// The fast rooms against plain versions of the same.
@Suite struct RoomOracleTests {
  static let pieces: [[UInt8]] =
    [
      "a", "A", "z", "Z", "@", "[", "`", "{", "0", ":", ".", " ", "\0", "\u{7F}", "ä", "Ä", "ß", "ẞ", "İ", "ı",
      "\u{212A}",
      "k", "K", "σ", "ς", "Σ", "漢", "😀", "\u{10400}", "\u{10428}", "ǅ", "e\u{301}", "\u{A0}", "\u{3000}", "\t",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0x80], [0xE2, 0x80], [0xF0, 0x9F], [0xED, 0xA0, 0x80]]

  /// Lower case by the standard library, character by character; broken bytes as they are.
  private static func plainFold(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let length = (1...4).first { index + $0 <= bytes.count && isOneScalar(bytes[index..<index + $0]) }
      if let length, let scalar = String(decoding: bytes[index..<index + length], as: UTF8.self).unicodeScalars.first {
        result += Array(scalar.properties.lowercaseMapping.utf8)
      } else {
        result.append(bytes[index])
      }
      index += length ?? 1
    }
    return result
  }

  private static func isOneScalar(_ bytes: ArraySlice<UInt8>) -> Bool {
    String(validating: bytes, as: UTF8.self)?.unicodeScalars.count == 1
  }

  /// Values and variants of them in another case.
  private static func pairs(_ seed: UInt64, _ count: Int) -> [([UInt8], [UInt8])] {
    var random = SampleRandom(seed)
    return (0..<count).map { _ in
      let value = random.text(of: pieces, upTo: 20)
      switch random.below(4) {
      case 0: return (value, random.text(of: pieces, upTo: 20))
      case 1: return (value, plainFold(value))
      case 2: return (value, value.map { $0 &- 97 < 26 ? $0 & 0xDF : $0 })
      default:
        var other = value
        if !other.isEmpty { other[random.below(other.count)] ^= UInt8(1 << random.below(8)) }
        return (value, other)
      }
    }
  }

  @Test(arguments: 0..<4) func folding(_ seed: UInt64) {
    for (left, right) in Self.pairs(seed, 2_000) {
      let (foldedLeft, foldedRight) = (Self.plainFold(left), Self.plainFold(right))
      #expect(TextFold.fold(left) == foldedLeft)
      #expect(TextFold.areEqual(left, right) == (foldedLeft == foldedRight), "\(left) \(right)")
      #expect(TextFold.isASCII(left) == left.allSatisfy { $0 < 0x80 })
    }
  }

  /// Equal values always have equal fingerprints; different ones practically never, whatever their common start or end.
  @Test(arguments: 10..<14) func fingerprints(_ seed: UInt64) {
    let hash = KeyHash(seed: seed)
    for (left, right) in Self.pairs(seed, 2_000) {
      let isEqual = Self.plainFold(left) == Self.plainFold(right)
      let keys = [left, right].map { hash.of($0, index: 1, foldsCase: true) }
      #expect((keys[0] == keys[1]) == isEqual, "\(left) \(right)")
      let exact = [left, right].map { hash.of($0, index: 1, foldsCase: false) }
      #expect((exact[0] == exact[1]) == (left == right))
      #expect(keys[0] != hash.of(left, index: 2, foldsCase: true))
      #expect(keys[0] != KeyHash(seed: seed + 1).of(left, index: 1, foldsCase: true))
    }
  }

  @Test func fingerprintsOfEveryLengthAndByte() {
    let hash = KeyHash(seed: 3)
    var wrong = 0
    for length in 0...40 {
      let value = [UInt8](repeating: UInt8(ascii: "m"), count: length)
      for position in 0..<length {
        for byte in UInt8.min...127 {
          var changed = value
          changed[position] = byte
          var folded = changed
          folded[position] = TextFold.lower(byte)
          let key = hash.of(changed, index: 0, foldsCase: true)
          if key != hash.of(folded, index: 0, foldsCase: false) { wrong += 1 }
          let isOther = TextFold.lower(byte) != UInt8(ascii: "m")
          if isOther == (key == hash.of(value, index: 0, foldsCase: true)) { wrong += 1 }
        }
        #expect(hash.ofASCII(value.dropLast() + [0x80], index: 0, foldsCase: true) == nil)
      }
      #expect(hash.of(value, index: 0, foldsCase: true) != hash.of(value + [0], index: 0, foldsCase: true))
    }
    #expect(wrong == 0)
  }

  @Test(arguments: 20..<24) func trimming(_ seed: UInt64) {
    var random = SampleRandom(seed)
    let spaces = ["\u{A0}", "\u{3000}", " ", "\t", "\r\n", "\u{2028}", "\u{85}", "\u{1680}", "\u{205F}"].map {
      Array($0.utf8)
    }
    let all = spaces + spaces + Self.pieces
    for _ in 0..<1_000 {
      let value = random.text(of: all, upTo: 8)
      #expect(Array(value[TextFold.trimmed(value)]) == Self.plainTrim(value))
    }
  }

  private static func plainTrim(_ value: [UInt8]) -> [UInt8] {
    var rest = value[...]
    func space(_ matches: (ArraySlice<UInt8>) -> ArraySlice<UInt8>, _ length: Int) -> Bool {
      let part = matches(rest)
      guard part.count == length, isOneScalar(part) else { return false }
      return String(decoding: part, as: UTF8.self).unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }
    while let length = (1...3).first(where: { length in space({ $0.prefix(length) }, length) }) {
      rest = rest.dropFirst(length)
    }
    while let length = (1...3).first(where: { length in space({ $0.suffix(length) }, length) }) {
      rest = rest.dropLast(length)
    }
    return Array(rest)
  }

  /// Every scalar value, and every sequence that only looks like one.
  @Test func scalars() {
    for value in stride(from: UInt32(0), through: 0x10FFFF, by: 97) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let bytes = Array(String(scalar).utf8)
      #expect(ScalarReader.scalar(at: 0, of: bytes) == (value, bytes.count))
      let shortened = Array(bytes.dropLast())
      if bytes.count > 1 { #expect(ScalarReader.scalar(at: 0, of: shortened) == (ScalarReader.invalid, 1)) }
    }
  }

  @Test(arguments: 30..<34) func scalarsOfAnyBytes(_ seed: UInt64) {
    var random = SampleRandom(seed)
    let edges: [UInt8] = [
      0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEE, 0xEF, 0xF0,
      0xF1,
      0xF4, 0xF5, 0xFF,
    ]
    for _ in 0..<4_000 {
      let value = (0..<random.below(9)).map { _ in edges[random.below(edges.count)] }
      let isText = String(validating: value, as: UTF8.self) != nil
      var index = 0
      var scalars: [UInt32] = []
      while index < value.count {
        let (scalar, length) = ScalarReader.scalar(at: index, of: value)
        scalars.append(scalar)
        index += length
      }
      #expect(index == value.count)
      #expect(isText == !scalars.contains(ScalarReader.invalid), "\(value)")
      #expect(ScalarReader.count(value) == scalars.count)
      guard isText else { continue }
      let text = String(decoding: value, as: UTF8.self)
      #expect(scalars == text.unicodeScalars.map(\.value))
      #expect(ScalarReader.utf16Count(value) == text.utf16.count)
    }
  }

  @Test func keptVerdictsAreTheRightOnes() {
    var cache = DomainCache()
    var random = SampleRandom(40)
    func verdict(_ rule: Int, _ domain: [UInt8]) -> Bool { domain.reduce(rule) { $0 &* 31 &+ Int($1) } & 1 == 0 }
    var hits = 0
    for _ in 0..<20_000 {
      let rule = random.below(5)
      let domain =
        Array("d\(random.below(30)).com".utf8) + [UInt8](repeating: 0x61, count: random.below(20) == 0 ? 60 : 0)
      if let known = cache.verdict(rule, domain) {
        #expect(known == verdict(rule, domain))
        hits += 1
      } else {
        cache.keep(verdict(rule, domain), rule, domain.span)
      }
    }
    #expect(hits > 1_000)
    let empty: [UInt8] = []
    cache.keep(true, 1, empty.span)
    #expect(cache.verdict(1, empty) == nil)
    let longest = [UInt8](repeating: 0x61, count: 48)
    cache.keep(true, 1, longest.span)
    #expect(cache.verdict(1, longest) == true)
    #expect(cache.verdict(0, longest) == nil)
    #expect(cache.verdict(1, longest.dropLast() + [0x41]) == nil)
  }
}

/// The uniqueness index against a dictionary.
@Suite struct UniquenessIndexTests {
  /// Keys of a few different top bytes, so that partitions and tables are shared.
  private static func key(_ random: inout SampleRandom, _ different: Int) -> UInt64 {
    let number = UInt64(random.below(different))
    return (number << 56 | number &* 0x40) & ~UniquenessIndex.repeatBit
  }

  @Test(arguments: 0..<12) func findsWhatADictionaryFinds(_ seed: UInt64) {
    var random = SampleRandom(seed)
    let different = [3, 50, 5_000][Int(seed) % 3]
    var index = UniquenessIndex()
    var holders: [UInt64: Set<UInt32>] = [:]
    var base: UInt32 = 0
    for _ in 0..<5 {
      var keys: [UInt64] = []
      var entries: [UInt32] = []
      for entry in 0..<UInt32(100) {
        for _ in 0..<random.below(4) {
          let key = Self.key(&random, different)
          keys.append(key)
          entries.append(entry)
          holders[key, default: []].insert(entry + base)
        }
      }
      index.add(keys, entries: entries, base: base)
      base += 100
    }
    var probes: [UniquenessIndex.Probe] = []
    for finding in 0..<200 {
      let probe = UniquenessIndex.Probe(
        key: Self.key(&random, different * 2), entry: UInt32(random.below(500)), finding: finding)
      probes.append(probe)
      index.add(probe)
    }
    let (hits, groupCount, withdrawn) = index.finish()
    let expected = holders.filter { $0.value.count > 1 }
    #expect(groupCount == expected.count)
    var found: [UInt64: [UInt32]] = [:]
    var keyOfGroup: [UInt32: UInt64] = [:]
    for hit in hits {
      found[hit.key, default: []].append(hit.entry)
      #expect(keyOfGroup[hit.group, default: hit.key] == hit.key)
      keyOfGroup[hit.group] = hit.key
    }
    #expect(Set(found.keys) == Set(expected.keys))
    for (key, entries) in expected { #expect(found[key] == entries.sorted()) }
    #expect(hits.map(\.entry) == hits.map(\.entry).sorted())
    var first: [UInt64: UInt32] = [:]
    var plain: Set<Int> = []
    for probe in probes {
      if holders[probe.key, default: []].contains(where: { $0 != probe.entry }) { plain.insert(probe.finding) }
      if first[probe.key, default: probe.entry] != probe.entry { plain.insert(probe.finding) }
      if first[probe.key] == nil { first[probe.key] = probe.entry }
    }
    #expect(withdrawn == plain)
  }

  @Test func repeatsInOneEntryCountForStepsOnly() {
    for (key, count) in [(UInt64(8), 0), (8 | UniquenessIndex.repeatBit, 1)] {
      var index = UniquenessIndex()
      index.add([key, key, key], entries: [4, 4, 4], base: 0)
      let (hits, groups, _) = index.finish()
      #expect(groups == count)
      #expect(hits.map(\.entry) == Array(repeating: 4, count: count))
    }
  }

  @Test func manyHolders() {
    var index = UniquenessIndex()
    for entry in UInt32(0)..<20_000 { index.add([2, 4 + UInt64(entry) * 2], entries: [0, 0], base: entry) }
    let (hits, groups, _) = index.finish()
    #expect(groups == 1)
    #expect(hits.map(\.entry) == Array(0..<20_000))
    #expect(index.finish().groupCount == 0)
  }
}
