import Bytes

extension CheckTables {
  /// The issue of a check that failed: what is flagged and the numbers for the message.
  func issue(_ check: ValueCheck, _ value: Span<UInt8>, _ shape: ValueShape, _ position: Int32, _ slot: Int) -> Issue {
    var issue = Issue(rule: check.rule, slot: slot, value: position)
    let range = check.range(of: value.count, shape) ?? 0..<value.count
    issue.minimum = check.minimum > 0 ? check.minimum : nil
    issue.maximum = check.maximum < .max ? check.maximum : nil
    switch check.kind {
    case .characters:
      issue.flagged = flagged(check, value, range)
    case .sequence:
      issue.flagged = sequences(check, value, range)
    case .occurrences:
      mark(&issue, occurrences: texts[check.table][0], value, range)
    case .length:
      issue.length = check.flag ? range.count : ScalarReader.utf16Count(value, range)
      if issue.length > check.maximum { issue.flagged = [surplus(check, value, range)] }
    case .pattern where check.flag:
      let offset = range.lowerBound + automata[check.table].failureOffset(value.extracting(range))
      issue.flagged = [offset..<min(range.upperBound, offset + scalarLength(value, offset))]
    case .addressType:
      if shape.colon > 0 { issue.flagged = [0..<shape.colon] }
    case .domain:
      issue.flagged = [range]
    case .pattern, .notBlank, .oneOf, .number, .containedIn:
      break
    }
    return issue
  }

  private func scalarLength(_ value: Span<UInt8>, _ offset: Int) -> Int {
    offset < value.count ? ScalarReader.scalar(at: offset, of: value).length : 0
  }

  private func sequences(_ check: ValueCheck, _ value: Span<UInt8>, _ range: Range<Int>) -> [Range<Int>] {
    var found: [Range<Int>] = []
    for text in texts[check.table] {
      var from = range.lowerBound
      while let start = Self.find(text, in: value, from..<range.upperBound, isExact: check.flag) {
        found.append(start..<start + text.count)
        from = start + text.count
      }
    }
    return found.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
  }

  private func mark(_ issue: inout Issue, occurrences text: [UInt8], _ value: Span<UInt8>, _ range: Range<Int>) {
    var from = range.lowerBound
    while let start = Self.find(text, in: value, from..<range.upperBound, isExact: true) {
      issue.count += 1
      if let maximum = issue.maximum, issue.count > maximum { issue.flagged.append(start..<start + text.count) }
      from = start + text.count
    }
  }

  /// What is beyond the longest allowed length, from a character boundary on.
  private func surplus(_ check: ValueCheck, _ value: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    if check.flag { return range.lowerBound + check.maximum..<range.upperBound }
    var index = range.lowerBound
    var units = 0
    while index < range.upperBound {
      let (scalar, length) = ScalarReader.scalar(at: index, of: value)
      units += scalar != ScalarReader.invalid && scalar > 0xFFFF ? 2 : 1
      if units > check.maximum { break }
      index += length
    }
    return index..<range.upperBound
  }
}
