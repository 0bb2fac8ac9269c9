/// Peels off what mail, web and chat programs put around values: links, tags, the marks of Markdown and Slack.
enum MarkupRepair {
  /// What takes the place of an address that a page has removed; see `isRemovedAddress`.
  static let removedAddress = "email-protected"
  /// What Cloudflare puts in the place of addresses.
  static let removedMark = "[email protected]"

  private static let inlineTags: Set<String> = [
    "pii", "b", "i", "em", "strong", "u", "s", "span", "font", "code", "a", "wbr", "small", "mark", "tt", "kbd", "sup",
    "sub", "o:p", "del", "ins",
  ]
  private static let lineTags: Set<String> = [
    "br", "p", "div", "li", "tr", "ul", "ol", "pre", "blockquote", "table", "tbody", "thead", "body", "html", "h1",
    "h2",
    "h3", "h4",
  ]
  private static let cellTags: Set<String> = ["td", "th"]

  static func repair(_ text: RepairedText) -> RepairedText? {
    var editor = RepairedText.Editor(text)
    let bytes = text.bytes
    var place = 0
    while place < bytes.count {
      guard let end = repair(bytes, at: place, &editor) else {
        place += 1
        continue
      }
      place = end
    }
    return editor.finish()
  }

  /// - Returns: Where to go on, if something was taken out at a place.
  private static func repair(_ bytes: [UInt8], at place: Int, _ editor: inout RepairedText.Editor) -> Int? {
    switch bytes[place] {
    case UInt8(ascii: "<"): angle(bytes, place, &editor)
    case UInt8(ascii: "["): square(bytes, place, &editor)
    case UInt8(ascii: "*"), UInt8(ascii: "`"): emphasis(bytes, place, &editor)
    case UInt8(ascii: "\\"): escape(bytes, place, &editor)
    default: nil
    }
  }

  // MARK: angle brackets

  private static func angle(_ bytes: [UInt8], _ place: Int, _ editor: inout RepairedText.Editor) -> Int? {
    guard let close = bytes[place...].prefix(2048).firstIndex(of: UInt8(ascii: ">")) else { return nil }
    let inside = bytes[(place + 1)..<close]
    guard !inside.isEmpty, !inside.contains(UInt8(ascii: "<")) else { return nil }
    let folded = inside.map(MessageText.folded)
    if folded.starts(with: Array("mailto:".utf8)) || isLink(folded) {
      return link(inside, folded, bytes, place, close, &editor)
    }
    if isAddress(inside) {
      editor.copy(to: place)
      editor.replace(to: place + 1)
      editor.copy(to: close)
      editor.replace(to: close + 1)
      return close + 1
    }
    let name = String(
      decoding: folded.drop { $0 == UInt8(ascii: "/") }.prefix {
        MessageText.isWordByte($0) || $0 == UInt8(ascii: ":")
      },
      as: UTF8.self)
    guard let replacement = replacement(ofTag: name) else { return nil }
    editor.copy(to: place)
    editor.replace(to: close + 1, with: replacement)
    return close + 1
  }

  private static func replacement(ofTag name: String) -> [UInt8]? {
    if inlineTags.contains(name) { return [] }
    if lineTags.contains(name) { return [10] }
    return cellTags.contains(name) ? [9] : nil
  }

  private static func isLink(_ folded: [UInt8]) -> Bool {
    ["http://", "https://", "tel:"].contains { folded.starts(with: Array($0.utf8)) }
  }

  /// `<mailto:a@b|a@b>`, `<https://…|text>`: the text behind the bar. `a@b<mailto:a@b>`: nothing more than stands before.
  private static func link(
    _ inside: ArraySlice<UInt8>, _ folded: [UInt8], _ bytes: [UInt8], _ place: Int, _ close: Int,
    _ editor: inout RepairedText.Editor
  ) -> Int? {
    editor.copy(to: place)
    if let bar = inside.firstIndex(of: UInt8(ascii: "|")) {
      editor.replace(to: bar + 1)
      editor.copy(to: close)
      editor.replace(to: close + 1)
      return close + 1
    }
    let isMail = folded.starts(with: Array("mailto:".utf8))
    let address = isMail ? inside.dropFirst(7).prefix { $0 != UInt8(ascii: "?") } : inside
    let before = place > 0 ? bytes[place - 1] : 32
    let repeatsText = before > 32 && before != UInt8(ascii: ":") && before != UInt8(ascii: "(")
    if repeatsText {
      editor.replace(to: close + 1)
    } else {
      editor.replace(to: address.startIndex)
      editor.copy(to: address.endIndex)
      editor.replace(to: close + 1)
    }
    return close + 1
  }

  private static func isAddress(_ text: ArraySlice<UInt8>) -> Bool {
    let parts = text.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && !text.contains { $0 <= 32 }
      && parts[1].contains(UInt8(ascii: "."))
  }

  // MARK: square brackets

  /// `[text](mailto:a@b)`: the text. `[email protected]`: an address that is not there any more.
  private static func square(_ bytes: [UInt8], _ place: Int, _ editor: inout RepairedText.Editor) -> Int? {
    guard let close = bytes[place...].prefix(1024).firstIndex(of: UInt8(ascii: "]")) else { return nil }
    let inside = bytes[(place + 1)..<close]
    if isRemovedAddress(inside) {
      editor.copy(to: place)
      editor.replace(to: close + 1, with: Array(removedAddress.utf8))
      // The cell behind it may stand without a space.
      if close + 1 < bytes.count, bytes[close + 1] &- 0x41 < 26 { editor.replace(to: close + 1, with: [32]) }
      return close + 1
    }
    if let end = barLink(inside, place, close, &editor) { return end }
    guard !inside.contains(UInt8(ascii: "[")), close + 1 < bytes.count, bytes[close + 1] == UInt8(ascii: "("),
      let end = bytes[(close + 1)...].prefix(2048).firstIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let target = bytes[(close + 2)..<end].map(MessageText.folded)
    guard target.starts(with: Array("mailto:".utf8)) || isLink(target) else { return nil }
    editor.copy(to: place)
    editor.replace(to: place + 1)
    editor.copy(to: close)
    editor.replace(to: end + 1)
    return end + 1
  }

  /// A link as Jira writes it: `[text|mailto:…]`.
  private static func barLink(
    _ inside: ArraySlice<UInt8>, _ place: Int, _ close: Int, _ editor: inout RepairedText.Editor
  ) -> Int? {
    guard !inside.contains(UInt8(ascii: "[")), let bar = inside.lastIndex(of: UInt8(ascii: "|")) else { return nil }
    let target = inside[(bar + 1)...].map(MessageText.folded)
    guard target.starts(with: Array("mailto:".utf8)) || isLink(target) else { return nil }
    editor.copy(to: place)
    editor.replace(to: place + 1)
    editor.copy(to: bar)
    editor.replace(to: close + 1)
    return close + 1
  }

  private static func isRemovedAddress(_ inside: ArraySlice<UInt8>) -> Bool {
    let words = String(decoding: inside, as: UTF8.self).lowercased().split { !$0.isLetter }
    return words == ["email", "protected"]
  }

  // MARK: Markdown

  /// Pairs of asterisks, and single marks at the ends of words.
  private static func emphasis(_ bytes: [UInt8], _ place: Int, _ editor: inout RepairedText.Editor) -> Int? {
    let mark = bytes[place]
    var end = place
    while end < bytes.count, bytes[end] == mark { end += 1 }
    let before = place > 0 ? bytes[place - 1] : 10
    let after = end < bytes.count ? bytes[end] : 10
    let isSingleAsterisk = mark == UInt8(ascii: "*") && end - place == 1
    guard !isSingleAsterisk || (before <= 32) != (after <= 32) else { return nil }
    editor.copy(to: place)
    editor.replace(to: end)
    return end
  }

  /// `\_` and the like; the escapes of distinguished names stay.
  private static func escape(_ bytes: [UInt8], _ place: Int, _ editor: inout RepairedText.Editor) -> Int? {
    guard place + 1 < bytes.count, "_*[]{}-.!`|".utf8.contains(bytes[place + 1]) else { return nil }
    editor.copy(to: place)
    editor.replace(to: place + 1)
    return place + 2
  }
}

/// Takes back the references to characters of HTML and XML in a text.
enum EntityRepair {
  private static let names: [String: [UInt8]] = [
    "lt": [UInt8(ascii: "<")], "gt": [UInt8(ascii: ">")], "amp": [UInt8(ascii: "&")], "quot": [UInt8(ascii: "\"")],
    "apos": [UInt8(ascii: "'")], "nbsp": [32], "shy": [], "ndash": [UInt8(ascii: "-")], "mdash": [UInt8(ascii: "-")],
    "hellip": Array("...".utf8), "lsquo": [UInt8(ascii: "'")], "rsquo": [UInt8(ascii: "'")],
    "ldquo": [UInt8(ascii: "\"")], "rdquo": [UInt8(ascii: "\"")], "commat": [UInt8(ascii: "@")],
    "lbrack": [UInt8(ascii: "[")], "rbrack": [UInt8(ascii: "]")], "lcub": [UInt8(ascii: "{")],
    "rcub": [UInt8(ascii: "}")], "colon": [UInt8(ascii: ":")], "semi": [UInt8(ascii: ";")],
    "equals": [UInt8(ascii: "=")], "plus": [UInt8(ascii: "+")], "sol": [UInt8(ascii: "/")],
    "auml": Array("ä".utf8), "ouml": Array("ö".utf8), "uuml": Array("ü".utf8), "szlig": Array("ß".utf8),
    "Auml": Array("Ä".utf8), "Ouml": Array("Ö".utf8), "Uuml": Array("Ü".utf8), "eacute": Array("é".utf8),
    "egrave": Array("è".utf8), "agrave": Array("à".utf8), "ccedil": Array("ç".utf8),
  ]

  static func repair(_ text: RepairedText) -> RepairedText? {
    var editor = RepairedText.Editor(text)
    let bytes = text.bytes
    var place = 0
    while let start = ByteSearch.first(UInt8(ascii: "&"), in: bytes, from: place) {
      place = start + 1
      guard let end = bytes[start...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else { continue }
      let name = String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
      guard let character = names[name] ?? numeric(name) else { continue }
      editor.copy(to: start)
      editor.replace(to: end + 1, with: character)
      place = end + 1
    }
    return editor.finish()
  }

  /// `#64`, `#x40`.
  private static func numeric(_ name: String) -> [UInt8]? {
    guard name.hasPrefix("#") else { return nil }
    let digits = name.dropFirst()
    let isHexadecimal = digits.first == "x" || digits.first == "X"
    guard let value = isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits),
      let scalar = Unicode.Scalar(value)
    else { return nil }
    return Array(String(Character(scalar)).utf8)
  }
}
