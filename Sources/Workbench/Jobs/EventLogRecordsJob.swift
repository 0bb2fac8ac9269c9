import SyncErrors

/// Reads a Windows event log for `resolve`, in a process of its own.
public struct EventLogRecordsJob: Job {
  /// The event log (.evtx).
  public var file: String

  /// A job; see the property.
  public init(file: String) { self.file = file }

  /// See `Job`.
  public func name(_ files: inout NamedFiles) {
    files.reads(file, "the event log")
    files.writesStandardOutput()
  }

  /// See `Job`.
  public func run(_ context: JobContext) throws -> Outcome {
    try EventLogLines.read(file) { try context.print($0) }
    return Outcome(.clean)
  }
}
