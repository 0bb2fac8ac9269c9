import Bytes
import CZlib
import CZstd
import Directory
import Glibc
import Testing

@testable import Entries

/// Compressed input, encodings, and input that is no LDIF.
@Suite struct InputTests {
  /// A name may be folded like everything else (RFC 2849), also the first one of a file.
  @Test(arguments: ["d\n n: CN=a\ncn: a\n", "dn\n : CN=a\ncn: a\n", "\nd\r\n n\r\n : CN=a\r\ncn: a\r\n"])
  func aFirstNameThatIsFoldedIsOne(_ text: String) {
    let reading = Reading(Array(text.utf8))
    #expect(reading.items.map(\.dn) == ["CN=a"])
  }

  private static let twoEntries = "dn: CN=ä,DC=c\ncn: ä\nmail: a@b\n\ndn: CN=b,DC=c\ncn: b\n"

  @Test(arguments: 0...4)
  func linesMayEndWithCarriageReturnsAlone(form: Int) {
    func written(_ text: String) -> [UInt8] {
      switch form {
      case 0: Array(text.utf8)
      case 1: Self.utf16(text, isBigEndian: false, mark: true)
      case 2: Self.utf16(text, isBigEndian: true, mark: true)
      case 3: Self.utf16(text, isBigEndian: false, mark: false)
      default: Self.gzip(Self.utf16(text, isBigEndian: false, mark: true))
      }
    }
    let wanted = Reading(written(Self.twoEntries))
    #expect(wanted.items.count == 2 && wanted.failure == nil)
    let text = Self.twoEntries.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r")
    #expect(Reading(written(text)).items == wanted.items)
  }

  /// What was looked at ahead may end between the two characters of a line's end.
  @Test(arguments: 60...68) func aLineEndIsTwoCharactersWhereverOneLooked(length: Int) {
    let comment = "#" + String(repeating: "x", count: length - 1) + "\r\n"
    let text = comment + "dn: CN=b,DC=c\r\ncn: b\r\nmail: a@b\r\n"
    #expect(!CarriageReturnSource.recognizes(Array(text.utf8)[..<64]))
    #expect(Reading(comment + String(repeating: "# y\r\n", count: 1 << 10) + text).items.count == 1)
  }

  static let sample: [UInt8] = {
    var random = RandomLDIF(seed: 4711)
    return Array("dn: CN=ä€😀,DC=x\n\n".utf8) + random.file(records: 600)
  }()

  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
      &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
    let count = output.withUnsafeMutableBufferPointer { target in
      input.withUnsafeMutableBufferPointer { source in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        deflate(&stream, Z_FINISH)
        return target.count - Int(stream.avail_out)
      }
    }
    return Array(output[..<count])
  }

  static func zstd(_ bytes: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    guard let context = ZSTD_createCCtx() else { return [] }
    defer { ZSTD_freeCCtx(context) }
    // As the zstd command does; without it, not all damage can be noticed.
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    let count = ZSTD_compress2(context, &output, output.count, bytes, bytes.count)
    return Array(output[..<count])
  }

  static func utf16(_ text: String, isBigEndian: Bool, mark: Bool) -> [UInt8] {
    utf16(units: (mark ? [0xfeff] : []) + Array(text.utf16), isBigEndian: isBigEndian)
  }

  static func utf16(units: [UInt16], isBigEndian: Bool) -> [UInt8] {
    units.flatMap { (unit: UInt16) -> [UInt8] in
      let bytes = [UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit)]
      return isBigEndian ? bytes : bytes.reversed()
    }
  }

  @Test(arguments: [
    (
      "DistinguishedName : CN=Ann,OU=Staff,DC=contoso,DC=com\nEnabled           : True\nMail              :\n",
      "Format-List"
    ),
    ("\nName  : Ann, Lee\nTitle : a; b\n\nName  : Bo\nTitle : c\n", "Format-List"),
    ("> dn: CN=Ann,DC=contoso,DC=com\n> cn: Ann\n>\n> dn: CN=Bo,DC=contoso,DC=com\n", "quoted mail"),
    ("Hello all,\nhere is what you asked for.\nRegards\n", "some other text"),
    ("DN,objectClass,cn\n\"CN=Ann,DC=contoso\",user,Ann\n", "CSV"), ("mail;cn\na@b;Ann\n", "CSV"),
    ("mail\tcn\n", "CSV"),
    ("dn: CN=a,CN=Schema\nchangetype: ntdsSchemaAdd\ncn: a\n", "schema update file"),
    ("dn: CN=a\nchangetype: add\ncn: a\n\ndn: CN=b\nChangeType:NtdsSchemaModify\n-\n", "schema update file"),
    ("\ndn: CN=b\r\nchangetype: ntdsschemadelete\r\n", "schema update file"),
  ]) func whatIsNoExportIsNamedOnce(text: String, kind: String) {
    let reading = Reading(text)
    #expect(reading.items.isEmpty)
    #expect(reading.failure?.message.contains(kind) == true, "\(reading.failure?.message ?? "")")
  }

  @Test func compressedInputReadsTheSame() {
    let plain = Reading(Self.sample)
    #expect(plain.items.count > 500)
    #expect(plain.failure == nil)
    let half = Self.sample.count / 2
    let inputs = [
      Self.gzip(Self.sample), Self.zstd(Self.sample),
      Self.gzip(Array(Self.sample[..<half])) + Self.gzip(Array(Self.sample[half...])),
      Self.zstd(Array(Self.sample[..<half])) + Self.zstd(Array(Self.sample[half...])),
      [0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2] + Self.zstd(Self.sample),
      Self.gzip(Self.sample) + [UInt8](repeating: 0, count: 600),
    ]
    for input in inputs {
      for size in [1 << 12, 1 << 16] {
        let reading = Reading(input, blockSize: size)
        #expect(reading.items == plain.items)
        #expect(reading.lines == plain.lines)
        #expect(reading.failure == nil)
      }
    }
  }

  @Test func truncatedCompressionGivesWhatCameBeforeAndFails() {
    let text = Self.sample + Self.sample + Self.sample
    let whole = Reading(text).items
    for input in [Self.gzip(text), Self.zstd(text)] {
      let reading = Reading(Array(input.dropLast(20)), blockSize: 1 << 12)
      #expect(reading.failure?.kind == .corruptCompression)
      #expect(reading.failure?.message.contains("too early") ?? false)
      #expect(reading.items.count > 20)
      // Whole records only: the one that was cut is not taken for an entry.
      #expect(reading.items[...] == whole.prefix(reading.items.count))
    }
  }

  @Test func damagedCompressionFails() {
    for compress in [Self.gzip, Self.zstd] {
      var input = compress(Self.sample)
      for index in 2000..<2100 { input[index] = ~input[index] }
      let reading = Reading(input, blockSize: 1 << 12)
      #expect(reading.failure?.kind == .corruptCompression)
    }
    let tail = Reading(Self.gzip(Self.sample) + Array("garbage".utf8))
    #expect(tail.failure?.kind == .corruptCompression)
    #expect(tail.failure?.message.contains("followed by something") ?? false)
    #expect(Reading([0x1f, 0x8b]).failure?.kind == .corruptCompression)
    #expect(Reading([0x28, 0xb5, 0x2f, 0xfd]).failure?.kind == .corruptCompression)
    #expect(Reading([0x1f, 0x8b, 8, 0, 1, 2, 3]).failure?.kind == .corruptCompression)
  }

  @Test func utf16ReadsTheSame() {
    let text =
      "dn: CN=ä€😀,DC=x\r\ncn: ö\r\n\r\n" + String(repeating: "dn: CN=b\r\nsn: x😀\r\n folded\r\n\r\n", count: 800)
    let plain = Reading(text)
    #expect(plain.items.count == 801)
    for isBigEndian in [false, true] {
      for mark in [false, true] {
        let bytes = Self.utf16(text, isBigEndian: isBigEndian, mark: mark)
        #expect(Reading(bytes, blockSize: 1 << 12).items == plain.items)
        #expect(Reading(Self.gzip(bytes)).items == plain.items)
      }
    }
  }

  @Test func loneSurrogatesAreKeptAsInvalidText() {
    var units = Array("dn: CN=a\ncn: ".utf16)
    units += [0xd800, 0x61, 0xdc00, 0xd83d, 0xd83d, 0xde00, 10, 0xd800]
    let bytes = Self.utf16(units: units, isBigEndian: false) + [0x41]
    let expected: [UInt8] = [0xed, 0xa0, 0x80, 0x61, 0xed, 0xb0, 0x80, 0xed, 0xa0, 0xbd, 0xf0, 0x9f, 0x98, 0x80]
    var text: [UInt8] = []
    let source = UTF16Source(FileSource(descriptor: openTemporary(bytes), name: "x"), isBigEndian: false)
    var chunk = [UInt8](repeating: 0, count: 3)
    while let count = try? source.read(into: &chunk, 0..<3), count > 0 { text += chunk[..<count] }
    #expect(text == Array("dn: CN=a\ncn: ".utf8) + expected + [10, 0xed, 0xa0, 0x80, 0xff])
  }

  private func openTemporary(_ bytes: [UInt8]) -> Int32 {
    let file = TemporaryFile(bytes)
    return withExtendedLifetime(file) { open(file.path, O_RDONLY) }
  }

  @Test(arguments: [
    ("PK\u{3}\u{4}....", "ZIP"), ("<?xml version=\"1.0\"?><a/>", "XML"), ("{\"a\": 1}", "JSON"), ("[1,2]\n", "JSON"),
    ("DN,objectClass,cn\n\"CN=a,DC=b\",user,a\n", "CSV"), ("a;b;c\n1;2;3\n", "CSV"), ("a\tb\n1\t2\n", "CSV"),
    ("%PDF-1.7\n", "PDF"), ("hello world\n", "other text"), ("ab\0\0\u{1}\u{2}xyz\n", "binary"),
    ("SQLite format 3\0", "SQLite"), ("BZh91AY", "bzip2"), ("ElfFile\0", "event log"),
  ]) func isSaidToBeNoLDIF(text: String, says: String) {
    let reading = Reading(text)
    #expect(reading.failure?.kind == .wrongFormat)
    #expect(reading.failure?.message.contains(says) ?? false, "\(reading.failure?.message ?? "")")
    #expect(reading.items == [])
  }

  @Test func emptyInputIsEmptyNotWrong() {
    for text in ["", "\n\n", "# nothing\n", "\u{feff}", "version: 1\n", "version: 1\n\n# x\n"] {
      let reading = Reading(text)
      #expect(reading.failure == nil)
      #expect(reading.items == [])
    }
    #expect(Reading(Self.gzip([])).failure == nil)
    #expect(Reading(Self.zstd([])).failure == nil)
  }

  @Test func aFileThatIsNotThereCannotBeOpened() {
    for path in ["/nonexistent/x.ldif", "/tmp"] {
      #expect(throws: SourceFailure.self) { try LDIFBlockReader(path: path) }
      do throws(SourceFailure) {
        _ = try LDIFBlockReader(path: path)
      } catch {
        #expect(error.kind == .unavailable)
        #expect(error.source == path)
      }
    }
  }

  @Test func aPipeIsReadAndSpooled() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let text = Array("dn: CN=a\n\ndn: CN=b\ncn: x\n\n".utf8)
    #expect(write(ends[1], text, text.count) == text.count)
    close(ends[1])
    defer { close(ends[0]) }
    let reader = try LDIFBlockReader(descriptor: ends[0], name: "<stdin>", blockSize: 12)
    #expect(!reader.isSeekable)
    #expect(reader.totalBytes == nil)
    var spooled: [UInt8] = []
    var offsets: [UInt64] = []
    reader.spool = { (text, offset) throws(SourceFailure) in
      offsets.append(offset)
      for index in text.indices { spooled.append(text[index]) }
    }
    var block = LDIFBlock()
    var count = 0
    while try reader.next(into: &block) { count += 1 }
    #expect(count == 2)
    #expect(offsets == [0, 10])
    #expect(spooled == text)
    #expect(reader.bytesRead == UInt64(text.count))
  }

  @Test func whatIsSpooledHasNoGaps() throws {
    // Neither a byte order mark nor a skipped record makes the offsets differ from those in a spool file.
    let long = "dn: CN=long\n" + String(repeating: "cn: 0123456789\n", count: 100)
    let text = "\u{feff}dn: CN=a\n\n" + long + "\ndn: CN=b\n\n"
    let file = TemporaryFile(Self.gzip(Array(text.utf8)))
    let reader = try LDIFBlockReader(file: FileSource(path: file.path), blockSize: 32, recordLimit: 500)
    var spooled: [UInt8] = []
    reader.spool = { (text, offset) throws(SourceFailure) in
      #expect(offset == UInt64(spooled.count))
      for index in text.indices { spooled.append(text[index]) }
    }
    var block = LDIFBlock()
    while try reader.next(into: &block) {}
    #expect(String(decoding: spooled, as: UTF8.self) == "dn: CN=a\n\ndn: CN=b\n\n")
  }

  @Test func progressIsToldInBytesOfTheFile() throws {
    let compressed = Self.gzip(Self.sample)
    let file = TemporaryFile(compressed)
    let reader = try LDIFBlockReader(path: file.path)
    #expect(reader.totalBytes == UInt64(compressed.count))
    #expect(!reader.isSeekable)
    var block = LDIFBlock()
    while try reader.next(into: &block) {}
    #expect(reader.bytesRead == UInt64(compressed.count))
  }

  @Test func aLongValueAndARecordOfManyValues() {
    let long = String(repeating: "x", count: 300_000)
    let members = String(repeating: "member: CN=a,DC=b\n", count: 20_000)
    let reading = Reading("dn: CN=a\ncn: \(long)\n\ndn: CN=b\n\(members)\ndn: CN=c\n")
    #expect(reading.items.map(\.dn) == ["CN=a", "CN=b", "CN=c"])
    #expect(reading.items[0].values.first?.utf8.count == 300_003)
    #expect(reading.items[1].values.count == 20_000)
  }
}
