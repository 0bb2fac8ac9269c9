import SyncErrors
import Testing

@Suite struct EventLogLinesTests {
  @Test func recordsSurviveTheWayThroughALine() {
    let record = EventLogRecord(
      provider: "ADSync", id: 6941, level: 2, time: "2021-10-20T23:51:29.000Z", computer: "AADC01",
      strings: ["a\tb\\n", "line\r\nline", ""], index: 7, isRecovered: true)
    #expect(EventLogLines.parse(EventLogLines.line(record)) == .record(record))
    let bare = EventLogRecord(
      provider: nil, id: 0, level: nil, time: nil, computer: nil, strings: [], index: 0, isRecovered: false)
    #expect(EventLogLines.parse(EventLogLines.line(bare)) == .record(bare))
    #expect(!EventLogLines.line(record).contains { $0.isNewline })
    for line in [#"{"record":{"id":1}}"#, #"{"record":7}"#, #"{"unreadable":"x"}"#, "{}", "nonsense", ""] {
      #expect(EventLogLines.parse(line) == nil, "\(line)")
    }
    #expect(EventLogLines.parse(EventLogLines.end) == .end)
    #expect(EventLogLines.parse(EventLogLines.line(unreadable: 41)) == .unreadable(41))
    #expect(EventLogLines.parse(EventLogLines.line(failure: "a \"b\"\n")) == .failure("a \"b\"\n"))
  }

  @Test func aFileThatIsNoEventLogIsAFailure() {
    var lines: [String] = []
    EventLogLines.read("/dev/null") { lines.append($0) }
    #expect(lines.count == 2 && lines[0].hasPrefix(#"{"failure":""#) && lines[1] == EventLogLines.end)
  }
}
