import Bytes
import Findings
import Testing

@testable import RuleEngine

@Suite struct SpoolWindowsTests {
  /// Pieces come out whole wherever they lie: in one window, across the end of one, longer than several.
  @Test func piecesAcrossWindows() throws {
    let spool = Spool(memoryLimit: 100_000)
    let all = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
    for start in stride(from: 0, to: all.count, by: 50_000) {
      try spool.append(all.span.extracting(start..<start + 50_000))
    }
    var windows = SpoolWindows(spool)
    let places = [(0, 10), (65_530, 12), (65_536, 1), (4_999_990, 10), (100_000, 200_000), (4_200_000, 5), (5, 0)]
    for (offset, length) in places + places.reversed() {
      var bytes: [UInt8] = [9]
      try windows.append(offset, length, to: &bytes)
      #expect(bytes == [9] + all[offset..<offset + length])
    }
  }

  /// Pieces are asked for while the spool grows: from memory, across the end of the file, and long after.
  @Test func piecesOfASpoolThatGrows() throws {
    let spool = Spool(memoryLimit: 50_000)
    var windows = SpoolWindows(spool)
    var all: [UInt8] = []
    for round in 0..<200 {
      let piece = (0..<3_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ round) }
      try spool.append(piece.span)
      all += piece
      for (offset, length) in [(all.count - 3_000, 3_000), (all.count / 2, 2_000), (0, 20), (all.count * 9 / 10, 1)] {
        let length = min(length, all.count - offset)
        var bytes: [UInt8] = [9]
        try windows.append(offset, length, to: &bytes)
        #expect(bytes == [9] + all[offset..<offset + length])
      }
    }
  }
}
