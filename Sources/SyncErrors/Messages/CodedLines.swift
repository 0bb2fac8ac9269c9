import Bytes

/// Lists that programs print with an error a line: each line begins with a code of one family (`HCW8078 - …`,
/// `AADSTS50034: …`), names its object before `Error:`, or is a record of a log.
enum CodedLines {
  /// Where the errors of such a list begin; empty for texts of which fewer than two lines begin so.
  static func starts(in text: [UInt8]) -> [Int] {
    let lines = text.split(separator: 10, omittingEmptySubsequences: true)
    let coded = lines.compactMap { line in family(of: line).map { (start: line.startIndex, family: $0) } }
    if coded.count > 1, coded.allSatisfy({ $0.family == coded[0].family }) { return coded.map(\.start) }
    let records = lines.filter(isRecord)
    if records.count > 1 { return records.map(\.startIndex) }
    let named = lines.filter(namesObject)
    return named.count > 1 && named.count == lines.count ? named.map(\.startIndex) : []
  }

  /// The letters of the code that a line begins with: three or more capitals with four digits or more behind them.
  private static func family(of line: ArraySlice<UInt8>) -> [UInt8]? {
    let line = line.drop { $0 == 32 }
    let letters = line.prefix { $0 &- 0x41 < 26 }
    let digits = line[letters.endIndex...].prefix { $0 &- 0x30 < 10 }
    guard letters.count >= 3, digits.count >= 4 else { return nil }
    if let next = line[digits.endIndex...].first, MessageText.isWordByte(next) { return nil }
    return Array(letters)
  }

  /// Whether a line is a record of the Common Event Format, perhaps behind the time and the host of syslog.
  private static func isRecord(_ line: ArraySlice<UInt8>) -> Bool {
    let head = Array(line.prefix(100))
    return ByteSearch.first("CEF:0|", in: head) != nil || ByteSearch.first("CEF:1|", in: head) != nil
  }

  /// Whether a line is a name or an address, `: Error:` and what is wrong with it.
  private static func namesObject(_ line: ArraySlice<UInt8>) -> Bool {
    let folded = line.prefix(400).map(MessageText.folded)
    guard let place = ByteSearch.first(": error:", in: folded), place > 2 else { return false }
    return place + 8 < folded.count
  }
}
