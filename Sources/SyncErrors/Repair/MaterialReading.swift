import Directory

/// Reads material of ordinary length: as it stands, and where that leaves something unread, repaired.
///
/// A repair is tried only where its mark is in the text or something was not understood, and what it makes counts only when
/// more is understood then. So material that is read well stays as it is, and costs nothing more.
struct MaterialReading {
  /// Longer material is a log or an export, and is read piece by piece as it stands.
  static let maximumLength = 1 << 20

  /// What people paste is mostly not longer: all repairs of it cost less than to look at it twice.
  private static let shortLength = 32 << 10

  /// Reads a text into a sink of its own kind and returns what it took.
  typealias Read = (RepairedText) -> ReadMaterial

  private let read: Read
  private let scannedWords: ScannedWords

  init(_ scannedWords: ScannedWords, _ read: @escaping Read) {
    self.scannedWords = scannedWords
    self.read = read
  }

  /// A repair, and whether it can be the ground for the next one where it changes nothing that is understood: a repair that
  /// guesses cannot.
  private struct Repair: Sendable {
    var isCertain: Bool
    /// Ways to take the change back, of which the one counts that makes most understood.
    var ways: [@Sendable (RepairedText) -> RepairedText?]

    static func certain(_ way: @escaping @Sendable (RepairedText) -> RepairedText?) -> Repair {
      Repair(isCertain: true, ways: [way])
    }

    static func guess(_ ways: @Sendable (RepairedText) -> RepairedText?...) -> Repair {
      Repair(isCertain: false, ways: ways)
    }
  }

  /// The repairs, in the order in which the changes are taken back: the last that was made first.
  private var repairs: [Repair] { Self.ofMarks + [.guess(scannedWords.repair)] + Self.ofLines }

  private static let ofMarks: [Repair] = [
    .certain(LineEndRepair.repair), .guess(EncodedTextRepair.quotedPrintable), .certain(HTMLRepair.repair),
    .certain(CharacterRepair.repair), .certain(EntityRepair.repair), .certain(MarkupRepair.repair),
    .certain(CharacterRepair.repair), .certain(LinePrefixRepair.quotes), .certain(LinePrefixRepair.times),
    .guess(LinePrefixRepair.commonPart), .guess(LinePrefixRepair.numbers), .certain(LinePrefixRepair.quotes),
  ]

  private static let ofLines: [Repair] = [
    .certain(LineJoinRepair.doubleSpacing), .guess(LineJoinRepair.hyphens),
    .guess(LineJoinRepair.hardWrap, LineJoinRepair.wordWrap),
    .guess(EventViewRepair.collector, EventViewRepair.friendly),
    .guess(ListItemRepair.repair), .guess(FlattenedTextRepair.events),
    .guess(FlattenedTextRepair.lists),
    .guess(FlattenedTextRepair.moveLogs), .guess(FlattenedTextRepair.dumps), .guess(FlattenedTextRepair.mailTables),
    .guess(FlattenedTextRepair.errorLists),
  ]

  /// The best reading of a material.
  func best(_ material: [UInt8]) -> ReadMaterial {
    let plain = RepairedText(material)
    var best = read(plain)
    best.joinBareNames()
    if best.isWhole, material.count > Self.shortLength, !Self.hasMarks(material) { return best }
    var bestScore = best.score
    var bestText: RepairedText?
    var current = plain
    var currentScore = bestScore
    for repair in repairs {
      let tried = repair.ways.compactMap { $0(current) }.map { repaired in
        var reading = read(repaired)
        reading.joinBareNames()
        return (text: repaired, reading: reading)
      }
      guard let (repaired, reading) = tried.max(by: { $0.reading.score < $1.reading.score }) else { continue }
      let score = reading.score
      // What is certain is the ground for the next repair even where less is understood at first: a line that was broken
      // and quoted can be joined only then.
      guard score > currentScore || repair.isCertain else { continue }
      current = repaired
      currentScore = score
      if score > bestScore { (best, bestScore, bestText) = (reading, score, repaired) }
    }
    if let bestText { best.complete(with: WrittenForms(material, bestText)) }
    return best
  }

  /// Whether a text has something in it that a repair takes back, so that even what was understood may be wrong: characters
  /// beyond ASCII, tags, links, quotation marks at the start of lines.
  private static func hasMarks(_ material: [UInt8]) -> Bool {
    let marks: [StaticString] = [
      "\n>", "\n|", "<mailto:", "](", "<pii>", "&lt;", "&amp;", "&nbsp;", "&quot;", "=\n", "<t", "<T", "\r",
    ]
    return LinePrefixRepair.isSuspected(material) || material.contains { $0 >= 0xC2 }
      || marks.contains { ByteSearch.first($0, in: material) != nil }
  }
}

/// What was read of a material.
struct ReadMaterial {
  var items: [SyncErrorItem] = []
  var summary = SyncErrorSummary()

  private var errors: [SyncError] {
    items.compactMap { item in
      guard case .error(let error) = item else { return nil }
      return error
    }
  }

  /// Whether nothing was left unread or unknown.
  var isWhole: Bool {
    !items.isEmpty && summary.setAside.isEmpty && summary.rereads == 0
      && items.allSatisfy { item in
        guard case .error(let error) = item else { return false }
        return error.id != SyncError.unknownID && error.isClean && error.namesObject
      }
  }

  /// How much was understood: known errors, with what they name; errors that are not known and values with the traces of a
  /// mangled text count against it.
  var score: Int {
    let named = errors.reduce(0) { $0 + $1.score } - errors.count { $0.isNameless }
    // An error that names nothing may be the beginning of one that does; it counts where there is nothing else.
    return named <= 0 && errors.contains { $0.id != SyncError.unknownID } ? 1 : named
  }

  /// Joins an error that a text has only the name of, and that names nothing, with the one before or behind it that is
  /// the same: one paragraph says what the other is called. Of two that name nothing one is the heading of the other: the
  /// subject of a mail and its text.
  mutating func joinBareNames() {
    var joined: [SyncErrorItem] = []
    joined.reserveCapacity(items.count)
    for item in items {
      guard case .error(let error) = item, case .error(let before)? = joined.last, error.id == before.id,
        error.isBareName != before.isBareName || error.isHeading && before.isNameless
          || before.isHeading && error.isNameless
      else {
        joined.append(item)
        continue
      }
      // What says more stays.
      if before.isBareName || !error.isBareName && before.isHeading { joined[joined.count - 1] = item }
      summary.errors -= 1
    }
    items = joined
    dropSummaries()
  }

  /// Drops the name of a result that only says that objects had errors, where these are told one by one.
  private mutating func dropSummaries() {
    guard errors.contains(where: { $0.source == RunHistoryErrors.source }) else { return }
    let count = items.count
    items.removeAll { item in
      guard case .error(let error) = item, error.isBareName, let name = error.bareName else { return false }
      return RunHistoryErrors.summaryResults.contains(name.lowercased())
    }
    summary.errors -= count - items.count
  }

  /// Adds how values are written in the material.
  mutating func complete(with forms: WrittenForms) {
    for index in items.indices {
      guard case .error(var error) = items[index] else { continue }
      forms.complete(&error)
      items[index] = .error(error)
    }
  }
}

extension SyncError {
  private static let certain: Set<MentionedIdentifier.Kind> = [
    .distinguishedName, .connectorSpaceDN, .guid, .sourceAnchor, .sid, .mailboxGUID, .archiveGUID, .cloudAnchor,
    .cloudObjectID,
  ]

  fileprivate var namesObject: Bool { !identifiers.isEmpty || !conflicts.isEmpty }

  /// Whether its values have no traces of a mangled text.
  fileprivate var isClean: Bool {
    conflicts.allSatisfy { Self.isClean($0.value) } && identifiers.allSatisfy { Self.isClean($0.text) } && hasCleanType
      && attributes.allSatisfy(Self.isClean)
  }

  /// Whether the type is a name, and not the rest of a line that went on.
  private var hasCleanType: Bool { type.map { $0.utf8.count <= 80 && !$0.contains(": ") } ?? true }

  private static func isClean(_ value: String) -> Bool {
    !value.utf8.contains { byte in
      switch byte {
      case 10, 13, 9, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "*"), UInt8(ascii: "`"): true
      default: false
      }
    } && !hasHidden(value) && !value.contains("](") && !value.contains("|mailto:") && !value.contains("&amp;")
      && !value.contains("email protected")
  }

  /// Whether a value has characters that are not seen, or spaces that are none of ASCII.
  private static func hasHidden(_ value: String) -> Bool {
    guard value.utf8.contains(where: { $0 >= 0xC2 }) else { return false }
    return CharacterRepair.repair(RepairedText(Array(value.utf8))) != nil
  }

  /// Whether it is known and names nothing.
  fileprivate var isNameless: Bool {
    id != Self.unknownID && identifiers.isEmpty && conflicts.isEmpty && attributes.isEmpty
  }

  /// Whether nothing but its name was found: no sentence, object, code, event or time.
  fileprivate var isBareName: Bool {
    bareName != nil && isNameless && code == nil && fields.isEmpty && eventID == nil && trackingID == nil
      && first == nil
  }

  /// Whether nothing but its sentence was found.
  fileprivate var isHeading: Bool {
    id != Self.unknownID && isNameless && code == nil && fields.isEmpty && eventID == nil && trackingID == nil
      && first == nil && type == nil
  }

  fileprivate var score: Int {
    if isNameless { return eventID == nil ? 0 : 14 }
    var score = id == Self.unknownID ? -6 : isGeneral ? 40 : 60
    let own = identifiers.filter { $0.role != .conflicting }
    let certain = own.filter { Self.certain.contains($0.kind) }
    score += certain.isEmpty ? (own.isEmpty ? 0 : 4) : 12
    // Several objects in one error are mostly several errors.
    score -= 8 * max(0, Set(certain.map(\.kind)).count == 1 ? certain.count - 1 : 0)
    for identifier in own where !Self.isClean(identifier.text) { score -= 10 }
    for conflict in conflicts.prefix(8) {
      let isClean = Self.isClean(conflict.value) && !conflict.value.contains(" ")
      score += isClean ? 8 : -8
    }
    if !attributes.isEmpty { score += attributes.allSatisfy(Self.isClean) ? 4 : -4 }
    if type != nil { score += hasCleanType ? 5 : -5 }
    if eventID != nil { score += 6 }
    if source != nil { score += 2 }
    if trackingID != nil { score += 1 }
    if first != nil { score += 1 }
    // A tie is decided for the text without them.
    if Self.hasHidden(message) { score -= 3 }
    // To drop an error that names an object is no repair.
    return certain.isEmpty ? score : max(score, 1)
  }
}
