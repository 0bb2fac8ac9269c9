import Glibc

/// An error number of the operating system.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The number, as in `errno`.
  public let code: Int32

  /// An error by its number.
  public init(code: Int32) { self.code = code }

  /// The error of the system call before; to be asked for at once, as the next call may set another.
  public static var last: SystemError { SystemError(code: errno) }

  /// A link that is not followed. The system has no number for it; its own are positive.
  public static let foreignLink = SystemError(code: -1)

  /// The system's words for it.
  public var description: String {
    if self == .foreignLink { return "it is a symbolic link that belongs to another user" }
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
  }
}
