import Findings

/// Merges the findings on single entries, which were put aside in input order, with those on groups of entries.
struct FindingMerge {
  let spool: Spool
  /// Sequence numbers of findings whose suggestion would make a duplicate.
  let withdrawn: Set<Int>

  func run(_ groups: DuplicateGroups, receive: (Finding) throws -> Void) throws {
    var reader = SpoolReader(spool: spool)
    var sequence = 0
    var local = try reader.next()
    var position = 0
    while position < groups.late.count {
      let late = groups.late[position]
      while let (entry, finding) = local, entry < late.entry {
        try receive(adjusted(finding, sequence))
        sequence += 1
        local = try reader.next()
      }
      var made: [Finding] = []
      while position < groups.late.count, groups.late[position].entry == late.entry {
        made += try groups.findings(groups.late[position])
        position += 1
      }
      // A row of a parity rule takes the place of the row without the duplicate.
      var sameEntry: [Finding] = []
      while let (entry, finding) = local, entry == late.entry {
        sameEntry.append(adjusted(finding, sequence))
        sequence += 1
        local = try reader.next()
      }
      for finding in sameEntry where !made.contains(where: { $0.replaces(finding) }) { try receive(finding) }
      for finding in made { try receive(finding) }
    }
    while let (_, finding) = local {
      try receive(adjusted(finding, sequence))
      sequence += 1
      local = try reader.next()
    }
  }

  private func adjusted(_ finding: Finding, _ sequence: Int) -> Finding {
    guard withdrawn.contains(sequence) else { return finding }
    var finding = finding
    finding.suggestion = nil
    return finding
  }
}

extension Finding {
  /// Whether this finding says all that another one of a parity rule says of the same value.
  fileprivate func replaces(_ other: Finding) -> Bool {
    idfixAction != nil && rule == other.rule && attribute == other.attribute && valueIndex == other.valueIndex
      && labels.count > other.labels.count
  }
}

/// Reads findings back from a spool, one after the other.
private struct SpoolReader {
  let spool: Spool
  var offset = 0
  private var block: [UInt8] = []
  private var position = 0

  init(spool: Spool) { self.spool = spool }

  mutating func next() throws -> (entry: UInt32, finding: Finding)? {
    guard try fill(8) else { return nil }
    let entry = number(at: position)
    let length = Int(number(at: position + 4))
    position += 8
    _ = try fill(length)
    let finding = try FindingCodec.decode(block[position..<position + length])
    position += length
    return (entry, finding)
  }

  private func number(at index: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(block[index + $1]) << UInt32(8 * $1) }
  }

  /// Makes at least `count` bytes available from `position` on; false at the end.
  private mutating func fill(_ count: Int) throws -> Bool {
    if block.count - position >= count { return true }
    let from = offset - (block.count - position)
    guard from + count <= spool.count else { return false }
    let end = min(spool.count, from + max(count, 1 << 18))
    try spool.read(from..<end, into: &block)
    offset = end
    position = 0
    return true
  }
}
