import Glibc
import Synchronization
import Workbench

/// Number of interruptions so far. At file level, because a signal handler can reach nothing else.
private let interruptions = Atomic<Int>(0)

/// Whether a job asks for interruptions, so that it can end in good order.
private let isAskedFor = Atomic<Bool>(false)

/// Ctrl-C and SIGTERM: the first ends the run in good order, or within two seconds if it does not come to that; the second at
/// once. A command that has nothing to leave in order ends at once.
enum Interruption {
  /// What a job is given to ask whether the user wants it to end.
  static let cancellation = Cancellation(begin: { isAskedFor.store(true, ordering: .relaxed) }) { isWanted }

  private static var isWanted: Bool { interruptions.load(ordering: .relaxed) > 0 }

  /// Begins to watch for SIGINT and SIGTERM.
  ///
  /// The handler only counts (lock-free atomics), sets the alarm and leaves by `_exit`: all that a signal handler may do.
  static func watch() {
    // Made before the first signal, so that the handler finds them made.
    _ = isWanted
    _ = isAskedFor.load(ordering: .relaxed)
    // A parent that starts programs from a thread with blocked signals hands its mask on.
    var wanted = sigset_t()
    sigemptyset(&wanted)
    for number in [SIGINT, SIGTERM, SIGALRM] { sigaddset(&wanted, number) }
    pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    signal(SIGALRM) { _ in _exit(130) }
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        let count = interruptions.add(1, ordering: .relaxed).newValue
        if count > 1 || !isAskedFor.load(ordering: .relaxed) { _exit(130) }
        // Whatever the job is waiting for, or writing to.
        alarm(2)
      }
    }
  }
}
