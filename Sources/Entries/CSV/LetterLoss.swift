import Bytes

/// Tells whether letters were lost in an export: Windows PowerShell writes `?` for every letter that ASCII does not have.
struct LetterLoss {
  /// Columns that hold names of people and places.
  var nameColumns: [Int] = []
  /// Whether the file has bytes that ASCII does not have: then it was not written as ASCII.
  private var hasOthers = false
  private var count = 0

  private static let names: Set<String> = [
    "dn", "distinguishedname", "displayname", "cn", "name", "givenname", "sn", "surname", "mail", "emailaddress",
    "userprincipalname", "primarysmtpaddress",
  ]

  /// Whether a column holds names.
  static func isName(_ column: String) -> Bool { names.contains(column.lowercased()) }

  /// Looks at bytes as they stand in the file.
  mutating func look(at bytes: ArraySlice<UInt8>) {
    if hasOthers { return }
    hasOthers =
      ByteRuns.asciiEnd(bytes.span, from: 0) < bytes.count || firstPlace(of: 0, in: bytes.span, from: 0) != nil
  }

  /// Looks at a row.
  mutating func look(at row: CSVReader.Row) {
    if hasOthers { return }
    for column in nameColumns where column < row.count && row[column].contains(UInt8(ascii: "?")) { count += 1 }
  }

  /// The columns whose cells are to be looked at.
  var columns: [Int] { hasOthers ? [] : nameColumns }

  /// Counts a name with a question mark.
  mutating func countMark() { count += 1 }

  /// What is to be said of it.
  func gap(of source: String) -> [String] {
    guard !hasOthers, count > 0 else { return [] }
    return [
      "\(source) was written as ASCII: \(count) \(count == 1 ? "name has" : "names have") '?' where letters were; "
        + "export again with -Encoding UTF8"
    ]
  }
}
