import Directory

extension PlainReader.Record {
  /// An item of the real reader in the oracle's words.
  init(_ item: Item) {
    switch item {
    case .entry(let dn, let line, let values, _):
      self = .entry(
        dn: dn.bytes, line: line,
        values: values.map { PlainReader.Value(name: $0.name.lowercased(), bytes: $0.bytes.bytes, line: $0.line) })
    case .change(let record, let line):
      self = .change(dn: record.dn, line: line, what: Self.words(record.change))
    case .problem: self = .problem
    }
  }

  private static func words(_ change: ChangeRecord.Change) -> [[UInt8]] {
    switch change {
    case .delete: [Array("delete".utf8)]
    case .modify(let modifications):
      [Array("modify".utf8)]
        + modifications.flatMap { [Array($0.operation.rawValue.utf8), Array($0.attribute.utf8)] + $0.values }
    case .modifyDN(let newRDN, let deleteOldRDN, let newSuperior):
      [Array("modrdn".utf8), newRDN, [deleteOldRDN ? 49 : 48]] + (newSuperior.map { [$0] } ?? [])
    }
  }
}
