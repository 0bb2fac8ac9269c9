import GRDB

/// The tables of a store and how they came about.
///
/// Findings are kept once, with the runs from which and until which they were there, not once for each run: a night costs
/// what has changed, and comparing with a year of runs costs what comparing with one does.
enum Schema {
  /// Tells a store from other SQLite files: `dlnt` in ASCII.
  static let applicationID: Int32 = 0x646C_6E74

  /// Makes an empty file of SQLite a store.
  static func mark(_ db: Database) throws { try db.execute(sql: "PRAGMA application_id = \(applicationID)") }

  /// The migrations. Names never change; a new version adds one at the end.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1-runs-and-findings") { db in
      try mark(db)
      try db.execute(sql: runs)
      try db.execute(sql: findings)
    }
    migrator.registerMigration("2-open-findings-in-order-of-arrival") { db in
      try db.execute(sql: openFindings)
    }
    return migrator
  }

  /// Numbers of runs are never used again, because findings and people refer to them.
  private static let runs = """
    CREATE TABLE run (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      startedAt INTEGER NOT NULL,      -- seconds since 1970
      finishedAt INTEGER NOT NULL,
      status INTEGER NOT NULL,         -- RunStatus
      version TEXT NOT NULL,
      ruleSet TEXT NOT NULL,
      selection TEXT NOT NULL,         -- options that choose entries
      sourceTime INTEGER,              -- when the newest source file was written
      newestChange INTEGER,            -- newest whenChanged in the export
      entriesRead INTEGER NOT NULL,
      recordsLost INTEGER NOT NULL,
      changeRecords INTEGER NOT NULL
    ) STRICT;
    -- What a run has several of: sources, gaps, reasons, attributes.
    CREATE TABLE runNote (
      run INTEGER NOT NULL, kind INTEGER NOT NULL, position INTEGER NOT NULL,
      text TEXT NOT NULL, number INTEGER NOT NULL,
      PRIMARY KEY (run, kind, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE rule (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE runCount (
      run INTEGER NOT NULL, rule INTEGER NOT NULL, severity INTEGER NOT NULL, effect INTEGER NOT NULL,
      state INTEGER NOT NULL, number INTEGER NOT NULL,
      PRIMARY KEY (run, rule, severity, effect, state)
    ) STRICT, WITHOUT ROWID;
    """

  /// A finding has been there since `fromRun` and, when `untilRun` is not null, up to the run before that one.
  private static let findings = """
    CREATE TABLE finding (
      id INTEGER PRIMARY KEY,
      fingerprintHigh INTEGER NOT NULL, fingerprintLow INTEGER NOT NULL,
      rule INTEGER NOT NULL,
      firstSeen INTEGER NOT NULL,      -- seconds since 1970
      fromRun INTEGER NOT NULL, untilRun INTEGER,
      ending INTEGER NOT NULL,         -- Ending
      detailHash INTEGER NOT NULL,
      holders BLOB NOT NULL,           -- pairs of EntryKey.anchor and EntryKey.dn, 16 bytes each
      json BLOB NOT NULL               -- as in Docs/findings.schema.json, as the last run saw it, without places
    ) STRICT;
    -- All that a run needs of the findings that the last one had, in the order of fingerprints.
    CREATE INDEX findingOpen ON finding (fingerprintHigh, fingerprintLow, rule, firstSeen, detailHash, untilRun)
      WHERE untilRun IS NULL;
    -- The others have an index of their own, so that a first run, which has none, does not pay for it.
    CREATE INDEX findingEnded ON finding (fingerprintHigh, fingerprintLow) WHERE untilRun IS NOT NULL;
    CREATE TABLE pastInterval (
      finding INTEGER NOT NULL, fromRun INTEGER NOT NULL, untilRun INTEGER NOT NULL, ending INTEGER NOT NULL,
      PRIMARY KEY (finding, fromRun)
    ) STRICT, WITHOUT ROWID;
    -- Findings that a run which was not complete did not see, and that are not gone for that.
    CREATE TABLE unseen (
      run INTEGER NOT NULL, finding INTEGER NOT NULL, PRIMARY KEY (run, finding)
    ) STRICT, WITHOUT ROWID;
    """

  /// The order of fingerprints is that of chance: each new finding went to another page of the index, which was half of the
  /// cost of recording it. In the order of their numbers they go to its end. A run looks them up in memory anyway.
  private static let openFindings = """
    DROP INDEX findingOpen;
    CREATE INDEX findingOpen ON finding (id, fingerprintHigh, fingerprintLow, rule, firstSeen, detailHash, untilRun)
      WHERE untilRun IS NULL;
    """
}

/// How an interval of a finding ended.
enum Ending: Int, Sendable {
  /// A complete run did not have it any more.
  case gone = 0
  /// A run did not judge by its rule.
  case notJudged = 1
}

/// What a note of a run is.
enum NoteKind: Int, Sendable, CaseIterable {
  case source = 0
  case gap = 1
  case remark = 2
  /// Entries that are not judged, with their number.
  case outOfScope = 3
  /// Attributes that no entry has, with their rules behind a tab.
  case unseenAttribute = 4
  /// Attributes with the number of entries that have them.
  case attribute = 5
  /// Objects that were judged (position 0), and those of them that had an error or a warning (1).
  case objects = 6
}
