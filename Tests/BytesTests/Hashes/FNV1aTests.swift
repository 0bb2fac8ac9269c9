import Bytes
import Testing

@Suite struct FNV1aTests {
  /// Values of the authors' test suite.
  @Test(
    arguments: [
      ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
    ] as [(String, UInt64)]) func publishedValues(text: String, expected: UInt64)
  {
    var hash = FNV1a()
    hash.combine(text.utf8Span.span)
    #expect(hash.value == expected)
  }

  @Test func lettersAreTheSameInEitherCase() {
    var lower = FNV1a()
    lower.combine(Array("proxyaddresses;x-[@`{".utf8).span)
    var mixed = FNV1a()
    mixed.combine(lowercasing: Array("ProxyADDRESSES;X-[@`{".utf8).span)
    #expect(lower.value == mixed.value)
  }
}
