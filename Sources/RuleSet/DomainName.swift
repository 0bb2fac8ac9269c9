import Bytes

/// Domain names as text.
enum DomainName {
  /// Whether `name` has the form of a domain name: labels of letters, digits, hyphens and characters beyond ASCII.
  static func isValid(_ name: String) -> Bool {
    guard !name.isEmpty, name.utf8.count <= 1_000 else { return false }
    return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabel)
  }

  private static func isLabel(_ label: Substring) -> Bool {
    guard !label.isEmpty, label.utf8.count <= 252, label.first != "-", label.last != "-" else { return false }
    return label.unicodeScalars.allSatisfy { scalar in
      scalar.value >= 0xA1 && !scalar.properties.isWhitespace && !scalar.properties.isDefaultIgnorableCodePoint
        || scalar == "-" || scalar == "_"
        || (scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil))
    }
  }

  /// The name in lower case, and where it has `xn--` labels or characters beyond ASCII, its other form.
  static func forms(_ name: String) -> [[UInt8]] {
    let lower = name.lowercased()
    let labels = lower.split(separator: ".", omittingEmptySubsequences: false)
    let ascii = labels.map { Punycode.toASCII(String($0)) }.joined(separator: ".")
    let unicode = labels.map { Punycode.toUnicode(String($0)) }.joined(separator: ".")
    return Set([lower, ascii, unicode]).map { Array($0.utf8) }
  }
}

/// A set of domain names or labels, found by their bytes without making a `String` when they are ASCII.
struct DomainNameSet: Sendable {
  private(set) var count = 0
  /// Names one after the other, each in lower case.
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  /// Open addressing; 0 is free, else the number of the name plus one. A power of two in size.
  private var slots: [Int32] = Array(repeating: 0, count: 16)

  mutating func insert(_ name: [UInt8]) {
    guard !contains(name.span) else { return }
    bytes.append(contentsOf: name)
    starts.append(bytes.count)
    count += 1
    if count * 2 > slots.count {
      slots = Array(repeating: 0, count: slots.count * 2)
      for number in 0..<count { place(number) }
    } else {
      place(count - 1)
    }
  }

  /// Whether the set has a name, ignoring case.
  func contains(_ name: Span<UInt8>) -> Bool {
    var isASCII = true
    for index in name.indices where name[index] >= 0x80 {
      isASCII = false
      break
    }
    if isASCII { return find(name) }
    var copy: [UInt8] = []
    for index in name.indices { copy.append(name[index]) }
    guard let text = String(validating: copy, as: UTF8.self) else { return false }
    let lower = Array(text.lowercased().utf8)
    return find(lower.span)
  }

  private func find(_ name: Span<UInt8>) -> Bool {
    var slot = Self.hash(name) & (slots.count - 1)
    while slots[slot] != 0 {
      if matches(Int(slots[slot]) - 1, name) { return true }
      slot = (slot + 1) & (slots.count - 1)
    }
    return false
  }

  private func matches(_ number: Int, _ name: Span<UInt8>) -> Bool {
    let start = starts[number]
    guard starts[number + 1] - start == name.count else { return false }
    for index in name.indices where bytes[start + index] != Self.lower(name[index]) { return false }
    return true
  }

  private mutating func place(_ number: Int) {
    let name = Array(bytes[starts[number]..<starts[number + 1]])
    var slot = Self.hash(name.span) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(number + 1)
  }

  @inline(__always)
  private static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

  /// FNV-1a over the bytes in lower case.
  private static func hash(_ bytes: Span<UInt8>) -> Int {
    var hash = FNV1a()
    hash.combine(lowercasing: bytes)
    return Int(truncatingIfNeeded: (hash.value ^ (hash.value >> 29)) & 0x7FFF_FFFF)
  }
}
