import DirectoryModel
import LDIF

/// Entries as a cache keeps them: LDIF text, and what is looked at in it.
struct CachedText {
  /// An entry of a text.
  struct Entry {
    var guid: [UInt8]
    var created: String
    var dn: [UInt8]
    var text: [UInt8]
  }

  private var parser: LDIFParser
  private var batch: EntryBatch
  private let guid: Int
  private let created: Int
  private let names: Set<Int>

  /// Attributes that must be asked for besides those that are needed.
  static let attributes = ["objectGUID", "whenCreated"]

  /// - Parameter names: attributes whose values are distinguished names, in lower case.
  init(names: Set<String>) {
    let table = AttributeTable(Self.attributes + names.sorted())
    parser = LDIFParser(attributes: table)
    batch = EntryBatch(attributes: table)
    guid = 0
    created = 1
    self.names = Set(2..<2 + names.count)
  }
}
