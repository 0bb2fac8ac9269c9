import Directory

/// Gives errors that name no object the objects that the material names beside them, in a record or a paragraph of their own.
///
/// Nothing is given where it could be another's: each error of the material has to be without an object, and there have to be
/// as many objects as errors, above or below each of them.
struct NamedBeside {
  /// Whether errors with an id are about objects.
  let isAboutObject: (String) -> Bool

  /// What stands in the material: an error by its place among the items, or an object.
  private enum Mention {
    case error(Int)
    case object(NamedObject)
  }

  func complete(_ reading: inout ReadMaterial) {
    if takeQuestion(&reading) { return }
    guard !reading.summary.names.isEmpty else { return }
    let pairs = pairs(reading)
    for (item, object) in pairs {
      guard case .error(var error) = reading.items[item] else { continue }
      let values = Set(error.conflicts.map { $0.value.lowercased() })
      error.add(beside: object.identifiers.filter { !values.contains($0.text.lowercased()) })
      reading.items[item] = .error(error)
    }
  }

  /// Gives the only error of a material the identifier that stands by itself right below it.
  private func takeQuestion(_ reading: inout ReadMaterial) -> Bool {
    guard reading.items.count == 2, case .error(var error) = reading.items[0],
      case .error(let below) = reading.items[1],
      below.isQuestion, isOpen(error), let start = error.location.line, let line = below.location.line,
      line - start - error.message.count(where: \.isNewline) <= Self.distance,
      !error.conflicts.contains(where: { $0.value.lowercased() == below.message.lowercased() })
    else { return false }
    error.add(beside: below.identifiers)
    reading.items = [.error(error)]
    reading.summary.errors -= 1
    return true
  }

  /// A line with nothing but a blank one between.
  private static let distance = 2

  private func isOpen(_ error: SyncError) -> Bool {
    error.id != SyncError.unknownID && error.identifiers.isEmpty && isAboutObject(error.id)
  }

  /// Each error with its object; none where that is not certain.
  private func pairs(_ reading: ReadMaterial) -> [(item: Int, object: NamedObject)] {
    var mentions: [(line: Int, mention: Mention)] = []
    for (place, item) in reading.items.enumerated() {
      guard case .error(let error) = item else { continue }
      guard isOpen(error) else { return [] }
      mentions.append((error.location.line ?? 0, .error(place)))
    }
    var seen: Set<[MentionedIdentifier]> = []
    for object in reading.summary.names where seen.insert(object.identifiers).inserted {
      mentions.append((object.line, .object(object)))
    }
    mentions.sort { $0.line < $1.line }
    return Self.paired(mentions.map(\.mention))
  }

  /// Pairs of neighbours, if all are such.
  private static func paired(_ mentions: [Mention]) -> [(item: Int, object: NamedObject)] {
    var pairs: [(item: Int, object: NamedObject)] = []
    var rest = mentions[...]
    while let first = rest.popFirst() {
      switch (first, rest.popFirst()) {
      case (.error(let item), .object(let object)), (.object(let object), .error(let item)):
        pairs.append((item, object))
      default: return []
      }
    }
    // All above, or all below.
    let isAbove = mentions.indices.filter { $0 % 2 == 0 }.map { if case .object = mentions[$0] { true } else { false } }
    return Set(isAbove).count == 1 ? pairs : []
  }
}

extension SyncError {
  fileprivate mutating func add(beside named: [MentionedIdentifier]) {
    for identifier in named { add(identifier) }
    isObjectBeside = !named.isEmpty
  }
}
