import Directory

/// Reads the lines of change records behind `changetype:` (RFC 2849, `changerecord`).
enum ChangeRecordReader {
  /// The word behind `changetype:`.
  enum Kind: String { case add, delete, modify, modrdn, moddn }

  static func kind(_ syntax: LineSyntax, _ line: LogicalLine) throws(LineFault) -> Kind {
    let value = try syntax.value(line)
    if value.count <= 8, let kind = Kind(rawValue: String(decoding: value, as: UTF8.self).lowercased()) { return kind }
    throw line.fault(
      at: syntax.valueStart,
      "changetype \(InputQuote.text(value[...])) is not known; it is one of add, delete, modify, modrdn, moddn")
  }

  /// `control: OID [true|false] [: value]`
  static func control(_ syntax: LineSyntax, _ line: LogicalLine) throws(LineFault) -> ChangeControl {
    let bytes = line.bytes
    if syntax.isBase64 { throw line.fault(at: syntax.colon + 1, "a control is not written in base64 as a whole") }
    let isEnd = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: ":") }
    let oidEnd = bytes[syntax.valueStart...].firstIndex(where: isEnd) ?? bytes.count
    for index in syntax.valueStart..<oidEnd where bytes[index] &- 48 >= 10 && bytes[index] != UInt8(ascii: ".") {
      throw line.fault(at: index, "a control begins with an object identifier of digits and dots")
    }
    if oidEnd == syntax.valueStart { throw line.fault(at: oidEnd, "the control's object identifier is missing") }
    var control = ChangeControl(
      oid: String(decoding: bytes[syntax.valueStart..<oidEnd], as: UTF8.self), isCritical: false, value: nil)
    var index = oidEnd
    while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
    let wordEnd = bytes[index...].firstIndex(where: isEnd) ?? bytes.count
    switch String(decoding: bytes[index..<wordEnd], as: UTF8.self).lowercased() {
    case "true": control.isCritical = true
    case "false", "": break
    default: throw line.fault(at: index, "a control's criticality is 'true' or 'false'")
    }
    index = wordEnd
    if index < bytes.count {
      guard bytes[index] == UInt8(ascii: ":") else {
        let place = bytes[index...].firstIndex { $0 != UInt8(ascii: " ") } ?? index
        throw line.fault(at: place, "a control's value begins with a colon right behind its criticality")
      }
      var rest = LineSyntax(colon: index)
      try rest.readMark(line)
      control.value = try rest.value(line)
    }
    return control
  }

  /// Reads the lines behind `changetype:`, up to the end of the record. Not for `add`.
  static func read(
    _ kind: Kind, _ walk: inout LineWalk, _ line: inout LogicalLine
  ) throws(LineFault) -> ChangeRecord.Change {
    switch kind {
    case .modify: return .modify(try modifications(&walk, &line))
    case .modrdn, .moddn: return try modifyDN(&walk, &line)
    case .add, .delete:
      if walk.nextLogical(into: &line) {
        throw line.fault(at: 0, "nothing may follow 'changetype: delete' in its record")
      }
      return .delete
    }
  }

  private static let dash = [UInt8(ascii: "-")]

  private static func modifications(
    _ walk: inout LineWalk, _ line: inout LogicalLine
  ) throws(LineFault) -> [Modification] {
    var all: [Modification] = []
    while walk.nextLogical(into: &line) {
      let syntax = try LineSyntax(line)
      guard let operation = Modification.Operation(rawValue: syntax.word(line)) else {
        throw line.fault(at: 0, "expected 'add:', 'delete:', 'replace:' or 'increment:' and an attribute name")
      }
      let name = try syntax.value(line)
      try checkName(name, syntax, line)
      var one = Modification(operation: operation, attribute: String(decoding: name, as: UTF8.self), values: [])
      // The last modification of a record is also accepted without its '-', as ldapmodify does.
      while walk.nextLogical(into: &line), line.bytes != dash {
        let syntax = try LineSyntax(line)
        guard syntax.isName(name, line) else {
          throw line.fault(
            at: 0, "expected a value of \(InputQuote.text(name[...])) or a line '-', which ends a modification")
        }
        one.values.append(try syntax.value(line))
      }
      all.append(one)
    }
    return all
  }

  private static func checkName(_ name: [UInt8], _ syntax: LineSyntax, _ line: LogicalLine) throws(LineFault) {
    var check = LogicalLine()
    check.start((name + [UInt8(ascii: ":")])[...], line: 0)
    do throws(LineFault) {
      _ = try LineSyntax(check)
    } catch {
      let index = syntax.isBase64 ? syntax.valueStart : syntax.valueStart + error.column - 1
      throw line.fault(at: min(index, line.bytes.count), error.message)
    }
    if name.contains(UInt8(ascii: ":")) {
      throw line.fault(at: syntax.valueStart, "expected the name of an attribute and nothing else")
    }
  }

  private static func modifyDN(
    _ walk: inout LineWalk, _ line: inout LogicalLine
  ) throws(LineFault) -> ChangeRecord.Change {
    let newRDN = try field("newrdn", &walk, &line)
    let flag = try field("deleteoldrdn", &walk, &line)
    guard flag.value == [UInt8(ascii: "0")] || flag.value == [UInt8(ascii: "1")] else {
      throw line.fault(at: flag.start, "deleteoldrdn must be 0 or 1")
    }
    var newSuperior: [UInt8]?
    if walk.nextLogical(into: &line) {
      let syntax = try LineSyntax(line)
      guard syntax.word(line) == "newsuperior" else {
        throw line.fault(at: 0, "expected 'newsuperior:' or the record's end")
      }
      newSuperior = try syntax.value(line)
      if walk.nextLogical(into: &line) { throw line.fault(at: 0, "nothing may follow 'newsuperior:' in its record") }
    }
    return .modifyDN(newRDN: newRDN.value, deleteOldRDN: flag.value == [UInt8(ascii: "1")], newSuperior: newSuperior)
  }

  private static func field(
    _ name: String, _ walk: inout LineWalk, _ line: inout LogicalLine
  ) throws(LineFault) -> (value: [UInt8], start: Int) {
    guard walk.nextLogical(into: &line) else {
      throw line.fault(at: line.bytes.count, "the record ends here, but '\(name):' must follow")
    }
    let syntax = try LineSyntax(line)
    guard syntax.word(line) == name else { throw line.fault(at: 0, "expected '\(name):'") }
    return (try syntax.value(line), syntax.valueStart)
  }
}
