import Bytes
import Glibc
import TestFindings
import Testing

/// File names are bytes.
@Suite struct PathTextTests {
  @Test func everyNameComesBackAsItWas() {
    var random = TestRandom(seed: 24)
    var names: [[UInt8]] = [
      [0xFF], [0xC3], [0xE2, 0x82], Array("é\u{10FF80}\u{10FFFF}x".utf8), Array("plain/name".utf8),
    ]
    for _ in 0..<2_000 {
      names.append((0..<Int.random(in: 1...12, using: &random)).map { _ in UInt8.random(in: 1...255, using: &random) })
    }
    for name in names {
      let back = PathText.name(PathText.text(name)).dropLast().map { UInt8(bitPattern: $0) }
      #expect(back == name)
    }
    #expect(PathText.text(Array("Müller.ldif".utf8)) == "Müller.ldif")
    #expect(PathText.text([0x61, 0xFF]) == "a\u{10FFFF}")
  }

  @Test func aFileWithSuchANameIsReadWrittenAndListed() throws {
    let folder = "/tmp/dirsync-lint-names-\(getpid())"
    #expect(mkdir(folder, 0o700) == 0)
    let path = folder + "/" + PathText.text([0x66, 0xFF, 0xE9, 0x2E, 0x6C])
    defer {
      unlink(PathText.name(path))
      rmdir(folder)
    }
    let file = try AtomicFile(replacing: path)
    try file.descriptor.write(Array("abc".utf8))
    try file.commit()
    #expect(Folder.names(in: folder).map { $0.map { folder + "/" + $0 } } == [path])
    #expect(try FileDescriptor.open(reading: path).readToEnd() == Array("abc".utf8))
    #expect(FileIdentity(path: path) == FileIdentity(path: folder + "/../" + path.dropFirst(5)))
  }
}
