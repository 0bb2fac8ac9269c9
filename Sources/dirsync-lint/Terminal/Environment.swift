import Glibc

/// The environment of the process.
enum Environment {
  /// A variable; nil when it is not set or empty.
  static subscript(name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// Whether a variable is set, to whatever.
  static func has(_ name: String) -> Bool { getenv(name) != nil }
}
