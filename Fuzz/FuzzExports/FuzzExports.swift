import Directory
import Entries
import Glibc

/// What the fuzz targets of exports have in common: each reads its input as a file, in small and in large blocks, and looks for
/// disagreement between them and for records that are no proper LDIF.
public enum FuzzExports {
  /// A nameless file into which inputs are written, so that they are read as any file.
  private static let descriptor: Int32 = {
    var template = Array("/tmp/fuzz-export-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    unlink(template)
    return descriptor
  }()

  /// What was read of an input.
  private struct Reading: Equatable {
    var isRecordSource = false
    var entries: [[String]] = []
    var failure = ""
    var gaps: [String] = []
    var remarks: [String] = []
    var exported = ExportedAttributes.unknown
  }

  /// Reads an input as it is, and behind a start that makes it one of the form.
  public static func check(_ input: [UInt8], start: String) {
    for bytes in [input, Array(start.utf8) + input] {
      write(bytes)
      let whole = read(blockSize: 1 << 16)
      // What is no form of export is taken for LDIF, of which the first block tells whether it is: a smaller one may not tell.
      guard whole.isRecordSource else { continue }
      let small = read(blockSize: 1)
      precondition(small == whole, "differs with small blocks:\n\(small)\n\(whole)")
    }
  }

  private static func write(_ bytes: [UInt8]) {
    ftruncate(descriptor, 0)
    _ = pwrite(descriptor, bytes, bytes.count, 0)
  }

  private static func read(blockSize: Int) -> Reading {
    var reading = Reading()
    var request = EntryRequest()
    request.blockSize = blockSize
    do throws(SourceFailure) {
      let source = try Entries.open(.file("/proc/self/fd/\(descriptor)"), request)
      defer { (reading.gaps, reading.remarks, reading.exported) = (source.gaps, source.remarks, source.exported) }
      reading.isRecordSource = source is RecordSource
      var reader = EntryReader(source)
      while let page = try reader.next() {
        // LDIF has problems of its own; what is written by the program has none.
        precondition(!(source is RecordSource) || page.problems.isEmpty, "\(page.problems)")
        for entry in page.entries {
          let batch = entry.batch
          reading.entries.append(
            ["\(entry.place)", String(decoding: entry.dn, as: UTF8.self)]
              + batch.values[entry.record.values].map {
                "\(batch.attributes[$0.attribute].name) \(Array(batch.bytes[$0.range]))"
              })
        }
      }
    } catch {
      reading.failure = error.message
      precondition(!error.message.isEmpty, "a failure without a message")
    }
    return reading
  }
}
