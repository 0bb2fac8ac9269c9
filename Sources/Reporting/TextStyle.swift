import Bytes
import Findings

/// Colours of a terminal (ECMA-48 "select graphic rendition"), or none.
struct TextStyle {
  /// What a piece of text is.
  enum Role {
    case heading, error, warning, info, mark, suggestion, minor
  }

  let isColoured: Bool

  /// Appends what `content` appends, in the colour of a role.
  @inline(__always)
  func append<Output: ByteAppending & ~Copyable>(
    _ role: Role, to bytes: inout Output, _ content: (inout Output) -> Void
  ) {
    guard isColoured else { return content(&bytes) }
    bytes.append(literal: start(of: role))
    content(&bytes)
    bytes.append(literal: "\u{1B}[0m")
  }

  /// Appends text that is safe for a terminal, in the colour of a role.
  func append<Output: ByteAppending & ~Copyable>(_ role: Role, _ text: String, to bytes: inout Output) {
    append(role, to: &bytes) { $0.append(text) }
  }

  private func start(of role: Role) -> StaticString {
    switch role {
    case .heading: "\u{1B}[1m"
    case .error, .mark: "\u{1B}[1;31m"
    case .warning: "\u{1B}[33m"
    case .info: "\u{1B}[36m"
    case .suggestion: "\u{1B}[32m"
    case .minor: "\u{1B}[2m"
    }
  }
}

extension Severity {
  /// The role of text that names the severity.
  var role: TextStyle.Role {
    switch self {
    case .error: .error
    case .warning: .warning
    case .info: .info
    }
  }
}
