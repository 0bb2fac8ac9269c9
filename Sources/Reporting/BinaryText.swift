import Bytes
import Findings

/// Values that are no text, such as a GUID: shown in base64 behind two colons, as LDIF has them (RFC 2849). The base64 form
/// of a source anchor is also the one that Entra ID shows.
enum BinaryText {
  /// Whether a value is no text and its base64 form takes no more than so many columns.
  ///
  /// No text is what is not UTF-8 and has less than three quarters of printable ASCII, so that text in a code page is still
  /// shown as text, `M\xFCller`.
  static func isToBeShown(_ value: Span<UInt8>, columns: Int) -> Bool {
    guard (value.count + 2) / 3 * 4 <= columns else { return false }
    var printable = 0
    for place in value.indices where value[place] &- 0x20 < 0x5F { printable += 1 }
    guard printable * 4 < value.count * 3 else { return false }
    var index = 0
    while index < value.count {
      guard case .scalar(_, let length) = UTF8Element(at: index, in: value) else { return true }
      index += length
    }
    return false
  }
}
