import Glibc
import Synchronization
import Workbench

/// Number of interruptions so far. At file level, because a signal handler can reach nothing else.
private let interruptions = Atomic<Int>(0)

/// Ctrl-C: the first ends the run in good order, the second at once.
enum Interruption {
  /// What a job is given to ask whether the user wants it to end.
  static let cancellation = Cancellation(begin: watch) { isWanted }

  private static var isWanted: Bool { interruptions.load(ordering: .relaxed) > 0 }

  /// Begins to watch for SIGINT and SIGTERM.
  ///
  /// The handler only counts (a lock-free atomic) and leaves by `_exit`: all that a signal handler may do.
  @Sendable private static func watch() {
    // Made before the first signal, so that the handler finds it made.
    _ = isWanted
    // A parent that starts programs from a thread with blocked signals hands its mask on.
    var wanted = sigset_t()
    sigemptyset(&wanted)
    for number in [SIGINT, SIGTERM] { sigaddset(&wanted, number) }
    pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        if interruptions.add(1, ordering: .relaxed).newValue > 1 { _exit(130) }
      }
    }
  }
}
