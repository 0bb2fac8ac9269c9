import Findings
import Glibc
import RuleSet

extension RunDescription {
  /// The head of the reports of a run that begins now.
  init(_ selection: RuleSelection, sources: [String]) {
    self.init(
      version: ProgramVersion.current, ruleSet: selection.name, sources: sources, startedAt: UTCTime.now(),
      rules: selection.rules.map { RuleSummary($0.rule, severity: $0.severity) })
  }
}

/// Times as reports write them.
enum UTCTime {
  /// Now, or the time that `SOURCE_DATE_EPOCH` (reproducible-builds.org) names: `2026-11-24T02:00:00Z`.
  static func now() -> String { text(of: time_t(seconds())) }

  /// The same in seconds since 1970.
  static func seconds() -> Int {
    getenv("SOURCE_DATE_EPOCH").flatMap { Int(String(cString: $0)) } ?? Int(time(nil))
  }

  /// A time in seconds since 1970 as ISO 8601 in UTC.
  static func text(of seconds: time_t) -> String {
    var seconds = seconds
    var parts = tm()
    guard gmtime_r(&seconds, &parts) != nil else { return "" }
    var buffer = [CChar](repeating: 0, count: 32)
    let length = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
