import Bytes
import Directory

/// What names an entry in a store: numbers that stay the same from run to run.
public enum EntryKey {
  /// The key of an entry by its source anchor: the objectGUID, or without one the normalised DN.
  public static func anchor(objectGUID: GUID?, dn: Span<UInt8>) -> UInt64 {
    guard let objectGUID else { return self.dn(dn) }
    var hash = SipHash128()
    for place in 0..<16 { hash.combine(objectGUID[place]) }
    return hash.finalize().0
  }

  /// The key of a DN in its normal form, that of fingerprints.
  public static func dn(_ dn: Span<UInt8>) -> UInt64 {
    var hash = SipHash128()
    NormalForm.visit(dn, skipsSpacesAfterCommas: true) { hash.combine($0) }
    return hash.finalize().0
  }

  /// The keys of the source anchors of all holders of a finding.
  public static func anchors(of finding: Finding) -> [UInt64] {
    (0..<finding.holderCount).map { number in
      let holder = finding.holder(number)
      return anchor(objectGUID: holder.objectGUID, dn: finding.bytes.span.extracting(holder.dn.range))
    }
  }
}
