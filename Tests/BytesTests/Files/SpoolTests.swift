import TestFindings
import Testing

@testable import Bytes

@Suite struct SpoolTests {
  /// What is read is what was appended, wherever the file ends and the memory begins.
  @Test func readsBackWhatWasAppended() throws {
    var random = TestRandom(seed: 91)
    for limit in [0, 1, 10, 100, 1_000_000] {
      let spool = Spool(memoryLimit: limit)
      var all: [UInt8] = []
      for _ in 0..<60 {
        let bytes = (0..<random.number(below: 50)).map { _ in random.byte() }
        let offset = try spool.append(bytes.span)
        #expect(offset == all.count)
        all += bytes
        #expect(spool.count == all.count)
        let start = random.number(below: all.count + 1)
        let range = start..<start + random.number(below: all.count - start + 1)
        var read: [UInt8] = [1, 2, 3]
        try spool.read(range, into: &read)
        #expect(read == Array(all[range]))
        var framed = [UInt8](repeating: 7, count: range.count + 5)
        try spool.read(range, into: &framed, at: 2)
        #expect(framed == [7, 7] + all[range] + [7, 7, 7])
      }
    }
  }

  /// What was discarded is gone, everything else stays where it was; what is discarded in time never reaches the file.
  @Test func whatWasDiscardedIsNotAskedForAgain() throws {
    var random = TestRandom(seed: 92)
    for limit in [0, 10, 100, 1_000] {
      let spool = Spool(memoryLimit: limit)
      var all: [UInt8] = []
      var first = 0
      for round in 0..<400 {
        let bytes = (0..<random.number(below: 50)).map { _ in random.byte() }
        try spool.append(bytes.span)
        all += bytes
        if round % 3 == 0 {
          first += random.number(below: all.count - first + 1)
          spool.discard(before: first)
          // To go back has no effect.
          spool.discard(before: first / 2)
        }
        #expect(spool.count == all.count)
        let start = first + random.number(below: all.count - first + 1)
        let range = start..<start + random.number(below: all.count - start + 1)
        var read: [UInt8] = [1]
        try spool.read(range, into: &read)
        #expect(read == Array(all[range]))
        var appended: [UInt8] = [1]
        let isInMemory = spool.append(range, to: &appended)
        #expect(isInMemory == (range.lowerBound >= spool.fileCount))
        #expect(appended == (isInMemory ? [1] + all[range] : [1]))
      }
    }
  }

  @Test func whatIsDiscardedInTimeNeedsNoFile() throws {
    let spool = Spool(memoryLimit: 1_000)
    for number in 0..<100 {
      try spool.append([UInt8](repeating: UInt8(number), count: 400).span)
      spool.discard(before: spool.count - 400)
    }
    #expect(spool.count == 40_000)
    #expect(!spool.hasFile)
  }
}
