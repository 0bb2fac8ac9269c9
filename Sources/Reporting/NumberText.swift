import Bytes

extension ByteAppending where Self: ~Copyable {
  /// Appends a number with commas between groups of three digits.
  mutating func append(grouped number: Int) {
    if number.magnitude < 1000 { append(decimal: number) } else { append(Reporting.grouped(number)) }
  }
}

/// A number with commas between groups of three digits, `41,230`.
func grouped(_ number: Int) -> String {
  let digits = Array(String(number.magnitude).utf8)
  var result: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
  for (index, digit) in digits.enumerated() {
    if index > 0 && (digits.count - index) % 3 == 0 { result.append(UInt8(ascii: ",")) }
    result.append(digit)
  }
  return String(decoding: result, as: UTF8.self)
}

/// A count and its noun, `1 entry`, `41,230 entries`.
func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(grouped(count)) \(count == 1 ? one : many)" }
