/// A text of error material, and from where in the material each of its bytes comes.
///
/// Mails, tickets, chats and scanners change a text on its way. A repair takes such a change back; what it makes is read in
/// place of the material, and the places of errors and values are still those of the material.
struct RepairedText {
  /// The material itself.
  let material: [UInt8]
  /// The text.
  private(set) var bytes: [UInt8]
  /// For each byte where it, or what it stands for, begins in the material; then the end of the material.
  private var origins: [Int32]

  /// The material as it is; it is not longer than `MaterialReading.maximumLength`.
  init(_ material: [UInt8]) {
    self.material = material
    bytes = material
    origins = (0...material.count).map { Int32(truncatingIfNeeded: $0) }
  }

  /// A text that was made of the material in another way, and where each of its bytes comes from.
  init(_ material: [UInt8], bytes: [UInt8], origins: [Int32]) {
    self.material = material
    self.bytes = bytes
    self.origins = origins
  }

  /// Where a byte comes from; the end of the material for the place behind the last one.
  func origin(_ place: Int) -> Int { Int(origins[place]) }

  /// The lines, without their line feeds.
  var lines: [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    while let end = ByteSearch.first(10, in: bytes, from: start) {
      lines.append(start..<end)
      start = end + 1
    }
    if start < bytes.count { lines.append(start..<bytes.count) }
    return lines
  }

  /// The line of the material from which each line comes, counted from 1.
  var lineNumbers: [Int] {
    var numbers: [Int] = []
    var origin = 0
    var number = 1
    for line in lines {
      let start = self.origin(line.lowerBound)
      // Repairs keep the order of lines.
      while origin < start, let feed = ByteSearch.first(10, in: material, from: origin), feed < start {
        number += 1
        origin = feed + 1
      }
      numbers.append(number)
    }
    return numbers
  }

  /// What makes a text of another one, from its start to its end.
  struct Editor {
    private let source: RepairedText
    private var bytes: [UInt8] = []
    private var origins: [Int32] = []
    /// Up to here the source has been copied or left out.
    private(set) var place = 0
    private(set) var isChanged = false

    init(_ source: RepairedText) {
      self.source = source
      bytes.reserveCapacity(source.bytes.count)
      origins.reserveCapacity(source.bytes.count + 1)
    }

    /// What has been made so far.
    var result: [UInt8] { bytes }

    /// Copies the source up to a place.
    mutating func copy(to end: Int) {
      guard end > place else { return }
      bytes += source.bytes[place..<end]
      origins += source.origins[place..<end]
      place = end
    }

    /// Leaves out the source up to a place and puts something else there.
    mutating func replace(to end: Int, with text: [UInt8] = []) {
      for byte in text {
        bytes.append(byte)
        origins.append(source.origins[place])
      }
      place = end
      isChanged = true
    }

    /// The whole; nil when nothing was changed.
    mutating func finish() -> RepairedText? {
      guard isChanged else { return nil }
      copy(to: source.bytes.count)
      origins.append(source.origins[source.bytes.count])
      return RepairedText(source.material, bytes: bytes, origins: origins)
    }
  }
}
