/// Paths as text, without loss: a file name is bytes, and not all of them are UTF-8.
///
/// A byte that is no part of UTF-8 is carried by a character of private use, U+10FF80 to U+10FFFF, as its last two digits. A
/// name that has such a character is carried byte by byte as well, so that every name has one text and comes back as it was.
public enum PathText {
  private static let carriers: ClosedRange<UInt32> = 0x10FF80...0x10FFFF

  /// The text of a name.
  public static func text(_ bytes: some Collection<UInt8>) -> String {
    let bytes = Array(bytes)
    if let text = String(validating: bytes, as: UTF8.self), !hasCarrier(text) { return text }
    var scalars = String.UnicodeScalarView()
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      let part = bytes[index..<min(bytes.count, index + length)]
      if let scalar = String(validating: part, as: UTF8.self)?.unicodeScalars.first, !carriers.contains(scalar.value) {
        scalars.append(scalar)
        index += length
      } else {
        if let carrier = Unicode.Scalar(0x10FF00 + UInt32(byte)) { scalars.append(carrier) }
        index += 1
      }
    }
    return String(scalars)
  }

  /// The name that a text stands for, as the system takes it: ended by a zero.
  public static func name(_ text: String) -> [CChar] {
    guard hasCarrier(text) else { return Array(text.utf8CString) }
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      if carriers.contains(scalar.value) {
        bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    return bytes.map { CChar(bitPattern: $0) } + [0]
  }

  private static func hasCarrier(_ text: String) -> Bool {
    // All of them begin with this byte.
    text.utf8.contains(0xF4) && text.unicodeScalars.contains { carriers.contains($0.value) }
  }
}
