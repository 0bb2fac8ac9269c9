import Foundation
import Glibc
import Reporting
import Testing

@testable import Workbench

/// Where results can no longer be written, every job says so: nothing is worse than half a report with exit status 0.
@Suite(.serialized) struct OutputTests {
  private static var jobs: [any Job] {
    var lint = LintSettings()
    lint.sources = [Scratch.sample]
    return [
      LintJob(lint), EntriesJob([Scratch.sample]), EntriesJob([Scratch.sample], find: ["CN=Users"], format: .text),
      IdentifierJob(["3f2504e0-4f89-41d3-9a0c-0305e82c3301"]), RuleListJob(), RuleShowJob("upn-missing"),
      RuleDocumentationJob(), ExplainJob("upn-missing"), EventLogRecordsJob(file: "/dev/null"),
    ]
  }

  private static let isSignalIgnored: Bool = {
    signal(SIGPIPE, SIG_IGN)
    return true
  }()

  @Test func aFullDiskEndsEveryJobWithASentence() throws {
    let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
    try #require(full >= 0)
    defer { close(full) }
    for job in Self.jobs where !(job is EntriesJob && (job as? EntriesJob)?.find.isEmpty == false) {
      let desk = Desk()
      #expect(desk.run(job, writingTo: full).status == .partial, "\(type(of: job))")
      #expect(
        desk.events.last == .failure("standard output: cannot write: No space left on device"), "\(type(of: job))")
    }
  }

  @Test func aTerminalGetsNoWorkbook() throws {
    var settings = LintSettings()
    settings.sources = [Scratch.sample]
    settings.reports.format = "xlsx"
    let desk = Desk()
    let output = ReportOutput(inMemoryAsTerminal: true)
    #expect(desk.run(LintJob(settings), writingTo: output).status == .usage)
    #expect(desk.events == [.usage("xlsx is no text for a terminal; name a file: --output xlsx:FILE")])
    #expect(output.bytes.isEmpty)
  }

  @Test func aReaderThatHasGoneAwayIsNoFailure() throws {
    try #require(Self.isSignalIgnored)
    for job in Self.jobs {
      var ends: [Int32] = [0, 0]
      try #require(pipe(&ends) == 0)
      close(ends[0])
      defer { close(ends[1]) }
      let desk = Desk()
      let status = desk.run(job, writingTo: ends[1]).status
      #expect([.clean, .findings].contains(status), "\(type(of: job))")
      #expect(desk.events.allSatisfy { if case .failure = $0 { false } else { true } }, "\(type(of: job))")
    }
  }

  @Test func aClosedOutputIsAFailure() throws {
    // A descriptor for reading refuses every write, as a closed one does.
    let closed = open("/dev/null", O_RDONLY | O_CLOEXEC)
    try #require(closed >= 0)
    defer { close(closed) }
    let desk = Desk()
    #expect(desk.run(RuleListJob(), writingTo: closed).status == .partial)
    #expect(desk.events == [.failure("standard output: cannot write: Bad file descriptor")])
  }

  @Test func anUnwritableReportFileIsAMistakeOfWhoNamedIt() {
    var settings = LintSettings()
    settings.sources = [Scratch.sample]
    settings.reports.outputs = ["json:/nowhere/report.json"]
    #expect(Desk().run(LintJob(settings)).outcome.status == .usage)
  }
}
