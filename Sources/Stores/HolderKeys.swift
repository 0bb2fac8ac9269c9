import Findings

/// The keys of the holders of a finding, as a store keeps them: anchor and DN of each, eight bytes each, little-endian.
enum HolderKeys {
  static func append(_ finding: Finding, to bytes: inout [UInt8]) {
    let texts = finding.bytes.span
    for number in 0..<finding.holderCount {
      let holder = finding.holder(number)
      let dn = texts.extracting(holder.dn.range)
      append(EntryKey.anchor(objectGUID: holder.objectGUID, dn: dn), to: &bytes)
      append(EntryKey.dn(dn), to: &bytes)
    }
  }

  private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  /// Hands over the keys of each holder.
  static func forEach(_ bytes: [UInt8], _ body: (_ anchor: UInt64, _ dn: UInt64) -> Void) {
    for start in stride(from: 0, to: bytes.count / 16 * 16, by: 16) {
      body(number(bytes, at: start), number(bytes, at: start + 8))
    }
  }

  private static func number(_ bytes: [UInt8], at start: Int) -> UInt64 {
    (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
  }
}
