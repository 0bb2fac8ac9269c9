/// A slow reader of LDIF, written straight from RFC 2849 and shorter than the real one by having no places, no speed and
/// no way to read a file in parts. It is the oracle of the property tests and of the fuzz target, and shares no code with
/// what it judges.
enum PlainReader {
  enum Record: Equatable {
    case entry(dn: [UInt8], line: Int, values: [Value])
    case change(dn: [UInt8], line: Int, what: [[UInt8]])
    /// A record that is lost, or (for the trailer of a search that failed) a remark.
    case problem
  }

  struct Value: Equatable {
    /// In lower case, without a `range` option.
    var name: String
    var bytes: [UInt8]
    var line: Int
  }

  private struct Line {
    var number: Int
    var bytes: [UInt8]
  }
  private struct Bad: Error {}

  static func read(_ text: [UInt8]) -> [Record] {
    var records: [Record] = []
    var current: [Line] = []
    var number = 0
    func finish() {
      if !current.isEmpty, let record = record(current) { records.append(record) }
      current = []
    }
    var pieces = text.split(separator: 10, omittingEmptySubsequences: false)
    if pieces.last?.isEmpty ?? false { pieces.removeLast() }
    for piece in pieces {
      number += 1
      let bytes = piece.last == 13 ? Array(piece.dropLast()) : Array(piece)
      if bytes.isEmpty { finish() } else { current.append(Line(number: number, bytes: bytes)) }
    }
    finish()
    return records
  }

  private static func record(_ physical: [Line]) -> Record? {
    if physical[0].bytes[0] == 32 { return .problem }
    var lines: [Line] = []
    for line in physical {
      if line.bytes[0] == 32 {
        lines[lines.count - 1].bytes += line.bytes.dropFirst()
      } else {
        lines.append(line)
      }
    }
    lines.removeAll { $0.bytes[0] == UInt8(ascii: "#") }
    if lines.isEmpty { return nil }
    if lines[0].bytes.starts(with: [0xEF, 0xBB, 0xBF]) { lines[0].bytes.removeFirst(3) }
    // A command before its output, and whatever else is no line of LDIF.
    let garbage = lines.prefix { !isWellFormed($0.bytes) && $0.bytes.last != 13 }.count
    if garbage > 0, garbage < lines.count, isWellFormed(lines[garbage].bytes),
      (try? name(lines[garbage].bytes).lowercased()) == "dn"
    {
      lines.removeFirst(garbage)
    }
    do { return try interpret(lines) } catch { return .problem }
  }

  /// Whether a line has a name and a value, whatever the value may be.
  private static func isWellFormed(_ line: [UInt8]) -> Bool {
    guard line.last != 13, (try? name(line)) != nil, let colon = line.firstIndex(of: 58) else { return false }
    return line[(colon + 1)...].first != UInt8(ascii: "<")
  }

  private static func interpret(_ all: [Line]) throws -> Record? {
    var lines = all[...]
    if try name(lines[0].bytes).lowercased() == "version" {
      guard try value(lines.removeFirst().bytes) == Array("1".utf8) else { throw Bad() }
      if lines.isEmpty { return nil }
    }
    guard let first = lines.first else { return nil }
    let start = try name(first.bytes).lowercased()
    if ["search", "result", "ref"].contains(start) { return try trailer(lines) }
    guard start == "dn" else { throw Bad() }
    let dn = try value(first.bytes)
    lines.removeFirst()
    var controls = 0
    while let line = lines.first, try name(line.bytes).lowercased() == "control" {
      try control(line.bytes)
      controls += 1
      lines.removeFirst()
    }
    var kept: [Line] = []
    if lines.count > 1, let line = lines.first, let next = lines.dropFirst().first {
      // What IdFix writes.
      if try name(line.bytes).lowercased() == "cn", (try? name(next.bytes).lowercased()) == "changetype" {
        _ = try value(line.bytes)
        kept = [lines.removeFirst()]
      }
    }
    if let line = lines.first, try name(line.bytes).lowercased() == "changetype" {
      let type = String(decoding: try value(line.bytes), as: UTF8.self).lowercased()
      lines.removeFirst()
      if type != "add" { return .change(dn: dn, line: first.number, what: try change(type, lines)) }
      if !kept.isEmpty { throw Bad() }
    } else if controls > 0 {
      throw Bad()
    }
    let values = try (kept + lines).map { line in
      let name = try name(line.bytes).lowercased()
      if name == "dn" || name == "changetype" { throw Bad() }
      let parts = name.split(separator: ";").filter { !isRange($0) }
      return Value(name: parts.joined(separator: ";"), bytes: try value(line.bytes), line: line.number)
    }
    return .entry(dn: dn, line: first.number, values: values)
  }

  private static func isRange(_ option: Substring) -> Bool {
    guard option.hasPrefix("range=") else { return false }
    let bounds = option.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    return bounds.count == 2 && UInt64(bounds[0]) != nil && (bounds[1] == "*" || UInt64(bounds[1]) != nil)
  }

  private static func trailer(_ lines: ArraySlice<Line>) throws -> Record? {
    for line in lines {
      let name = try name(line.bytes).lowercased()
      if name == "dn" { throw Bad() }
      var text = line.bytes.dropFirst(name.utf8.count + 1)
      if text.first == UInt8(ascii: "<") { throw Bad() }
      if text.first == UInt8(ascii: ":") { text = text.dropFirst() }
      text = text.drop { $0 == 32 }
      if name == "result", text.first != UInt8(ascii: "0") { return .problem }
    }
    return nil
  }

  private static func change(_ type: String, _ rest: ArraySlice<Line>) throws -> [[UInt8]] {
    var lines = rest
    var what = [Array(type.utf8)]
    func field(_ expected: String) throws -> [UInt8] {
      guard let line = lines.popFirst(), try name(line.bytes).lowercased() == expected else { throw Bad() }
      return try value(line.bytes)
    }
    switch type {
    case "delete": break
    case "modrdn", "moddn":
      what[0] = Array("modrdn".utf8)
      what.append(try field("newrdn"))
      let flag = try field("deleteoldrdn")
      guard flag == [48] || flag == [49] else { throw Bad() }
      what.append(flag)
      if !lines.isEmpty { what.append(try field("newsuperior")) }
    case "modify":
      while let line = lines.popFirst() {
        let operation = try name(line.bytes).lowercased()
        guard ["add", "delete", "replace", "increment"].contains(operation) else { throw Bad() }
        let attribute = try value(line.bytes)
        guard try name(attribute + [58]).utf8.elementsEqual(attribute) else { throw Bad() }
        what += [Array(operation.utf8), attribute]
        while let line = lines.popFirst(), line.bytes != [UInt8(ascii: "-")] {
          let written = try name(line.bytes).lowercased()
          guard written == String(decoding: attribute, as: UTF8.self).lowercased() else { throw Bad() }
          what.append(try value(line.bytes))
        }
      }
    default: throw Bad()
    }
    guard lines.isEmpty else { throw Bad() }
    return what
  }

  private static func control(_ line: [UInt8]) throws {
    var rest = line.dropFirst(8)
    if rest.first == UInt8(ascii: ":") || rest.first == UInt8(ascii: "<") { throw Bad() }
    rest = rest.drop { $0 == 32 }
    let oid = rest.prefix { $0 != 32 && $0 != 58 }
    guard !oid.isEmpty, oid.allSatisfy({ (48...57).contains($0) || $0 == 46 }) else { throw Bad() }
    rest = rest.dropFirst(oid.count).drop { $0 == 32 }
    let word = rest.prefix { $0 != 32 && $0 != 58 }
    guard ["", "true", "false"].contains(String(decoding: word, as: UTF8.self).lowercased()) else { throw Bad() }
    rest = rest.dropFirst(word.count)
    if rest.isEmpty { return }
    guard rest.first == 58 else { throw Bad() }
    _ = try value(Array("x".utf8) + rest)
  }

  private static func name(_ line: [UInt8]) throws -> String {
    if line.last == 13 { throw Bad() }
    guard let colon = line.firstIndex(of: 58) else { throw Bad() }
    let text = String(decoding: line[..<colon], as: UTF8.self)
    let parts = text.split(separator: ";", omittingEmptySubsequences: false)
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    for (index, part) in parts.enumerated() {
      let extra = index == 0 ? "-_." : "-_=*"
      guard let first = part.unicodeScalars.first,
        part.unicodeScalars.allSatisfy({ (letters + extra).unicodeScalars.contains($0) }),
        index > 0 || letters.unicodeScalars.contains(first)
      else { throw Bad() }
    }
    return text
  }

  private static func value(_ line: [UInt8]) throws -> [UInt8] {
    guard let colon = line.firstIndex(of: 58) else { throw Bad() }
    let rest = line[(colon + 1)...]
    if rest.first == UInt8(ascii: "<") { throw Bad() }
    if rest.first == 58 { return try base64(Array(rest.dropFirst().drop { $0 == 32 })) }
    return Array(rest.drop { $0 == 32 })
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func base64(_ text: [UInt8]) throws -> [UInt8] {
    guard text.count % 4 == 0 else { throw Bad() }
    var body = text[...]
    while body.last == UInt8(ascii: "="), text.count - body.count < 2 { body.removeLast() }
    var bits: [Bool] = []
    for character in body {
      guard let number = alphabet.firstIndex(of: character) else { throw Bad() }
      bits += (0..<6).map { number >> (5 - $0) & 1 == 1 }
    }
    return (0..<bits.count / 8).map { byte in
      bits[(byte * 8)..<(byte * 8 + 8)].reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
    }
  }
}
