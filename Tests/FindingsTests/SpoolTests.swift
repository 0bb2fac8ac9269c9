import TestFindings
import Testing

@testable import Findings

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
}
