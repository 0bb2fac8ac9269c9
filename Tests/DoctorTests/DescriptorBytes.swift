import Directory

@testable import Doctor

/// Builds self-relative security descriptors (MS-DTYP 2.4.6) by the book, as an oracle for the parser.
enum DescriptorBytes {
  static func descriptor(
    control: UInt16 = 0x8004, owner: SecurityIdentifier? = nil, entries: [[UInt8]]?, listRevision: UInt8 = 4
  ) -> [UInt8] {
    let ownerBytes = owner?.bytes ?? []
    var list: [UInt8] = []
    if let entries {
      let body = entries.flatMap { $0 }
      list = [listRevision, 0] + le16(8 + body.count) + le16(entries.count) + [0, 0] + body
    }
    let ownerOffset = ownerBytes.isEmpty ? 0 : 20
    let listOffset = list.isEmpty ? 0 : 20 + ownerBytes.count
    return [1, 0] + le16(Int(control)) + le32(ownerOffset) + le32(0) + le32(0) + le32(listOffset) + ownerBytes + list
  }

  static func entry(_ type: UInt8, _ mask: UInt32, _ account: String, flags: UInt8 = 0) -> [UInt8] {
    let identifier = SecurityIdentifier(text: account)?.bytes ?? []
    return [type, flags] + le16(8 + identifier.count) + le32(Int(mask)) + identifier
  }

  static func objectEntry(
    _ type: UInt8, _ mask: UInt32, _ account: String, object: GUID? = nil, inherited: GUID? = nil, flags: UInt8 = 0
  ) -> [UInt8] {
    let identifier = SecurityIdentifier(text: account)?.bytes ?? []
    let guids = (object?.bytes ?? []) + (inherited?.bytes ?? [])
    let present = (object == nil ? 0 : 1) + (inherited == nil ? 0 : 2)
    return [type, flags] + le16(12 + guids.count + identifier.count) + le32(Int(mask)) + le32(present) + guids
      + identifier
  }

  static func le16(_ number: Int) -> [UInt8] { [UInt8(number & 255), UInt8(number >> 8 & 255)] }
  static func le32(_ number: Int) -> [UInt8] { le16(number & 0xFFFF) + le16(number >> 16 & 0xFFFF) }
}
