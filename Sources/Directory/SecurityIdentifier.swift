import Bytes

/// A security identifier (MS-DTYP 2.4.2): `S-1-5-21-1006758700-2167138679-1475694448-1283`.
public struct SecurityIdentifier: Hashable, Sendable {
  /// The identifier authority, 48 bits.
  public let authority: UInt64
  /// The subauthorities, at most 15; the last one of an account is its relative id.
  public let subauthorities: [UInt32]

  /// The identifier of stored bytes; nil when they are none.
  public init?(_ bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    guard bytes.count >= 8, bytes[0] == 1, bytes[1] <= 15, bytes.count == 8 + 4 * Int(bytes[1]) else { return nil }
    authority = bytes[2..<8].reduce(0) { $0 << 8 | UInt64($1) }
    subauthorities = stride(from: 8, to: bytes.count, by: 4).map { start in
      bytes[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
  }

  /// Whether bytes are an identifier of one of the authorities in use, which no GUID looks like: one with two
  /// subauthorities (`S-1-5-32-544`) has 16 bytes, too.
  static func isCertain(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [1]) && bytes.count >= 8 && bytes[2..<7].allSatisfy { $0 == 0 }
      && SecurityIdentifier(bytes) != nil
  }

  /// The identifier of a text; nil when it is none.
  public init?(text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts.count <= 18, parts[0].lowercased() == "s", parts[1] == "1" else { return nil }
    let isHex = parts[2].lowercased().hasPrefix("0x")
    guard let authority = isHex ? UInt64(parts[2].dropFirst(2), radix: 16) : Self.decimal(parts[2]),
      authority < 1 << 48
    else { return nil }
    var subauthorities: [UInt32] = []
    for part in parts.dropFirst(3) {
      guard let number = Self.decimal(part).flatMap({ UInt32(exactly: $0) }) else { return nil }
      subauthorities.append(number)
    }
    self.authority = authority
    self.subauthorities = subauthorities
  }

  private static func decimal(_ text: some StringProtocol) -> UInt64? {
    guard let first = text.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
    return UInt64(text)
  }

  /// The bytes as Active Directory stores them.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = [1, UInt8(truncatingIfNeeded: subauthorities.count)]
    for shift: UInt64 in [40, 32, 24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: authority >> shift)) }
    for number in subauthorities {
      for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
    return bytes
  }
}

extension SecurityIdentifier: CustomStringConvertible {
  /// The usual text form.
  public var description: String {
    let authority = authority < 1 << 32 ? String(authority) : "0x" + HexText.encode(bytes[2..<8])
    return (["S-1", authority] + subauthorities.map(String.init)).joined(separator: "-")
  }
}
