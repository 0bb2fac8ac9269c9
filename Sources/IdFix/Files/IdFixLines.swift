/// The lines of a text, without their ends: four bytes for each, since a file may be little else than lines.
struct IdFixLines: RandomAccessCollection {
  private let text: [UInt8]
  private let starts: [UInt32]

  init(_ text: [UInt8]) {
    self.text = text
    var starts: [UInt32] = [0]
    starts.reserveCapacity(1 + text.count { $0 == 0x0A })
    for (position, byte) in text.enumerated() where byte == 0x0A {
      starts.append(UInt32(truncatingIfNeeded: position + 1))
    }
    self.starts = starts
  }

  var startIndex: Int { 0 }
  var endIndex: Int { starts.count }

  subscript(number: Int) -> ArraySlice<UInt8> {
    let end = number + 1 < starts.count ? Int(starts[number + 1]) - 1 : text.count
    let line = text[Int(starts[number])..<end]
    return line.last == 0x0D ? line.dropLast() : line
  }
}
