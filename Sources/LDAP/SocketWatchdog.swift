import Glibc
import Synchronization

/// Room: ends waits of libldap that none of its own time-outs ends.
///
/// A server that accepts a connection and then says nothing in the TLS handshake, or half of a record later, keeps libldap
/// in `read(2)` for ever. libldap hands out the number of its socket when it has connected (`LDAP_OPT_CONNECT_CB`) and
/// says when it closes it; in between, a thread of this class may shut the socket down, which makes the read return.
/// Number and deadline change under one lock, so that a number that was closed and given to another file is never
/// touched. Does not apply before the connection stands: `TCP_USER_TIMEOUT` bounds that.
final class SocketWatchdog: Sendable {
  private struct State {
    var descriptor: Int32 = -1
    /// Monotonic time in milliseconds; nil while nothing is waited for.
    var deadline: Int?
    var wasConnected = false
    var hasFired = false
    var isOver = false
  }

  private let state = Mutex(State())

  /// A watchdog with a thread of its own, which ends with `stop`.
  init() {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let status = pthread_create(
      &thread, &attributes,
      { context in
        guard let context else { return nil }
        Unmanaged<SocketWatchdog>.fromOpaque(context).takeRetainedValue().watch()
        return nil
      }, context)
    pthread_attr_destroy(&attributes)
    if status != 0 { Unmanaged<SocketWatchdog>.fromOpaque(context).release() }
  }

  /// Milliseconds of a clock that nobody sets.
  static func now() -> Int { microseconds() / 1_000 }

  /// Microseconds of the same clock.
  static func microseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000 + time.tv_nsec / 1_000
  }

  private func watch() {
    while true {
      let isOver = state.withLock { state in
        if let deadline = state.deadline, Self.now() >= deadline, !state.hasFired, state.descriptor >= 0 {
          state.hasFired = true
          shutdown(state.descriptor, Int32(SHUT_RDWR))
        }
        return state.isOver
      }
      if isOver { return }
      usleep(50_000)
    }
  }

  /// Called by libldap when it has connected.
  func connected(_ descriptor: Int32) {
    state.withLock { state in
      state.descriptor = descriptor
      state.wasConnected = true
    }
  }

  /// Called by libldap before it closes the socket.
  func closed() { state.withLock { $0.descriptor = -1 } }

  /// Runs something that may wait for the server, at most `milliseconds`.
  func guarding<Result>(_ milliseconds: Int, _ body: () -> Result) -> Result {
    let (deadline, overflow) = Self.now().addingReportingOverflow(milliseconds)
    state.withLock { $0.deadline = overflow ? nil : deadline }
    defer { state.withLock { $0.deadline = nil } }
    return body()
  }

  /// Whether a wait was ended.
  var hasFired: Bool { state.withLock { $0.hasFired } }
  /// Whether a connection stood at any time.
  var wasConnected: Bool { state.withLock { $0.wasConnected } }
  /// Ends the thread.
  func stop() { state.withLock { $0.isOver = true } }
}
