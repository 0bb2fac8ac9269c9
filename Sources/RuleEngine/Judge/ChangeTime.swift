import Bytes
import Findings

/// A time as Active Directory writes it (`20261124020000.0Z`, RFC 4517, 3.3.13), to the second.
struct ChangeTime: Comparable, Sendable {
  /// The fourteen digits as a number, which orders times as they are; 0 for what is no time.
  private var digits: UInt64

  /// No time.
  static let none = ChangeTime(digits: 0)

  private init(digits: UInt64) { self.digits = digits }

  /// The time that a value begins with; `none` when it begins with no fourteen digits.
  init(_ value: Span<UInt8>) {
    self = .none
    guard value.count >= 14 else { return }
    var number: UInt64 = 0
    for index in 0..<14 {
      let digit = value[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return }
      number = number * 10 + UInt64(digit)
    }
    digits = number
  }

  /// Seconds since 1970; nil for `none` and for days that do not exist.
  var epochSeconds: Int? {
    func part(_ divisor: UInt64, _ modulus: UInt64) -> Int { Int(digits / divisor % modulus) }
    let date = CalendarDate(
      year: part(10_000_000_000, 10_000), month: part(100_000_000, 100), day: part(1_000_000, 100))
    guard digits > 0, let date else { return nil }
    return date.daysSinceEpoch * 86_400 + part(10_000, 100) * 3_600 + part(100, 100) * 60 + part(1, 100)
  }

  static func < (left: ChangeTime, right: ChangeTime) -> Bool { left.digits < right.digits }
}
