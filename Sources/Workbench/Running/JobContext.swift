import Bytes
import Findings
import Reporting
import RuleEngine

/// What a job gets from whoever runs it: where its results go, whom it tells, who may stop it.
public struct JobContext {
  /// The version of the program, which reports and stores name.
  public var version: String
  /// Where results go that have no file; the standard output of a process.
  public var output: ReportOutput
  /// The file that options came from, which no job may write over; nil: there is none.
  public var configuration: String?
  /// What was typed, for reports that tell how they were made; empty where nothing was.
  public var arguments: [String] = []
  /// When text is coloured.
  public var colour: ColourUse
  /// Told of what happens while the job runs, from any thread.
  public var events: @Sendable (JobEvent) -> Void
  /// Ends the job early.
  public var cancellation: Cancellation
  /// The time in seconds since 1970.
  public var now: @Sendable () -> Int

  /// A context; see the properties.
  public init(
    version: String = ProgramVersion.current, output: ReportOutput, colour: ColourUse = .never,
    cancellation: Cancellation = .never, now: @escaping @Sendable () -> Int = { Timestamp.now() },
    events: @escaping @Sendable (JobEvent) -> Void = { _ in }
  ) {
    self.version = version
    self.output = output
    self.colour = colour
    self.cancellation = cancellation
    self.now = now
    self.events = events
  }

  /// Whether text for the output is coloured.
  var usesColour: Bool { usesColour(on: output) }

  /// Whether text for an output is coloured; what goes to a file never is, unless that is a terminal.
  func usesColour(on output: ReportOutput) -> Bool {
    switch colour {
    case .auto: output.isTerminal
    case .always: output.isTerminal || output === self.output
    case .never: false
    }
  }

  /// What readers of entries tell of and ask.
  var observer: RunObserver {
    let (events, cancellation) = (events, cancellation)
    return RunObserver(
      problem: { events(.problem($0.line)) },
      progress: { entries, bytes, total, findings in
        events(.progress(Progress(entries: entries, bytes: bytes, totalBytes: total, findings: findings)))
      },
      isInterrupted: { cancellation.isRequested }, note: { events(.note($0)) })
  }

  /// Writes results; they may stay in a buffer until `flush`.
  ///
  /// - Throws: `CommandFailure` when they cannot be written, `ReportError.closedPipe` when nobody reads them any more.
  func write(_ bytes: [UInt8]) throws {
    try Self.guarded { () throws(ReportError) in try output.write(bytes) }
  }

  /// Writes lines at once.
  ///
  /// - Throws: `CommandFailure` when they cannot be written, `ReportError.closedPipe` when nobody reads them any more.
  public func print(_ text: String) throws {
    try write(Array((text + "\n").utf8))
    try flush()
  }

  /// Writes what is in the buffer.
  ///
  /// - Throws: as `write`.
  func flush() throws {
    try Self.guarded { () throws(ReportError) in try output.flush() }
  }

  private static func guarded(_ work: () throws(ReportError) -> Void) throws {
    do throws(ReportError) { try work() } catch {
      guard error != .closedPipe else { throw error }
      throw CommandFailure(message: "standard output: \(error)", status: .partial)
    }
  }
}

/// Ends a job early, in good order.
public struct Cancellation: Sendable {
  /// Called once, when a job begins to ask. Before that it holds nothing that would be left half done.
  let begin: @Sendable () -> Void
  private let isWanted: @Sendable () -> Bool

  /// Nobody ends the job.
  public static let never = Cancellation { false }

  /// A cancellation.
  ///
  /// - Parameters:
  ///   - begin: called when the job begins to ask.
  ///   - isWanted: whether the job is to end; asked from any thread, once a block.
  public init(begin: @escaping @Sendable () -> Void = {}, isWanted: @escaping @Sendable () -> Bool) {
    self.begin = begin
    self.isWanted = isWanted
  }

  /// Whether the job is to end.
  public var isRequested: Bool { isWanted() }
}
