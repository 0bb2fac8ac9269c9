import Directory

/// The objects whose entries were merged so far, by objectGUID, or by their names where that was not exported.
///
/// Exports overlap: a domain and one of its units, a domain controller and a global catalogue, today's file and
/// yesterday's. An object that stands in them twice is no duplicate of itself. GUIDs are kept whole, not as fingerprints: an
/// object that merely shared a fingerprint would go unjudged; of names 128 bits are kept.
///
/// Of several entries that one object has, the one with the most attributes counts, whatever the order: a global catalogue has
/// only some of them, and what it lacks is not missing.
struct KnownObjects: Sendable {
  /// What is kept of the entry that counts.
  private struct Kept: BitwiseCopyable {
    var guid: GUID
    /// Its number in the run.
    var entry: UInt32
    var attributeCount: UInt16
    var standing: EntryObject.Standing
  }

  /// Entries that do not count, or no longer.
  struct Repeats {
    /// Of the batch at hand, by their index in it.
    var here: Set<UInt32> = []
    /// Of batches before it, each with what became of it there.
    var earlier: [(entry: UInt32, standing: EntryObject.Standing)] = []

    var count: Int { here.count + earlier.count }
  }

  /// What is kept in chunks, so that a million are never copied.
  private var chunks: [[Kept]] = []
  private var count = 0
  /// Numbers of what is kept plus one, at the places that fingerprints give; zero where there is none.
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
  /// - Parameters:
  ///   - base: number of the first entry of the batch in the run.
  ///   - replaces: whether an entry with more attributes may take the place of one before it.
  mutating func add(_ objects: [EntryObject], base: Int, replaces: Bool) -> Repeats {
    var repeats = Repeats()
    let base = UInt32(truncatingIfNeeded: base)
    for object in objects {
      if count &* 4 >= places.count &* 3 { grow() }
      let place = place(of: object.guid)
      let new = Kept(
        guid: object.guid, entry: object.entry &+ base, attributeCount: object.attributeCount, standing: object.standing
      )
      guard places[place] != 0 else {
        append(new, at: place)
        continue
      }
      repeated.insert(object.guid)
      let number = Int(places[place]) - 1
      let known = self[number]
      guard replaces, known.attributeCount < new.attributeCount, known.standing != .ofOtherClass else {
        repeats.here.insert(object.entry)
        continue
      }
      if known.entry >= base {
        repeats.here.insert(known.entry - base)
      } else {
        repeats.earlier.append((known.entry, known.standing))
      }
      chunks[number >> Self.chunkBits][number & (1 << Self.chunkBits - 1)] = new
    }
    return repeats
  }

  private mutating func append(_ kept: Kept, at place: Int) {
    if count & (1 << Self.chunkBits &- 1) == 0 {
      chunks.append([])
      chunks[chunks.count - 1].reserveCapacity(1 << Self.chunkBits)
    }
    chunks[chunks.count - 1].append(kept)
    count += 1
    places[place] = UInt32(count)
  }

  /// Where the number of a GUID stands, or would stand.
  private func place(of guid: GUID) -> Int {
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: guid.fingerprint(seed: seed)) & mask
    while places[place] != 0, self[Int(places[place]) - 1].guid != guid { place = (place + 1) & mask }
    return place
  }

  private subscript(number: Int) -> Kept { chunks[number >> Self.chunkBits][number & (1 << Self.chunkBits - 1)] }

  private mutating func grow() {
    places = Array(repeating: 0, count: places.count * 2)
    for number in 0..<count { places[place(of: self[number].guid)] = UInt32(number + 1) }
  }
}

/// Which object an entry of a batch is of.
struct EntryObject: BitwiseCopyable, Sendable {
  /// What became of an entry.
  enum Standing: BitwiseCopyable, Sendable, Equatable {
    case judged
    case outsideSelection
    case withoutObjectClass
    /// Excluded by the scope's exclusion of this position.
    case excluded(UInt8)
    /// Of a class that is not in scope, or left aside for another reason that stays so whatever attributes come.
    case ofOtherClass
  }

  /// The objectGUID, or 128 bits of the name.
  var guid: GUID
  var entry: UInt32
  /// How many attributes the entry has that rules look at.
  var attributeCount: UInt16
  var standing: Standing
}
