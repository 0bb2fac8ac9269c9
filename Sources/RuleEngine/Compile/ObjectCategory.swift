/// How Active Directory compares `objectCategory` with the name of a class: by the category that objects of the class have
/// (MS-ADTS 3.1.1.3.1.3.5), of which the values are distinguished names in the schema.
enum ObjectCategory {
  /// Classes whose objects have the category of another class (MS-ADSC, defaultObjectCategory).
  private static let categories = [
    "user": "Person", "inetorgperson": "Person", "contact": "Person", "organizationalperson": "Person",
    "organizationalunit": "Organizational-Unit",
  ]

  /// How the values of objects of a class begin.
  static func beginning(ofClass name: [UInt8]) -> [UInt8] {
    let text = String(decoding: name, as: UTF8.self)
    return Array("CN=\(categories[text.lowercased()] ?? text),".utf8)
  }
}
