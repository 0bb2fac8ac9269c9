import DirectoryModel
import Findings

/// A value that several entries may hold, as it is put aside between reading it again and reporting it.
///
/// Only what differs between holders is kept; what a finding repeats of its rule is added when it is made.
struct Holder {
  var rule: Int
  var slot: Int
  var valueIndex: Int
  var source: Int
  var line: Int
  var column: Int
  var objectGUID: GUID?
  var dn: AttributeValue
  var objectClass: String
  var commonName: AttributeValue?
  var value: AttributeValue

  /// Where the value stands; line 0 stands for a source without lines.
  func location(in source: String) -> SourceLocation {
    line == 0 ? SourceLocation(source: source) : SourceLocation(source: source, line: line, column: column)
  }

  /// The entry and the value, as the other side of a finding.
  func related(_ attribute: String, source: String) -> RelatedValue {
    RelatedValue(
      dn: dn, objectGUID: objectGUID, objectClass: objectClass, attribute: attribute, value: value,
      location: location(in: source))
  }
}

/// Writes and reads holders, with the key that makes them equal in front. Lengths are 32 bits wide, little-endian.
enum HolderCodec {
  /// Appends a holder; the slices are copied straight from the batch.
  static func append(
    to bytes: inout [UInt8], key: Span<UInt8>, dn: Span<UInt8>, guid: Span<UInt8>, objectClass: Span<UInt8>,
    commonName: Span<UInt8>, value: Span<UInt8>, numbers: (Int, Int, Int, Int, Int, Int)
  ) {
    append(key, to: &bytes)
    append(dn, to: &bytes)
    append(guid, to: &bytes)
    append(objectClass, to: &bytes)
    append(commonName, to: &bytes)
    append(value, to: &bytes)
    append(UInt64(numbers.0), width: 8, to: &bytes)
    append(UInt64(numbers.1), width: 8, to: &bytes)
    append(UInt64(numbers.2), width: 8, to: &bytes)
    append(UInt64(numbers.3), width: 8, to: &bytes)
    append(UInt64(numbers.4), width: 8, to: &bytes)
    append(UInt64(numbers.5), width: 8, to: &bytes)
  }

  /// The key of a holder that begins at `start`.
  static func key(_ bytes: [UInt8], at start: Int) -> ArraySlice<UInt8> {
    bytes[start + 4..<start + 4 + number(bytes, start, width: 4)]
  }

  /// Reads a holder that begins at `start`.
  static func holder(_ bytes: [UInt8], at start: Int) -> Holder {
    var index = start
    func next() -> ArraySlice<UInt8> {
      let count = number(bytes, index, width: 4)
      defer { index += 4 + count }
      return bytes[index + 4..<index + 4 + count]
    }
    _ = next()
    let dn = next()
    let guid = next()
    let objectClass = next()
    let commonName = next()
    let value = next()
    func integer() -> Int {
      defer { index += 8 }
      return number(bytes, index, width: 8)
    }
    return Holder(
      rule: integer(), slot: integer(), valueIndex: integer(), source: integer(), line: integer(), column: integer(),
      objectGUID: GUID(guid), dn: AttributeValue(Array(dn)), objectClass: String(decoding: objectClass, as: UTF8.self),
      commonName: commonName.isEmpty ? nil : AttributeValue(Array(commonName)), value: AttributeValue(Array(value)))
  }

  private static func append(_ slice: Span<UInt8>, to bytes: inout [UInt8]) {
    append(UInt64(slice.count), width: 4, to: &bytes)
    slice.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
  }

  private static func append(_ number: UInt64, width: Int, to bytes: inout [UInt8]) {
    for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
  }

  private static func number(_ bytes: [UInt8], _ start: Int, width: Int) -> Int {
    var number = 0
    for index in 0..<width { number |= Int(bytes[start + index]) << (8 * index) }
    return number
  }
}
