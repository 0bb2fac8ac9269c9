/// An error that ends a job, with its text and status.
public struct CommandFailure: Error, Equatable {
  /// A sentence without a full stop.
  public var message: String
  /// What the exit status says.
  public var status: ExitStatus

  /// A failure; see the properties.
  public init(message: String, status: ExitStatus) {
    self.message = message
    self.status = status
  }
}

/// Options that do not go together, or that mean nothing.
public struct UsageError: Error, Equatable {
  /// What is wrong and what to do.
  public var message: String

  /// An error; see the property.
  public init(_ message: String) { self.message = message }
}

extension RawRepresentable where Self: CaseIterable, RawValue == String {
  /// The format of a name, for a command that has some of the formats.
  ///
  /// - Throws: `UsageError` that lists the formats.
  public init(format name: String) throws(UsageError) {
    guard let format = Self(rawValue: name) else {
      let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("there is no format '\(name)' here; formats are \(names)")
    }
    self = format
  }
}

/// The formats of commands that list something.
public enum ListFormat: String, CaseIterable, Sendable {
  case text, json
}
