import Bytes
import Directory

/// LDAP filters that find what a look-up looks for, in batches that servers take.
///
/// Every value is escaped for the filter. What the filters find is compared again like the entries of a file, so they may
/// find too much: values of every case and of every type of address.
struct SearchFilters {
  /// Terms of one filter; Active Directory takes thousands, but plans poorly for them.
  static let batchSize = 200

  private let table: LookupTable
  /// Attributes that Active Directory has no index of: their terms make it read the whole directory, so they come in
  /// filters of their own.
  private static let unindexed: Set<String> = [
    "ms-ds-consistencyguid", "employeeid", "employeenumber", "distinguishedname",
  ]

  init(_ table: LookupTable) { self.table = table }

  /// The filters.
  var batches: [String] {
    var indexed: [String] = []
    var others: [String] = []
    var seen: Set<String> = []
    for reading in table.queries.lazy.flatMap(\.readings) {
      for (attribute, term) in terms(of: reading) where seen.insert(term.lowercased()).inserted {
        if Self.unindexed.contains(attribute.lowercased()) { others.append(term) } else { indexed.append(term) }
      }
    }
    return Self.filters(indexed) + Self.filters(others)
  }

  private static func filters(_ terms: [String]) -> [String] {
    stride(from: 0, to: terms.count, by: batchSize).map { start in
      "(|\(terms[start..<min(start + batchSize, terms.count)].joined()))"
    }
  }

  /// Terms for a reading with the attributes they are about.
  private func terms(of reading: LookupQuery.Reading) -> [(attribute: String, term: String)] {
    var terms: [(String, String)] = []
    if reading.attributes.contains(.entryDN) {
      switch reading.kind {
      case .relativeName:
        if let first = DistinguishedName.components(of: reading.key)?.first {
          terms.append(("name", "(name=\(FilterValue.escape(first.value)))"))
        }
      default: terms.append(("distinguishedName", "(distinguishedName=\(FilterValue.escape(reading.key)))"))
      }
    }
    for (number, name) in table.attributes.enumerated() where reading.attributes.contains(AttributeSet(number: number))
    {
      // What only connector-space exports have.
      if name.hasPrefix("cs") || name == "sourceAnchor" || name == "distinguishedName" { continue }
      let isTyped = LookupAttribute(rawValue: number)?.comparison == .typedAddress
      switch reading.kind {
      case .bytes: terms.append((name, "(\(name)=\(HexText.filter(reading.key)))"))
      case .text where isTyped:
        let types = reading.addressType.map { [$0] } ?? ["smtp", "sip"]
        for type in types { terms.append((name, "(\(name)=\(type):\(FilterValue.escape(reading.key)))")) }
      case .text: terms.append((name, "(\(name)=\(FilterValue.escape(reading.key)))"))
      case .distinguishedName, .relativeName: break
      }
    }
    return terms
  }
}
