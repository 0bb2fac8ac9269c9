import Foundation
import Reporting
import Synchronization

@testable import Workbench

/// Runs jobs as a process would, without one.
final class Desk: Sendable {
  private let told = Mutex<[JobEvent]>([])
  private let isCancelled = Mutex(false)

  /// All that jobs have told so far, without progress.
  var events: [JobEvent] { told.withLock { $0 } }

  /// Runs a job, and gives its outcome and what it wrote.
  func run(_ job: some Job, cancelsAtFirstEvent: Bool = false) -> (outcome: Outcome, text: String) {
    let output = ReportOutput()
    let outcome = job.outcome(in: context(output, cancelsAtFirstEvent: cancelsAtFirstEvent))
    return (outcome, String(decoding: output.bytes, as: UTF8.self))
  }

  /// Runs a part of a job, and gives its outcome and what it wrote.
  func run(_ work: (JobContext) throws -> Outcome) rethrows -> (outcome: Outcome, text: String) {
    let output = ReportOutput()
    let outcome = try work(context(output, cancelsAtFirstEvent: false))
    return (outcome, String(decoding: output.bytes, as: UTF8.self))
  }

  /// Runs a job whose results go to a descriptor.
  func run(_ job: some Job, writingTo descriptor: Int32) -> Outcome {
    job.outcome(in: context(ReportOutput(descriptor: descriptor), cancelsAtFirstEvent: false))
  }

  /// Runs a job whose results go to an output.
  func run(_ job: some Job, writingTo output: ReportOutput) -> Outcome {
    job.outcome(in: context(output, cancelsAtFirstEvent: false))
  }

  /// What a job gets whose results nobody looks at.
  var context: JobContext { context(ReportOutput(), cancelsAtFirstEvent: false) }

  private func context(_ output: ReportOutput, cancelsAtFirstEvent: Bool) -> JobContext {
    JobContext(
      output: output, cancellation: Cancellation { [self] in isCancelled.withLock { $0 } },
      now: { 1_800_000_000 }
    ) { [self] event in
      if cancelsAtFirstEvent { isCancelled.withLock { $0 = true } }
      guard case .progress = event else { return told.withLock { $0.append(event) } }
    }
  }
}

/// Files for tests.
enum Scratch {
  /// The sample directory, which is made of mistakes.
  static let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/sample/directory.ldif").path

  /// An entry with an illegal address and one without fault.
  static let twoEntries = """
    dn: CN=Jo Doe,OU=Staff,DC=contoso,DC=com
    objectClass: top
    objectClass: person
    objectClass: organizationalPerson
    objectClass: user
    objectGUID:: 4E8lP4lP00GaDAMF6Cwz0Q==
    cn: Jo Doe
    sAMAccountName: jodoe
    userPrincipalName: jodoe@contoso.com
    displayName: Jo Doe
    proxyAddresses: SMTP:jo doe@contoso.com

    dn: CN=Ann Lee,OU=Staff,DC=contoso,DC=com
    objectClass: top
    objectClass: person
    objectClass: organizationalPerson
    objectClass: user
    objectGUID:: 4E8lP4lP00GaDAMF6Cwz0g==
    cn: Ann Lee
    sAMAccountName: annlee
    userPrincipalName: annlee@contoso.com
    displayName: Ann Lee


    """

  /// Gives a folder that is gone afterwards.
  static func folder<Value>(_ body: (URL) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "workbench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// Writes a file and gives its path.
  static func file(_ text: String, _ name: String, in folder: URL) throws -> String {
    let path = folder.appending(path: name)
    try Data(text.utf8).write(to: path)
    return path.path
  }
}
