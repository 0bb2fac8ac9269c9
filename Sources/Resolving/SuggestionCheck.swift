import Bytes
import Directory
import Entries
import Findings
import Joins
import RuleEngine

/// Takes back suggestions that would give an entry what another one holds.
///
/// Only some of the directory's entries are at hand when their values are judged. Most suggested values are held by nobody, which
/// the first reading already shows (`HeldTexts`); the others are looked up in the sources once more. A source that cannot be read
/// again leaves none of these: no suggestion is offered unchecked.
struct SuggestionCheck {
  /// A suggestion, by number of the entry and position among its findings.
  private struct Place {
    var entry: Int
    var finding: Int
  }

  private var queries: [LookupQuery] = []
  private var places: [Place] = []

  /// - Parameter findings: by number of the entry.
  init(_ findings: [Int: [Finding]]) {
    for (entry, own) in findings {
      for (position, finding) in own.enumerated() {
        guard let text = finding.suggestion?.value?.text else { continue }
        let query = Self.query(for: text, of: finding.attribute)
        guard !query.isEmpty else { continue }
        queries.append(query)
        places.append(Place(entry: entry, finding: position))
      }
    }
  }

  /// What would find another holder of a value: of an address wherever addresses stand, of an alias or account name there.
  private static func query(for value: String, of attribute: String) -> LookupQuery {
    let isTyped = value.lowercased().hasPrefix("smtp:")
    let address = isTyped ? String(value.dropFirst(5)) : value
    if address.contains("@") { return LookupQuery(LookupQuery.readings(of: .init(type: "", value: address))) }
    switch attribute.lowercased() {
    case "mailnickname": return LookupQuery(LookupQuery.text(value, AttributeSet(.mailNickname)))
    case "samaccountname": return LookupQuery(LookupQuery.text(value, AttributeSet(.samAccountName)))
    default: return LookupQuery()
    }
  }

  /// Takes suggestions back whose value another entry of the sources holds.
  ///
  /// - Throws: `SpoolFailure`.
  func apply(
    to findings: inout [Int: [Finding]], of matches: Matches, in sources: [SourcePlace], _ observer: RunObserver
  ) throws {
    guard !queries.isEmpty else { return }
    var taken: Set<Int> = []
    let open = matches.mayBeHeld(queries, entries: places.map(\.entry))
    for source in sources {
      // Of a server only what was asked for has been seen.
      let asked = source.answersFilters ? Array(queries.indices) : open
      guard !asked.isEmpty else { continue }
      let reading = try Lookup(asked.map { queries[$0] }).run(source, observer: observer) { entry, hits in
        let dn = DistinguishedName.key(of: Array(entry.dn))
        for hit in hits {
          let number = asked[hit.query]
          if dn != DistinguishedName.key(of: matches.found.entries[places[number].entry].dn.bytes) {
            taken.insert(number)
          }
        }
      }
      if Self.isUnread(reading, source) { taken.formUnion(asked) }
    }
    if matches.isUnread { taken.formUnion(queries.indices) }
    for number in taken { findings[places[number].entry]?[places[number].finding].suggestion = nil }
  }

  /// Whether a source was not read in full this time; a pipe has nothing more to give.
  private static func isUnread(_ reading: Lookup.Reading, _ source: SourcePlace) -> Bool {
    if !source.answersFilters, reading.entriesRead == 0 { return true }
    return reading.unavailable != nil || reading.isInterrupted
  }
}
