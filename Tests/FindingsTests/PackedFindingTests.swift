import Directory
import TestFindings
import Testing

@testable import Findings

@Suite struct PackedFindingTests {
  @Test func standsForTheFinding() {
    var random = TestRandom(seed: 11)
    for _ in 0..<1_000 {
      var finding = random.finding()
      finding.fingerprint = Fingerprint(low: random.next(), high: random.next()).hexadecimal
      // A column without a line is no place.
      if finding.location.line == nil { finding.location.column = nil }
      for place in finding.related.indices where finding.related[place].location.line == nil {
        finding.related[place].location.column = nil
      }
      finding.valueIndex = finding.valueIndex.map { max(0, $0) }
      let lines = [finding.location.line] + finding.related.map(\.location.line)
      guard lines.allSatisfy({ $0.map { $0 > 0 } ?? true }) else { continue }
      let columns = [finding.location.column] + finding.related.map(\.location.column)
      guard columns.allSatisfy({ $0.map { $0 > 0 } ?? true }) else { continue }
      #expect(PackedFinding(finding).unpacked == finding)
    }
  }

  @Test func textOfFingerprints() throws {
    var random = TestRandom(seed: 12)
    for _ in 0..<100 {
      let fingerprint = Fingerprint(low: random.next(), high: random.next())
      var bytes: [UInt8] = []
      let text = fingerprint.text
      text.span.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
      #expect(String(decoding: bytes, as: UTF8.self) == fingerprint.hexadecimal)
      let words = [fingerprint.low, fingerprint.high].flatMap { word in
        (0..<8).map { UInt8(word >> UInt64(8 * $0) & 255) }
      }
      #expect(fingerprint.hexadecimal == words.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
      #expect(Fingerprint(hexadecimal: fingerprint.hexadecimal) == fingerprint)
    }
    #expect(Fingerprint(hexadecimal: "00112233445566778899aabbccddeeff")?.low == 0x7766_5544_3322_1100)
    #expect(Fingerprint(hexadecimal: "00112233445566778899aabbccddeef") == nil)
    #expect(Fingerprint(hexadecimal: "g0112233445566778899aabbccddeeff") == nil)
  }

  /// Lower case eight bytes at a time is lower case byte by byte, wherever a text begins in the hash.
  @Test func fingerprintsOfLongTexts() {
    var random = TestRandom(seed: 13)
    for _ in 0..<500 {
      let value = (0..<random.number(below: 60)).map { _ in
        random.number(below: 9) == 0 ? random.byte() : UInt8(0x20 + random.number(below: 95))
      }
      let rule = String(repeating: "r", count: random.number(below: 12))
      let made = Fingerprint(
        rule: rule, objectGUID: nil, dn: AttributeValue("CN=Jo"), attribute: "mail", value: AttributeValue(value))
      let folded = Fingerprint(
        rule: rule, objectGUID: nil, dn: AttributeValue("cn=jo"), attribute: "MAIL",
        value: AttributeValue(NormalForm.value(value)))
      #expect(made == folded)
      var plain = SipHash128()
      let parts = [Array(rule.utf8), Array("cn=jo".utf8), Array("mail".utf8), NormalForm.value(value)]
      for part in parts {
        for byte in part { plain.combine(byte) }
        for shift in 0..<8 { plain.combine(UInt8(truncatingIfNeeded: part.count >> (8 * shift))) }
      }
      let (low, high) = plain.finalize()
      #expect(made == Fingerprint(low: low, high: high))
    }
  }
}
