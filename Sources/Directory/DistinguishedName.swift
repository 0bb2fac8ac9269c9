/// Distinguished names as text (RFC 4514).
public enum DistinguishedName {
  /// The DN in lower case (ASCII), without spaces around separators: two spellings of one DN become equal, as far as
  /// that is possible without a schema.
  ///
  /// - Parameter dn: the DN's bytes.
  public static func normalized(_ dn: Span<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(dn.count)
    var index = 0
    var pendingSpaces = 0
    var isAtStart = true
    while index < dn.count {
      let byte = dn[index]
      if byte == UInt8(ascii: "\\"), index + 1 < dn.count {
        appendSpaces(&result, &pendingSpaces, isAtStart)
        result.append(byte)
        result.append(lower(dn[index + 1]))
        index += 2
        isAtStart = false
        continue
      }
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: "+"):
        pendingSpaces = 0
        result.append(byte)
        isAtStart = true
      case UInt8(ascii: " "):
        pendingSpaces += 1
      default:
        appendSpaces(&result, &pendingSpaces, isAtStart)
        result.append(lower(byte))
        isAtStart = false
      }
      index += 1
    }
    return result
  }

  /// Whether a normalized DN is a normalized base or below it; everything is below the empty base.
  public static func isAtOrBelow(_ base: [UInt8], _ dn: [UInt8]) -> Bool {
    guard !base.isEmpty else { return true }
    guard dn.count >= base.count, dn.suffix(base.count).elementsEqual(base) else { return false }
    guard dn.count > base.count else { return true }
    let separator = dn.count - base.count - 1
    guard dn[separator] == UInt8(ascii: ",") else { return false }
    // A comma behind an odd number of backslashes belongs to a value.
    var backslashes = 0
    while separator - 1 - backslashes >= 0, dn[separator - 1 - backslashes] == UInt8(ascii: "\\") { backslashes += 1 }
    return backslashes % 2 == 0
  }

  private static func appendSpaces(_ result: inout [UInt8], _ count: inout Int, _ isAtStart: Bool) {
    if !isAtStart { result.append(contentsOf: repeatElement(UInt8(ascii: " "), count: count)) }
    count = 0
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }
}
