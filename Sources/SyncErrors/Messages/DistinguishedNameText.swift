/// The shape of distinguished names (RFC 4514) in running text, where nothing says where they end.
enum DistinguishedNameText {
  private static let types = ["cn", "ou", "dc", "o", "c", "l", "st", "street", "uid", "e", "email"]
  /// The longest name looked at, in bytes.
  private static let maximumLength = 4096

  /// Whether a comma and another part follow at a place.
  static func continues(_ text: [UInt8], at place: Int) -> Bool { partStart(text, after: place) != nil }

  /// Where a name ends that begins at a place and has a domain component: nil when there is no such name.
  ///
  /// The last part is a domain component, which ends where a DNS label does; so the name can be told from the text
  /// after it.
  /// - Returns: The end, and the place up to which parts of the name were found.
  static func end(_ text: [UInt8], from start: Int) -> (end: Int?, reached: Int) {
    let limit = min(text.count, start + maximumLength)
    var place = start
    var end: Int?
    while let value = valueStart(text, at: place) {
      let isDomain = (text[place] | 0x20) == UInt8(ascii: "d") && (text[place + 1] | 0x20) == UInt8(ascii: "c")
      if isDomain {
        let label = labelEnd(text, from: value, limit: limit)
        guard label > value else { break }
        end = label
        guard let next = partStart(text, after: label) else { break }
        place = next
      } else {
        guard let next = nextPart(text, from: value, limit: limit) else { break }
        place = next
      }
    }
    return (end, place)
  }

  /// Where a value begins after `type=`; nil when no type stands here.
  private static func valueStart(_ text: [UInt8], at place: Int) -> Int? {
    let name = text[place...].prefix(10).prefix { MessageText.isWordByte($0) }
    guard let equals = text[name.endIndex...].first, equals == UInt8(ascii: "="),
      types.contains(String(decoding: name, as: UTF8.self).lowercased())
    else { return nil }
    return name.endIndex + 1
  }

  /// Where the next part begins, if a comma comes first.
  private static func partStart(_ text: [UInt8], after place: Int) -> Int? {
    var index = place
    while index < text.count, text[index] == 10 || text[index] == 32 { index += 1 }
    guard index < text.count, text[index] == UInt8(ascii: ",") else { return nil }
    index += 1
    while index < text.count, text[index] == 32 || text[index] == 10 { index += 1 }
    return valueStart(text, at: index) == nil ? nil : index
  }

  /// Where the part after a value begins: after a comma that is not escaped and has a type behind it.
  private static func nextPart(_ text: [UInt8], from start: Int, limit: Int) -> Int? {
    var index = start
    var lineBreaks = 0
    while index < limit {
      switch text[index] {
      case UInt8(ascii: "\\"): index += 1
      case UInt8(ascii: ","):
        if let next = partStart(text, after: index) { return next }
      case 10:
        lineBreaks += 1
        if lineBreaks > 3 { return nil }
      case 9, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""): return nil
      default: break
      }
      index += 1
    }
    return nil
  }

  private static func labelEnd(_ text: [UInt8], from start: Int, limit: Int) -> Int {
    let isLabel: (UInt8) -> Bool = { MessageText.isWordByte($0) || $0 == 0x2D || $0 == 0x5F }
    let label = text[start..<limit].prefix(while: isLabel)
    // A console may have cut the label.
    guard label.endIndex < limit, text[label.endIndex] == 10 else { return label.endIndex }
    let rest = text[(label.endIndex + 1)..<limit].prefix(while: isLabel)
    return !rest.isEmpty && partStart(text, after: rest.endIndex) != nil ? rest.endIndex : label.endIndex
  }
}

/// Names that a console has cut in two.
enum WrappedName {
  /// The text with its line breaks taken out: nothing takes their place beside a comma or an equals sign, within a word
  /// a space.
  static func text(_ bytes: ArraySlice<UInt8>) -> String {
    guard bytes.contains(10) else { return String(decoding: bytes, as: UTF8.self) }
    let tight = [UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: "\\")]
    var result: [UInt8] = []
    for index in bytes.indices {
      guard bytes[index] == 10 else {
        result.append(bytes[index])
        continue
      }
      let next = index + 1 < bytes.endIndex ? bytes[index + 1] : 10
      if let last = result.last, !tight.contains(last), !tight.contains(next) { result.append(32) }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
