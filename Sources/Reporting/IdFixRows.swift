import Bytes
import Directory

/// A row of an IdFix list.
struct IdFixRow: Equatable {
  /// What IdFix would do.
  struct Proposal: Equatable {
    var action: String
    var update: AttributeValue?
  }

  var dn: AttributeValue
  var commonName: AttributeValue?
  var objectClass: String
  var attribute: String
  var value: AttributeValue?
  var labels: [String]
  /// Nil when the finding proposes nothing for this holder.
  var proposal: Proposal?

  /// Takes what a later finding says about the same value.
  mutating func merge(_ other: IdFixRow) {
    for label in other.labels where !labels.contains(label) { labels.append(label) }
    if let proposal = other.proposal { self.proposal = proposal }
    if commonName == nil { commonName = other.commonName }
    if objectClass.isEmpty { objectClass = other.objectClass }
  }
}

/// Rows kept as bytes in one buffer until they can be sorted: a few hundred bytes each, without an object for any.
struct IdFixRows {
  private var bytes: [UInt8] = []
  private var starts: [Int] = []

  mutating func add(_ row: IdFixRow) {
    starts.append(bytes.count)
    append(row.dn.bytes)
    append(row.commonName?.bytes)
    append(Array(row.objectClass.utf8))
    append(Array(row.attribute.utf8))
    append(row.value?.bytes)
    append(decimal: row.labels.count)
    for label in row.labels { append(Array(label.utf8)) }
    append(row.proposal.map { Array($0.action.utf8) })
    append(row.proposal?.update?.bytes)
  }

  /// Calls for each row in the order of the report, findings about the same value merged into one.
  func forEachMerged<Failure: Error>(_ body: (IdFixRow) throws(Failure) -> Void) throws(Failure) {
    let order = starts.sorted { (left, right) in
      let comparison = compareFolded(dn(at: left), dn(at: right))
      return comparison == 0 ? left < right : comparison < 0
    }
    var index = 0
    while index < order.count {
      let dnOfGroup = dn(at: order[index])
      var end = index
      while end < order.count, compareFolded(dn(at: order[end]), dnOfGroup) == 0 { end += 1 }
      for row in merged(order[index..<end]) { try body(row) }
      index = end
    }
  }

  private func merged(_ starts: ArraySlice<Int>) -> [IdFixRow] {
    var rows: [IdFixRow] = []
    var places: [Key: Int] = [:]
    for start in starts {
      let row = row(at: start)
      let key = Key(attribute: row.attribute.lowercased(), value: row.value)
      if let place = places[key] {
        rows[place].merge(row)
      } else {
        places[key] = rows.count
        rows.append(row)
      }
    }
    return rows
  }

  private struct Key: Hashable {
    var attribute: String
    var value: AttributeValue?
  }

  private mutating func append(decimal number: Int) {
    for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  /// Appends a length and bytes; the length is one more than the number of bytes, 0 for nil.
  private mutating func append(_ content: [UInt8]?) {
    append(decimal: content.map { $0.count + 1 } ?? 0)
    if let content { bytes.append(contentsOf: content) }
  }

  private func decimal(at position: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(bytes[position + $1]) << ($1 * 8) }
  }

  private func content(at position: inout Int) -> ArraySlice<UInt8>? {
    let count = decimal(at: position) - 1
    position += 4
    guard count >= 0 else { return nil }
    defer { position += count }
    return bytes[position..<position + count]
  }

  private func text(at position: inout Int) -> String? {
    content(at: &position).map { String(decoding: $0, as: UTF8.self) }
  }

  private func dn(at start: Int) -> ArraySlice<UInt8> {
    var position = start
    return content(at: &position) ?? []
  }

  private func row(at start: Int) -> IdFixRow {
    var position = start
    let dn = content(at: &position) ?? []
    let commonName = content(at: &position)
    let objectClass = text(at: &position) ?? ""
    let attribute = text(at: &position) ?? ""
    let value = content(at: &position)
    let labelCount = decimal(at: position)
    position += 4
    var labels: [String] = []
    for _ in 0..<labelCount { labels.append(text(at: &position) ?? "") }
    let action = text(at: &position)
    let update = content(at: &position)
    return IdFixRow(
      dn: AttributeValue(Array(dn)), commonName: commonName.map { AttributeValue(Array($0)) },
      objectClass: objectClass, attribute: attribute, value: value.map { AttributeValue(Array($0)) }, labels: labels,
      proposal: action.map { .init(action: $0, update: update.map { AttributeValue(Array($0)) }) })
  }

  /// Compares bytes without regard to ASCII case: negative, zero or positive.
  private func compareFolded(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
    let count = min(left.count, right.count)
    for offset in 0..<count {
      let first = fold(left[left.startIndex + offset])
      let second = fold(right[right.startIndex + offset])
      if first != second { return Int(first) - Int(second) }
    }
    return left.count - right.count
  }

  private func fold(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }
}
