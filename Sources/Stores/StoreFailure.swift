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

  /// What a file of SQLite is to its user.
  enum FileKind {
    /// The memory of audits, which nothing can replace.
    case store
    /// A copy of what can be read again: what is wrong with it is a reason to do so.
    case cache
  }

  /// The failure behind an error of SQLite, without values of the directory.
  init(_ error: any Error, path: String, _ file: FileKind = .store) {
    if let failure = error as? StoreFailure {
      self = failure
      return
    }
    if error is RowDecodingError {
      self.init(.damaged, "\(path): the store is damaged (it has other columns); restore it from a backup")
      return
    }
    guard let error = error as? DatabaseError else {
      self.init(.unavailable, "\(path): \(error)")
      return
    }
    let reason = error.message ?? "error \(error.resultCode.rawValue)"
    switch (error.resultCode, file) {
    case (.SQLITE_BUSY, _), (.SQLITE_LOCKED, _):
      self.init(.inUse, "\(path): another program is writing to it; try again when it has ended")
    case (.SQLITE_FULL, _):
      self.init(.unavailable, "\(path): the disk is full; nothing was recorded")
    case (.SQLITE_CANTOPEN, _), (.SQLITE_READONLY, _), (.SQLITE_PERM, _), (.SQLITE_IOERR, _):
      self.init(.unavailable, "\(path): \(reason)")
    case (_, .cache):
      self.init(.damaged, "\(path) is damaged (\(reason))")
    case (.SQLITE_NOTADB, .store):
      self.init(.wrongFile, "\(path) is no store of dirsync-lint; name another file with --store")
    case (.SQLITE_CORRUPT, .store):
      self.init(.damaged, "\(path): the store is damaged (\(reason)); restore it from a backup, or begin a new one")
    case (.SQLITE_ERROR, .store):
      // No statement of ours is wrong on a store that is as it should be.
      self.init(.damaged, "\(path): the store is damaged (\(reason)); restore it from a backup")
    case (_, .store):
      self.init(.unavailable, "\(path): \(reason)")
    }
  }
}
