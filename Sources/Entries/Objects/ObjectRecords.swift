import Bytes
import Directory

/// What an object of an export has of a property: a piece of the text that it was read from where that is enough.
enum ObjectPiece {
  case absent
  /// Text of UTF-8, without marks of its form.
  case text(Range<Int>)
  /// A number, as written.
  case number(Range<Int>)
  case boolean(Bool)
  /// A list: so many of the pieces behind it are its elements.
  case list(Int)
  /// Whatever else.
  case value(ObjectValue)
}

/// Writes objects of an export as records: finds the name, the classes and the attributes of each among its properties.
///
/// Nothing is allocated for a plain value: it goes from the text of the export to the text of the record.
final class ObjectRecords {
  private let source: String
  private let reading: ValueReading
  private var table: PropertyTable
  private var line = 0
  /// The object at hand; elements of lists have the number of their property, too.
  private var pieces: [(property: Int, piece: ObjectPiece)] = []
  private var isExchange = false
  private var hasRenamed = false
  /// Places of the pieces that tell the name or the classes.
  private var special: [Int] = []
  /// By attribute: the object that had it last, so that nothing has to be cleared.
  private var takenBy: [Int] = []
  /// Numbers that words add up to.
  private var sums: [(key: Int, label: [UInt8], number: Int64, isOfExchange: Bool)] = []
  /// Attributes of which values were lost.
  private var losses: Set<Int> = []
  /// Where addresses of a joined list end.
  private var ends: [Int] = []
  private var classes = ClassLines()
  /// Bytes of the record's values and of their names.
  private var size = 0
  private var serial = 0
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
    self.reading = reading
    self.isCsvde = isCsvde
    // What makes an object is wanted whatever is looked at.
    let always = ["distinguishedName", "objectClass", "objectGUID"]
    table = PropertyTable(hasProperties: !isCsvde, wanted: wanted.isEmpty ? [] : wanted + always)
  }

  /// The number of a property by its name.
  func property(_ name: String) -> Int {
    let number = table.number(of: name, reading)
    while takenBy.count < table.traits.count { takenBy.append(-1) }
    return number
  }

  /// Begins an object.
  func begin(line: Int) {
    self.line = line
    pieces.removeAll(keepingCapacity: true)
    isExchange = false
    hasRenamed = false
    special.removeAll(keepingCapacity: true)
  }

  /// Adds what the object has of a property; of a list, its elements follow.
  func add(_ property: Int, _ piece: ObjectPiece) {
    let marks = table.marks[property >> 1]
    if marks.isSpecial { special.append(pieces.count) }
    if marks.isRecipientType { isExchange = true }
    if marks.isRenamed { hasRenamed = true }
    pieces.append((property, piece))
  }

  /// Adds a value that is no piece of a text.
  func add(_ property: Int, _ value: ObjectValue) { add(property, .value(value)) }

  /// Ends the object: writes it.
  ///
  /// - Parameter text: what its pieces are pieces of.
  /// - Throws: that the object is none of the directory on premises.
  func end(_ writer: RecordWriter, _ text: [UInt8] = []) throws(SourceFailure) {
    guard let dn = name(text), !dn.isEmpty else {
      namelessCount += 1
      return writer.leaveOut("line \(line): an object without distinguishedName was left out")
    }
    try refuseCloud(dn)
    begin(writer, dn, text)
    for isRenamed in hasRenamed ? [false, true] : [false] {
      var place = 0
      while place < pieces.count {
        let next = end(of: place)
        let number = pieces[place].property + (isExchange ? 1 : 0)
        if table.traits[number].isRenamed == isRenamed { take(number, place, text, writer) }
        place = next
      }
    }
    writeSums(writer)
    guard size <= writer.recordSize else {
      writer.cancelRecord()
      return writer.skip(line: line, dn: String(decoding: dn.prefix(200), as: UTF8.self))
    }
    count += 1
    if isExchange { exchangeCount += 1 }
    writer.endRecord(lost: losses.isEmpty ? [] : losses.filter { !isTaken($0) }.map { table.keyNames[$0] }.sorted())
  }

  /// The place behind a piece and its elements.
  private func end(of place: Int) -> Int {
    if case .list(let count) = pieces[place].piece { place + 1 + count } else { place + 1 }
  }

  // MARK: - Name and classes

  private func begin(_ writer: RecordWriter, _ dn: [UInt8], _ text: [UInt8]) {
    serial += 1
    if !sums.isEmpty { sums.removeAll(keepingCapacity: true) }
    if !losses.isEmpty { losses.removeAll(keepingCapacity: true) }
    size = dn.count
    writer.beginRecord(dn: dn, line: line)
    var found: (place: Int, raw: Range<Int>?)?
    visitSpecial { place, role in
      if found == nil, role == .objectClass, !isEmpty(place) { found = (place, range(place)) }
    }
    if let found, let raw = found.raw, let known = classes.lines(of: text[raw]) {
      return write(known, writer)
    }
    var names = found.map { outcome(of: $0.place, text) } ?? .values([])
    if case .values(let values) = names, values.isEmpty { names = .lost(.unreadable) }
    let guess = isExchange ? recipientType(text).map { [ClassLines.className(ofRecipientType: $0)] } ?? [] : []
    let lines: ClassLines.Lines
    if case .values(let values) = names {
      lines = classes.make(values.map { String(decoding: $0, as: UTF8.self) })
      if let raw = found?.raw { classes.keep(lines, of: text[raw]) }
    } else {
      lines = classes.make(guess)
    }
    write(lines, writer)
  }

  private func write(_ lines: ClassLines.Lines, _ writer: RecordWriter) {
    size += lines.size
    writer.add(lines: lines.bytes.span, count: lines.count)
  }

  /// The bytes of the text that a piece with its elements is made of; nil for others.
  private func range(_ place: Int) -> Range<Int>? {
    switch pieces[place].piece {
    case .text(let range): return range
    case .list(let count) where count > 0:
      guard case .text(let first) = pieces[place + 1].piece, case .text(let last) = pieces[place + count].piece,
        first.lowerBound <= last.upperBound
      else { return nil }
      return first.lowerBound..<last.upperBound
    default: return nil
    }
  }

  /// Visits the pieces that tell the name or the classes, in the order in which they count.
  private func visitSpecial(_ body: (_ place: Int, _ role: PropertyTable.Role) -> Void) {
    for isRenamed in hasRenamed ? [false, true] : [false] {
      for place in special {
        let number = pieces[place].property + (isExchange ? 1 : 0)
        if table.traits[number].isRenamed == isRenamed { body(place, table.traits[number].role) }
      }
    }
  }

  private func name(_ text: [UInt8]) -> [UInt8]? {
    var own: [UInt8]?
    var other: [UInt8]?
    visitSpecial { place, role in
      if role == .distinguishedName, own == nil { own = nameValue(place, text) }
      guard role == .name, other == nil else { return }
      switch value(of: place, text) {
      case .text(let name), .octets(let name): other = name
      default: break
      }
    }
    return own ?? other
  }

  private func nameValue(_ place: Int, _ text: [UInt8]) -> [UInt8]? {
    if case .text(let range) = pieces[place].piece, let first = text[range].first, !Self.needsLook(first) {
      return Array(text[range])
    }
    if case .values(let values) = outcome(of: place, text) { return values.first }
    return nil
  }

  /// What the object says of its kind.
  private func recipientType(_ text: [UInt8]) -> [UInt8]? {
    for (place, piece) in pieces.enumerated()
    where table.properties[piece.property].name.lowercased().hasPrefix("recipienttype") {
      if case .text(let type) = value(of: place, text).unwrapped { return type }
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

  // MARK: - Attributes

  private func take(_ number: Int, _ place: Int, _ text: [UInt8], _ writer: RecordWriter) {
    let traits = table.traits[number]
    noteContradiction(place, traits, text)
    switch traits.role {
    case .none, .name: return
    case .unknown:
      if unusable.count < 10 { unusable.insert(table.properties[number].name) }
      return
    case .distinguishedName, .objectClass, .value: break
    }
    if traits.isPassedOver { return table.count(number, hasValue: !isEmpty(place)) }
    if takePlain(number, traits, place, text, writer) { return }
    let outcome = outcome(of: place, text)
    table.count(number, outcome)
    let property = table.properties[number]
    switch outcome {
    case .lost: losses.insert(traits.key)
    case .number(let number): addWord(number, traits)
    case .values(let values):
      // csvde gives the first 1,500 values of an attribute only.
      let isCut = isCsvde && property.isMultivalued && !values.isEmpty && values.count % 1_500 == 0
      write(values, property, traits, isPart: isCut, writer)
    case .part(let values): write(values, property, traits, isPart: true, writer)
    }
  }

  /// Takes note of an attribute that is there twice with different values: the first ones count.
  private func noteContradiction(_ place: Int, _ traits: PropertyTable.Traits, _ text: [UInt8]) {
    guard takenBy[traits.key] == serial, !traits.isRenamed, !traits.isRepeatable, contradicted.count < 10 else {
      return
    }
    guard case .values(let values) = outcome(of: place, text), !values.isEmpty else { return }
    var earlier = 0
    while earlier < place {
      let other = table.traits[pieces[earlier].property + (isExchange ? 1 : 0)]
      if other.key == traits.key, !other.isRenamed, case .values(let known) = outcome(of: earlier, text), !known.isEmpty
      {
        if known != values { contradicted.insert(table.keyNames[traits.key]) }
        return
      }
      earlier = end(of: earlier)
    }
  }

  /// Writes a value that needs no look at what it is, or several.
  ///
  /// - Returns: whether it was one.
  private func takePlain(
    _ number: Int, _ traits: PropertyTable.Traits, _ place: Int, _ text: [UInt8], _ writer: RecordWriter
  ) -> Bool {
    switch pieces[place].piece {
    case .absent:
      table.count(number, hasValue: false)
      return true
    case .text(let range): return takePlain(number, traits, text: text.span.extracting(range), writer)
    case .number(let range):
      let isPlain = (traits.shape == .text || traits.shape == .integer) && (!traits.mayHaveLostSign || range.count < 10)
      guard isPlain else { return false }
      table.count(number, hasValue: true)
      if mayWrite(traits) { write(text.span.extracting(range), traits.label, writer) }
      return true
    case .list(let count):
      guard traits.isPlainElement, traits.role != .distinguishedName, count > 0, !isCsvde || count < 1_500 else {
        return false
      }
      for element in place + 1...place + count {
        guard case .text(let range) = pieces[element].piece, !range.isEmpty else { return false }
      }
    case .boolean(let flag):
      guard let words = traits.words, let word = flag ? words.yes : words.no else { return false }
      addWord(word, traits)
      table.count(number, hasValue: true)
      return true
    case .value: return false
    }
    table.count(number, hasValue: true)
    guard mayWrite(traits), traits.role != .objectClass else { return true }
    for element in place..<end(of: place) {
      guard case .text(let range) = pieces[element].piece else { continue }
      size += traits.label.count + range.count
      writer.add(traits.label, text.span.extracting(range))
    }
    return true
  }

  /// The same for a text.
  private func takePlain(
    _ number: Int, _ traits: PropertyTable.Traits, text: Span<UInt8>, _ writer: RecordWriter
  ) -> Bool {
    guard text.count > 0, !Self.needsLook(text[0]) || text[0] == UInt8(ascii: "S") && traits.shape != .text else {
      return false
    }
    switch traits.shape {
    case .none: return false
    case .text:
      if traits.mayBeRounded, text[0] &- 48 < 10 { return false }
      if mayWrite(traits) { write(text, traits.label, writer) }
    case .integer:
      guard PlainValue.isInteger(text) else { return false }
      if mayWrite(traits) { write(text, traits.label, writer) }
    case .octets:
      if let guid = PlainValue.guid(text) {
        if mayWrite(traits) { write(guid.span, traits.label, writer) }
      } else if let (bytes, count) = PlainValue.securityIdentifier(text) {
        if mayWrite(traits) { write(bytes.span.extracting(0..<count), traits.label, writer) }
      } else {
        return false
      }
    case .time:
      guard let time = PlainValue.time(text) else { return false }
      if mayWrite(traits) { write(time.span, traits.label, writer) }
    case .boolean:
      guard let flag = PlainValue.word(text) else { return false }
      if mayWrite(traits) { write(flag ? Self.yes.span : Self.no.span, traits.label, writer) }
    case .addresses:
      guard PlainValue.addressEnds(text, into: &ends) else { return false }
      if mayWrite(traits) { writeAddresses(text, traits.label, writer) }
    case .words:
      guard let flag = PlainValue.word(text), let words = traits.words, let word = flag ? words.yes : words.no else {
        return false
      }
      addWord(word, traits)
    }
    table.count(number, hasValue: true)
    return true
  }

  private static let yes = Array("TRUE".utf8)
  private static let no = Array("FALSE".utf8)

  private func writeAddresses(_ text: Span<UInt8>, _ label: [UInt8], _ writer: RecordWriter) {
    var start = 0
    for end in ends {
      write(text.extracting(start..<end), label, writer)
      start = end + 1
    }
  }

  private func addWord(_ word: Int64, _ traits: PropertyTable.Traits) {
    if let place = sums.firstIndex(where: { $0.key == traits.key }) {
      sums[place].number |= word
      sums[place].isOfExchange = isExchange
    } else {
      sums.append((traits.key, traits.label, word, isExchange))
    }
  }

  /// Whether a text that begins with a byte may be no value: the name of a type, or what a spreadsheet or a screen made of one.
  private static func needsLook(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "S"), UInt8(ascii: "M"), UInt8(ascii: "D"), UInt8(ascii: "#"), UInt8(ascii: "{"): true
    default: false
    }
  }

  private func write(
    _ values: [[UInt8]], _ property: ExportedProperty, _ traits: PropertyTable.Traits, isPart: Bool,
    _ writer: RecordWriter
  ) {
    guard !values.isEmpty, mayWrite(traits), traits.role != .objectClass else { return }
    if traits.role == .distinguishedName { return write(values[0], traits.label, writer) }
    // As a server names a part, so that what cannot be judged is told like there.
    let isWhole = !isPart || traits.isRepeatable
    let label = isWhole ? traits.label : Array("\(property.attribute);range=0-\(values.count - 1)".utf8)
    for value in values { write(value, label, writer) }
  }

  private func write(_ value: [UInt8], _ label: [UInt8], _ writer: RecordWriter) { write(value.span, label, writer) }

  private func write(_ value: Span<UInt8>, _ label: [UInt8], _ writer: RecordWriter) {
    size += label.count + value.count
    writer.add(label, value)
  }

  /// Whether no other property has said the attribute; from now on this one has.
  private func mayWrite(_ traits: PropertyTable.Traits) -> Bool {
    let isFirst = takenBy[traits.key] != serial
    takenBy[traits.key] = serial
    return isFirst || traits.isRepeatable
  }

  private func isTaken(_ key: Int) -> Bool { takenBy[key] == serial || sums.contains { $0.key == key } }

  /// Adds what follows from all properties together.
  private func writeSums(_ writer: RecordWriter) {
    guard !sums.isEmpty else { return }
    let due = sums.filter { takenBy[$0.key] != serial && !($0.isOfExchange && $0.number == 0) }
    for sum in due.sorted(by: { table.keyNames[$0.key] < table.keyNames[$1.key] }) {
      write(Array(String(sum.number).utf8), sum.label, writer)
    }
  }

  // MARK: - Pieces as values

  private func isEmpty(_ place: Int) -> Bool {
    switch pieces[place].piece {
    case .absent: true
    case .text(let range): range.isEmpty
    case .list(let count): count == 0
    case .value(.absent): true
    case .value(.text(let text)): text.isEmpty
    case .value(.list(let elements)): elements.isEmpty
    default: false
    }
  }

  private func outcome(of place: Int, _ text: [UInt8]) -> ValueReading.Outcome {
    reading.read(value(of: place, text), as: table.properties[pieces[place].property + (isExchange ? 1 : 0)])
  }

  private func value(of place: Int, _ text: [UInt8]) -> ObjectValue {
    switch pieces[place].piece {
    case .absent: .absent
    case .text(let range): .text(Array(text[range]))
    case .number(let range): .number(Array(text[range]))
    case .boolean(let flag): .boolean(flag)
    case .list(let count): .list((0..<count).map { value(of: place + 1 + $0, text) })
    case .value(let value): value
    }
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
    var gaps = table.gaps(of: source, advice: advice)
    if table.isCrowded {
      gaps.append("\(source) has more than \(PropertyTable.most) names of properties; those beyond were left out")
    }
    if exchangeCount == 1_000, count == 1_000 {
      gaps.append(
        "\(source) has exactly 1,000 objects, which is where Exchange stops unless it is told not to; "
          + "export with -ResultSize Unlimited")
    }
    return gaps
  }

  /// What should be known.
  var remarks: [String] {
    var remarks: [String] = []
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
