import CEVTX

/// A record of a Windows event log.
public struct EventLogRecord: Sendable, Hashable {
  /// The provider.
  public var provider: String?
  /// The id, without its qualifiers.
  public var id: Int
  /// The level: 1 critical, 2 error, 3 warning, 4 information, 5 verbose.
  public var level: Int?
  /// When it was written: ISO 8601, UTC, to the millisecond.
  public var time: String?
  /// The machine.
  public var computer: String?
  /// The strings that the message is made of, or the message itself as the only one.
  public var strings: [String]
  /// The number of the record in its file, counted from 0.
  public var index: Int
  /// Whether the record was found in a part of the file that is no longer in use.
  public var isRecovered: Bool

  /// A record; see the properties.
  public init(
    provider: String?, id: Int, level: Int?, time: String?, computer: String?, strings: [String], index: Int,
    isRecovered: Bool
  ) {
    self.provider = provider
    self.id = id
    self.level = level
    self.time = time
    self.computer = computer
    self.strings = strings
    self.index = index
    self.isRecovered = isRecovered
  }
}

/// Why an event log cannot be read.
public struct EventLogFailure: Error, Hashable, Sendable {
  /// What is wrong, in one sentence without a full stop.
  public var message: String

  /// A failure; see the property.
  public init(_ message: String) { self.message = message }
}

/// A Windows event log file (`.evtx`).
///
/// A room of its own: the only place that talks to libevtx. The library reads what strangers may have written, so the
/// program calls it in a process of its own (`EventLogLines`). Handles are freed on every way out; strings are copied into
/// buffers of the size that the library names, which are cut at the first zero.
public final class EventLogFile {
  private var file: UnsafeMutablePointer<libevtx_file_t>?
  /// Records in use, and records found in parts of the file that are not.
  public let count: Int
  /// Records found in parts of the file that are no longer in use.
  public let recoveredCount: Int
  /// Whether the library found the file damaged.
  public let isCorrupted: Bool
  /// A longer string is not taken.
  private static let maximumString = 4 << 20
  private static let maximumStrings: Int32 = 256

  /// Opens a file.
  public init(path: String) throws(EventLogFailure) {
    var file: UnsafeMutablePointer<libevtx_file_t>?
    guard libevtx_file_initialize(&file, nil) == 1, let file else {
      throw EventLogFailure("there is no memory to read an event log")
    }
    let opened = path.withCString { libevtx_file_open(file, $0, libevtx_get_access_flags_read(), nil) }
    guard opened == 1 else {
      var unused: UnsafeMutablePointer<libevtx_file_t>? = file
      libevtx_file_free(&unused, nil)
      throw EventLogFailure("is no event log that can be read, or is damaged at its beginning")
    }
    self.file = file
    var number: Int32 = 0
    count = libevtx_file_get_number_of_records(file, &number, nil) == 1 ? Int(number) : 0
    number = 0
    recoveredCount = libevtx_file_get_number_of_recovered_records(file, &number, nil) == 1 ? Int(number) : 0
    isCorrupted = libevtx_file_is_corrupted(file, nil) == 1
  }

  deinit {
    libevtx_file_close(file, nil)
    libevtx_file_free(&file, nil)
  }

  /// A record in use; nil when it cannot be read.
  public func record(_ index: Int) -> EventLogRecord? { record(index, isRecovered: false) }

  /// A record found in a part of the file that is not in use; nil when it cannot be read.
  public func recoveredRecord(_ index: Int) -> EventLogRecord? { record(index, isRecovered: true) }

  private func record(_ index: Int, isRecovered: Bool) -> EventLogRecord? {
    var record: UnsafeMutablePointer<libevtx_record_t>?
    let got =
      isRecovered
      ? libevtx_file_get_recovered_record_by_index(file, Int32(index), &record, nil)
      : libevtx_file_get_record_by_index(file, Int32(index), &record, nil)
    guard got == 1, let record else { return nil }
    defer {
      var unused: UnsafeMutablePointer<libevtx_record_t>? = record
      libevtx_record_free(&unused, nil)
    }
    var id: UInt32 = 0
    guard libevtx_record_get_event_identifier(record, &id, nil) == 1 else { return nil }
    var level: UInt8 = 0
    let hasLevel = libevtx_record_get_event_level(record, &level, nil) == 1
    var filetime: UInt64 = 0
    let hasTime = libevtx_record_get_written_time(record, &filetime, nil) == 1
    return EventLogRecord(
      provider: text(record, libevtx_record_get_utf8_source_name_size, libevtx_record_get_utf8_source_name),
      id: Int(id & 0xFFFF), level: hasLevel ? Int(level) : nil,
      time: hasTime ? FileTime.iso(filetime) : nil,
      computer: text(record, libevtx_record_get_utf8_computer_name_size, libevtx_record_get_utf8_computer_name),
      strings: strings(record), index: index, isRecovered: isRecovered)
  }

  private typealias SizeFunction = (
    UnsafeMutablePointer<libevtx_record_t>?, UnsafeMutablePointer<Int>?,
    UnsafeMutablePointer<UnsafeMutablePointer<libevtx_error_t>?>?
  ) -> Int32
  private typealias TextFunction = (
    UnsafeMutablePointer<libevtx_record_t>?, UnsafeMutablePointer<UInt8>?, Int,
    UnsafeMutablePointer<UnsafeMutablePointer<libevtx_error_t>?>?
  ) -> Int32

  private func text(
    _ record: UnsafeMutablePointer<libevtx_record_t>, _ size: SizeFunction, _ text: TextFunction
  ) -> String? {
    var count = 0
    guard size(record, &count, nil) == 1, count > 0, count <= Self.maximumString else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    guard text(record, &bytes, count, nil) == 1 else { return nil }
    let result = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    return result.isEmpty ? nil : result
  }

  private func strings(_ record: UnsafeMutablePointer<libevtx_record_t>) -> [String] {
    var count: Int32 = 0
    guard libevtx_record_get_number_of_strings(record, &count, nil) == 1, count > 0 else { return [] }
    return (0..<min(count, Self.maximumStrings)).map { index in
      text(
        record, { libevtx_record_get_utf8_string_size($0, index, $1, $2) },
        { libevtx_record_get_utf8_string($0, index, $1, $2, $3) }) ?? ""
    }
  }
}

/// Times of Windows files: 100 nanoseconds since 1601-01-01 (MS-DTYP 2.3.3).
enum FileTime {
  static func iso(_ time: UInt64) -> String? {
    let milliseconds = time / 10_000
    let seconds = milliseconds / 1000
    let days = Int(seconds / 86_400)
    // Beyond the year 9999 a time is damage.
    guard days < 3_067_671 else { return nil }
    let (year, month, day) = date(daysSince1601: days)
    let second = Int(seconds % 86_400)
    let parts = [
      (year, 4, "-"), (month, 2, "-"), (day, 2, "T"), (second / 3600, 2, ":"), (second / 60 % 60, 2, ":"),
      (second % 60, 2, "."), (Int(milliseconds % 1000), 3, "Z"),
    ]
    return parts.map { value, width, end in
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits + end
    }.joined()
  }

  /// The Gregorian calendar repeats every 400 years of 146,097 days; the count starts at the first year of such a span.
  private static func date(daysSince1601 days: Int) -> (Int, Int, Int) {
    var rest = days
    var year = 1601 + 400 * (rest / 146_097)
    rest %= 146_097
    while true {
      let length = isLeap(year) ? 366 : 365
      if rest < length { break }
      rest -= length
      year += 1
    }
    var month = 1
    for length in [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
      if rest < length { break }
      rest -= length
      month += 1
    }
    return (year, month, rest + 1)
  }

  private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
}
