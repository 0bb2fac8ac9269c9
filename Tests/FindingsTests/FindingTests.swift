import Bytes
import Directory
import TestFindings
import Testing

@testable import Findings

@Suite struct FindingTests {
  /// The parts that a finding was made of are those that it has, and so it is after a way through a spool.
  @Test func keepsItsParts() throws {
    var random = TestRandom(seed: 11)
    var spooled: [UInt8] = []
    var findings: [Finding] = []
    for _ in 0..<1_000 {
      let finding = random.finding()
      let copy = Finding(
        finding.head, dn: finding.dn, objectGUID: finding.objectGUID, objectClass: finding.objectClass,
        attribute: finding.attribute, value: finding.value, valueIndex: finding.valueIndex, spans: finding.spans,
        message: finding.message, suggestion: finding.suggestion, location: finding.location,
        related: finding.related, fingerprint: finding.fingerprint, annotations: finding.annotations)
      #expect(copy == finding)
      #expect(
        (1..<finding.holderCount).map { finding.location(of: finding.holder($0)) } == finding.related.map(\.location))
      let start = FindingLayout.reserve(in: &spooled)
      var layout = finding.layout
      layout.byteCount = finding.bytes.count
      layout.store(at: start, in: &spooled)
      spooled += finding.bytes
      findings.append(finding)
    }
    var position = 0
    for finding in findings {
      var read = Finding(finding.head, names: finding.names)
      read.layout = FindingLayout(spooled, at: position)
      position += FindingLayout.size
      read.bytes = Array(spooled[position..<position + read.layout.byteCount])
      position += read.bytes.count
      #expect(read == finding)
    }
    #expect(position == spooled.count)
  }

  /// A part that is given anew is the new one; the others stay.
  @Test func takesNewParts() {
    var random = TestRandom(seed: 14)
    for _ in 0..<200 {
      var finding = random.finding()
      let (old, new) = (finding, random.finding())
      finding.dn = new.dn
      finding.value = new.value
      finding.message = new.message
      finding.spans = new.spans
      finding.suggestion = new.suggestion
      finding.location = new.location
      finding.related = new.related
      finding.attribute = new.attribute
      finding.annotations = new.annotations
      #expect(finding.dn == new.dn && finding.value == new.value && finding.message == new.message)
      #expect(finding.spans == new.spans && finding.suggestion == new.suggestion)
      #expect(finding.location == new.location && finding.related == new.related)
      #expect(finding.attribute == new.attribute && finding.annotations == new.annotations)
      #expect(finding.objectClass == old.objectClass && finding.objectGUID == old.objectGUID)
      #expect(finding.valueIndex == old.valueIndex && finding.rule == old.rule)
    }
  }

  /// What a rule says besides is said of its findings, unless they say otherwise themselves.
  @Test func annotations() {
    let rule = RuleSummary(
      id: "some-rule", severity: .error, effect: .blocked, certainty: .documented,
      annotations: [Annotation(name: Annotation.labels, values: ["Format"])])
    func finding(_ annotations: [Annotation]) -> Finding {
      Finding(
        rule, dn: AttributeValue("CN=Doe\\, Jo,DC=contoso,DC=com"), objectGUID: nil, objectClass: "user",
        attribute: "mail", value: nil, valueIndex: nil, spans: [], message: "", suggestion: nil,
        location: SourceLocation(source: "a.ldif", line: 7), fingerprint: Fingerprint(low: 1, high: 2),
        annotations: annotations)
    }
    #expect(finding([]).annotation(Annotation.labels) == ["Format"])
    #expect(finding([]).commonName == AttributeValue("Doe, Jo"))
    let own = finding([
      Annotation(name: Annotation.labels, values: ["Blank", "Length"]),
      Annotation(name: Annotation.commonName, values: ["Jo"]),
    ])
    #expect(own.annotation(Annotation.labels) == ["Blank", "Length"])
    #expect(own.annotation(Annotation.proposedAction).isEmpty)
    #expect(own.commonName == AttributeValue("Jo"))
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
