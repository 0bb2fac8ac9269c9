import Bytes
import Directory
import Findings
import Foundation
import Synchronization
import TestFindings
import Testing

@testable import Reporting

@Suite struct ReportOutputTests {
  @Test func aClosedPipeIsItsOwnError() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    let output = ReportOutput(descriptor: ends[1])
    try output.write([1, 2, 3])
    #expect(throws: ReportError.closedPipe) { try output.flush() }
    #expect(throws: ReportError.closedPipe) { try output.write([1]) }
    var sink = NDJSONReport(output: output)
    #expect(throws: ReportError.closedPipe) { try sink.receive(finding()) }
    #expect(throws: ReportError.closedPipe) { try sink.finish(coverage: .whole, counts: FindingCounts()) }
  }

  @Test func aBadDescriptorTellsWhy() {
    let output = ReportOutput(descriptor: -1)
    #expect(throws: ReportError.cannotWrite(code: EBADF)) { try output.write([UInt8](repeating: 0, count: 1 << 17)) }
    #expect(ReportError.cannotWrite(code: ENOSPC).description == "cannot write: No space left on device")
  }

  @Test func writesOfAllSizesArriveInOrder() throws {
    var template = Array("/tmp/report-output-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    let output = ReportOutput(descriptor: descriptor)
    var expected: [UInt8] = []
    for size in [1, 65535, 65536, 65537, 0, 3, 200_000, 7, 32768, 32768, 1] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ size) }
      try output.write(bytes)
      expected += bytes
    }
    try output.flush()
    #expect(Array(try Data(contentsOf: URL(filePath: path))) == expected)
    #expect(!output.isTerminal && output.bytes.isEmpty)
  }

  @Test func aFullNonBlockingPipeIsWaitedFor() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let (reading, writing) = (ends[0], ends[1])
    _ = fcntl(writing, F_SETFL, O_NONBLOCK)
    // A thread of its own: the writer waits, and with it one of the few threads that tasks share.
    let total = Mutex(0)
    let isRead = DispatchSemaphore(value: 0)
    let reader = Thread {
      var buffer = [UInt8](repeating: 0, count: 4096)
      while case let count = read(reading, &buffer, buffer.count), count > 0 { total.withLock { $0 += count } }
      isRead.signal()
    }
    reader.start()
    let output = ReportOutput(descriptor: writing)
    try output.write([UInt8](repeating: 1, count: 1_000_000))
    try output.flush()
    close(writing)
    isRead.wait()
    #expect(total.withLock { $0 } == 1_000_000)
    close(reading)
  }
}

@Suite struct ProgressLineTests {
  private final class Screen {
    var time: UInt64 = 0
    var written: [String] = []
  }

  private func line(_ screen: Screen, columns: Int = 120) -> ProgressLine {
    ProgressLine(
      columns: { columns }, now: { screen.time },
      write: { screen.written.append(String(decoding: $0, as: UTF8.self)) })
  }

  @Test func isDrawnAtMostTenTimesASecondAndClearedAtTheEnd() {
    let screen = Screen()
    var line = line(screen)
    for _ in 0..<1000 {
      screen.time += 1_000_000
      line.update(Progress(entries: 5, bytes: 0, totalBytes: nil, findings: 0))
    }
    #expect(screen.written.count == 10)
    #expect(screen.written.allSatisfy { $0.hasPrefix("\r5 entries") && $0.hasSuffix("\u{1B}[K") })
    line.clear()
    line.clear()
    #expect(screen.written.count == 11 && screen.written.last == "\r\u{1B}[K")
  }

  @Test func aShortRunShowsNothing() {
    let screen = Screen()
    var line = line(screen)
    screen.time = 99_999_999
    line.update(Progress(entries: 5, bytes: 0, totalBytes: nil, findings: 0))
    line.clear()
    #expect(screen.written.isEmpty)
  }

  @Test func tellsRateAndRemainingTime() {
    let progress = Progress(entries: 500_000, bytes: 1_000_000_000, totalBytes: 2_000_000_000, findings: 1234)
    #expect(
      ProgressLine.text(for: progress, seconds: 2, columns: 120)
        == "50 %  500,000 entries, 2 s left, 1,234 findings, 250,000 entries/s, 500 MB/s")
    #expect(
      ProgressLine.text(for: progress, seconds: 200, columns: 120)
        == "50 %  500,000 entries, 3 min 20 s left, 1,234 findings, 2,500 entries/s, 5.0 MB/s")
    #expect(ProgressLine.text(for: progress, seconds: 20_000, columns: 120).contains("5 h 33 min left"))
  }

  @Test func fitsTheTerminal() {
    let progress = Progress(entries: 500_000, bytes: 1_000_000_000, totalBytes: 2_000_000_000, findings: 1234)
    for columns in 0..<100 {
      #expect(ProgressLine.text(for: progress, seconds: 2, columns: columns).count <= columns)
    }
    #expect(ProgressLine.text(for: progress, seconds: 2, columns: 40) == "50 %  500,000 entries, 2 s left")
  }

  @Test func oddNumbersDoNoHarm() {
    for progress in [
      Progress(entries: 0, bytes: 0, totalBytes: 0, findings: 0),
      Progress(entries: 1, bytes: 9, totalBytes: 3, findings: 1),
      Progress(entries: .max, bytes: .max, totalBytes: .max, findings: .max),
      Progress(entries: 0, bytes: 1, totalBytes: .max, findings: 0),
    ] {
      for seconds in [0, 1e-3, 1, 1e9] {
        #expect(!ProgressLine.text(for: progress, seconds: seconds, columns: 200).isEmpty)
      }
    }
  }

  @Test func numbersAreWrittenInDecimal() {
    for number in [0, 1, 9, 10, 99, 100, 1_234_567_890, 10_000_000_000_000_000, .max, -1, .min] {
      var bytes: [UInt8] = [0x78]
      bytes.append(decimal: number)
      #expect(bytes == Array("x\(number)".utf8))
    }
  }

  @Test func numbersAreWrittenInHexadecimalAndBytesInBase64() {
    var bytes: [UInt8] = []
    for (number, digits) in [(0, 2), (0xA0, 4), (0x1F600, 4), (0xFFFF_FFFF, 1)] as [(UInt32, Int)] {
      bytes.append(hexadecimal: number, digits: digits)
      bytes.append(0x20)
    }
    #expect(bytes == Array("00 00A0 1F600 FFFFFFFF ".utf8))
    var random = TestRandom(seed: 70)
    for count in 0..<70 {
      let data = (0..<count).map { _ in random.byte() }
      var encoded: [UInt8] = []
      encoded.append(base64: data.span)
      #expect(String(decoding: encoded, as: UTF8.self) == Data(data).base64EncodedString())
    }
  }

  @Test func numbersAreGrouped() {
    #expect(
      [0, 7, 999, 1000, 41230, 1_234_567, -1234].map(grouped) == [
        "0", "7", "999", "1,000", "41,230", "1,234,567", "-1,234",
      ])
  }

  /// Each ending says one format, and says it whatever its case; a name without one says none.
  @Test func formatsOfFiles() {
    let endings = ReportFormat.allCases.flatMap(\.endings)
    #expect(Set(endings).count == endings.count)
    for format in ReportFormat.allCases {
      for ending in format.endings { #expect(ReportFormat(ofFile: "a.b/Report.\(ending.uppercased())") == format) }
    }
    for name in ["report", "html", "reports.html/today", "report.xml", ""] {
      #expect(ReportFormat(ofFile: name) == nil)
    }
  }
}
