import Bytes
import Directory

/// What identifies a finding across runs: the same rule about the same value of the same entry.
///
/// The construction is an interface that never changes, because suppressions and baselines are kept by it. It is
/// SipHash-2-4 with 128-bit result and a key of zeroes over these parts, each followed by its length in bytes as a
/// 64-bit little-endian number, so that no two lists of parts run together:
/// 1. the id of the rule;
/// 2. the source anchor: the objectGUID in its text form (`3f2504e0-4f89-41d3-9a0c-0305e82c3301`), so that a rename or a
///    move keeps the finding; without one the DN in lower case, spaces after its unescaped commas left out;
/// 3. the attribute in lower case;
/// 4. the value in lower case; left out altogether, with its length, when there is none.
///
/// A value that several entries hold is one finding, which must be the same whichever holder an export lists first and
/// whoever joins or leaves: its parts are the rule, an empty anchor, an empty attribute, and the bytes by which the rule
/// compares (`init(rule:sharedKey:)`).
///
/// Lower case is the Unicode mapping of each character (`Unicode.Scalar.Properties.lowercaseMapping`) without regard to
/// language or context; bytes that are not valid UTF-8 are taken as they are. The text form is the 16 bytes of the
/// result in hexadecimal.
public struct Fingerprint: Hashable, Sendable, BitwiseCopyable {
  /// The first eight bytes of the result as a little-endian number.
  public let low: UInt64
  /// The last eight bytes of the result as a little-endian number.
  public let high: UInt64

  /// The fingerprint of a finding on copies of its parts. Allocates nothing for ASCII.
  public init(rule: String, objectGUID: GUID?, dn: AttributeValue, attribute: String, value: AttributeValue?) {
    if let value {
      self.init(rule: rule, objectGUID: objectGUID, dn: dn.bytes.span, attribute: attribute, value: value.bytes.span)
    } else {
      self.init(rule: rule, objectGUID: objectGUID, dn: dn.bytes.span, attribute: attribute, value: nil)
    }
  }

  /// The fingerprint of a finding on bytes that may lie in a larger buffer. Allocates nothing for ASCII.
  public init(rule: String, objectGUID: GUID?, dn: Span<UInt8>, attribute: String, value: Span<UInt8>?) {
    self.init(Prefix(rule: rule), objectGUID: objectGUID, dn: dn, attribute: attribute, value: value)
  }

  /// What the fingerprints of all findings of a rule begin with.
  public struct Prefix: Sendable {
    fileprivate let hash: PartHash
    /// The same with the empty parts of findings about shared values.
    fileprivate let shared: PartHash

    /// The beginning for the id of a rule.
    public init(rule: String) {
      var hash = PartHash()
      hash.part { (part) in
        for byte in rule.utf8 { part.add(byte) }
      }
      self.hash = hash
      hash.part { _ in }
      hash.part { _ in }
      shared = hash
    }
  }

  /// The fingerprint of a finding of a rule.
  public init(_ prefix: Prefix, objectGUID: GUID?, dn: Span<UInt8>, attribute: String, value: Span<UInt8>?) {
    var hash = prefix.hash
    if let objectGUID {
      hash.part { (part) in part.add(textOf: objectGUID) }
    } else {
      hash.part { (part) in part.add(lowercased: dn, skipsSpacesAfterCommas: true) }
    }
    hash.part { (part) in part.add(lowercased: attribute.utf8Span.span, skipsSpacesAfterCommas: false) }
    if let value {
      hash.part { (part) in part.add(lowercased: value, skipsSpacesAfterCommas: false) }
    }
    (low, high) = hash.hash.finalize()
  }

  /// The same for a key that is still to be brought to lower case, which allocates nothing.
  public init(_ prefix: Prefix, sharedKeyLowercasing sharedKey: Span<UInt8>) {
    var hash = prefix.shared
    hash.part { (part) in part.add(lowercased: sharedKey, skipsSpacesAfterCommas: false) }
    (low, high) = hash.hash.finalize()
  }

  /// A fingerprint of its two words.
  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// The fingerprint of a finding about a value that several entries hold.
  ///
  /// - Parameter sharedKey: what makes the values equal: without `smtp:` and outer spaces and in lower case, where the rule
  ///   compares so.
  public init(rule: String, sharedKey: Span<UInt8>) { self.init(Prefix(rule: rule), sharedKey: sharedKey) }

  /// The fingerprint of a finding of a rule about a value that several entries hold.
  public init(_ prefix: Prefix, sharedKey: Span<UInt8>) {
    var hash = prefix.shared
    hash.part { (part) in
      sharedKey.withUnsafeBufferPointer { (text) in part.add(words: text) }
    }
    (low, high) = hash.hash.finalize()
  }

  /// The fingerprint with this text form; nil for anything but 32 hexadecimal digits.
  public init?(hexadecimal text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 32 else { return nil }
    var words: [UInt64] = [0, 0]
    for place in 0..<32 {
      guard let digit = Character(Unicode.Scalar(digits[place])).hexDigitValue else { return nil }
      let byte = place / 2
      words[byte / 8] |= UInt64(digit) << UInt64(byte % 8 * 8 + (place % 2 == 0 ? 4 : 0))
    }
    (low, high) = (words[0], words[1])
  }

  /// The 32 hexadecimal digits in ASCII.
  public var text: InlineArray<32, UInt8> {
    var text = InlineArray<32, UInt8>(repeating: 0)
    var span = text.mutableSpan
    span.withUnsafeMutableBytes { bytes in
      for place in 0..<4 {
        let four = UInt32(truncatingIfNeeded: (place < 2 ? low : high) &>> UInt64((place & 1) * 32))
        bytes.storeBytes(of: HexText.digits(four).littleEndian, toByteOffset: 8 * place, as: UInt64.self)
      }
    }
    return text
  }

  /// The 32 hexadecimal digits.
  public var hexadecimal: String {
    let text = text
    return text.span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }
}

extension Fingerprint: CustomStringConvertible {
  /// The 32 hexadecimal digits.
  public var description: String { hexadecimal }
}

/// A hash of parts, each ended by its length.
private struct PartHash {
  var hash = SipHash128()
  private var count: UInt64 = 0

  mutating func part(_ fill: (inout PartHash) -> Void) {
    count = 0
    fill(&self)
    hash.combine(word: count)
  }

  @inline(__always)
  mutating func add(_ byte: UInt8) {
    hash.combine(byte)
    count &+= 1
  }

  mutating func add(textOf guid: GUID) {
    let text = guid.text
    text.span.withUnsafeBufferPointer { (text) in add(words: text) }
  }

  mutating func add(lowercased bytes: Span<UInt8>, skipsSpacesAfterCommas: Bool) {
    let start = skipsSpacesAfterCommas ? 0 : addWords(bytes)
    NormalForm.visit(bytes.extracting(start..<bytes.count), skipsSpacesAfterCommas: skipsSpacesAfterCommas) { add($0) }
  }

  /// Adds bytes as they are, eight at a time.
  mutating func add(words text: UnsafeBufferPointer<UInt8>) {
    let raw = UnsafeRawBufferPointer(text)
    var index = 0
    while index + 8 <= raw.count {
      hash.combine(word: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
      index += 8
    }
    if index < raw.count { hash.combine(word: Self.lastWord(raw, from: index), count: raw.count - index) }
    count &+= UInt64(raw.count)
  }

  /// Adds eight bytes at a time, and what is left at the end, for as long as they are ASCII.
  ///
  /// - Returns: the number of bytes added.
  private mutating func addWords(_ bytes: Span<UInt8>) -> Int {
    bytes.withUnsafeBytes { raw in
      var index = 0
      while index + 8 <= raw.count {
        let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        guard word & 0x8080_8080_8080_8080 == 0 else { return index }
        hash.combine(word: Self.lower(word))
        count &+= 8
        index += 8
      }
      guard index < raw.count else { return index }
      let word = Self.lastWord(raw, from: index)
      guard word & 0x8080_8080_8080_8080 == 0 else { return index }
      hash.combine(word: Self.lower(word), count: raw.count - index)
      count &+= UInt64(raw.count - index)
      return raw.count
    }
  }

  /// The bytes from an index on, of which there are one to seven, in a word with zeros behind them.
  @inline(__always)
  private static func lastWord(_ raw: UnsafeRawBufferPointer, from index: Int) -> UInt64 {
    let count = raw.count &- index
    if raw.count >= 8 {
      let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: raw.count &- 8, as: UInt64.self))
      return word &>> UInt64(truncatingIfNeeded: (8 &- count) &* 8)
    }
    var word: UInt64 = 0
    for place in 0..<count { word |= UInt64(raw[index &+ place]) &<< UInt64(truncatingIfNeeded: place &* 8) }
    return word
  }

  /// Eight bytes of ASCII in lower case.
  @inline(__always)
  private static func lower(_ word: UInt64) -> UInt64 {
    // Adding to each byte sets its top bit from "A" on, and from behind "Z" on: no sum reaches the next byte.
    let fromA = word &+ 0x3F3F_3F3F_3F3F_3F3F
    let pastZ = word &+ 0x2525_2525_2525_2525
    return word | (fromA & ~pastZ & 0x8080_8080_8080_8080) &>> 2
  }
}
