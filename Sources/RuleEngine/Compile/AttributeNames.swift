import Directory

/// Numbers attributes in the order in which they are first named, ignoring case; their names are spelt as in the schema.
struct AttributeNames {
  private(set) var all: [String] = []
  private var slots: [String: Int] = [:]

  /// The slot of an attribute. Options of a description are left out: a table of attributes would number its type, too,
  /// and all that follow would have the numbers of others.
  mutating func slot(_ description: String) -> Int {
    let name = description.split(separator: ";", maxSplits: 1).first.map(String.init) ?? description
    let key = name.lowercased()
    if let slot = slots[key] { return slot }
    slots[key] = all.count
    all.append(AttributeSchema.shipped[key]?.name ?? name)
    return all.count - 1
  }
}
