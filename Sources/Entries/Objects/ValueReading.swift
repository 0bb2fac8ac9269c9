import Bytes
import Directory

/// Turns what an export shows into values as the directory has them.
struct ValueReading {
  /// How an export writes several values in one text.
  enum Joining {
    /// It does not: it has lists. A text in place of a list was flattened, with blanks.
    case lists
    /// As whoever made the table thought right.
    case anything
    /// It never does.
    case never
  }

  let joining: Joining
  /// Whether a spreadsheet may have changed what stands there.
  let mayBeSpreadsheet: Bool

  /// What a property has.
  enum Outcome {
    /// Values; none where the object has none.
    case values([[UInt8]])
    /// Values of which some are missing.
    case part([[UInt8]])
    /// Words, as the number that they add up to.
    case number(Int64)
    case lost(ObjectValue.Loss)
  }

  /// A cell of a spreadsheet holds 32,767 characters: what is about as long was cut.
  static let spreadsheetLimit = 32_700

  func read(_ value: ObjectValue, as property: ExportedProperty) -> Outcome {
    let value = value.unwrapped
    switch value {
    case .absent: return .values([])
    case .lost(let loss): return .lost(loss)
    case .text(let text): return read(text: text, as: property)
    case .list(let elements): return read(list: elements, as: property)
    default: return Self.isWords(property) ? words([value], property) : single(value, property)
    }
  }

  private static func isWords(_ property: ExportedProperty) -> Bool {
    if case .words = property.form { true } else { false }
  }

  // MARK: - Texts

  private func read(text: [UInt8], as property: ExportedProperty) -> Outcome {
    if text.isEmpty { return .values([]) }
    if joining != .never, LossMarks.isTypeName(text) { return .lost(.typeName) }
    if case .integer = property.form, let number = AttributeText.number(text) { return .values([number]) }
    if mayBeSpreadsheet, LossMarks.isSpreadsheetDamage(text, isNumber: Self.isNumber(property)) {
      return .lost(.spreadsheet)
    }
    if Self.isWords(property) {
      return words(text.split { $0 == UInt8(ascii: ",") || $0 == 32 }.map { .text(Array($0)) }, property)
    }
    guard property.isMultivalued, joining != .never else { return single(.text(text), property) }
    if let shown = JoinedValues.shown(text, property) {
      let outcome = all(shown.parts.map { .text($0) }, property)
      if shown.isCut, case .values(let values) = outcome { return values.isEmpty ? .lost(.shortened) : .part(values) }
      return outcome
    }
    let parts = JoinedValues.parts(of: text, property, wasMade: joining == .anything)
    if property.key == "objectclass" { return .values(parts) }
    let outcome = all(parts.map { .text($0) }, property)
    guard mayBeSpreadsheet, text.count >= Self.spreadsheetLimit, case .values(let values) = outcome else {
      return outcome
    }
    return .part(values)
  }

  /// In which form most texts of a property are values that need no other look.
  func shape(of property: ExportedProperty) -> PropertyTable.Shape {
    let isList = property.isMultivalued && joining != .never
    switch property.form {
    case .text where isList && property.isTyped && joining == .anything: return .addresses
    case .words: return .words
    case _ where isList || property.key == "objectclass": return .none
    case .text, .name: return .text
    case .integer: return .integer
    case .octets: return .octets
    case .time: return .time
    case .boolean: return .boolean
    }
  }

  /// Whether a text of a property that begins with a digit may be a number that a spreadsheet has rounded.
  func mayBeRounded(_ property: ExportedProperty) -> Bool { mayBeSpreadsheet && Self.isNumber(property) }

  private static func isNumber(_ property: ExportedProperty) -> Bool {
    switch property.form {
    case .integer, .words: true
    default: ["employeeid", "employeenumber"].contains(property.key) || property.key.hasPrefix("extensionattribute")
    }
  }

  // MARK: - Lists

  private func read(list: [ObjectValue], as property: ExportedProperty) -> Outcome {
    if Self.isWords(property) { return words(list, property) }
    // PowerShell writes bytes as numbers, also those of attributes that are not known here.
    if property.form.isOctets ? !list.isEmpty : list.count >= 8, case .number = list[0], let octets = Self.octets(list)
    {
      return single(.octets(octets), property)
    }
    return all(list, property)
  }

  private func all(_ list: [ObjectValue], _ property: ExportedProperty) -> Outcome {
    var values: [[UInt8]] = []
    for element in list {
      var element = element.unwrapped
      if case .list(let numbers) = element, let octets = Self.octets(numbers) { element = .octets(octets) }
      switch single(element, property) {
      case .values(let new): values += new
      case let other: return other
      }
    }
    return .values(values)
  }

  private static func octets(_ list: [ObjectValue]) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(list.count)
    for element in list {
      guard case .number(let text) = element, text.count <= 3, let byte = UInt8(String(decoding: text, as: UTF8.self))
      else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  private func words(_ list: [ObjectValue], _ property: ExportedProperty) -> Outcome {
    guard case .words(let numbers) = property.form else { return .lost(.unreadable) }
    var sum: Int64 = 0
    for element in list {
      let word: String
      switch element.unwrapped {
      case .text(let text), .number(let text): word = String(decoding: text, as: UTF8.self).lowercased()
      case .boolean(let flag): word = flag ? "true" : "false"
      default: return .lost(.unreadable)
      }
      // A number that no word stands for is the attribute's own.
      guard let number = numbers[word] ?? Int64(word) else { return .lost(.unreadable) }
      sum |= number
    }
    return .number(sum)
  }

  // MARK: - One value

  private func single(_ value: ObjectValue, _ property: ExportedProperty) -> Outcome {
    switch (property.form, value) {
    case (_, .absent): return .values([])
    case (_, .lost(let loss)): return .lost(loss)
    case (.octets, .text(let text)): return octets(of: text, property)
    case (.octets, .number(let text)): return octets(of: text, property)
    case (.boolean, .text(let text)): return .values([AttributeText.boolean(text) ?? text])
    case (.time, .text(let text)):
      return AttributeText.time(text).map { .values([$0]) } ?? .lost(.unreadable)
    case (_, .text(let text)): return text.isEmpty ? .values([]) : .values([text])
    case (_, .octets(let bytes)):
      // AD has no GUID of nothing but zeros: Exchange shows that where there is none.
      let isNone = bytes.count == 16 && bytes.allSatisfy { $0 == 0 } && property.form.isOctets
      return bytes.isEmpty || isNone ? .values([]) : .values([bytes])
    case (.time, .number(let text)):
      // ADExplorerSnapshot writes seconds since 1970.
      guard let seconds = Int(String(decoding: text, as: UTF8.self)), abs(seconds) < 1 << 36 else {
        return .values([text])
      }
      return .values([AttributeText.generalizedTime(seconds)])
    case (_, .number(let text)): return .values([AttributeText.signed(text, property.key)])
    case (_, .boolean(let flag)): return .values([Array((flag ? "TRUE" : "FALSE").utf8)])
    case (.integer, .time(let seconds)): return .values([AttributeText.fileTime(seconds)])
    case (_, .time(let seconds)): return .values([AttributeText.generalizedTime(seconds)])
    case (_, .list), (_, .members): return .lost(.unreadable)
    }
  }

  private func octets(of text: [UInt8], _ property: ExportedProperty) -> Outcome {
    guard let bytes = AttributeText.octets(text) else { return .lost(.unreadable) }
    return single(.octets(bytes), property)
  }
}

extension ExportedProperty.Form {
  fileprivate var isOctets: Bool { if case .octets = self { true } else { false } }
}
