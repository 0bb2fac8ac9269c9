import DirectoryModel

/// What is looked for, by hash: built once, read for every value of a source.
struct LookupTable: Sendable {
  /// A reading of a query.
  struct Target: Sendable {
    var query: Int
    var reading: Int
  }

  let hash: LookupHash
  let queries: [LookupQuery]
  /// Names of the attributes that are looked at, in the order of their numbers.
  let attributes: [String]
  /// By number of the attribute: how to compare its values; nil when no query asks for it.
  let comparisons: [Comparison?]
  let looksAtDN: Bool
  let looksAtRDN: Bool

  /// One bit for each hash, cut to the size of the filter: clear for nearly every value that nobody looks for.
  private var filter: [UInt64]
  private var targets: [UInt64: [Target]] = [:]

  /// - Parameters:
  ///   - extraAttributes: names of attributes that queries name beside those of `LookupAttribute`.
  init(_ queries: [LookupQuery], extraAttributes: [String], seed: UInt64) {
    let hash = LookupHash(seed: seed)
    self.hash = hash
    self.queries = queries
    attributes = LookupAttribute.allCases.map(\.attributeName) + extraAttributes
    let readingCount = queries.reduce(0) { $0 + $1.readings.count }
    var size = 64
    while size < readingCount, size < 1 << 20 { size *= 2 }
    filter = Array(repeating: 0, count: size)
    var used = AttributeSet(rawValue: 0)
    var looksAtRDN = false
    var looksAtDN = false
    for (query, content) in queries.enumerated() {
      for (number, reading) in content.readings.enumerated() {
        let key = Self.hash(reading, hash)
        filter[Int(truncatingIfNeeded: key >> 6) & (size - 1)] |= 1 << (key & 63)
        targets[key, default: []].append(Target(query: query, reading: number))
        used.formUnion(reading.attributes)
        if reading.attributes.contains(.entryDN) {
          if reading.kind == .relativeName { looksAtRDN = true } else { looksAtDN = true }
        }
      }
    }
    self.looksAtDN = looksAtDN
    self.looksAtRDN = looksAtRDN
    comparisons = attributes.indices.map { number in
      guard used.contains(AttributeSet(number: number)) else { return nil }
      return LookupAttribute(rawValue: number)?.comparison ?? .text
    }
  }

  private static func hash(_ reading: LookupQuery.Reading, _ hash: LookupHash) -> UInt64 {
    reading.key.withUnsafeBytes { bytes in
      reading.kind == .text ? hash.folded(bytes, reading.kind) : hash.exact(bytes, reading.kind)
    }
  }

  /// Whether a value with this hash may be looked for.
  @inline(__always)
  func mayHave(_ key: UInt64) -> Bool {
    filter[Int(truncatingIfNeeded: key >> 6) & (filter.count - 1)] & (1 << (key & 63)) != 0
  }

  /// The readings whose key a value really has.
  func targets(_ key: UInt64, _ kind: KeyKind, attribute: AttributeSet, _ bytes: ArraySlice<UInt8>) -> [Target] {
    guard let candidates = targets[key] else { return [] }
    let normal = kind == .text ? LookupQuery.folded(Array(bytes)) : Array(bytes)
    return candidates.filter { candidate in
      let reading = queries[candidate.query].readings[candidate.reading]
      guard reading.kind == kind, !reading.attributes.isDisjoint(with: attribute), reading.key == normal else {
        return false
      }
      return reading.exact.map { $0.elementsEqual(bytes) } ?? true
    }
  }
}
