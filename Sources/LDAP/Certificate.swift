import Glibc

/// What a message about a refused certificate needs of it (RFC 5280). It decides nothing: libldap has refused already.
struct Certificate {
  /// Seconds since 1970.
  var notBefore = 0
  var notAfter = 0
  /// Common name of subject and issuer, or the whole name in words.
  var subject = ""
  var issuer = ""
  var isSelfSigned = false
  /// Names in the extension subjectAltName.
  var dnsNames: [String] = []
  var addresses: [String] = []
  /// Bits of an RSA key; 0 for keys of other kinds.
  var keyBits = 0
  /// The hash that was signed, where it is one that is not trusted any more: `MD5`, `SHA-1`.
  var weakHash: String?

  /// A certificate without anything in it.
  init() {}

  /// Reads a certificate; nil when the bytes are none.
  init?(der: [UInt8]) {
    var outer = BERReader(der[...])
    guard let certificate = outer.read(tag: BER.sequenceTag) else { return nil }
    var reader = BERReader(certificate)
    guard let toBeSigned = reader.read(tag: BER.sequenceTag) else { return nil }
    reader = BERReader(toBeSigned)
    if reader.nextTag == 0xA0 { _ = reader.read() }
    guard reader.read(tag: BER.integerTag) != nil, let signature = reader.read(tag: BER.sequenceTag),
      let issuer = reader.read(tag: BER.sequenceTag), let validity = reader.read(tag: BER.sequenceTag),
      let subject = reader.read(tag: BER.sequenceTag)
    else { return nil }
    var times = BERReader(validity)
    guard let from = times.read().flatMap({ Self.time($0.tag, $0.content) }),
      let to = times.read().flatMap({ Self.time($0.tag, $0.content) })
    else { return nil }
    notBefore = from
    notAfter = to
    self.issuer = Self.commonName(issuer)
    self.subject = Self.commonName(subject)
    isSelfSigned = issuer.elementsEqual(subject)
    weakHash = Self.weakHash(signature)
    if reader.nextTag == BER.sequenceTag { keyBits = reader.read().map { Self.keyBits($0.content) } ?? 0 }
    while let (tag, content) = reader.read() {
      if tag == 0xA3 { readExtensions(content) }
    }
  }

  /// What makes the certificate too weak for libraries of today, in words; nil when nothing does. The signature of a
  /// certificate that signed itself proves nothing and is not looked at.
  var weakness: String? {
    var faults: [String] = []
    if keyBits > 0, keyBits < 2048 { faults.append("a key of \(keyBits) bits") }
    if let weakHash, !isSelfSigned { faults.append("a signature with \(weakHash)") }
    return faults.isEmpty ? nil : faults.joined(separator: " and ")
  }

  /// RFC 3279, 2.2.1 and 2.2.3: the algorithms of MD5 and SHA-1 with RSA, and of SHA-1 with ECDSA.
  private static func weakHash(_ algorithm: ArraySlice<UInt8>) -> String? {
    var parts = BERReader(algorithm)
    guard let oid = parts.read(tag: 0x06) else { return nil }
    let rsa: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01]
    switch Array(oid) {
    case rsa + [0x04]: return "MD5"
    case rsa + [0x05], [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01]: return "SHA-1"
    default: return nil
    }
  }

  /// The bits of the modulus in a public key (RFC 3279, 2.3.1); 0 where there is none.
  private static func keyBits(_ key: ArraySlice<UInt8>) -> Int {
    var parts = BERReader(key)
    guard let algorithm = parts.read(tag: BER.sequenceTag), let bits = parts.read(tag: 0x03) else { return 0 }
    var kind = BERReader(algorithm)
    let rsaEncryption: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]
    guard kind.read(tag: 0x06)?.elementsEqual(rsaEncryption) == true else { return 0 }
    // The first byte of a bit string counts unused bits.
    var outer = BERReader(bits.dropFirst())
    guard let numbers = outer.read(tag: BER.sequenceTag) else { return 0 }
    var list = BERReader(numbers)
    let modulus = (list.read(tag: BER.integerTag) ?? []).drop { $0 == 0 }
    guard let first = modulus.first else { return 0 }
    return modulus.count * 8 - first.leadingZeroBitCount
  }

  private mutating func readExtensions(_ content: ArraySlice<UInt8>) {
    var outer = BERReader(content)
    var list = BERReader(outer.read(tag: BER.sequenceTag) ?? [])
    while let item = list.read(tag: BER.sequenceTag) {
      var parts = BERReader(item)
      // 2.5.29.17, subjectAltName.
      guard let oid = parts.read(tag: 0x06), oid.elementsEqual([0x55, 0x1D, 0x11]) else { continue }
      if parts.nextTag == 0x01 { _ = parts.read() }
      var value = BERReader(parts.read(tag: BER.octetsTag) ?? [])
      var names = BERReader(value.read(tag: BER.sequenceTag) ?? [])
      while let (tag, name) = names.read() {
        if tag == 0x82 { dnsNames.append(String(decoding: name, as: UTF8.self)) }
        if tag == 0x87 { addresses.append(Self.address(name)) }
      }
    }
  }

  /// The common name in a distinguished name, or its values one after the other.
  private static func commonName(_ name: ArraySlice<UInt8>) -> String {
    var values: [String] = []
    var sets = BERReader(name)
    while let set = sets.read(tag: 0x31) {
      var pairs = BERReader(set)
      while let pair = pairs.read(tag: BER.sequenceTag) {
        var parts = BERReader(pair)
        guard let oid = parts.read(tag: 0x06), let value = parts.read() else { continue }
        let text = String(decoding: value.content, as: UTF8.self)
        if oid.elementsEqual([0x55, 0x04, 0x03]) { return text }
        values.append(text)
      }
    }
    return values.joined(separator: ", ")
  }

  /// UTCTime (`YYMMDDhhmmssZ`) or GeneralizedTime (`YYYYMMDDhhmmssZ`), RFC 5280, 4.1.2.5.
  private static func time(_ tag: UInt8, _ content: ArraySlice<UInt8>) -> Int? {
    var digits = Array(content)
    guard digits.last == UInt8(ascii: "Z"), tag == 0x17 || tag == 0x18 else { return nil }
    digits.removeLast()
    guard digits.allSatisfy({ (48...57).contains($0) }), digits.count == (tag == 0x17 ? 12 : 14) else { return nil }
    func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1) - 48 } }
    let width = digits.count - 10
    var year = number(0..<width)
    if width == 2 { year += year < 50 ? 2000 : 1900 }
    var parts = tm()
    parts.tm_year = Int32(year - 1900)
    parts.tm_mon = Int32(number(width..<width + 2) - 1)
    parts.tm_mday = Int32(number(width + 2..<width + 4))
    parts.tm_hour = Int32(number(width + 4..<width + 6))
    parts.tm_min = Int32(number(width + 6..<width + 8))
    parts.tm_sec = Int32(number(width + 8..<width + 10))
    return timegm(&parts)
  }

  private static func address(_ bytes: ArraySlice<UInt8>) -> String {
    if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
    guard bytes.count == 16 else { return "" }
    let bytes = Array(bytes)
    return (0..<8).map { String(Int(bytes[2 * $0]) << 8 | Int(bytes[2 * $0 + 1]), radix: 16) }.joined(separator: ":")
  }

  /// Seconds since 1970.
  static func now() -> Int { Glibc.time(nil) }

  /// A day, ISO 8601 in UTC.
  static func date(_ seconds: Int) -> String {
    var seconds = time_t(seconds)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(Int(parts.tm_year) + 1900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
  }

  /// Whether the certificate is for a host (RFC 6125, 6.4): its names, or the common name where it has none.
  func names(_ host: String) -> Bool {
    if addresses.contains(host) { return true }
    let names = dnsNames.isEmpty && addresses.isEmpty ? [subject] : dnsNames
    return names.contains { Self.matches($0.lowercased(), host.lowercased()) }
  }

  private static func matches(_ pattern: String, _ host: String) -> Bool {
    if pattern == host { return true }
    guard pattern.hasPrefix("*."), let dot = host.firstIndex(of: ".") else { return false }
    return pattern.dropFirst() == host[dot...]
  }

  /// The names in words.
  var namesText: String {
    let names = (dnsNames + addresses).isEmpty ? [subject] : dnsNames + addresses
    return names.prefix(5).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 5 ? " and others" : "")
  }
}
