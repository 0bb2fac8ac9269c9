import Bytes
import Directory
import Glibc

@testable import Entries

/// A file that is gone when the test is over.
final class TemporaryFile {
  let path: String
  init(_ bytes: [UInt8]) {
    var template = Array("/tmp/ldif-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    close(descriptor)
  }
  deinit { unlink(path) }
}

struct Reading {
  var items: [Item] = []
  var lines = 0
  var failure: SourceFailure?
  var blocks = 0

  init(_ text: String, blockSize: Int = 1 << 14) { self.init(Array(text.utf8), blockSize: blockSize) }

  init(_ bytes: [UInt8], blockSize: Int = 1 << 14, recordLimit: Int = 1 << 30) {
    let file = TemporaryFile(bytes)
    var parser = LDIFParser(attributes: AttributeTable(["mail", "proxyAddresses"]))
    var block = LDIFBlock()
    var batch = EntryBatch(attributes: AttributeTable())
    do throws(SourceFailure) {
      let reader = try Self.reader(of: file.path, blockSize, recordLimit)
      while try reader.next(into: &block) {
        parser.parse(&block, into: &batch)
        batch.lineBase = lines
        items += EntriesTests.items(of: batch)
        lines += batch.lineCount
        blocks += 1
      }
    } catch {
      failure = error
    }
  }

  private static func reader(
    of path: String, _ blockSize: Int, _ recordLimit: Int
  ) throws(SourceFailure) -> LDIFBlockReader {
    do throws(ReadFailure) {
      return try LDIFBlockReader(file: FileSource(path: path), blockSize: blockSize, recordLimit: recordLimit)
    } catch {
      throw SourceFailure(error, source: path)
    }
  }
}
