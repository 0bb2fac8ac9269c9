// Feeds bytes to the reader of error material: the sniffer and the readers of text, XML, CSV, JSON and CLIXML.
//
//     FUZZ=1 swift build -c release --scratch-path .build-fuzz --product fuzz-errors
//     SWIFT_BACKTRACE=enable=no .build-fuzz/release/fuzz-errors -max_len=4096 Fuzz/corpus-errors Fixtures/sync-errors
//
// The fixtures are the corpus. Whatever comes in, each error has a message or an identifier, each problem a place and a
// message, and the same bytes read twice give the same.
import RuleSet
import SyncErrors

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

private let reader: SyncErrorReader = {
  guard let catalogue = try? SyncErrorCatalogue.load() else { preconditionFailure("the shipped catalogue is wrong") }
  return SyncErrorReader(catalogue)
}()

/// libFuzzer's entry: one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  // Event logs are read by a library that is fuzzed by itself (fuzz-eventlog).
  if bytes.starts(with: Array("ElfFile\0".utf8)) { return 0 }
  var errors = 0
  var problems = 0
  let summary = try? reader.read(.bytes(bytes, name: "fuzz")) { item in
    switch item {
    case .error(let error):
      errors += 1
      check(error)
    case .problem(let problem):
      problems += 1
      precondition(!problem.message.isEmpty, "a problem without a message")
      precondition(problem.location.line ?? 0 >= 1, "a problem without a line")
      precondition(problem.location.column ?? 1 >= 0, "a problem with a column before the line")
    }
  }
  if let summary {
    precondition(summary.errors == errors && summary.problems == problems, "the summary counts otherwise")
  }
  return 0
}

private func check(_ error: SyncError) {
  precondition(error.count >= 1, "an error that never happened")
  precondition(error.location.line ?? 0 >= 1, "an error without a line")
  let says = !error.message.isEmpty || !error.identifiers.isEmpty || !error.conflicts.isEmpty || !error.fields.isEmpty
  let names = error.eventID != nil || error.type != nil || error.source != nil
  precondition(says || names || !error.attributes.isEmpty, "an error that says nothing")
  precondition(error.identifiers.allSatisfy { !$0.text.isEmpty }, "an identifier without a text")
  precondition(error.conflicts.allSatisfy { !$0.attribute.isEmpty }, "a conflict without an attribute")
}

/// SwiftPM calls the main function of the target `fuzz-errors` by this name.
@_cdecl("fuzz_errors_main")
public func fuzzMain(
  _ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  var count = count
  var arguments = arguments
  return runDriver(&count, &arguments, testOneInput)
}
