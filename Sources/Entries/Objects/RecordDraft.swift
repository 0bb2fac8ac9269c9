import Bytes
import Directory

/// A record in the making: attributes with their values, each attribute from the property that says it best.
struct RecordDraft {
  /// The name.
  private(set) var dn: [UInt8]?
  /// Attributes with their values, `objectClass` first.
  private(set) var attributes: [(description: String, value: [UInt8])] = []
  /// Attributes whose values were lost, by their names in lower case; `lost` has those that no other property says.
  private var losses: Set<String> = []
  private var taken: Set<String> = []
  /// Attributes that two properties of the same name gave different values, by their names in lower case: the first ones count.
  private(set) var contradicted: Set<String> = []
  private var classes: [[UInt8]] = []
  /// Numbers that words add up to, by attribute.
  private var sums: [String: (attribute: String, number: Int64, isOfExchange: Bool)] = [:]

  /// Bytes of its values and of their names.
  var size: Int { attributes.reduce(dn?.count ?? 0) { $0 + $1.description.utf8.count + $1.value.count } }

  /// Takes what a property has, unless another one has said it.
  ///
  /// - Parameter isRanged: whether the source gives the first 1,500 values of an attribute only.
  mutating func take(_ outcome: ValueReading.Outcome, of property: ExportedProperty, isExchange: Bool, isRanged: Bool) {
    let key = property.key
    switch outcome {
    case .lost: losses.insert(key)
    case .number(let number):
      sums[key] = (property.attribute, (sums[key]?.number ?? 0) | number, isExchange)
    case .values(let values):
      let isCut = isRanged && property.isMultivalued && !values.isEmpty && values.count % 1_500 == 0
      take(values, property, isPart: isCut)
    case .part(let values): take(values, property, isPart: true)
    }
  }

  private mutating func take(_ values: [[UInt8]], _ property: ExportedProperty, isPart: Bool) {
    let key = property.key
    guard !values.isEmpty else { return }
    guard !taken.contains(key) || property.attribute.contains(";") else {
      if !property.isRenamed, !has(values, of: property) { contradicted.insert(key) }
      return
    }
    taken.insert(key)
    switch key {
    case "distinguishedname":
      dn = values[0]
      attributes.append((property.attribute, values[0]))
    case "objectclass": classes = values
    default:
      // As a server names a part, so that what cannot be judged is told like there.
      let isWhole = !isPart || property.attribute.contains(";")
      let description = isWhole ? property.attribute : "\(property.attribute);range=0-\(values.count - 1)"
      for value in values { attributes.append((description, value)) }
    }
  }

  private func has(_ values: [[UInt8]], of property: ExportedProperty) -> Bool {
    if property.key == "objectclass" { return classes == values }
    return attributes.lazy.filter { $0.description == property.attribute }.map(\.value).elementsEqual(values)
  }

  /// Attributes whose values were lost.
  var lost: [String] { losses.isEmpty ? [] : losses.subtracting(taken).subtracting(sums.keys).sorted() }

  /// Sets the name where no attribute says it.
  mutating func name(_ dn: [UInt8]) { if self.dn == nil { self.dn = dn } }

  /// Adds what follows from all properties together.
  mutating func finish(recipientType: [UInt8]?) {
    for (key, sum) in sums.sorted(by: { $0.key < $1.key }) where !taken.contains(key) {
      if sum.isOfExchange, sum.number == 0 { continue }
      attributes.append((sum.attribute, Array(String(sum.number).utf8)))
    }
    let guess = recipientType.map { [Self.className(ofRecipientType: $0)] } ?? []
    let names = classes.isEmpty ? guess : classes.map { String(decoding: $0, as: UTF8.self) }
    let chain = names.count == 1 ? ObjectClassSchema.chain(of: names[0]) : names
    attributes.insert(contentsOf: chain.map { ("objectClass", Array($0.utf8)) }, at: 0)
  }

  /// The class of an object of Exchange by its recipient type: `UserMailbox`, `MailContact`, `MailUniversalSecurityGroup`.
  private static func className(ofRecipientType type: [UInt8]) -> String {
    let type = String(decoding: type, as: UTF8.self)
    if type.hasSuffix("Contact") { return "contact" }
    if type == "DynamicDistributionGroup" { return "msExchDynamicDistributionList" }
    return type.hasSuffix("Group") || type == "RoomList" ? "group" : "user"
  }
}
