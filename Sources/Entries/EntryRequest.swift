import Bytes
import Directory

/// What a reader asks of a source of entries when it is opened.
public struct EntryRequest: Sendable {
  /// Names of the attributes that will be looked at; a source may leave others out. Empty: all are wanted.
  public var attributes: [String] = []
  /// Ids of the rules that need an attribute, by its name in lower case, for saying who cannot judge without it. Of these
  /// attributes a source also tells whether the directory can have them, when all are wanted.
  public var rules: [String: [String]] = [:]
  /// LDAP filters (RFC 4515) of which a wanted entry matches at least one; empty: all entries are wanted. For places that
  /// answer filters (`SourcePlace.answersFilters`).
  public var filters: [String] = []
  /// Whether objects are wanted, too, that are deleted or will be, or of which not even that is known: for searching.
  public var includesDeleted = false
  /// Bytes of text in a block: what a thread takes at once.
  public var blockSize = LDIFBlockReader.defaultBlockSize
  /// The size from which on a record is skipped, in bytes.
  public var recordSize = LDIFBlockReader.maximumRecordSize
  /// Whether entries are wanted as soon as they are there, in small blocks, rather than in large ones.
  public var isEager = false
  /// How the characters of files are written, where they do not say it themselves; nil: UTF-8, and what is none is guessed.
  public var encoding: NamedEncoding?
  /// Whether the user wants the reading to end; asked while waiting.
  public var shouldStop: @Sendable () -> Bool = { false }
  /// Told of what the user should know at once, in one sentence: a server that could not be used when another one could.
  public var note: @Sendable (String) -> Void = { _ in }

  /// A request of everything; see the properties.
  public init() {}

  /// A request of some attributes; see the properties.
  public init(
    attributes: [String], rules: [String: [String]] = [:], blockSize: Int = LDIFBlockReader.defaultBlockSize,
    shouldStop: @escaping @Sendable () -> Bool = { false }, note: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.attributes = attributes
    self.rules = rules
    self.blockSize = blockSize
    self.shouldStop = shouldStop
    self.note = note
  }
}
