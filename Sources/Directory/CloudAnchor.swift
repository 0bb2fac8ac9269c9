/// The anchor of an object in the cloud's connector space: `User_3f2504e0-4f89-41d3-9a0c-0305e82c3301`.
///
/// Its GUID is the object's id in the cloud; no on-premises directory has it.
public struct CloudAnchor: Hashable, Sendable {
  /// `User`, `Group`, `Contact`, `Device` or another type, as spelled.
  public var type: String
  /// The object's id in the cloud.
  public var objectID: GUID

  /// An anchor of a type and an id.
  public init(type: String, objectID: GUID) {
    self.type = type
    self.objectID = objectID
  }

  /// The anchor of a text `Type_GUID`; nil when it is none.
  public init?(text: some StringProtocol) {
    guard let separator = text.lastIndex(of: "_") else { return nil }
    let type = text[..<separator]
    guard !type.isEmpty, type.utf8.allSatisfy({ $0 | 0x20 >= 97 && $0 | 0x20 <= 122 }),
      let id = GUID(text: text[text.index(after: separator)...])
    else { return nil }
    self.init(type: String(type), objectID: id)
  }

  /// `Type_guid`.
  public var text: String { "\(type)_\(objectID)" }

  /// The bytes of the anchor in a connector-space export: the number of bytes that follow (32 bits, little-endian), then
  /// the text in UTF-16 (little-endian) with a zero at its end.
  public var anchorBytes: [UInt8] { AnchorText.encode(text + "\0") }
}

/// Text anchors of connector spaces: a length of 32 bits (little-endian) and UTF-16 (little-endian).
public enum AnchorText {
  /// The bytes of a text.
  public static func encode(_ text: String) -> [UInt8] {
    let units = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    let count = UInt32(truncatingIfNeeded: units.count)
    return [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: count >> UInt32($0)) } + units
  }

  /// The text of bytes, without a zero at its end; nil when they are no text anchor.
  public static func decode(_ bytes: [UInt8]) -> String? {
    guard bytes.count >= 6, bytes.count % 2 == 0 else { return nil }
    let count = bytes[..<4].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard count == bytes.count - 4 else { return nil }
    var units = stride(from: 4, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
    if units.last == 0 { units.removeLast() }
    guard !units.isEmpty else { return nil }
    return String(validating: units, as: UTF16.self)
  }
}
