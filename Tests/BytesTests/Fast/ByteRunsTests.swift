import Testing

@testable import Bytes

/// What is found eight bytes at a time, against a look at each byte.
@Suite struct ByteRunsTests {
  private static let bytes: [UInt8] = [
    0x61, 0x22, 0x5C, 0x1F, 0x20, 0x00, 0x7F, 0x80, 0xFF, 0x2C, 0x0A, 0x21, 0x23, 0x5B, 0x5D,
  ]

  @Test func endsOfRuns() {
    var random = RandomBytes(seed: 7)
    for length in 0..<40 {
      for _ in 0..<60 {
        // Mostly plain, so that runs are long.
        let text = random.bytes(length).map { $0 < 230 ? UInt8(ascii: "b") : Self.bytes[Int($0) % Self.bytes.count] }
        for start in 0...length {
          func first(_ isEnd: (UInt8) -> Bool) -> Int { text[start...].firstIndex(where: isEnd) ?? length }
          #expect(ByteRuns.asciiEnd(text.span, from: start) == first { $0 >= 0x80 })
          #expect(ByteRuns.stringEnd(text.span, from: start) == first { $0 == 0x22 || $0 == 0x5C || $0 < 0x20 })
          #expect(
            ByteRuns.end(of: text.span, from: start, at: 0x2C, 10, 0x22) == first { [0x2C, 10, 0x22].contains($0) })
        }
      }
    }
  }
}
