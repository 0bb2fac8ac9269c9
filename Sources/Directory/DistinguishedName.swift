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
    return !isEscaped(separator, dn)
  }

  /// The DNS name that the `DC=` components at the end of a DN spell, in lower case; empty when there are none.
  public static func domainName(of dn: Span<UInt8>) -> [UInt8] {
    let text = normalized(dn)
    var labels: [ArraySlice<UInt8>] = []
    var end = text.count
    while end > 0 {
      var start = end
      while start > 0, text[start - 1] != UInt8(ascii: ",") || isEscaped(start - 1, text) { start -= 1 }
      let component = text[start..<end]
      guard component.starts(with: Array("dc=".utf8)), component.count > 3 else { break }
      labels.append(component.dropFirst(3))
      end = start - 1
    }
    return Array(labels.reversed().joined(separator: [UInt8(ascii: ".")]))
  }

  /// The first RDN of a DN, as its number of bytes.
  public static func firstRDNLength(of dn: Span<UInt8>) -> Int {
    var index = 0
    while index < dn.count, dn[index] != UInt8(ascii: ",") { index += dn[index] == UInt8(ascii: "\\") ? 2 : 1 }
    return min(index, dn.count)
  }

  /// Whether a byte stands behind an odd number of backslashes.
  private static func isEscaped(_ place: Int, _ text: [UInt8]) -> Bool {
    var backslashes = 0
    while place - 1 - backslashes >= 0, text[place - 1 - backslashes] == UInt8(ascii: "\\") { backslashes += 1 }
    return backslashes % 2 == 1
  }

  private static func appendSpaces(_ result: inout [UInt8], _ count: inout Int, _ isAtStart: Bool) {
    if !isAtStart { result.append(contentsOf: repeatElement(UInt8(ascii: " "), count: count)) }
    count = 0
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }
}
