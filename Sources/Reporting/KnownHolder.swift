import Bytes
import Glibc

/// Room: an entry that holds a value of several, and what is shown of it in front of the attribute. Who shares one value with
/// others mostly shares several, so the same few entries come again and again.
struct KnownHolder {
  private var dn: [UInt8] = []
  private var objectClass: [UInt8] = []
  private(set) var shown: [UInt8] = []

  /// Takes an entry, unless it is the one at hand.
  mutating func set(_ newDN: Span<UInt8>, _ newClass: Span<UInt8>) {
    if !shown.isEmpty, areEqual(dn.span, newDN), areEqual(objectClass.span, newClass) { return }
    dn.removeAll(keepingCapacity: true)
    dn.append(bytes: newDN)
    objectClass.removeAll(keepingCapacity: true)
    objectClass.append(bytes: newClass)
    shown.removeAll(keepingCapacity: true)
    Self.append(newDN, newClass, to: &shown)
  }

  /// Appends what is shown of an entry.
  static func append<Output: ByteAppending & ~Copyable>(
    _ dn: Span<UInt8>, _ objectClass: Span<UInt8>, to bytes: inout Output
  ) {
    bytes.append(literal: "      ")
    TerminalText.append(dn, to: &bytes)
    if !objectClass.isEmpty {
      bytes.append(literal: " (")
      TerminalText.append(objectClass, to: &bytes)
      bytes.append(UInt8(ascii: ")"))
    }
    bytes.append(literal: "  ")
  }
}
