import Directory

/// The properties of an export by their names, and what was seen of them.
///
/// A name may stand for something else on objects of Exchange, so each has two numbers that follow each other.
struct PropertyTable {
  private(set) var properties: [ExportedProperty] = []
  private var numbers: [String: Int] = [:]
  private var tallies: [Tally] = []
  private let hasProperties: Bool

  /// How often a property had values, none, or lost them.
  private struct Tally {
    var valued = 0
    var absent = 0
    var lost: [ObjectValue.Loss: Int] = [:]
    var lostCount: Int { lost.values.reduce(0, +) }
  }

  /// - Parameter hasProperties: whether names may be those of PowerShell, not of the directory.
  init(hasProperties: Bool) { self.hasProperties = hasProperties }

  /// The number of a property; the next one stands for the same name on objects of Exchange.
  mutating func number(of name: String) -> Int {
    if let number = numbers[name] { return number }
    numbers[name] = properties.count
    for isOfExchange in [false, true] {
      properties.append(ExportedProperty(name, hasProperties: hasProperties, isOfExchange: isOfExchange))
      tallies.append(Tally())
    }
    return properties.count - 2
  }

  /// Counts what an object had of a property.
  mutating func count(_ number: Int, _ outcome: ValueReading.Outcome) {
    switch outcome {
    case .values(let values) where values.isEmpty: tallies[number].absent += 1
    case .lost(let loss): tallies[number].lost[loss, default: 0] += 1
    default: tallies[number].valued += 1
    }
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

  /// What was lost, one sentence for each attribute.
  ///
  /// - Parameters:
  ///   - wanted: the attributes that are looked at, by their names in lower case; empty for all.
  ///   - advice: the command that exports it right.
  func gaps(of source: String, _ wanted: Set<String>, advice: String) -> [String] {
    var told: [String: (attribute: String, losses: [ObjectValue.Loss: Int], others: Int)] = [:]
    for (property, tally) in zip(properties, tallies)
    where tally.lostCount > 0 && (wanted.isEmpty || wanted.contains(property.key)) {
      var row = told[property.key] ?? (property.attribute, [:], 0)
      row.losses.merge(tally.lost, uniquingKeysWith: +)
      row.others += tally.valued
      told[property.key] = row
    }
    return told.sorted { $0.key < $1.key }.flatMap { _, row in
      row.losses.sorted { $0.value > $1.value }.map { loss, count in
        Self.sentence(row.attribute, loss, count, hasOthers: row.others > 0, source, advice)
      }
    }
  }

  /// Attributes of which values were lost and that are not looked at; nil for none.
  func unwantedLosses(_ wanted: Set<String>) -> [String]? {
    guard !wanted.isEmpty else { return nil }
    let lost = zip(properties, tallies).filter { $1.lostCount > 0 && !wanted.contains($0.key) }.map(\.0.attribute)
    return lost.isEmpty ? nil : Set(lost).sorted { $0.lowercased() < $1.lowercased() }
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
