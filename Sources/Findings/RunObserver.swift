/// Told of things while a run goes on.
public struct RunObserver: Sendable {
  /// A problem with the text of a source, in input order.
  public var problem: @Sendable (Problem) -> Void
  /// Entries, raw bytes and findings so far, and the raw bytes of all sources where known; once a block.
  public var progress: @Sendable (_ entries: Int, _ bytes: Int, _ totalBytes: Int?, _ findings: Int) -> Void
  /// Whether the user wants the run to end; asked once a block.
  public var isInterrupted: @Sendable () -> Bool
  /// What the user should know at once, in one sentence.
  public var note: @Sendable (String) -> Void

  /// An observer; see the properties.
  public init(
    problem: @escaping @Sendable (Problem) -> Void = { _ in },
    progress: @escaping @Sendable (Int, Int, Int?, Int) -> Void = { _, _, _, _ in },
    isInterrupted: @escaping @Sendable () -> Bool = { false },
    note: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.problem = problem
    self.progress = progress
    self.isInterrupted = isInterrupted
    self.note = note
  }
}
