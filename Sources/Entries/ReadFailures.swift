import Bytes
import Directory

extension SourceFailure {
  /// The failure of a source whose bytes cannot be read.
  public init(_ failure: ReadFailure, source: String) {
    let kind: Kind =
      switch failure.kind {
      case .unavailable: .unavailable
      case .corruptCompression: .corruptCompression
      case .readError: .readError
      }
    self.init(kind, source: source, message: failure.message)
  }
}
