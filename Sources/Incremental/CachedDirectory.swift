import Directory
import Entries
import LDAP

/// A directory whose entries are kept in a file, so that each run reads from the server only what has changed.
public struct CachedDirectory: EntryServer {
  private let directory: LDAPDirectory
  private let cache: String

  /// A directory with the path of its cache, which is made where there is none.
  public init(_ directory: LDAPDirectory, cache: String) {
    self.directory = directory
    self.cache = cache
  }

  /// The name of the directory.
  public var name: String { directory.name }
  /// The cache has all entries.
  public var answersFilters: Bool { false }

  /// Connects, and brings the cache up to date.
  public func open(_ request: EntryRequest) throws(SourceFailure) -> any EntrySource {
    try CachedRecords(
      directory, cache: cache, attributes: request.attributes, rules: request.rules, blockSize: request.blockSize,
      shouldStop: request.shouldStop
    ) { request.note($0) }
  }
}
