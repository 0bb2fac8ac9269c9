import Glibc

/// How many records an event log says it has (MS-EVEN6; the format is described with libevtx): a header of 4,096 bytes, then
/// chunks of 65,536 bytes, each with the numbers of its records.
///
/// The library that reads the records passes over chunks that are cut or damaged without a word.
struct EventLogExtent {
  /// Records of all chunks that are there.
  private(set) var records = 0
  /// What is missing or damaged, in one sentence without a full stop.
  private(set) var damage: String?

  private static let headerSize = 4096
  private static let chunkSize = 65_536
  private static let signature = Array("ElfChnk\0".utf8)

  /// nil when the file cannot be opened.
  init?(path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    let size = Int(status.st_size)
    guard let header = Self.read(descriptor, at: 0, count: 128) else {
      damage = "the event log is cut: it has \(size) bytes"
      return
    }
    let stated = Int(header[42]) | Int(header[43]) << 8
    var place = Self.headerSize
    var chunks = 0
    while place < size {
      guard let chunk = Self.read(descriptor, at: place, count: 512) else { break }
      if chunk.prefix(8).elementsEqual(Self.signature) {
        if place + Self.chunkSize > size { break }
        count(chunk)
      } else if chunks < stated {
        damage = damage ?? "a part of the event log is damaged: chunk \(chunks + 1) of \(stated) has lost its mark"
      }
      chunks += 1
      place += Self.chunkSize
    }
    if place > size || chunks < stated || size < Self.headerSize {
      damage =
        "the event log is cut: it has \(size) of \(Self.headerSize + max(stated, chunks + 1) * Self.chunkSize) bytes"
    }
  }

  /// Numbers of the first and the last record, and the end of the last one.
  private mutating func count(_ chunk: [UInt8]) {
    let first = Self.number(chunk, 8)
    let last = Self.number(chunk, 16)
    guard first > 0, last >= first, last - first < 1 << 20 else { return }
    records += Int(last - first) + 1
  }

  private static func number(_ bytes: [UInt8], _ place: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
  }

  private static func read(_ descriptor: Int32, at place: Int, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return pread(descriptor, &bytes, count, off_t(place)) == count ? bytes : nil
  }
}
