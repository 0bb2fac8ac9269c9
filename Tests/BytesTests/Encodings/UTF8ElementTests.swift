import Testing

import Bytes

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

  /// Bytes of any kind are valid when the standard library says so.
  @Test func validityIsThatOfTheStandardLibrary() {
    var random = RandomBytes(seed: 24)
    let edges: [UInt8] = [0x41, 0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC2, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5]
    for _ in 0..<20_000 {
      let bytes = (0..<random.next() % 7).map { _ in edges[Int(random.next() % UInt64(edges.count))] }
      #expect(ScalarReader.isValid(bytes.span) == (String(validating: bytes, as: UTF8.self) != nil))
    }
  }
}
