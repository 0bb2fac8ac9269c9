/// Attributes of which a server sends the values in parts (MS-ADTS 3.1.1.3.1.3.3): `member;range=0-1499`.
struct AttributeRange: Equatable {
  /// Attribute description without the range.
  var attribute: String
  /// Number of the first value.
  var first: Int
  /// Number of the last value; nil for the last part.
  var last: Int?

  /// The range in a description; nil where there is none.
  init?(_ description: String) {
    guard let mark = description.lowercased().range(of: ";range=") else { return nil }
    let bounds = description[mark.upperBound...].split(separator: "-", omittingEmptySubsequences: false)
    guard bounds.count == 2, let first = Int(bounds[0]), first >= 0 else { return nil }
    if bounds[1] == "*" {
      last = nil
    } else {
      guard let number = Int(bounds[1]), number >= first else { return nil }
      last = number
    }
    self.first = first
    attribute = String(description[..<mark.lowerBound])
  }

  /// What to ask for to get the next part; nil behind the last.
  var next: String? { last.map { "\(attribute);range=\($0 + 1)-*" } }
}

extension String {
  /// Where a text stands in this one.
  func range(of needle: String) -> Range<String.Index>? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(needle) { return index..<self.index(index, offsetBy: needle.count) }
      index = self.index(after: index)
    }
    return nil
  }
}

extension LDAPSession {
  /// Fetches the parts of ranged attributes that are still missing.
  ///
  /// - Throws: `LDAPFailure` when a part cannot be had; the object is then as it came.
  public func complete(_ object: inout LDAPObject) throws(LDAPFailure) {
    var completed: [LDAPObject.Attribute] = []
    for attribute in object.attributes {
      guard let range = AttributeRange(attribute.description) else {
        completed.append(attribute)
        continue
      }
      var values = attribute.values
      try remainingValues(of: object.dnText, after: range) { (part) throws(LDAPFailure) in values += part }
      completed.removeAll { $0.values.isEmpty && $0.description.lowercased() == range.attribute.lowercased() }
      completed.append(.init(description: range.attribute, values: values))
    }
    object.attributes = completed
  }

  /// Calls `receive` with the values behind a part, until there are none left.
  func remainingValues(
    of dn: String, after range: AttributeRange, _ receive: ([[UInt8]]) throws(LDAPFailure) -> Void
  ) throws(LDAPFailure) {
    var range = range
    while let wanted = range.next {
      let search = LDAPSearch(base: dn, scope: .base, attributes: [wanted])
      var found: LDAPObject?
      _ = try self.search(search) { (object) throws(LDAPFailure) in found = object }
      let part = found?.attributes.lazy.compactMap { attribute in
        AttributeRange(attribute.description).map { ($0, attribute.values) }
      }.first { $0.0.attribute.lowercased() == range.attribute.lowercased() }
      guard let (next, values) = part, next.first == (range.last ?? -1) + 1, !values.isEmpty || next.last == nil else {
        throw LDAPFailure(
          .server, server: server.uri, message: "the server did not answer '\(wanted)' with the values that follow")
      }
      try receive(values)
      range = next
    }
  }
}
