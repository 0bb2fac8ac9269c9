/// Internationalised labels (RFC 3492), without the mappings of IDNA: labels are expected in lower case.
enum Punycode {
  private static let base = 36
  private static let tMin = 1
  private static let tMax = 26
  private static let initialN: UInt32 = 128

  /// `münchen` → `xn--mnchen-3ya`; an ASCII label, or one that cannot be written so, stays as it is.
  static func toASCII(_ label: String) -> String {
    let scalars = label.unicodeScalars.map(\.value)
    guard scalars.contains(where: { $0 >= 128 }), scalars.count <= 252, let encoded = encode(scalars) else {
      return label
    }
    return "xn--" + encoded
  }

  /// `xn--mnchen-3ya` → `münchen`; any other label, or a broken one, stays as it is.
  static func toUnicode(_ label: String) -> String {
    guard label.hasPrefix("xn--"), label.utf8.count <= 252, let scalars = decode(Array(label.utf8.dropFirst(4))) else {
      return label
    }
    return scalars
  }

  private static func encode(_ input: [UInt32]) -> String? {
    var output = input.filter { $0 < 128 }.map { UInt8($0) }
    let basicCount = output.count
    if basicCount > 0 { output.append(UInt8(ascii: "-")) }
    var n = initialN
    var delta = 0
    var bias = 72
    var handled = basicCount
    while handled < input.count {
      guard let m = input.filter({ $0 >= n }).min() else { return nil }
      delta += Int(m - n) * (handled + 1)
      n = m
      for scalar in input {
        if scalar < n { delta += 1 }
        if scalar == n {
          appendVariableLength(delta, bias, &output)
          bias = adapt(delta, handled + 1, isFirst: handled == basicCount)
          delta = 0
          handled += 1
        }
      }
      delta += 1
      n += 1
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func appendVariableLength(_ delta: Int, _ bias: Int, _ output: inout [UInt8]) {
    var q = delta
    var k = base
    while true {
      let t = threshold(k, bias)
      if q < t { break }
      output.append(digit(t + (q - t) % (base - t)))
      q = (q - t) / (base - t)
      k += base
    }
    output.append(digit(q))
  }

  private static func decode(_ input: [UInt8]) -> String? {
    var output: [UInt32] = []
    var index = 0
    if let delimiter = input.lastIndex(of: UInt8(ascii: "-")) {
      output = input[..<delimiter].map { UInt32($0) }
      index = delimiter + 1
    }
    guard output.allSatisfy({ $0 < 128 }) else { return nil }
    var n = Int(initialN)
    var i = 0
    var bias = 72
    while index < input.count {
      let oldI = i
      var weight = 1
      var k = base
      while true {
        guard index < input.count, let value = value(input[index]) else { return nil }
        index += 1
        i += value * weight
        guard i < 1 << 40 else { return nil }
        let t = threshold(k, bias)
        if value < t { break }
        weight *= base - t
        guard weight < 1 << 40 else { return nil }
        k += base
      }
      bias = adapt(i - oldI, output.count + 1, isFirst: oldI == 0)
      n += i / (output.count + 1)
      i %= output.count + 1
      guard n <= 0x10FFFF, Unicode.Scalar(UInt32(n)) != nil else { return nil }
      output.insert(UInt32(n), at: i)
      i += 1
    }
    guard !output.isEmpty else { return nil }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: output.compactMap(Unicode.Scalar.init))
    return String(text)
  }

  private static func threshold(_ k: Int, _ bias: Int) -> Int { min(max(k - bias, tMin), tMax) }

  private static func adapt(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
    var delta = isFirst ? delta / 700 : delta / 2
    delta += delta / count
    var k = 0
    while delta > (base - tMin) * tMax / 2 {
      delta /= base - tMin
      k += base
    }
    return k + (base - tMin + 1) * delta / (delta + 38)
  }

  private static func digit(_ value: Int) -> UInt8 { UInt8(value < 26 ? value + 0x61 : value - 26 + 0x30) }

  private static func value(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x61...0x7A: Int(byte) - 0x61
    case 0x41...0x5A: Int(byte) - 0x41
    case 0x30...0x39: Int(byte) - 0x30 + 26
    default: nil
    }
  }
}
