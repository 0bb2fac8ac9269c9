import Glibc
import Synchronization

/// Ctrl-C: the first ends the run in good order, the second at once.
enum Interruption {
  private static let count = Atomic<Int>(0)

  /// Whether the user wants the run to end.
  static var isWanted: Bool { count.load(ordering: .relaxed) > 0 }

  /// Begins to watch for SIGINT and SIGTERM.
  ///
  /// The handler only counts (a lock-free atomic) and leaves by `_exit`: all that a signal handler may do.
  static func watch() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        if count.add(1, ordering: .relaxed).newValue > 1 { _exit(130) }
      }
    }
  }
}
