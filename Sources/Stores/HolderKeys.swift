import Findings

/// The keys of the holders of a finding, as a store keeps them: anchor and DN of each, eight bytes each, little-endian.
enum HolderKeys {
  static func append(_ finding: PackedFinding, to bytes: inout [UInt8]) {
    let texts = finding.bytes.span
    append(EntryKey.anchor(objectGUID: finding.objectGUID, dn: texts.extracting(finding.dn)), to: &bytes)
    append(EntryKey.dn(texts.extracting(finding.dn)), to: &bytes)
    for place in finding.related {
      append(EntryKey.anchor(objectGUID: place.objectGUID, dn: texts.extracting(place.dn)), to: &bytes)
      append(EntryKey.dn(texts.extracting(place.dn)), to: &bytes)
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
