import GRDB

/// Why a store cannot be used.
public struct StoreFailure: Error, Sendable, CustomStringConvertible {
  /// What kind of trouble it is.
  public enum Kind: Sendable {
    /// Another program is writing to it.
    case inUse
    /// There is none, or it cannot be opened or written.
    case unavailable
    /// The file is something else, or was made by a newer version.
    case wrongFile
    /// What is in it contradicts itself.
    case damaged
    /// It has no such run.
    case noSuchRun
  }

  /// What kind of trouble it is.
  public var kind: Kind
  /// One sentence without a full stop that names the store and says what to do.
  public var description: String

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// The failure behind an error of SQLite, without values of the directory.
  init(_ error: any Error, path: String) {
    if let failure = error as? StoreFailure {
      self = failure
      return
    }
    guard let error = error as? DatabaseError else {
      self.init(.unavailable, "\(path): \(error)")
      return
    }
    let reason = error.message ?? "error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.inUse, "\(path): another program is writing to the store; try again when it has ended")
    case .SQLITE_NOTADB:
      self.init(.wrongFile, "\(path) is no store of dirsync-lint; name another file with --store")
    case .SQLITE_CORRUPT:
      self.init(.damaged, "\(path): the store is damaged (\(reason)); restore it from a backup, or begin a new one")
    case .SQLITE_FULL:
      self.init(.unavailable, "\(path): the disk is full; nothing was recorded")
    default: self.init(.unavailable, "\(path): \(reason)")
    }
  }
}
