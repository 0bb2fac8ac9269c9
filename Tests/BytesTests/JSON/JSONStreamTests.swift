import Bytes
import Testing

@Suite struct JSONStreamTests {
  private func events(_ text: String, piece: Int = 1000) throws(JSONFailure) -> JSONValue? {
    let builder = JSONValueBuilder()
    var reader = JSONStreamReader(handler: builder)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty, !reader.isComplete {
      let taken = try reader.feed(rest.prefix(piece))
      rest = rest.dropFirst(taken)
    }
    try reader.finish()
    return builder.value
  }

  @Test(arguments: [1, 2, 3, 1000]) func everyKindOfValue(piece: Int) throws {
    let text = #" {"a": [1, -2.5e+3, true, false, null, "\u00fc\n\ud83d\ude00\/"], "b": {}, "c": []} "#
    let expected = JSONValue.object([
      .init(
        name: "a",
        value: .array([.number("1"), .number("-2.5e+3"), .boolean(true), .boolean(false), .null, .string("ü\n😀/")])),
      .init(name: "b", value: .object([])), .init(name: "c", value: .array([])),
    ])
    #expect(try events(text, piece: piece) == expected)
    #expect(try JSONValue(parsing: Array(text.utf8)) == expected)
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "[01]", "[1.]", "[-]", "[+1]", "[tru]", "\"\n\"", "\"\\x\"",
    "\"\\u12g4\"",
    "nul", "]", "}", "[1 2]", "{\"a\":1 \"b\":2}", "[1}", "NaN", "'a'", "\"", "1e", "--1",
  ]) func whatIsNotJSONIsRefused(text: String) {
    #expect(throws: JSONFailure.self) { try JSONValue(parsing: Array(text.utf8)) }
  }

  @Test func bytesThatAreNoTextAreRefused() {
    #expect(throws: JSONFailure.self) { try JSONValue(parsing: [0x22, 0xC0, 0x80, 0x22]) }
  }

  @Test func placesAndLimits() throws {
    do {
      _ = try events("{\n  \"a\": tru!\n}")
      Issue.record("no failure")
    } catch {
      #expect(error.line == 2 && error.column == 11)
    }
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: JSONFailure.self) { try events(deep) }
    var limits = JSONLimits()
    limits.maximumLength = 10
    #expect(throws: JSONFailure.self) { try JSONValue(parsing: Array("\"12345678901\"".utf8), limits: limits) }
    #expect(try JSONValue(parsing: Array("\"1234567890\"".utf8), limits: limits).text == "1234567890")
  }

  @Test func halvesOfSurrogatesBecomeReplacements() throws {
    #expect(try events(#""\ud83d!""#)?.text == "\u{FFFD}!")
    #expect(try events(#""\ud83d\n""#)?.text == "\u{FFFD}\n")
    #expect(try events(#""\udc00""#)?.text == "\u{FFFD}")
    #expect(try events(#""\ud83d""#)?.text == "\u{FFFD}")
  }

  @Test func whatFollowsTheValueIsLeft() throws {
    let builder = JSONValueBuilder()
    var reader = JSONStreamReader(handler: builder)
    #expect(try reader.feed(Array("[1] rest".utf8)[...]) == 3)
    #expect(reader.isComplete)
    #expect(throws: JSONFailure.self) { try JSONValue(parsing: Array("[1] rest".utf8)) }
  }

  @Test func listsAreTakenObjectByObject() throws {
    var names: [String] = []
    let builder = JSONValueBuilder { value, line in names.append((value?["n"]?.text ?? "") + " \(line)") }
    var reader = JSONStreamReader(handler: builder)
    _ = try reader.feed(
      Array("{\"x\":[{\"n\":\"0\"}],\"value\":[{\"n\":\"1\"},\n{\"n\":\"2\",\"m\":[{\"n\":\"3\"}]}]}".utf8)[...])
    #expect(names == ["1 1", "2 2"])
    #expect(builder.value?["x"]?.elements.count == 1)
  }

  /// Neither keys nor values pile up without a bound, and what follows a record that is too large is read (F17).
  @Test func recordsThatAreTooLargeAreLeftOut() throws {
    let keys = (0..<200).map { "\"k\($0)\":1" }.joined(separator: ",")
    var records: [Int?] = []
    let builder = JSONValueBuilder(maximumSize: 10_000) { value, _ in records.append(value?.members.count) }
    var reader = JSONStreamReader(handler: builder)
    _ = try reader.feed(Array("[{\"a\":1},{\(keys)},{\"a\":1,\"b\":2}]".utf8)[...])
    #expect(records == [1, nil, 2] && builder.value == .array([]))
  }

  @Test(arguments: ["[%]", "{\"a\":[%]}", "{\"value\":3,\"b\":[[%]]}"]) func valuesThatAreTooLargeAreNotHeld(
    _ form: String
  ) throws {
    let builder = JSONValueBuilder(maximumSize: 10_000)
    var reader = JSONStreamReader(handler: builder)
    let numbers = Array(repeating: "1", count: 200).joined(separator: ",")
    _ = try reader.feed(Array(form.replacing("%", with: numbers).utf8)[...])
    #expect(reader.isComplete && builder.value == nil)
  }
}
