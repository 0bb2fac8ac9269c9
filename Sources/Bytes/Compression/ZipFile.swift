import CArchive
import Glibc

/// A ZIP archive: the names of its members, and the bytes of each. Nothing is ever unpacked to the disk.
public enum ZipFile {
  /// A member of an archive.
  public struct Member: Sendable {
    /// The name, which is for messages only.
    public var name: String
    /// Its number in the archive, from 0.
    public var number: Int
    /// The number of its bytes once unpacked; nil where the archive does not say.
    public var size: Int?
    /// Whether a password is needed to read it.
    public var isEncrypted: Bool
  }

  /// Whether a file begins as a ZIP archive does.
  public static func recognizes(_ path: String) -> Bool {
    guard let file = try? FileSource(path: path), file.isRegularFile else { return false }
    return ((try? PeekedSource(file).peek(4)) ?? []).elementsEqual([0x50, 0x4B, 3, 4])
  }

  /// The most members that are looked at.
  public static let maximumMembers = 10_000

  /// The files in an archive, in its order, without folders.
  ///
  /// - Throws: `ReadFailure` when the archive is damaged, or has too many members.
  public static func members(of path: String) throws(ReadFailure) -> [Member] {
    let archive = try OpenArchive(path)
    var members: [Member] = []
    var number = 0
    while let entry = try archive.next() {
      guard number < maximumMembers else {
        throw ReadFailure(.unavailable, "has more than \(maximumMembers) members; unpack it and give its folder")
      }
      if archive_entry_filetype(entry) & S_IFMT == S_IFREG {
        let name = archive_entry_pathname_utf8(entry).map { String(cString: $0) } ?? "member \(number + 1)"
        let size = archive_entry_size_is_set(entry) != 0 ? Int(archive_entry_size(entry)) : nil
        members.append(
          Member(name: name, number: number, size: size, isEncrypted: archive_entry_is_encrypted(entry) != 0))
      }
      number += 1
    }
    return members
  }
}

/// The bytes of a member of a ZIP archive.
final class ZipMemberSource: ByteSource {
  private let archive: OpenArchive

  /// - Parameter number: the number of the member in the archive.
  init(_ path: String, _ number: Int) throws(ReadFailure) {
    archive = try OpenArchive(path)
    for _ in 0...number {
      guard try archive.next() != nil else { throw ReadFailure(.unavailable, "the archive was changed; run again") }
    }
  }

  /// Fills a part of `buffer`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    guard buffer.count > 0 else { return 0 }
    let count = archive_read_data(archive.pointer, buffer.baseAddress, buffer.count)
    guard count >= 0 else { throw archive.failure(.corruptCompression, "the member cannot be unpacked") }
    return count
  }
}

/// An archive that is being read; owns what libarchive gave it.
private final class OpenArchive {
  let pointer: OpaquePointer

  init(_ path: String) throws(ReadFailure) {
    guard let archive = archive_read_new() else { throw ReadFailure(.readError, "there is no memory to read it") }
    pointer = archive
    archive_read_support_format_zip(archive)
    guard archive_read_open_filename(archive, PathText.name(path), 1 << 16) == ARCHIVE_OK else {
      throw failure(.unavailable, "the archive cannot be read")
    }
  }

  deinit { archive_read_free(pointer) }

  /// The next member; nil at the end.
  func next() throws(ReadFailure) -> OpaquePointer? {
    var entry: OpaquePointer?
    let status = archive_read_next_header(pointer, &entry)
    if status == ARCHIVE_EOF { return nil }
    guard status == ARCHIVE_OK || status == ARCHIVE_WARN else {
      throw failure(.unavailable, "the archive cannot be read")
    }
    return entry
  }

  func failure(_ kind: ReadFailure.Kind, _ message: String) -> ReadFailure {
    let detail = archive_error_string(pointer).map { " (\(String(cString: $0).lowercased()))" } ?? ""
    return ReadFailure(kind, message + detail)
  }
}
