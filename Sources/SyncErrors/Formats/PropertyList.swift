import Bytes

/// Reads objects as `Format-List` prints them: `Name : value`, with the rest of long values indented below.
struct PropertyList {
  private var records: [(members: [JSONValue.Member], line: Int)] = []
  private let colon: Int
  /// Whether one space stands before each colon: what showed the list by its columns has made each run of spaces one.
  private var isNarrow: Bool
  private var blankLines = 0
  private(set) var size = 0

  /// Properties with which the objects that matter here begin, or by which they are known.
  private static let known: Set<String> = [
    "timecreated", "providername", "id", "message", "index", "entrytype", "instanceid", "source", "eventid", "objectid",
    "connectorname", "connectorid", "distinguishedname", "errortype", "errorcode", "errorliteral", "dn",
    "runprofilename",
    "displayname", "immutableid", "userprincipalname", "statusdetail", "exchangeguid", "csobjectidentifier", "logname",
    "errorcategory", "propertyname", "propertyvalue", "errorextradetails", "timegenerated", "status", "identity",
    "runhistoryid", "machinename", "leveldisplayname", "result", "onpremisesprovisioningerrors", "category", "username",
    "failuretype", "alias", "serializedxml", "anchorvalue", "value", "propertycausingerror", "containerid",
    "eventrecordid", "extensiondata", "provisioningerrors",
  ]

  /// Whether a name is one of those.
  static func isKnown(_ name: String) -> Bool { known.contains(name.lowercased()) }

  /// Whether a line may begin a list: a name of one word with white space before its colon.
  static func begins(_ line: LabelHead) -> Bool {
    line.hasSpaceBeforeColon && line.indent == 0 && known.contains(line.label.lowercased())
  }

  init(_ line: LabelLine, number: Int) {
    colon = line.colon
    isNarrow = Self.isNarrow(line)
    records = [([.init(name: line.label, value: .string(line.value))], number)]
  }

  /// - Returns: false when the line is of something else.
  mutating func add(_ line: String, number: Int) -> Bool {
    if Trimmed.text(line).isEmpty {
      blankLines += 1
      appendToValue("")
      return true
    }
    let isIndented = line.prefix(while: \.isWhitespace).utf8.count >= min(colon, 4)
    if let label = LabelLine(line), label.hasSpaceBeforeColon, label.indent == 0, !label.label.contains(" ") {
      if label.colon == colon || blankLines == 0 && hasLostColumns(line, label) {
        addMember(label, number: number)
        blankLines = 0
        return true
      }
      // A list with another width is of other objects.
      if blankLines > 0 { return false }
    }
    let goesOn = isIndented || isProseOpen && (blankLines == 0 ? !ConsoleLine.isFence(line) : Paragraph.continues(line))
    if !goesOn { return false }
    blankLines = 0
    appendToValue(Trimmed.text(line))
    return true
  }

  /// Whether a label is one of the list though its colon stands elsewhere, as in a list that lost its columns.
  private func hasLostColumns(_ line: String, _ label: LabelLine) -> Bool {
    isNarrow && Self.isNarrow(label) && Self.isKnown(label.label)
  }

  private static func isNarrow(_ line: LabelLine) -> Bool {
    line.indent == 0 && line.colon == line.label.utf8.count + 1
  }

  /// Whether it does nothing but name an object, so that what stands right below is about that.
  var isName: Bool {
    guard records.count == 1, blankLines == 0 else { return false }
    return records[0].members.allSatisfy { RecordColumn($0.name)?.namesObject == true }
  }

  /// Whether the last value is a text, which goes on on lines that lost their indentation.
  private var isProseOpen: Bool {
    guard let member = records.last?.members.last else { return false }
    return Self.proseNames.contains(member.name.lowercased())
  }

  private mutating func addMember(_ label: LabelLine, number: Int) {
    size += label.value.utf8.count
    let member = JSONValue.Member(name: label.label, value: .string(label.value))
    let last = records.count - 1
    if records[last].members.contains(where: { $0.name == label.label }) {
      records.append(([member], number))
    } else {
      records[last].members.append(member)
    }
  }

  private mutating func appendToValue(_ text: String) {
    let last = records.count - 1
    let member = records[last].members.count - 1
    guard case .string(let value) = records[last].members[member].value else { return }
    size += text.utf8.count + 1
    records[last].members[member].value = .string(value + "\n" + text)
  }

  func emit(to sink: ErrorSink) {
    let interpreter = RecordInterpreter(sink)
    for record in records {
      let members = record.members.map { member -> JSONValue.Member in
        guard case .string(let text) = member.value else { return member }
        return .init(name: member.name, value: Self.value(Trimmed.text(text), of: member.name))
      }
      interpreter.interpret(.object(members), line: record.line)
    }
  }

  private static let proseNames: Set<String> = ["message", "errorliteral", "reason", "description"]

  /// A value in braces is a list. Lines that the console has wrapped are put together again except in prose, which is
  /// searched in a way that does not mind.
  private static func value(_ text: String, of name: String) -> JSONValue {
    if proseNames.contains(name.lowercased()) { return .string(text) }
    if text.hasPrefix("<") || text.contains("<?xml") { return .string(text) }
    let joined = WrappedName.text(Array(text.utf8)[...])
    guard joined.hasPrefix("{"), joined.hasSuffix("}"), IdentifierShape.whole(joined) == nil else {
      return .string(joined)
    }
    let inner = joined.dropFirst().dropLast()
    if inner.isEmpty { return .null }
    return .array(inner.split(separator: ",").map { .string(Trimmed.text($0)) })
  }
}
