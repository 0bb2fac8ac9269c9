import Directory

/// The properties of an export by their names, and what was seen of them.
///
/// A name may stand for something else on objects of Exchange, so each has two numbers that follow each other.
struct PropertyTable {
  private(set) var properties: [ExportedProperty] = []
  /// By property: what of it a reader has to know for each value.
  private(set) var traits: [Traits] = []
  /// By name: what of it a reader has to know whatever object it is on.
  private(set) var marks: [Marks] = []
  private var numbers: [String: Int] = [:]
  private var keys: [String: Int] = [:]
  /// Attributes by their number, in lower case.
  private(set) var keyNames: [String] = []
  private var tallies: [Tally] = []
  private let hasProperties: Bool
  /// Whether there were more names than are told apart; those beyond are left out.
  private(set) var isCrowded = false

  /// So many names are told apart: no schema has as many attributes, and a file with more is made to take memory.
  static let most = AttributeTable.capacity / 2
  /// Attributes that are looked at, by their names in lower case; empty for all.
  private let wanted: Set<String>

  /// What a property is to the object that has it.
  enum Role { case none, unknown, name, distinguishedName, objectClass, value }

  struct Marks {
    /// Whether it tells the name or the classes.
    var isSpecial: Bool
    var isRenamed: Bool
    /// Whether it says of which kind a recipient of Exchange is.
    var isRecipientType: Bool
  }

  /// Forms of text that become values without a copy.
  enum Shape { case none, text, integer, octets, time, boolean, addresses, words }

  struct Traits {
    var role: Role
    /// The attribute by number: several properties may show one.
    var key: Int
    /// Whether another property of the attribute's own name says it better.
    var isRenamed: Bool
    /// Whether nobody looks at the attribute.
    var isPassedOver: Bool
    /// Whether one entry may have several properties of the attribute: parts of it, or forms of it.
    var isRepeatable: Bool
    /// In which form most texts of the property are values that need no other look.
    var shape: Shape
    /// Whether an element of a list is a value as it stands.
    var isPlainElement: Bool
    /// Whether a spreadsheet may have rounded what begins with a digit.
    var mayBeRounded: Bool
    /// Whether a number of 32 bits may have lost its sign.
    var mayHaveLostSign: Bool
    /// The number that `true` and `false` stand for, where words make the attribute.
    var words: (yes: Int64?, no: Int64?)?
    /// The attribute's description as it is written.
    var label: [UInt8]
  }

  /// How often a property had values, none, or lost them.
  private struct Tally {
    var valued = 0
    var absent = 0
    var lost: [ObjectValue.Loss: Int] = [:]
    var lostCount: Int { lost.values.reduce(0, +) }
  }

  /// - Parameters:
  ///   - hasProperties: whether names may be those of PowerShell, not of the directory.
  ///   - wanted: names of the attributes that are looked at; empty for all.
  init(hasProperties: Bool, wanted: [String]) {
    self.hasProperties = hasProperties
    self.wanted = Set(wanted.map { $0.lowercased() })
  }

  /// The number of a property; the next one stands for the same name on objects of Exchange.
  mutating func number(of name: String, _ reading: ValueReading) -> Int {
    if let number = numbers[name] { return number }
    guard numbers.count < Self.most else {
      isCrowded = true
      return number(ofMany: reading)
    }
    return add(name, reading)
  }

  private mutating func add(_ name: String, _ reading: ValueReading) -> Int {
    numbers[name] = properties.count
    for isOfExchange in [false, true] {
      let property = ExportedProperty(name, hasProperties: hasProperties, isOfExchange: isOfExchange)
      let key = keys[property.key] ?? keys.count
      if key == keyNames.count { keyNames.append(property.key) }
      keys[property.key] = key
      traits.append(traits(of: property, key, reading, isOfExchange))
      properties.append(property)
      tallies.append(Tally())
    }
    let own = traits.suffix(2)
    let folded = name.lowercased()
    marks.append(
      Marks(
        isSpecial: own.contains { [.name, .distinguishedName, .objectClass].contains($0.role) },
        isRenamed: own.contains(where: \.isRenamed),
        isRecipientType: folded == "recipienttype" || folded == "recipienttypedetails"))
    return properties.count - 2
  }

  /// The number that all names beyond the limit share: that of a property of no attribute.
  private mutating func number(ofMany reading: ValueReading) -> Int {
    let shared = ""
    if let number = numbers[shared] { return number }
    return add(shared, reading)
  }

  private func traits(of property: ExportedProperty, _ key: Int, _ reading: ValueReading, _ isOfExchange: Bool)
    -> Traits
  {
    let isWhole = wanted.isEmpty || wanted.contains(property.key)
    var words: (Int64?, Int64?)?
    if case .words(let numbers) = property.form { words = (numbers["true"], numbers["false"]) }
    return Traits(
      role: role(of: property, isOfExchange), key: key, isRenamed: property.isRenamed, isPassedOver: !isWhole,
      isRepeatable: property.attribute.contains(";"),
      shape: reading.shape(of: property), isPlainElement: property.form.isText,
      mayBeRounded: reading.mayBeRounded(property), mayHaveLostSign: AttributeText.mayHaveLostSign(property.key),
      words: words,
      label: Array(property.attribute.utf8))
  }

  private func role(of property: ExportedProperty, _ isOfExchange: Bool) -> Role {
    if property.attribute.isEmpty {
      if property.name.lowercased() == "dn" { return .name }
      return property.isKnown ? .none : .unknown
    }
    if isOfExchange, !property.isKnown { return .none }
    switch property.key {
    case "distinguishedname": return .distinguishedName
    case "objectclass": return .objectClass
    default: return .value
    }
  }

  /// Counts what an object had of a property.
  mutating func count(_ number: Int, _ outcome: ValueReading.Outcome) {
    switch outcome {
    case .values(let values) where values.isEmpty: tallies[number].absent += 1
    case .lost(let loss): tallies[number].lost[loss, default: 0] += 1
    default: tallies[number].valued += 1
    }
  }

  /// Counts that an object had a value of a property, or none.
  mutating func count(_ number: Int, hasValue: Bool) {
    if hasValue { tallies[number].valued += 1 } else { tallies[number].absent += 1 }
  }

  /// Attributes of which the lack of a value says that the object has none: all that were shown, but those whose values were lost.
  var known: Set<String> {
    var known: Set<String> = []
    var lost: Set<String> = []
    for (property, tally) in zip(properties, tallies) where !property.attribute.isEmpty {
      if tally.lostCount > 0, tally.valued == 0 { lost.insert(property.key) }
      if tally.valued + tally.absent > 0 { known.insert(property.key) }
    }
    return known.subtracting(lost)
  }

  /// What was lost of the attributes that are looked at, one sentence for each.
  ///
  /// - Parameter advice: the command that exports it right.
  func gaps(of source: String, advice: String) -> [String] {
    var told: [String: (attribute: String, losses: [ObjectValue.Loss: Int], others: Int)] = [:]
    for (property, tally) in zip(properties, tallies) where tally.lostCount > 0 {
      var row = told[property.key] ?? (property.attribute, [:], 0)
      row.losses.merge(tally.lost, uniquingKeysWith: +)
      row.others += tally.valued
      told[property.key] = row
    }
    return told.sorted { $0.key < $1.key }.flatMap { _, row in
      row.losses.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map { loss, count in
        Self.sentence(row.attribute, loss, count, hasOthers: row.others > 0, source, advice)
      }
    }
  }

  private static func sentence(
    _ attribute: String, _ loss: ObjectValue.Loss, _ count: Int, hasOthers: Bool, _ source: String, _ advice: String
  ) -> String {
    let objects = count == 1 ? "1 object" : "\(count) objects"
    let verb = hasOthers ? "was not exported of \(objects) of \(source)" : "was not exported to \(source)"
    let holds = hasOthers ? (count == 1 ? "it holds" : "they hold") : "\(objects) \(count == 1 ? "holds" : "hold")"
    switch loss {
    case .typeName: return "\(attribute) \(verb): \(holds) the name of a type in place of values; \(advice)"
    case .spreadsheet:
      return
        "\(attribute) \(verb): a spreadsheet has changed what \(objects) \(count == 1 ? "holds" : "hold"); \(advice)"
    case .shortened: return "\(attribute) \(verb): the values of \(objects) were shown for people and cut; \(advice)"
    case .unreadable:
      return "\(attribute) \(verb): what \(objects) \(count == 1 ? "holds" : "hold") is no value of it; \(advice)"
    }
  }
}
