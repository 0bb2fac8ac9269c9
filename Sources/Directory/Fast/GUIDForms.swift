import Bytes

extension GUID {
  /// Which stored byte stands at each place of the text form.
  private static let textOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]

  /// The GUID of a text `3f2504e0-4f89-41d3-9a0c-0305e82c3301`, in any case, with or without braces.
  public init?(text: some StringProtocol) {
    let guid =
      text.utf8.withContiguousStorageIfAvailable { GUID(ascii: $0) }
      ?? Array(text.utf8).withUnsafeBufferPointer { GUID(ascii: $0) }
    guard let guid else { return nil }
    self = guid
  }

  /// The GUID of a value of objectGUID: 16 bytes, or the text form, which ldbsearch writes.
  public init?(value: Span<UInt8>) {
    let guid = value.count == 16 ? GUID(value) : value.withUnsafeBufferPointer { GUID(ascii: $0) }
    guard let guid else { return nil }
    self = guid
  }

  /// The GUID of the bytes of a text.
  init?(ascii text: UnsafeBufferPointer<UInt8>) {
    var start = 0
    if text.count == 38, text[0] == UInt8(ascii: "{"), text[37] == UInt8(ascii: "}") {
      start = 1
    } else if text.count != 36 {
      return nil
    }
    var bytes: (UInt64, UInt64) = (0, 0)
    var digits = 0
    for position in 0..<36 {
      let byte = text[start + position]
      if position == 8 || position == 13 || position == 18 || position == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let value = HexText.value(of: byte) else { return nil }
      if digits < 16 { bytes.0 = bytes.0 << 4 | UInt64(value) } else { bytes.1 = bytes.1 << 4 | UInt64(value) }
      digits += 1
    }
    self.init { place in
      let position = Self.textOrder[place]
      let word = position < 8 ? bytes.0 : bytes.1
      return UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * (position & 7)))
    }
  }

  /// The GUID whose 16 bytes stand in the order of the text form (big-endian), which Active Directory does not use.
  public init?(textBytes: some Collection<UInt8>) {
    let given = Array(textBytes)
    guard given.count == 16 else { return nil }
    var stored = [UInt8](repeating: 0, count: 16)
    for (place, index) in Self.textOrder.enumerated() { stored[index] = given[place] }
    self.init(stored)
  }

  /// The 16 bytes in the order of the text form.
  public var textBytes: [UInt8] { Self.textOrder.map { self[$0] } }

  /// The GUID that a program sees which mistakes the byte order of the first three fields, one way or the other.
  public var byteSwapped: GUID { GUID { self[Self.textOrder[$0]] } }

  /// `{3F2504E0-4F89-41D3-9A0C-0305E82C3301}`, as the synchronization engine prints it.
  public var braced: String { "{\(description.uppercased())}" }

  /// Version of the GUID by RFC 9562, 4.2: 4 for random ones, as Active Directory and the cloud make them.
  public var version: Int { Int(self[7] >> 4) }

  /// Whether it is random (version 4) and of the usual variant, as every objectGUID and every cloud id is.
  public var isRandom: Bool { version == 4 && self[8] & 0xc0 == 0x80 }

  /// When and where it was made, when it is a sequential id of SQL Server (`NEWSEQUENTIALID`): since 2010 the
  /// synchronization engine's ids of connector-space and metaverse objects. nil for all other GUIDs.
  ///
  /// Such an id is a GUID of version 1 (RFC 9562, 5.1) whose first three fields are byte-swapped.
  public var sequential: SequentialGUID? {
    guard !isRandom, self[6] >> 4 == 1, self[8] & 0xc0 == 0x80 else { return nil }
    var ticks = UInt64(self[6] & 15) << 8 | UInt64(self[7])
    for index in [4, 5, 0, 1, 2, 3] { ticks = ticks << 8 | UInt64(self[index]) }
    // From 15 October 1582 to 1 January 1970, in units of 100 ns.
    let epoch: UInt64 = 0x01b2_1dd2_1381_4000
    guard ticks > epoch else { return nil }
    let made = SequentialGUID(microseconds: Int64((ticks - epoch) / 10), node: Array(bytes[10...]))
    return made.year >= 1998 && made.year < 2100 ? made : nil
  }
}

/// What a sequential GUID tells of itself.
public struct SequentialGUID: Hashable, Sendable {
  /// When it was made, in microseconds since 1970, UTC.
  public var microseconds: Int64
  /// Address of the network card of the machine that made it: 6 bytes.
  public var node: [UInt8]

  /// The time as `2021-10-07T22:34:50Z`.
  public var time: String {
    let seconds = microseconds.dividedDown(by: 1_000_000)
    let day = Int(seconds.dividedDown(by: 86_400))
    let second = Int(seconds - Int64(day) * 86_400)
    let (year, month, dayOfMonth) = Self.civil(day)
    return "\(year)-\(Self.two(month))-\(Self.two(dayOfMonth))T\(Self.two(second / 3600)):"
      + "\(Self.two(second / 60 % 60)):\(Self.two(second % 60))Z"
  }

  /// The year of the time.
  public var year: Int { Self.civil(Int(microseconds.dividedDown(by: 86_400_000_000))).year }

  /// The node as `00:0d:3a:1b:4e:ee`.
  public var nodeText: String { node.map { HexText.encode(CollectionOfOne($0)) }.joined(separator: ":") }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// The date of a number of days since 1970 in the Gregorian calendar.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    // Years are counted from March, so that the leap day is the last of its year.
    let shifted = days + 719_468
    let era = Int(Int64(shifted).dividedDown(by: 146_097))
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}

extension Int64 {
  /// The quotient rounded down, also for negative numbers.
  fileprivate func dividedDown(by divisor: Int64) -> Int64 {
    self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
  }
}
