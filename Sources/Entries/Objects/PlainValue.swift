import Bytes

/// Values in the forms in which nearly all of them stand in exports, without a copy of each. What is of no such form gives nil and
/// is for `ValueReading` to read, to the same end.
enum PlainValue {
  /// The bytes of a GUID in its usual form (`3f2504e0-4f89-41d3-9a0c-0305e82c3301`), as the directory holds them.
  static func guid(_ text: Span<UInt8>) -> InlineArray<16, UInt8>? {
    guard text.count == 36 else { return nil }
    var bytes = InlineArray<16, UInt8>(repeating: 0)
    var sum: UInt8 = 0
    var place = 0
    for index in 0..<16 {
      if index == 4 || index == 6 || index == 8 || index == 10 {
        guard text[place] == UInt8(ascii: "-") else { return nil }
        place += 1
      }
      let (high, low) = (digit(text[place]), digit(text[place + 1]))
      guard high | low < 16 else { return nil }
      bytes[order(index)] = high << 4 | low
      sum |= high | low
      place += 2
    }
    // One of nothing but zeros stands for none.
    return sum == 0 ? nil : bytes
  }

  /// Where a byte of the text stands in the value: the first three groups are numbers, which the directory holds with the lowest byte
  /// first (MS-DTYP 2.3.4).
  @inline(__always)
  private static func order(_ index: Int) -> Int {
    switch index {
    case 0..<4: 3 - index
    case 4, 5: 9 - index
    case 6, 7: 13 - index
    default: index
    }
  }

  @inline(__always)
  private static func digit(_ byte: UInt8) -> UInt8 {
    let number = byte &- 0x30
    if number < 10 { return number }
    let letter = (byte | 0x20) &- 0x61
    return letter < 6 ? letter + 10 : 255
  }

  /// The bytes of a security identifier in its usual form (`S-1-5-21-…-500`), and how many they are.
  static func securityIdentifier(_ text: Span<UInt8>) -> (bytes: InlineArray<68, UInt8>, count: Int)? {
    guard text.count > 6, text[0] == UInt8(ascii: "S"), text[1] == UInt8(ascii: "-"), text[2] == UInt8(ascii: "1")
    else {
      return nil
    }
    var bytes = InlineArray<68, UInt8>(repeating: 0)
    bytes[0] = 1
    var place = 3
    var count = 0
    while place < text.count {
      guard text[place] == UInt8(ascii: "-"), count < 16, let number = number(text, &place) else { return nil }
      if count == 0 {
        for shift in 0..<4 { bytes[7 - shift] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(shift))) }
      } else {
        for shift in 0..<4 { bytes[4 + 4 * count + shift] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(shift))) }
      }
      count += 1
    }
    guard count > 1 else { return nil }
    bytes[1] = UInt8(count - 1)
    return (bytes, 4 + 4 * count)
  }

  /// The number of 32 bits behind the hyphen at a place, which moves behind it.
  private static func number(_ text: Span<UInt8>, _ place: inout Int) -> UInt64? {
    let start = place + 1
    var end = start
    var number: UInt64 = 0
    while end < text.count, text[end] &- 0x30 < 10, end - start < 11 {
      number = number * 10 + UInt64(text[end] - 0x30)
      end += 1
    }
    guard end > start, number <= UInt64(UInt32.max), end - start == 1 || text[start] != 0x30 else { return nil }
    place = end
    return number
  }

  /// Whether a text is a whole number and no other way to write one.
  static func isInteger(_ text: Span<UInt8>) -> Bool {
    let start = text.count > 1 && text[0] == UInt8(ascii: "-") ? 1 : 0
    guard text.count > start, text.count < 20 else { return false }
    for place in start..<text.count where text[place] &- 0x30 >= 10 { return false }
    return true
  }

  /// Whether a text is the word for true or false that PowerShell writes; nil for another.
  static func word(_ text: Span<UInt8>) -> Bool? {
    func isWord(_ word: StaticString) -> Bool {
      guard text.count == word.utf8CodeUnitCount else { return false }
      return word.withUTF8Buffer { word in text.indices.allSatisfy { text[$0] | 0x20 == word[$0] } }
    }
    return isWord("true") ? true : isWord("false") ? false : nil
  }

  /// A time of ISO 8601 with its zone (`2020-11-19T07:44:32.5+01:00`, `…Z`) as the directory writes it (`20201119064432.0Z`).
  static func time(_ text: Span<UInt8>) -> InlineArray<17, UInt8>? {
    guard text.count >= 20, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[10] == UInt8(ascii: "T"),
      text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":")
    else { return nil }
    var end = 19
    if text[end] == UInt8(ascii: ".") {
      end += 1
      while end < text.count, text[end] &- 0x30 < 10 { end += 1 }
    }
    // Other zones change the day, which is for a calendar.
    guard end == text.count - 1, text[end] == UInt8(ascii: "Z") else { return nil }
    var time = InlineArray<17, UInt8>(repeating: 0x30)
    var place = 0
    for index in 0..<19 where ![4, 7, 10, 13, 16].contains(index) {
      guard text[index] &- 0x30 < 10 else { return nil }
      time[place] = text[index]
      place += 1
    }
    guard isPlausible(time) else { return nil }
    time[14] = UInt8(ascii: ".")
    time[15] = 0x30
    time[16] = UInt8(ascii: "Z")
    return time
  }

  /// Whether month, day, hour, minute and second are ones of any month.
  private static func isPlausible(_ time: InlineArray<17, UInt8>) -> Bool {
    func two(_ place: Int) -> Int { Int(time[place] - 0x30) * 10 + Int(time[place + 1] - 0x30) }
    return (1...12).contains(two(4)) && (1...28).contains(two(6)) && two(8) < 24 && two(10) < 60 && two(12) < 60
      && time[0] != 0x30
  }

  /// Where the values of a list of addresses end that were joined with `;`; nil for a list that was joined in another way, or holds
  /// what a semicolon may be part of.
  static func addressEnds(_ text: Span<UInt8>, into ends: inout [Int]) -> Bool {
    ends.removeAll(keepingCapacity: true)
    // A cell that is as long as a spreadsheet allows was perhaps cut.
    guard text.count < ValueReading.spreadsheetLimit else { return false }
    var start = 0
    for place in text.indices {
      switch text[place] {
      case UInt8(ascii: ";"):
        guard isAddressStart(text, place + 1) else { return false }
        ends.append(place)
        start = place + 1
      case 0x21...0x7E
      where text[place] != UInt8(ascii: ",") && text[place] != UInt8(ascii: "|") && text[place] != UInt8(ascii: "{"):
        continue
      default: return false
      }
    }
    ends.append(text.count)
    return isAddressStart(text, 0) && start < text.count
  }

  /// Whether an address of mail or of a phone begins at a place.
  private static func isAddressStart(_ text: Span<UInt8>, _ place: Int) -> Bool {
    func begins(_ word: StaticString) -> Bool {
      guard place + word.utf8CodeUnitCount < text.count else { return false }
      return word.withUTF8Buffer { word in word.indices.allSatisfy { text[place + $0] | 0x20 == word[$0] | 0x20 } }
    }
    return begins("smtp:") || begins("sip:") || begins("x500:")
  }
}
