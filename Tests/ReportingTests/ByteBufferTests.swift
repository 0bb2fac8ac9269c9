import Bytes
import TestFindings
import Testing

@testable import Reporting

@Suite struct ByteBufferTests {
  /// The buffer in raw memory holds what an array would hold.
  @Test func holdsWhatAnArrayHolds() {
    var random = TestRandom(seed: 81)
    for _ in 0..<200 {
      var buffer = ByteBuffer(capacity: random.number(below: 20))
      var array: [UInt8] = []
      for _ in 0..<random.number(below: 60) {
        switch random.number(below: 6) {
        case 0: append(random.byte(), &buffer, &array)
        case 1:
          let bytes = (0..<random.number(below: 40)).map { _ in random.byte() }
          buffer.append(bytes: bytes.span)
          array.append(bytes: bytes.span)
        case 2:
          let number = Int(truncatingIfNeeded: random.next() >> UInt64(random.number(below: 64)))
          buffer.append(decimal: number)
          array.append(decimal: number)
        case 3:
          buffer.append(literal: #","dn":"#)
          array.append(literal: #","dn":"#)
        case 4:
          buffer.reserve(random.number(below: 100))
        default:
          let count = random.number(below: array.count + 1)
          buffer.truncate(to: count)
          array.truncate(to: count)
        }
      }
      #expect(buffer.count == array.count)
      #expect(buffer.withBytes { Array($0) } == array)
    }
  }

  private func append(_ byte: UInt8, _ buffer: inout ByteBuffer, _ array: inout [UInt8]) {
    buffer.append(byte)
    array.append(byte)
  }

  @Test func decimals() {
    for number in [0, 1, 9, 10, 11, 99, 100, 12_345_678, Int.max, -1, Int.min] {
      var bytes: [UInt8] = []
      bytes.append(decimal: number)
      #expect(String(decoding: bytes, as: UTF8.self) == String(number))
    }
  }

  /// Any byte at any place of a text of any length is told apart as it is alone.
  @Test func plainTexts() {
    for count in 0..<36 {
      var text = [UInt8](repeating: UInt8(ascii: "a"), count: count)
      #expect(isPlainJSON(text))
      for place in text.indices {
        for byte in [UInt8(0), 0x1F, 0x20, 0x22, 0x5C, 0x7E, 0x7F, 0x80, 0xFF] {
          text[place] = byte
          let expected = (0x20...0x7E).contains(byte) && byte != 0x22 && byte != 0x5C
          #expect(isPlainJSON(text) == expected)
        }
        text[place] = UInt8(ascii: "a")
      }
    }
  }

  /// What is escaped is what Unicode calls a control or a formatting character, or a separator of lines.
  @Test func escapedCharacters() {
    for value in UInt32(0x20)...0xFFFF {
      guard let scalar = Unicode.Scalar(value), value != 0x22, value != 0x5C else { continue }
      let isHidden =
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
      var bytes: [UInt8] = []
      JSONText.append(string: String(scalar), to: &bytes)
      if (bytes[1] == UInt8(ascii: "\\")) != isHidden { Issue.record("U+\(String(value, radix: 16))") }
    }
  }

  private func isPlainJSON(_ text: [UInt8]) -> Bool {
    isPlain(text.span, except: UInt8(ascii: "\""), UInt8(ascii: "\\"))
  }
}
