import Directory

/// The known errors of synchronization, by id.
public struct SyncErrorCatalogue: Sendable {
  /// The definitions, sorted by id.
  public let definitions: [SyncErrorDefinition]
  private let places: [String: Int]

  /// These definitions.
  public init(_ definitions: [SyncErrorDefinition]) {
    self.definitions = definitions.sorted { $0.id < $1.id }
    places = Dictionary(self.definitions.enumerated().map { ($1.id, $0) }) { first, _ in first }
  }

  /// The files of definitions that travel inside the product.
  public static var shippedFiles: [RuleDocument] {
    RuleCatalogue.embeddedFiles.filter { $0.path.hasPrefix(RuleDocument.syncErrorFolder) }
  }

  /// The shipped definitions, with those of directories added or put in the place of the shipped ones of the same id.
  ///
  /// Rules in the directories are checked, and left out.
  /// - Parameter checks: the kinds of checks that rules can have.
  /// - Throws: every mistake of every file at once.
  public static func load(
    _ checks: CheckVocabulary, directories: [String]
  ) throws(RuleProblems) -> SyncErrorCatalogue {
    // Rule sets in the directories may refer to shipped rules.
    let rules = directories.isEmpty ? [] : RuleCatalogue.shippedFiles
    return SyncErrorCatalogue(
      try RuleCatalogue.load(checks, embedded: shippedFiles + rules, directories: directories).syncErrors)
  }

  /// The shipped definitions with those of `files`, which hold nothing else, added or put in their place.
  public static func load(
    embedded: [RuleDocument] = shippedFiles, files: [RuleDocument] = []
  ) throws(RuleProblems) -> SyncErrorCatalogue {
    SyncErrorCatalogue(try RuleCatalogue.load(CheckVocabulary([]), embedded: embedded, files: files).syncErrors)
  }

  /// The definition with an id.
  public func definition(_ id: String) -> SyncErrorDefinition? { places[id].map { definitions[$0] } }
}
