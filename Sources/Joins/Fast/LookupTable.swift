import Directory

/// What is looked for, by hash: built once, read for every value of a source.
struct LookupTable: Sendable {
  /// A reading of a query.
  struct Target: Sendable, Hashable {
    var query: Int32
    var reading: Int32
  }

  let hash: LookupHash
  let queries: [LookupQuery]
  /// Names of the attributes that are looked at, in the order of their numbers.
  let attributes: [String]
  /// By number of the attribute: how to compare its values; nil when no query asks for it.
  let comparisons: [Comparison?]
  /// Numbers of the attributes that some query asks for, or whose texts are kept: all that has to be read of an entry to know
  /// whether it is wanted.
  let readAttributes: [Int]
  /// Whether entries are to be found by their own DN or RDN.
  private(set) var looksAtDN = false

  /// Hashes of texts and bytes.
  private(set) var values: HashFilter
  /// Hashes of the first RDN of each DN and RDN.
  private(set) var names: HashFilter
  /// The last target with a hash, from which the others follow.
  private var heads: HashHeads
  private var targets: [(target: Target, next: Int32)] = []

  /// - Parameters:
  ///   - extraAttributes: names of attributes that queries name beside those of `LookupAttribute`.
  ///   - keepsTexts: whether the texts of entries are to be kept (`HeldTexts`).
  init(_ queries: [LookupQuery], extraAttributes: [String], keepsTexts: Bool = false, seed: UInt64) {
    let hash = LookupHash(seed: seed)
    self.hash = hash
    self.queries = queries
    let all = LookupAttribute.allCases.map(\.attributeName) + extraAttributes
    attributes = all
    let readingCount = queries.reduce(0) { $0 + $1.readings.count }
    values = HashFilter(capacity: readingCount)
    names = HashFilter(capacity: readingCount)
    heads = HashHeads(capacity: readingCount)
    targets.reserveCapacity(readingCount)
    var used = AttributeSet(rawValue: 0)
    for query in queries { for reading in query.readings { used.formUnion(reading.attributes) } }
    if keepsTexts { used.formUnion(HeldTexts.attributes) }
    comparisons = all.indices.map { number in
      guard used.contains(AttributeSet(number: number)) else { return nil }
      return LookupAttribute(rawValue: number)?.comparison ?? .text
    }
    readAttributes = all.indices.filter { used.contains(AttributeSet(number: $0)) }
    for (query, content) in queries.enumerated() {
      for (number, reading) in content.readings.enumerated() {
        add(reading, Target(query: Int32(truncatingIfNeeded: query), reading: Int32(truncatingIfNeeded: number)))
      }
    }
  }

  private mutating func add(_ reading: LookupQuery.Reading, _ target: Target) {
    let key = keyHash(reading.key[...], reading.kind)
    switch reading.kind {
    case .distinguishedName, .relativeName:
      names.insert(key)
      if reading.attributes.contains(.entryDN) { looksAtDN = true }
    case .bytes, .text: values.insert(key)
    }
    targets.append((target, heads.replace(key, by: Int32(truncatingIfNeeded: targets.count))))
  }

  /// The hash under which a key is found; of a DN that of its first RDN, of which few have the same.
  func keyHash(_ key: ArraySlice<UInt8>, _ kind: KeyKind) -> UInt64 {
    key.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return hash.seed }
      return switch kind {
      case .text: hash.folded(start, count: buffer.count)
      case .bytes: hash.exact(start, count: buffer.count)
      case .distinguishedName, .relativeName: hash.firstRDN(start, count: buffer.count)
      }
    }
  }

  /// The hash of a text as `LookupScan` takes it.
  func textHash(_ value: ArraySlice<UInt8>, isTyped: Bool) -> UInt64 {
    value.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { LookupScan.textHash($0, buffer.count, isTyped, hash) } ?? keyHash([], .text)
    }
  }

  /// The readings that a value really has, in the order of the queries.
  ///
  /// - Parameters:
  ///   - bytes: the value; of a typed address the part behind the type.
  func targets(_ comparison: Comparison, attribute: AttributeSet, _ bytes: ArraySlice<UInt8>) -> [Target] {
    let kind: KeyKind =
      switch comparison {
      case .bytes: .bytes
      case .text, .typedAddress: .text
      case .distinguishedName: .distinguishedName
      }
    let head = heads.value(of: keyHash(bytes, kind))
    guard head >= 0 else { return [] }
    let normal =
      switch kind {
      case .bytes: Array(bytes)
      case .text: LookupQuery.folded(Array(bytes))
      case .distinguishedName, .relativeName: DistinguishedName.key(of: Array(bytes))
      }
    let relative =
      kind == .distinguishedName ? normal[..<DistinguishedName.firstRDNLength(ofKey: normal)] : ArraySlice()
    var found: [Target] = []
    var next = head
    while next >= 0 {
      let target = targets[Int(next)].target
      next = targets[Int(next)].next
      let reading = queries[Int(target.query)].readings[Int(target.reading)]
      guard !reading.attributes.isDisjoint(with: attribute) else { continue }
      if let exact = reading.exact, !exact.elementsEqual(bytes) { continue }
      let isHit =
        reading.kind == .relativeName
        ? kind == .distinguishedName && relative.elementsEqual(reading.key)
        : reading.kind == kind && reading.key == normal
      if isHit { found.append(target) }
    }
    return found.reversed()
  }
}

/// A number for each of some hashes, which are random already: open addressing, at most half full.
private struct HashHeads: Sendable {
  private var keys: [UInt64]
  /// -1 where a place is free.
  private var values: [Int32]

  init(capacity: Int) {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    keys = Array(repeating: 0, count: size)
    values = Array(repeating: -1, count: size)
  }

  private func place(of hash: UInt64) -> Int {
    var place = Int(truncatingIfNeeded: hash &>> 24) & (keys.count - 1)
    while values[place] >= 0, keys[place] != hash { place = (place + 1) & (keys.count - 1) }
    return place
  }

  /// The number of a hash; -1 when it has none.
  func value(of hash: UInt64) -> Int32 { values[place(of: hash)] }

  /// Gives a hash a number; the one before, or -1.
  mutating func replace(_ hash: UInt64, by value: Int32) -> Int32 {
    let place = place(of: hash)
    defer {
      keys[place] = hash
      values[place] = value
    }
    return values[place]
  }
}
