import ShippedRules

/// What is known of attributes: the rows of `Rules/data/attributes.yaml`, by name.
public struct AttributeSchema: Sendable {
  /// The facts that travel inside the product.
  public static let shipped = AttributeSchema(ShippedRules.attributes)

  /// All rows, in the order of the file.
  public let attributes: [AttributeFacts]
  /// Positions by name in lower case.
  private var byName: [String: Int] = [:]
  /// Positions by name in the cloud in lower case.
  private var byCloudName: [String: Int] = [:]

  init(_ attributes: [AttributeFacts]) {
    self.attributes = attributes
    for (number, attribute) in attributes.enumerated() {
      byName[attribute.name.lowercased()] = number
      for name in attribute.cloudNames { byCloudName[name.lowercased()] = number }
    }
  }

  /// The facts of an attribute, by its name in any case; nil where nothing is known.
  public subscript(name: String) -> AttributeFacts? { byName[name.lowercased()].map { attributes[$0] } }

  /// Whether the schema allows several values.
  public func isMultivalued(_ name: String) -> Bool { self[name]?.isMultivalued ?? false }

  /// The attribute of Active Directory behind a name of the cloud's connector space or its errors, by the default rules of Entra
  /// Connect; the name itself where it is the same or not known.
  ///
  /// - Parameter name: in any case, perhaps with a class before it (`FederatedUser.UserPrincipalName`).
  public func directoryName(ofCloud name: String) -> String {
    let hasClass = name.utf8.contains(UInt8(ascii: "."))
    let last = hasClass ? name.split(separator: ".").last.map(String.init) ?? name : name
    return byCloudName[last.lowercased()].map { attributes[$0].name } ?? last
  }
}

/// What is known of object classes: the rows of `Rules/data/object-classes.yaml`.
public enum ObjectClassSchema {
  /// Names in lower case of all classes that are known, which are no secret of an organisation.
  public static let names = Set(ShippedRules.objectClasses.map { $0.name.lowercased() })

  /// Names in lower case of the classes by which an entry is classed, most specific first.
  public static let bySpecificity = ShippedRules.objectClasses.filter(\.isSpecific).map { $0.name.lowercased() }

  /// Attributes that every entry of a class has, in the order of the file.
  public static let always: [(attribute: String, objectClass: String)] = ShippedRules.objectClasses.flatMap { facts in
    facts.always.map { ($0, facts.name) }
  }

  /// A class and all that it is made from, `top` first; only itself where it is not known.
  public static func chain(of name: String) -> [String] {
    var chain: [String] = []
    var next = facts[name.lowercased()]
    while let facts = next {
      chain.append(facts.name)
      next = facts.superclass.flatMap { self.facts[$0.lowercased()] }
    }
    return chain.isEmpty ? [name] : chain.reversed()
  }

  private static let facts = Dictionary(
    ShippedRules.objectClasses.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
}

/// What properties of exported objects show: the rows of `Rules/data/export-properties.yaml`.
public enum ExportProperties {
  private static let byName = Dictionary(
    ShippedRules.exportProperties.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })

  /// The facts of a property by its name in any case; nil for those that are attributes by their own name.
  public static func facts(of name: String) -> PropertyFacts? { byName[name.lowercased()] }
}
