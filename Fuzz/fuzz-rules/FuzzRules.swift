// Feeds bytes to the reader of rule files, and to all that is made of a rule that it accepts.
//
//     FUZZ=1 swift build -c release --scratch-path .build-fuzz --product fuzz-rules
//     SWIFT_BACKTRACE=enable=no .build-fuzz/release/fuzz-rules -max_len=4096 Fuzz/corpus-rules
import IdFix
import RuleEngine
import RuleSet

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// libFuzzer's entry: one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  // A file must be named as what it holds: take the name from the first line.
  let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
  let name = line.split(separator: UInt8(ascii: " ")).last.map { String(decoding: $0, as: UTF8.self) } ?? "x"
  do throws(RuleProblems) {
    let catalogue = try RuleCatalogue.load(
      .all, embedded: [RuleDocument(path: "fuzz/\(name).yaml", bytes: bytes)])
    for rule in catalogue.rules { check(rule, catalogue) }
    _ = RuleDocumentation.markdown(for: catalogue)
    for definition in catalogue.syncErrors {
      _ = SyncErrorDocumentation.markdown(for: definition)
      for template in definition.templates { precondition(template.holeNames.count <= 64, "a hole in every place") }
    }
  } catch {
    for problem in error.problems {
      precondition(problem.location.line ?? 0 >= 1 && problem.location.column ?? 1 >= 1, "a problem without a place")
      precondition(!problem.message.isEmpty, "a problem without a message")
    }
  }
  return 0
}

private func check(_ rule: Rule, _ catalogue: RuleCatalogue) {
  _ = RuleDocumentation.text(for: rule, in: catalogue, width: 60)
  if let filter = rule.filter {
    precondition((try? Filter(parsing: filter.description)) == filter, "the filter's text is another filter")
  }
  _ = try? RuleProgram(
    rules: [RuleSelection.ActiveRule(rule: rule, severity: rule.severity)], scope: nil,
    options: RuleProgram.Options(
      topLevelDomains: .shipped, verifiedDomains: nil, transliteration: .language(.latin)))
}

/// SwiftPM calls the main function of the target `fuzz-rules` by this name.
@_cdecl("fuzz_rules_main")
public func fuzzMain(
  _ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  var count = count
  var arguments = arguments
  return runDriver(&count, &arguments, testOneInput)
}
