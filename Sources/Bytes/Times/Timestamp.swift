import Glibc

/// Points in time, in seconds since 1970, as reports show them.
public enum Timestamp {
  /// Now, or the time that `SOURCE_DATE_EPOCH` (reproducible-builds.org) names.
  public static func now() -> Int {
    getenv("SOURCE_DATE_EPOCH").flatMap { Int(String(cString: $0)) } ?? Int(time(nil))
  }

  /// ISO 8601 in UTC, `2026-11-24T02:00:00Z`, of a number of seconds since 1970.
  public static func text(epochSeconds: Int) -> String {
    let second = epochSeconds - floor(epochSeconds, 86_400) * 86_400
    let time = [second / 3_600, second / 60 % 60, second % 60].map { padded($0, 2) }.joined(separator: ":")
    return "\(CalendarDate(epochSeconds: epochSeconds))T\(time)Z"
  }

  /// The quotient rounded down, for negative numbers as well.
  static func floor(_ number: Int, _ divisor: Int) -> Int {
    number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
  }

  static func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
