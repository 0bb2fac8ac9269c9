/// What stands in an export where values should be and are not.
enum LossMarks {
  private static let namespaces = ["System.", "Microsoft.", "Deserialized.", "Selected."].map { Array($0.utf8) }

  /// Whether a text is the name of a type, which PowerShell writes in place of lists and bytes: `System.Object[]`,
  /// ``Microsoft.Exchange.Data.MultiValuedProperty`1[System.String]``.
  static func isTypeName(_ text: [UInt8]) -> Bool {
    guard let start = text.first,
      start == UInt8(ascii: "S") || start == UInt8(ascii: "M") || start == UInt8(ascii: "D"),
      namespaces.contains(where: { text.starts(with: $0) })
    else { return false }
    let name = text.prefix { isWordByte($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "+") }
    let rest = text[name.endIndex...]
    let isList = rest.elementsEqual("[]".utf8)
    let isGeneric = rest.starts(with: Array("`1[".utf8)) && rest.last == UInt8(ascii: "]")
    guard rest.isEmpty || isList || isGeneric else { return false }
    // A plain text of words and dots must be one of the types that are met: a user may be called so.
    return !rest.isEmpty || plainTypes.contains { String(decoding: name, as: UTF8.self).hasPrefix($0) }
  }

  private static let plainTypes = [
    "System.Collections.", "System.DirectoryServices.", "System.Security.", "System.Management.Automation.",
    "Microsoft.ActiveDirectory.Management.", "Microsoft.Exchange.Data.", "Microsoft.Graph.",
    "Deserialized.Microsoft.", "Deserialized.System.",
  ]

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte | 0x20 >= 97 && byte | 0x20 <= 122 || byte &- 48 < 10 || byte == UInt8(ascii: "_")
  }

  private static let errors = ["#NAME?", "#VALUE!", "#WERT!", "#REF!", "#BEZUG!", "#N/A", "#NV", "#DIV/0!", "#NUM!"].map
  {
    Array($0.utf8)
  }

  /// Whether a spreadsheet wrote something else than what was in the cell: `####`, `#NAME?`; of numbers `1,30547E+17`.
  static func isSpreadsheetDamage(_ text: [UInt8], isNumber: Bool) -> Bool {
    if text.first == UInt8(ascii: "#") {
      return text.count >= 4 && text.allSatisfy { $0 == UInt8(ascii: "#") } || errors.contains(text)
    }
    guard isNumber, let first = text.first, first &- 48 < 10, text.count >= 5 else { return false }
    let digits = text.dropFirst()
    guard digits.first == UInt8(ascii: ".") || digits.first == UInt8(ascii: ",") else { return false }
    let fraction = digits.dropFirst().prefix { $0 &- 48 < 10 }
    let exponent = text[fraction.endIndex...]
    return !fraction.isEmpty && exponent.starts(with: Array("E+".utf8)) && exponent.count > 2
      && exponent.dropFirst(2).allSatisfy { $0 &- 48 < 10 }
  }
}
