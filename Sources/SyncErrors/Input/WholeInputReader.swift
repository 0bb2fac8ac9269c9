import Directory
import Bytes

/// Reads an input that is in memory as a whole: mail by its parts, texts as they stand or repaired.
struct WholeInputReader {
  private let options: SyncErrorReader
  private let interpreter: ErrorInterpreter
  private let name: String
  private let take: (SyncErrorItem) -> Void

  init(
    _ options: SyncErrorReader, _ interpreter: ErrorInterpreter, _ name: String,
    _ take: @escaping (SyncErrorItem) -> Void
  ) {
    self.options = options
    self.interpreter = interpreter
    self.name = name
    self.take = take
  }

  func read(_ material: [UInt8]) -> SyncErrorSummary {
    var summary = SyncErrorSummary()
    for part in MIMEMessage.parts(of: material) ?? [MIMEPart(bytes: material, firstLine: 1)] {
      let text: [UInt8]
      do throws(XMLFailure) {
        text = try part.text()
      } catch {
        let place = SourceLocation(source: name, line: part.firstLine + error.line - 1, column: error.column)
        take(.problem(SyncErrorProblem(location: place, message: error.message)))
        summary.problems += 1
        continue
      }
      var reading = MaterialReading(interpreter.scannedWords) { read($0, of: part) }.best(text)
      NamedBeside(isAboutObject: interpreter.isAboutObject).complete(&reading)
      reading.items.forEach(take)
      summary.add(reading.summary)
    }
    return summary
  }

  private func read(_ text: RepairedText, of part: MIMEPart) -> ReadMaterial {
    var items: [SyncErrorItem] = []
    let sink = ErrorSink(
      source: name, interpreter: interpreter, includesInformation: options.includesInformation,
      lines: part.hasLines ? text.lineNumbers.map { $0 + part.firstLine - 1 } : [part.firstLine],
      readMaterial: MaterialSplitter.read
    ) { items.append($0) }
    let splitter = MaterialSplitter(sink)
    splitter.feed(text.bytes[...])
    splitter.finish()
    return ReadMaterial(items: items, summary: sink.summary)
  }
}
