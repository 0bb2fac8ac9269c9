import CBytes
import Glibc

/// What the system lets this process have.
public enum ProcessLimits {
  /// Lets as many files be open as the system allows: each source is one.
  public static func raiseOpenFiles() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_max, 1 << 20)
    setrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
  }

  /// Shuts the process in with what it has open: it gets no more than a GiB of memory and five minutes of processor time, a few
  /// files, writes none, and reaches neither the network nor another program. For code that others wrote on files of strangers.
  ///
  /// - Returns: whether all of it is in force; the kernel may know no filters.
  @discardableResult
  public static func shutIn() -> Bool {
    let limits: [(__rlimit_resource, UInt)] = [
      (RLIMIT_AS, 1 << 30), (RLIMIT_CPU, 300), (RLIMIT_FSIZE, 0), (RLIMIT_NOFILE, 32), (RLIMIT_CORE, 0),
    ]
    var isInForce = true
    for (resource, most) in limits {
      var limit = rlimit(rlim_cur: most, rlim_max: most)
      isInForce = setrlimit(__rlimit_resource_t(UInt32(resource.rawValue)), &limit) == 0 && isInForce
    }
    return deny_network_and_programs() == 0 && isInForce
  }
}
