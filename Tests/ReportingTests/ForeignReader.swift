import Foundation

@testable import Reporting

/// Reads reports with `read_report.py`: parsers of Python, which nobody here wrote.
enum ForeignReader {
  struct Failure: Error {
    var message: String
  }

  /// What they read in a report.
  static func read(_ bytes: [UInt8], as format: ReportFormat) throws -> JSON {
    try JSON(parsing: Array(text(bytes, as: format).utf8))
  }

  /// The same as the text of JSON.
  static func text(_ bytes: [UInt8], as format: ReportFormat) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dirsync-lint-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (file, result, log) = (
      folder.appending(path: "report"), folder.appending(path: "result"), folder.appending(path: "log")
    )
    try Data(bytes).write(to: file)
    for url in [result, log] { try Data().write(to: url) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let script = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "read_report.py")
    process.arguments = ["python3", "-B", script.path, format.rawValue, file.path]
    // The modules that the packages of the system install are those of its own interpreter.
    process.environment = ["PATH": "/usr/bin:" + (ProcessInfo.processInfo.environment["PATH"] ?? "")]
    process.standardOutput = try FileHandle(forWritingTo: result)
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(message: String(decoding: try Data(contentsOf: log), as: UTF8.self))
    }
    return String(decoding: try Data(contentsOf: result), as: UTF8.self)
  }
}
