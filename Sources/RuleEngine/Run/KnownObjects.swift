import Directory

/// The objects whose entries were merged so far, by objectGUID.
///
/// Exports overlap: a domain and one of its units, a domain controller and a global catalogue, today's file and
/// yesterday's. An object that stands in them twice is no duplicate of itself. GUIDs are kept whole, not as fingerprints: an
/// object that merely shared a fingerprint would go unjudged.
struct KnownObjects: Sendable {
  /// The GUIDs in chunks, so that a million of them are never copied.
  private var chunks: [[GUID]] = []
  private var count = 0
  /// Numbers of GUIDs plus one, at the places that fingerprints give; zero where there is none.
  private var places: [UInt32] = Array(repeating: 0, count: 1 << 10)
  private var repeated: Set<GUID> = []
  private let seed: UInt64

  private static let chunkBits = 14

  /// No object.
  ///
  /// - Parameter seed: differs per run, so that a prepared export cannot pile its GUIDs up in one place.
  init(seed: UInt64) { self.seed = seed }

  /// Number of objects that more than one entry is of.
  var repeatedCount: Int { repeated.count }

  /// Takes the objects of the next batch, in input order.
  ///
  /// - Returns: the entries of the batch whose object an entry before them is of.
  mutating func add(_ objects: [EntryObject]) -> Set<UInt32> {
    var repeats: Set<UInt32> = []
    for object in objects where !insert(object.guid) {
      repeated.insert(object.guid)
      repeats.insert(object.entry)
    }
    return repeats
  }

  /// Keeps a GUID; false when it is kept already.
  private mutating func insert(_ guid: GUID) -> Bool {
    if count &* 4 >= places.count &* 3 { grow() }
    let place = place(of: guid)
    guard places[place] == 0 else { return false }
    if count & (1 << Self.chunkBits &- 1) == 0 {
      chunks.append([])
      chunks[chunks.count - 1].reserveCapacity(1 << Self.chunkBits)
    }
    chunks[chunks.count - 1].append(guid)
    count += 1
    places[place] = UInt32(count)
    return true
  }

  /// Where the number of a GUID stands, or would stand.
  private func place(of guid: GUID) -> Int {
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: guid.fingerprint(seed: seed)) & mask
    while places[place] != 0, self[Int(places[place]) - 1] != guid { place = (place + 1) & mask }
    return place
  }

  private subscript(number: Int) -> GUID { chunks[number >> Self.chunkBits][number & (1 << Self.chunkBits - 1)] }

  private mutating func grow() {
    places = Array(repeating: 0, count: places.count * 2)
    for number in 0..<count { places[place(of: self[number])] = UInt32(number + 1) }
  }
}

/// Which object an entry of a batch is of.
struct EntryObject: BitwiseCopyable, Sendable {
  var guid: GUID
  var entry: UInt32
}
