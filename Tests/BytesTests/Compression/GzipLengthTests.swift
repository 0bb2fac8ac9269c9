import Bytes
import Testing

@Suite struct GzipLengthTests {
  @Test(arguments: [1, 1_000, 100_000])
  func theLengthIsThatOfWhatIsPacked(pieceLength: Int) throws {
    var random = RandomBytes(seed: 7)
    // One half cannot be packed, the other nearly vanishes.
    let bytes = random.bytes(1_000_000) + [UInt8](repeating: 0, count: 1_000_000)
    let length = try #require(GzipLength())
    for start in stride(from: 0, to: bytes.count, by: pieceLength) {
      length.add(Array(bytes[start..<min(start + pieceLength, bytes.count)]))
    }
    #expect((1_000_000...1_010_000).contains(length.count))
  }

  @Test func nothingHasTheLengthOfAHead() throws {
    let length = try #require(GzipLength())
    length.add([])
    // RFC 1952, 2.3.
    #expect(length.count <= 10)
  }
}
