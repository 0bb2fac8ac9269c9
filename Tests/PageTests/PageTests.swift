import Directory
import Findings
import Foundation
import Reporting
import Testing

/// The page of the HTML report in a real browser: `check_page.py` drives it, this test says what the pages hold.
@Suite struct PageTests {
  @Test func pagesWorkInABrowser() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dirsync-lint-pages-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let pages = [("small.html", SamplePages.small()), ("large.html", SamplePages.large(50_000)), ("empty.html", [])]
    for (name, findings) in pages { try write(findings, to: folder.appending(path: name)) }

    let output = try run(folder, pages.map(\.0))
    let lines = output.split(separator: "\n")
    for line in lines where line.hasPrefix("#") { print(line) }
    let failures = lines.filter { !$0.hasPrefix("ok ") && !$0.hasPrefix("# ") && $0 != "done" }
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    #expect(lines.last == "done")
    #expect(lines.count { $0.hasPrefix("ok ") } > 70)
  }

  private func write(_ findings: [Finding], to url: URL) throws {
    let output = ReportOutput(inMemoryAsTerminal: false)
    var report = HTMLReport(output: output)
    var tally = FindingTally()
    var coverage = Coverage()
    coverage.entriesRead = 60_000
    try report.begin(SamplePages.run(isEmpty: findings.isEmpty))
    for finding in findings {
      try report.receive(finding)
      tally.count(finding)
    }
    try report.finish(coverage: coverage, counts: tally.counts)
    try Data(output.bytes).write(to: url)
    if let kept = ProcessInfo.processInfo.environment["KEEP_PAGES"] {
      try Data(output.bytes).write(to: URL(fileURLWithPath: kept).appending(path: url.lastPathComponent))
    }
  }

  /// Runs the checks; their output goes through a file, so that no amount of it blocks them.
  private func run(_ folder: URL, _ pages: [String]) throws -> String {
    let script = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "check_page.py")
    let log = folder.appending(path: "log.txt")
    try Data().write(to: log)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-B", script.path] + pages.map { folder.appending(path: $0).path }
    process.standardOutput = try FileHandle(forWritingTo: log)
    process.standardError = process.standardOutput
    try process.run()
    process.waitUntilExit()
    return try String(contentsOf: log, encoding: .utf8)
  }
}
