import Directory

/// The objects whose entries were merged so far, by objectGUID.
///
/// Exports overlap: a domain and one of its units, a domain controller and a global catalogue, today's file and
/// yesterday's. An object that stands in them twice is no duplicate of itself. GUIDs are kept whole, not as fingerprints: an
/// object that merely shared a fingerprint would go unjudged.
///
/// Unchecked: a run has one owner at a time, which is under a lock where several threads take turns.
final class KnownObjects: @unchecked Sendable {
  private var known: Set<GUID> = []
  private var repeated: Set<GUID> = []

  /// Number of objects that more than one entry is of.
  var repeatedCount: Int { repeated.count }

  /// Takes the objects of the next batch, in input order.
  ///
  /// - Returns: the entries of the batch whose object an entry before them is of.
  func add(_ objects: [EntryObject]) -> Set<UInt32> {
    var repeats: Set<UInt32> = []
    for object in objects where !known.insert(object.guid).inserted {
      repeated.insert(object.guid)
      repeats.insert(object.entry)
    }
    return repeats
  }
}

/// Which object an entry of a batch is of.
struct EntryObject: BitwiseCopyable, Sendable {
  var guid: GUID
  var entry: UInt32
}
