import DirectoryModel
import TestFindings
import Testing

@testable import Findings

@Suite struct FindingCodecTests {
  @Test func decodingIsTheInverseOfEncoding() throws {
    var random = TestRandom(seed: 1)
    for _ in 0..<2000 {
      let finding = random.finding()
      var bytes: [UInt8] = [1, 2, 3]
      FindingCodec.encode(finding, into: &bytes)
      #expect(try FindingCodec.decode(bytes[3...]) == finding)
    }
  }

  @Test func findingsFollowEachOther() throws {
    var random = TestRandom(seed: 2)
    let findings = (0..<50).map { _ in random.finding() }
    var bytes: [UInt8] = []
    for finding in findings { FindingCodec.encode(finding, into: &bytes) }
    var position = 0
    for finding in findings { #expect(try FindingCodec.decode(from: bytes[...], at: &position) == finding) }
    #expect(position == bytes.count)
  }

  @Test func aBigGroupSurvives() throws {
    var random = TestRandom(seed: 3)
    var finding = random.finding()
    finding.value = AttributeValue([UInt8](repeating: 0xFF, count: 1 << 20))
    finding.related = (0..<100_000).map {
      RelatedValue(
        dn: AttributeValue("CN=\($0)"), objectGUID: nil, objectClass: "user", attribute: "mail", value: nil,
        location: SourceLocation(source: "a", line: $0))
    }
    var bytes: [UInt8] = []
    FindingCodec.encode(finding, into: &bytes)
    #expect(try FindingCodec.decode(bytes[...]) == finding)
  }

  @Test func everyTruncationIsAnError() {
    var random = TestRandom(seed: 4)
    for _ in 0..<20 {
      var bytes: [UInt8] = []
      FindingCodec.encode(random.finding(), into: &bytes)
      for count in 0..<bytes.count {
        #expect(throws: FindingCodec.DecodingError.self) { try FindingCodec.decode(bytes[..<count]) }
      }
      #expect(throws: FindingCodec.DecodingError.malformed) { try FindingCodec.decode((bytes + [0])[...]) }
    }
  }

  @Test func damagedBytesNeverTrap() {
    var random = TestRandom(seed: 5)
    var failures = 0
    for _ in 0..<3000 {
      var bytes: [UInt8] = []
      FindingCodec.encode(random.finding(), into: &bytes)
      for _ in 0..<random.number(below: 5) + 1 { bytes[random.number(below: bytes.count)] = random.byte() }
      if (try? FindingCodec.decode(bytes[...])) == nil { failures += 1 }
    }
    #expect(failures > 0)
  }

  @Test func anOrdinaryFindingIsSmall() {
    let finding = Finding(
      rule: "some-rule", severity: .error, effect: .dropped, certainty: .documented, dn: AttributeValue("CN=Jo"),
      objectGUID: nil, objectClass: "user", attribute: "mail", value: AttributeValue("a b"), valueIndex: 0,
      spans: [FlaggedSpan(offset: 1, length: 1, codePoint: 0x20)], message: "m", suggestion: nil,
      location: SourceLocation(source: "a.ldif", line: 7, column: 3), fingerprint: "")
    var bytes: [UInt8] = []
    FindingCodec.encode(finding, into: &bytes)
    // 40 bytes of text, the rest is lengths, numbers and presence.
    #expect(bytes.count <= 60)
  }
}

@Suite struct UTF8ElementTests {
  /// Every sequence of two and interesting ones of more bytes: the same characters as the standard library sees.
  @Test func agreesWithTheStandardLibrary() {
    let interesting: [UInt8] = [
      0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5,
      0xFF,
    ]
    for first in interesting {
      for second in interesting {
        for third in interesting {
          for fourth in interesting { check([first, second, third, fourth]) }
          check([first, second, third])
        }
        check([first, second])
      }
      check([first])
    }
  }

  private func check(_ bytes: [UInt8]) {
    var scalars = String.UnicodeScalarView()
    var hasInvalid = false
    var index = 0
    while index < bytes.count {
      let element = UTF8Element(at: index, in: bytes.span)
      switch element {
      case .scalar(let scalar, _): scalars.append(scalar)
      case .invalid: hasInvalid = true
      }
      index += element.length
    }
    let expected = String(validating: bytes, as: UTF8.self)
    #expect(hasInvalid == (expected == nil), "\(bytes)")
    if let expected { #expect(Array(scalars) == Array(expected.unicodeScalars), "\(bytes)") }
  }
}
