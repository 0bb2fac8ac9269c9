import Bytes
import Glibc
import Testing

/// Temporary and replaced files, and descriptors.
@Suite struct FileTests {
  private func names(beside path: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(path + ".*", 0, nil, &found) == 0, let list = found.gl_pathv else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { list[$0].map { String(cString: $0) } }
  }

  private func contents(_ path: String) throws -> [UInt8] {
    let descriptor = try FileDescriptor.open(reading: path)
    defer { descriptor.close() }
    return try descriptor.readToEnd()
  }

  private func mode(_ path: String) -> UInt32 {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  @Test func aTemporaryFileIsGoneWithItsOwner() throws {
    var file: TemporaryFile? = try TemporaryFile()
    let path = try #require(file?.path)
    try file?.descriptor.write(Array("abc".utf8))
    #expect(try contents(path) == Array("abc".utf8))
    #expect(mode(path) == 0o600)
    file = nil
    #expect(access(path, F_OK) != 0)
  }

  @Test func aReplacedFileIsTheOldOneUntilItIsCommitted() throws {
    let place = try TemporaryFile()
    try place.descriptor.write(Array("old".utf8))
    #expect(chmod(place.path, 0o640) == 0)
    var file: AtomicFile? = try AtomicFile(replacing: place.path)
    try file?.descriptor.write(Array("new".utf8))
    #expect(try contents(place.path) == Array("old".utf8))
    #expect(names(beside: place.path).count == 1)
    try file?.commit()
    #expect(try contents(place.path) == Array("new".utf8))
    #expect(mode(place.path) == 0o640)
    file = nil
    #expect(try contents(place.path) == Array("new".utf8))
    #expect(names(beside: place.path).isEmpty)
  }

  @Test func whatIsNotCommittedLeavesNothingBehind() throws {
    let place = try TemporaryFile()
    try place.descriptor.write(Array("old".utf8))
    var file: AtomicFile? = try AtomicFile(replacing: place.path, mode: 0o644)
    try file?.descriptor.write(Array("new".utf8))
    file = nil
    #expect(try contents(place.path) == Array("old".utf8))
    #expect(names(beside: place.path).isEmpty)
  }

  @Test func aLinkIsFollowed() throws {
    let place = try TemporaryFile()
    let link = place.path + "-link"
    #expect(symlink(place.path, link) == 0)
    defer { unlink(link) }
    let file = try AtomicFile(replacing: link)
    try file.descriptor.write(Array("new".utf8))
    try file.commit()
    #expect(try contents(place.path) == Array("new".utf8))
    var status = stat()
    #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  /// Who may write into a folder can put a link there under the name that somebody else writes to.
  @Test(.enabled(if: geteuid() == 0, "only root can make a link that belongs to somebody else"))
  func aLinkOfSomebodyElseIsNotFollowed() throws {
    let place = try TemporaryFile()
    try place.descriptor.write(Array("old".utf8))
    let (link, second) = (place.path + "-link", place.path + "-second")
    for (name, target) in [(link, place.path), (second, link)] { #expect(symlink(target, name) == 0) }
    defer { for name in [link, second] { unlink(name) } }
    #expect(lchown(link, 65_534, 65_534) == 0)
    for name in [link, second] {
      #expect(throws: SystemError.foreignLink) { try AtomicFile(replacing: name) }
      #expect(throws: SystemError.foreignLink) { try OutputFile(writing: name, newFileMode: 0o600) }
    }
    #expect(try contents(place.path) == Array("old".utf8))
  }

  /// A file of somebody else says nothing about who may read ours.
  @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
  func theModeOfAFileOfSomebodyElseIsNotKept() throws {
    let place = try TemporaryFile()
    #expect(chmod(place.path, 0o666) == 0 && chown(place.path, 65_534, 65_534) == 0)
    let file = try OutputFile(writing: place.path, newFileMode: 0o600)
    try file.commit()
    #expect(mode(place.path) == 0o600)
  }

  @Test func devicesAndPipesAreWrittenAsTheyAre() throws {
    let full = try OutputFile(writing: "/dev/full", newFileMode: 0o600)
    #expect(throws: SystemError(code: ENOSPC)) { try full.descriptor.write(Array("x".utf8)) }
    let place = try TemporaryFile()
    try place.descriptor.write(Array("before ".utf8))
    // A name of a descriptor is that descriptor: what is in the file behind it stays.
    let same = try OutputFile(writing: "/dev/fd/\(place.descriptor.number)", newFileMode: 0o600)
    try same.descriptor.write(Array("after".utf8))
    try same.commit()
    #expect(try contents(place.path) == Array("before after".utf8))
    #expect(throws: SystemError(code: EISDIR)) { try AtomicFile(replacing: "/tmp") }
  }

  @Test func oneFileHasOneIdentity() throws {
    let place = try TemporaryFile()
    let name = String(place.path.split(separator: "/").last ?? "")
    let (hard, soft, missing) = (place.path + "-hard", place.path + "-soft", place.path + "-missing")
    #expect(link(place.path, hard) == 0 && symlink(name, soft) == 0)
    defer { for name in [hard, soft] { unlink(name) } }
    let identity = try #require(FileIdentity(path: place.path))
    for other in [hard, soft, "/tmp/../\(place.path)"] { #expect(FileIdentity(path: other) == identity, "\(other)") }
    #expect(FileIdentity(descriptor: place.descriptor.number) == identity)
    let nobody = try #require(FileIdentity(path: missing))
    #expect(nobody != identity && FileIdentity(path: "/tmp/../\(missing)") == nobody)
    #expect(symlink(missing, hard + "-2") == 0)
    defer { unlink(hard + "-2") }
    #expect(FileIdentity(path: hard + "-2") == nobody)
    for device in ["/dev/null", "/tmp", "/nonexistent/x"] { #expect(FileIdentity(path: device) == nil) }
  }

  @Test func errorsAreThoseOfTheSystem() {
    #expect(throws: SystemError(code: ENOENT)) { try FileDescriptor.open(reading: "/nonexistent/x") }
    #expect(throws: SystemError(code: ENOENT)) { try AtomicFile(replacing: "/nonexistent/x") }
    #expect(throws: SystemError(code: EBADF)) { try FileDescriptor(-1).write([1]) }
    #expect(SystemError(code: ENOENT).description == "No such file or directory")
  }

  @Test func readsAtAnOffsetUpToTheEnd() throws {
    let file = try TemporaryFile()
    try file.descriptor.write(Array("0123456789".utf8))
    var bytes = [UInt8](repeating: 0, count: 6)
    #expect(try file.descriptor.read(at: 2, into: &bytes, 1..<5) == 4)
    #expect(bytes == [0] + Array("2345".utf8) + [0])
    #expect(try file.descriptor.read(at: 8, into: &bytes, 0..<6) == 2)
    #expect(try file.descriptor.read(at: 10, into: &bytes, 0..<6) == 0)
  }

  @Test func readingToTheEndStopsBehindTheLimit() throws {
    let file = try TemporaryFile()
    try file.descriptor.write([UInt8](repeating: 7, count: 300_000))
    let count = try FileDescriptor.open(reading: file.path).readToEnd(limit: 1_000).count
    #expect(count > 1_000 && count < 300_000)
    #expect(try contents(file.path).count == 300_000)
  }
}
