/// Random numbers that are the same in every run (SplitMix64), so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}

/// Random LDIF: mostly good, with every construct in it, and bad on request.
struct RandomLDIF {
  var generator: SeededGenerator
  private static let names = [
    "cn", "CN", "mail", "proxyAddresses", "member;range=0-1499", "member;range=1500-*", "userCertificate;binary", "x",
    "msExchRecipientDisplayTypeWithAVeryLongNameOfFortyOneBytes",
    "msExchRecipientDisplayTypeWithAVeryLongNameOfFortyTwoBytes",
    "abcdefghijklmnopqrstuvwxyzabcde", "abcdefghijklmnopqrstuvwxyzabcdef", "abcdefghijklmnopqrstuvwxyzabcdefg",
    "2.5.4.3",
    "control", "version", "ref",
  ]

  init(seed: UInt64) { generator = SeededGenerator(seed) }

  mutating func pick<Element>(_ list: [Element]) -> Element { list[Int.random(in: 0..<list.count, using: &generator)] }
  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

  /// Bytes that a value can have, nasty ones included.
  mutating func value() -> [UInt8] {
    let length = chance(10) ? Int.random(in: 0..<300, using: &generator) : Int.random(in: 0..<30, using: &generator)
    let style = Int.random(in: 0..<4, using: &generator)
    return (0..<length).map { _ in
      switch style {
      case 0: UInt8.random(in: 32..<127, using: &generator)
      case 1: pick(Array(" :<#-=\r\n\0a;".utf8))
      case 2: UInt8.random(in: 0...255, using: &generator)
      default: UInt8.random(in: 97..<123, using: &generator)
      }
    }
  }

  mutating func entry() -> (dn: [UInt8], attributes: [(description: String, value: [UInt8])]) {
    let count = Int.random(in: 0..<12, using: &generator)
    var attributes: [(description: String, value: [UInt8])] = []
    for _ in 0..<count {
      let name = attributes.last.map { chance(40) ? $0.description : pick(Self.names) } ?? pick(Self.names)
      attributes.append((name, value()))
    }
    return (value(), attributes)
  }

  /// A line of a record, written in one of the ways in which it can be written.
  mutating func line(_ name: String, _ value: [UInt8], lineEnd: [UInt8]) -> [UInt8] {
    var text = Array(name.utf8) + [58]
    let isSafe =
      value.isEmpty
      || ![32, 58, 60].contains(value[0]) && value.allSatisfy { $0 != 10 && $0 != 0 } && !value.contains(13)
    let fill = [UInt8](repeating: 32, count: pick([0, 1, 1, 1, 1, 2, 5]))
    if isSafe && !chance(20) {
      text += fill + value
    } else {
      text += [58] + fill + Self.base64(value)
    }
    return fold(text, lineEnd: lineEnd) + lineEnd
  }

  /// Folds a line at random places, not before its first character.
  mutating func fold(_ text: [UInt8], lineEnd: [UInt8]) -> [UInt8] {
    guard text.count > 1, chance(40) else { return text }
    let folds = Set((0..<pick([1, 1, 2, 5])).map { _ in Int.random(in: 1..<text.count, using: &generator) })
    return text.enumerated().flatMap { folds.contains($0.offset) ? lineEnd + [32, $0.element] : [$0.element] }
  }

  static func base64(_ bytes: [UInt8]) -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let number = (0..<3).reduce(0) { $0 << 8 | ($1 < group.count ? Int(group[start + $1]) : 0) }
      for place in 0..<4 {
        text.append(place <= group.count ? alphabet[number >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return text
  }

  /// A file of records of all kinds.
  mutating func file(records: Int, lineEnd: [UInt8] = [10]) -> [UInt8] {
    var text: [UInt8] = chance(50) ? Array("version: 1".utf8) + lineEnd : []
    for _ in 0..<records {
      if chance(20) { text += fold(Array("# comment: x".utf8), lineEnd: lineEnd) + lineEnd }
      if chance(10) { text += lineEnd }
      let entry = entry()
      text += line(pick(["dn", "dn", "dn", "DN"]), entry.dn, lineEnd: lineEnd)
      if chance(20) {
        text += change(lineEnd)
      } else {
        if chance(10) { text += line("changetype", Array("add".utf8), lineEnd: lineEnd) }
        for (name, value) in entry.attributes {
          text += line(name, value, lineEnd: lineEnd)
          if chance(1) { text += line("changetype", Array("add".utf8), lineEnd: lineEnd) }
          if chance(3) { text += fold(Array("#c".utf8), lineEnd: lineEnd) + lineEnd }
        }
      }
      text += lineEnd
    }
    return text
  }

  private mutating func change(_ lineEnd: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    if chance(30) { text += fold(Array("control: 1.2.840.113556.1.4.805 true: abc".utf8), lineEnd: lineEnd) + lineEnd }
    let modify = Array("changetype: modify\nadd: cn\ncn: x\n-\nreplace: mail\n-\ndelete: sn\nsn:: YQ==".utf8)
    let kinds = [
      Array("changetype: delete".utf8), modify,
      Array("changetype: modrdn\nnewrdn: cn=x\ndeleteoldrdn: 1\nnewsuperior: dc=y".utf8),
    ]
    for line in pick(kinds).split(separator: 10) { text += fold(Array(line), lineEnd: lineEnd) + lineEnd }
    return text
  }

  /// The text with some bytes changed, removed, or doubled.
  mutating func damaged(_ text: [UInt8]) -> [UInt8] {
    var text = text
    for _ in 0..<Int.random(in: 1..<6, using: &generator) where !text.isEmpty {
      let place = Int.random(in: 0..<text.count, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: text[place] = pick(Array(" :<#-=\r\n\0a;".utf8))
      case 1: text.remove(at: place)
      case 2: text.insert(pick(Array(" :<#-=\r\n\0a;".utf8)), at: place)
      default: text[place] = UInt8.random(in: 0...255, using: &generator)
      }
    }
    return text
  }
}
