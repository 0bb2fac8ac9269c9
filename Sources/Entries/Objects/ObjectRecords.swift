import Bytes
import Directory

/// Writes objects of an export as records: finds the name, the classes and the attributes of each among its properties.
final class ObjectRecords {
  private let source: String
  private let reading: ValueReading
  /// Attributes that are looked at, by their names in lower case; empty for all.
  private let wanted: Set<String>
  private var table: PropertyTable
  private var line = 0
  private var draft: [(property: Int, value: ObjectValue)] = []
  /// Objects that were written.
  private(set) var count = 0
  /// Of these, objects of Exchange.
  private var exchangeCount = 0
  /// Objects without a name.
  private(set) var namelessCount = 0
  /// Properties whose names are none of attributes, a few of them.
  private var unusable: Set<String> = []
  /// Attributes that were there twice with different values, a few of them.
  private var contradicted: Set<String> = []
  /// Whether names are those of the directory, as csvde writes them.
  private let isCsvde: Bool

  /// - Parameters:
  ///   - wanted: names of the attributes that are looked at; empty for all.
  ///   - isCsvde: whether names are those of the directory, not of PowerShell.
  init(source: String, _ reading: ValueReading, wanted: [String], isCsvde: Bool = false) {
    self.source = source
    self.wanted = Set(wanted.map { $0.lowercased() })
    self.reading = reading
    self.isCsvde = isCsvde
    table = PropertyTable(hasProperties: !isCsvde)
  }

  /// The number of a property by its name.
  func property(_ name: String) -> Int { table.number(of: name) }

  /// Begins an object.
  func begin(line: Int) {
    self.line = line
    draft.removeAll(keepingCapacity: true)
  }

  /// Adds what the object has of a property.
  func add(_ property: Int, _ value: ObjectValue) { draft.append((property, value)) }

  /// Ends the object: writes it.
  ///
  /// - Throws: that the object is none of the directory on premises.
  func end(_ writer: RecordWriter) throws(SourceFailure) {
    let isExchange = draft.contains {
      let name = table.properties[$0.property].name.lowercased()
      return name == "recipienttype" || name == "recipienttypedetails"
    }
    var record = RecordDraft()
    for isRenamed in [false, true] {
      for (property, value) in draft {
        let number = property + (isExchange ? 1 : 0)
        if table.properties[number].isRenamed == isRenamed { take(number, value, isExchange, into: &record) }
      }
    }
    guard let dn = record.dn, !dn.isEmpty else {
      namelessCount += 1
      return writer.leaveOut("line \(line): an object without distinguishedName was left out")
    }
    try refuseCloud(dn)
    record.finish(recipientType: isExchange ? recipientType : nil)
    guard record.size <= writer.recordSize else {
      return writer.skip(line: line, dn: String(decoding: dn.prefix(200), as: UTF8.self))
    }
    count += 1
    if isExchange { exchangeCount += 1 }
    if !record.contradicted.isEmpty, contradicted.count < 10 { contradicted.formUnion(record.contradicted) }
    writer.write(dn: dn, attributes: record.attributes, lost: record.lost, line: line)
  }

  private func take(_ number: Int, _ value: ObjectValue, _ isExchange: Bool, into record: inout RecordDraft) {
    let property = table.properties[number]
    if property.attribute.isEmpty {
      if case .text(let dn) = value, property.name.lowercased() == "dn" { return record.name(dn) }
      if case .octets(let dn) = value, property.name.lowercased() == "dn" { return record.name(dn) }
      if !property.isKnown, unusable.count < 10 { unusable.insert(property.name) }
      return
    }
    if isExchange, !property.isKnown { return }
    let outcome = reading.read(value, as: property)
    table.count(number, outcome)
    record.take(outcome, of: property, isExchange: isExchange, isRanged: isCsvde)
  }

  /// What the object says of its kind.
  private var recipientType: [UInt8]? {
    for (number, value) in draft where table.properties[number].name.lowercased().hasPrefix("recipienttype") {
      if case .text(let text) = value.unwrapped { return text }
    }
    return nil
  }

  private func refuseCloud(_ dn: [UInt8]) throws(SourceFailure) {
    guard String(decoding: dn.suffix(17), as: UTF8.self).lowercased().hasSuffix("dc=outlook,dc=com") else {
      return
    }
    throw SourceFailure(
      .wrongFormat, source: source,
      message:
        "these are objects of Exchange Online (DC=OUTLOOK,DC=COM), the cloud's copy of the directory; export the "
        + "directory on premises, which synchronization starts from: \(ExportAdvice.powerShell)")
  }

  // MARK: - What is known at the end

  /// Which attributes were exported.
  var exported: ExportedAttributes {
    let known = table.known
    // csvde without a list of attributes writes what nobody would ask for; a column that is not there has no value anywhere.
    let isWhole = isCsvde && known.isSuperset(of: ["objectguid", "instancetype", "usncreated", "whencreated"])
    return isWhole ? .all : .only(known)
  }

  /// What was lost.
  var gaps: [String] {
    let isExchange = exchangeCount * 2 > count
    let advice = isCsvde ? ExportAdvice.csvde : isExchange ? ExportAdvice.exchange : ExportAdvice.powerShell
    var gaps = table.gaps(of: source, wanted, advice: advice)
    if exchangeCount == 1_000, count == 1_000 {
      gaps.append(
        "\(source) has exactly 1,000 objects, which is where Exchange stops unless it is told not to; "
          + "export with -ResultSize Unlimited")
    }
    return gaps
  }

  /// What should be known.
  var remarks: [String] {
    var remarks =
      table.unwantedLosses(wanted).map { names in
        ["\(source) has lost values of attributes that are not looked at here: \(names.joined(separator: ", "))"]
      } ?? []
    if exchangeCount > 0 {
      remarks.append(
        "\(source) shows recipients as Exchange sees them: other objects, and attributes that Exchange does not show, "
          + "were not judged")
    }
    if !contradicted.isEmpty {
      let names = contradicted.sorted().map { AttributeSchema.shipped[$0]?.name ?? $0 }.joined(separator: ", ")
      remarks.append("\(source) has more than one \(names) with different values on one object; the first was read")
    }
    if !unusable.isEmpty {
      let names = unusable.sorted().map { "'\($0)'" }.joined(separator: ", ")
      remarks.append(
        "\(source): \(names): no \(unusable.count == 1 ? "name of an attribute" : "names of attributes"), left out")
    }
    return remarks
  }
}
