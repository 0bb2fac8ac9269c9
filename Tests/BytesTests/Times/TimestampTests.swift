import Bytes
import Glibc
import Testing

@Suite struct TimestampTests {
  /// Against the calendar of the C library.
  @Test func isTheTimeInUTC() {
    var random = RandomBytes(seed: 23)
    var seconds = [0, -1, 86_399, 86_400, 951_782_400, 4_102_444_800]
    seconds += (0..<500).map { _ in Int(random.next() % 8_000_000_000) - 2_000_000_000 }
    for second in seconds {
      var time = time_t(second)
      var parts = tm()
      #expect(gmtime_r(&time, &parts) != nil)
      var buffer = [CChar](repeating: 0, count: 32)
      let length = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
      let expected = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      #expect(Timestamp.text(epochSeconds: second) == expected)
    }
  }
}
