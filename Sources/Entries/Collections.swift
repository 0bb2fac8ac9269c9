import Bytes
import Directory

/// Files that hold exports: folders, and ZIP archives.
extension SourcePlace {
  /// The exports that a place stands for: of a folder or an archive each file in it, in the order of their names; else itself.
  ///
  /// What in it is no export has a place, too, which yields nothing and says so; what cannot be read is told by who opens it.
  /// An archive was packed for this, so that a member which is no export makes the reading incomplete. In a folder other files
  /// may stand beside exports; only an empty one, as a failed export leaves it, is missed. Folders in it are not read, which is
  /// told: they often hold exports of other days, which would be the same objects again.
  ///
  /// - Parameter encoding: how the characters of files are written, where that is known.
  public func places(encoding: NamedEncoding? = nil) -> [SourcePlace] {
    guard let encoding else { return places }
    return places.map { .server(EncodedPlace(place: $0, encoding: encoding)) }
  }

  private var places: [SourcePlace] {
    guard case .file(let path) = self else { return [self] }
    if ZipFile.recognizes(path) { return Self.members(of: path) }
    guard FileAccess.isFolder(path), let names = Folder.names(in: path) else { return [self] }
    let folder = path.hasSuffix("/") ? path : path + "/"
    let all = names.sorted().map { folder + $0 }
    let folders = all.filter { FileAccess.isFolder($0) }
    let places = all.filter { !folders.contains($0) }.map { file -> SourcePlace in
      guard let reason = Self.reasonLeftOut({ () throws(ReadFailure) in try DecompressedInput(path: file) }) else {
        return .file(file)
      }
      return .server(LeftOutPlace(file: file, reason: reason, isMissed: reason == Self.emptyFile))
    }
    if places.isEmpty { return [.server(EmptyCollection(name: path, folders: folders))] }
    return places + (folders.isEmpty ? [] : [.server(LeftOutPlace(folders: folders, of: path))])
  }

  private static func members(of path: String) -> [SourcePlace] {
    let members: [ZipFile.Member]
    do throws(ReadFailure) { members = try ZipFile.members(of: path) } catch {
      return [.server(UnreadableFile(name: path, message: error.message))]
    }
    if members.contains(where: { $0.name == "[Content_Types].xml" }) {
      return [.server(UnreadableFile(name: path, message: "is a workbook or a document; save its sheet as CSV UTF-8"))]
    }
    let places = members.sorted { $0.name < $1.name }.map { member -> SourcePlace in
      let name = path + "/" + member.name
      if member.isEncrypted {
        return .server(UnreadableFile(name: name, message: "is encrypted; unpack the archive and give its folder"))
      }
      let reason = reasonLeftOut { () throws(ReadFailure) in try DecompressedInput(archive: path, member: member) }
      if let reason { return .server(LeftOutPlace(file: name, reason: reason, isMissed: true)) }
      return .server(ArchiveMember(path: path, member: member))
    }
    return places.isEmpty ? [.server(EmptyCollection(name: path))] : places
  }

  private static let emptyFile = "is empty"

  /// Why a file beside exports is none itself; nil for an export, and for what cannot be read.
  private static func reasonLeftOut(_ open: () throws(ReadFailure) -> DecompressedInput) -> String? {
    guard let input = try? open(), let start = try? input.peek(1 << 16) else { return nil }
    if start.isEmpty { return emptyFile }
    return Entries.reasonNoExport(input)
  }
}

/// A file of which somebody says how its characters are written.
private struct EncodedPlace: EntryServer {
  let place: SourcePlace
  let encoding: NamedEncoding
  var name: String { place.name }
  var answersFilters: Bool { false }

  func open(_ request: EntryRequest) throws(SourceFailure) -> any EntrySource {
    var request = request
    request.encoding = encoding
    return try Entries.open(place, request)
  }
}

/// A member of a ZIP archive.
private struct ArchiveMember: EntryServer {
  let path: String
  let member: ZipFile.Member
  var name: String { path + "/" + member.name }
  var answersFilters: Bool { false }

  func open(_ request: EntryRequest) throws(SourceFailure) -> any EntrySource {
    do throws(ReadFailure) {
      return Entries.open(try DecompressedInput(archive: path, member: member, encoding: request.encoding), request)
    } catch {
      throw SourceFailure(error, source: name)
    }
  }
}

/// What stands beside exports and is none: nothing is read of it, and that is told.
private struct LeftOutPlace: EntryServer {
  let name: String
  /// What is said of it.
  let sentence: String
  /// Whether the reading is not complete without it.
  let isMissed: Bool
  var answersFilters: Bool { false }

  /// A file that is no export.
  init(file: String, reason: String, isMissed: Bool) {
    name = file
    sentence = "\(file) was left out: it \(reason)"
    self.isMissed = isMissed
  }

  /// Folders in a folder.
  init(folders: [String], of path: String) {
    name = path
    let count = folders.count == 1 ? "1 folder in \(path) was" : "\(folders.count) folders in \(path) were"
    sentence = "\(count) not read; name what is to be read as well: \(FolderNames.text(folders))"
    isMissed = false
  }

  func open(_ request: EntryRequest) throws(SourceFailure) -> any EntrySource { LeftOutSource(self) }
}

/// Folders in a folder, as a message names them.
private enum FolderNames {
  private static let shown = 3

  /// The first few.
  static func text(_ folders: [String]) -> String {
    folders.prefix(shown).joined(separator: ", ") + (folders.count > shown ? ", …" : "")
  }
}

private final class LeftOutSource: EntrySource {
  let name: String
  let remarks: [String]
  let hasLines = false
  var spool: TextReceiver?
  let bytesRead: UInt64 = 0
  let totalBytes: UInt64? = 0
  let gaps: [String]

  init(_ place: LeftOutPlace) {
    name = place.name
    remarks = place.isMissed ? [] : [place.sentence]
    gaps = place.isMissed ? [place.sentence] : []
  }

  func next(into block: inout LDIFBlock) throws(SourceFailure) -> Bool { false }
}

/// A file of which nothing can be read.
private struct UnreadableFile: EntryServer {
  let name: String
  let message: String
  var answersFilters: Bool { false }

  func open(_ request: EntryRequest) throws(SourceFailure) -> any EntrySource {
    throw SourceFailure(.unavailable, source: name, message: message)
  }
}

/// A folder or an archive without files.
private struct EmptyCollection: EntryServer {
  let name: String
  /// Folders in it.
  var folders: [String] = []
  var answersFilters: Bool { false }

  func open(_ request: EntryRequest) throws(SourceFailure) -> any EntrySource {
    let hint =
      folders.isEmpty ? "" : ", only folders, which are not read unless they are named: \(FolderNames.text(folders))"
    throw SourceFailure(.unavailable, source: name, message: "holds no file\(hint)")
  }
}
