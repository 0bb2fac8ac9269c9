import Directory
import Findings

/// One line of what IdFix found, proposed or did: a row of its CSV, or a record of its update or LDF file.
public struct IdFixRow: Sendable, Equatable {
  /// What a row proposes, or its user decided.
  public enum Action: String, Sendable, CaseIterable {
    case none, edit, remove, complete, undo, fail

    /// The action with a name of any case; nil for other text and for none at all.
    init?(named text: [UInt8]) {
      self.init(rawValue: IdFixWords.lowercased(text))
    }

    /// The name as IdFix writes it in proposals.
    public var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
  }

  /// Where the row begins in its file, counted from 1.
  public var line: Int
  /// DN of the object.
  public var dn: [UInt8]
  /// Its common name; nil in files that do not have it.
  public var commonName: [UInt8]?
  /// Its object class; empty where the file does not say.
  public var objectClass: String
  /// The attribute, in the spelling of the schema.
  public var attribute: String
  /// Names of the errors in the spelling of IdFix 2; empty in LDF exports, which do not say.
  public var errors: [String]
  /// The value found; nil for none, and in LDF exports of attributes with one value, which do not say.
  public var value: [UInt8]?
  /// The value to write; nil for none.
  public var update: [UInt8]?
  /// What IdFix proposed; nil where the file does not say.
  public var proposal: Action?
  /// What the user decided, or what was done.
  public var action: Action?

  /// Whether the user accepted the value as it is.
  public var isAccepted: Bool { action == .complete }
}

/// What a file of IdFix holds.
public struct IdFixFile: Sendable {
  /// The kinds of files.
  public enum Kind: String, Sendable {
    /// CSV of versions up to 2.1.3.0: seven columns.
    case csvOfVersion1 = "CSV of IdFix up to 2.1.3.0"
    /// CSV of versions from 2.2.0.0: `PROPOSEDACTION`, from 2.6.0.0 also `COMMONNAME`.
    case csv = "CSV of IdFix 2"
    /// `Update <time>.ldf`: what was done, for undoing it.
    case update = "update file of IdFix"
    /// What `Export` writes as LDF: something like change records.
    case export = "LDF export of IdFix"
  }

  /// What kind of file it is.
  public var kind: Kind
  /// What was read, in the order of the file; the first `maximumRows`.
  public private(set) var rows: [IdFixRow] = []
  /// Rows beyond those.
  public private(set) var rowsLeftOut = 0
  /// What could not be read; the first `maximumProblems`.
  public private(set) var problems: [Problem] = []
  /// Problems beyond those.
  public private(set) var problemsLeftOut = 0
  /// Rows that were left out because IdFix up to 2.1.3.0 reported every address as `TopLevelDomain`: its list had
  /// `.com` where it looked for `com`.
  public var noise = 0

  /// So many rows are held: IdFix wrote pages of 50,000.
  public static let maximumRows = 400_000
  /// So many problems are told one by one.
  public static let maximumProblems = 1_000

  init(kind: Kind) { self.kind = kind }

  mutating func add(_ row: IdFixRow) {
    if rows.count < Self.maximumRows { rows.append(row) } else { rowsLeftOut += 1 }
  }

  /// Changes the row that was read last.
  mutating func changeLast(_ change: (inout IdFixRow) -> Void) {
    guard rowsLeftOut == 0, let last = rows.indices.last else { return }
    change(&rows[last])
  }

  mutating func report(_ line: Int, _ message: String, path: String) {
    guard problems.count < Self.maximumProblems else {
      problemsLeftOut += 1
      return
    }
    problems.append(
      Problem(location: SourceLocation(source: path, line: line, column: 1), message: message))
  }

  /// Reads a file of any kind, in UTF-8, UTF-16 or windows-1252.
  ///
  /// - Parameter path: the name of the file for problems.
  /// - Throws: `SourceFailure` (`wrongFormat`) for a file that IdFix never wrote, with what reads it.
  public static func read(_ bytes: [UInt8], path: String) throws(SourceFailure) -> IdFixFile {
    let text = IdFixWords.decoded(bytes)
    if let kind = ForeignFile.kind(of: bytes, text: text, path: path) {
      throw SourceFailure(.wrongFormat, source: path, message: "is no file of IdFix: \(kind)")
    }
    let start = text.drop { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 }
    let first = start.prefix { $0 != 0x0A && $0 != 0x0D }
    let key = IdFixWords.lowercased(Array(first.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: ",") }))
    let hasColon = first.contains(UInt8(ascii: ":"))
    switch key {
    case "distinguishedname" where hasColon && first.count > key.utf8.count + 1:
      return IdFixRecordReader.readUpdates(text, path: path)
    case "dn" where hasColon: return IdFixRecordReader.readExport(text, path: path)
    default: return try IdFixCSVReader(text, path: path).read()
    }
  }
}
