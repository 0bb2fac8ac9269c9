import Bytes
import Directory

/// Files that hold exports: folders, and ZIP archives.
extension SourcePlace {
  /// The exports that a place stands for: of a folder or an archive each file in it, in the order of their names; else itself.
  ///
  /// What in it is no export has a place, too, which yields nothing and says so; what cannot be read is told by who opens it.
  /// An archive was packed for this, so that a member which is no export makes the reading incomplete. In a folder other files
  /// may stand beside exports; only an empty one, as a failed export leaves it, is missed.
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
    let files = names.sorted().map { folder + $0 }.filter { !FileAccess.isFolder($0) }
    let places = files.map { file -> SourcePlace in
      guard let reason = Self.reasonLeftOut({ () throws(ReadFailure) in try DecompressedInput(path: file) }) else {
        return .file(file)
      }
      return .server(LeftOutFile(name: file, reason: reason, isMissed: reason == Self.emptyFile))
    }
    return places.isEmpty ? [.server(EmptyCollection(name: path))] : places
  }

  private static func members(of path: String) -> [SourcePlace] {
    let members: [ZipFile.Member]
    do throws(ReadFailure) { members = try ZipFile.members(of: path) } catch {
      return [.server(UnreadableFile(name: path, message: error.message))]
    }
    let places = members.sorted { $0.name < $1.name }.map { member -> SourcePlace in
      let name = path + "/" + member.name
      if member.isEncrypted {
        return .server(UnreadableFile(name: name, message: "is encrypted; unpack the archive and give its folder"))
      }
      let reason = reasonLeftOut { () throws(ReadFailure) in try DecompressedInput(archive: path, member: member) }
      if let reason { return .server(LeftOutFile(name: name, reason: reason, isMissed: true)) }
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

/// A file beside exports that is none: nothing is read of it, and that is told.
private struct LeftOutFile: EntryServer {
  let name: String
  let reason: String
  /// Whether the reading is not complete without it.
  let isMissed: Bool
  var answersFilters: Bool { false }

  func open(_ request: EntryRequest) throws(SourceFailure) -> any EntrySource { LeftOutSource(self) }
}

private final class LeftOutSource: EntrySource {
  let name: String
  let remarks: [String]
  let hasLines = false
  var spool: TextReceiver?
  let bytesRead: UInt64 = 0
  let totalBytes: UInt64? = 0
  let gaps: [String]

  init(_ file: LeftOutFile) {
    name = file.name
    let said = ["\(file.name) was left out: it \(file.reason)"]
    remarks = file.isMissed ? [] : said
    gaps = file.isMissed ? said : []
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
  var answersFilters: Bool { false }

  func open(_ request: EntryRequest) throws(SourceFailure) -> any EntrySource {
    throw SourceFailure(.unavailable, source: name, message: "holds no file")
  }
}
