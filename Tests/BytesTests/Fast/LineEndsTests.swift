import Testing

import Bytes

/// Line ends found 64 bytes at a time, against those found one by one.
@Suite struct LineEndsTests {
  /// The ends that are handed out from a position on, until there is none left.
  private func ends(_ text: [UInt8], from start: Int, textEnd: Int) -> [Int] {
    var padded = text
    // Line feeds behind the text are none of its own.
    padded.append(contentsOf: repeatElement(10, count: 64))
    return padded.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return [] }
      var ends = LineEnds(base, from: start, textEnd: textEnd)
      var found: [Int] = []
      while true {
        let end = ends.next()
        if end == textEnd { return found }
        found.append(end)
      }
    }
  }

  @Test(arguments: 0..<40 as Range<UInt64>) func areThoseOfTheText(seed: UInt64) {
    var random = RandomBytes(seed: seed)
    // Lines of 0 to 199 bytes, as in an export.
    let text = (0..<30).flatMap { _ in random.bytes(Int(random.next() % 200)).filter { $0 != 10 } + [10] }
    for start in stride(from: 0, to: text.count, by: 37) {
      #expect(ends(text, from: start, textEnd: text.count) == (start..<text.count).filter { text[$0] == 10 })
    }
  }

  /// Every place of a line feed, and every length around those of a step.
  @Test func atEveryPlace() {
    for count in 0...200 {
      let none = [UInt8](repeating: 0x8A, count: count)
      #expect(ends(none, from: 0, textEnd: count).isEmpty)
      for place in 0..<count {
        var text = none
        text[place] = 10
        #expect(ends(text, from: 0, textEnd: count) == [place])
      }
      #expect(ends([UInt8](repeating: 10, count: count), from: 0, textEnd: count) == Array(0..<count))
    }
  }
}
