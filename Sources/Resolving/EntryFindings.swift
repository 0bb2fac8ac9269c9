import Bytes
import Directory
import Findings
import Joins
import RuleEngine
import RuleSet

/// Judges the entries that were found by the rules.
///
/// Rules that compare entries with each other are left out: only some of the directory's entries are at hand, and a group
/// of holders with some of them missing would be worse than none. The look-up of conflicting values finds them all.
public struct EntryFindings: Sendable {
  private let program: RuleProgram
  /// Names of the attributes that some rule judges, in lower case.
  let judgedAttributes: Set<String>

  /// - Parameters:
  ///   - rules: the active rules.
  ///   - options: what the command line adds; entries out of scope are judged, too, because they have an error.
  public init(_ rules: [RuleSelection.ActiveRule], options: RuleProgram.Options) throws(PatternFailure) {
    var options = options
    options.includesOutOfScope = true
    let ofEntries = rules.filter { !$0.rule.isAboutUniqueness }
    judgedAttributes = Set(ofEntries.flatMap { $0.rule.attributes.map { $0.lowercased() } })
    program = try RuleProgram(rules: ofEntries, scope: nil, options: options)
  }

  /// A judge of entries, for one run.
  func judge() -> FoundEntryFindings { FoundEntryFindings(EntryJudge(program)) }

  /// The attributes of the entries that a judge is given.
  var attributes: EntryAttributes { EntryAttributes(judged: program.attributes) }
}

/// The findings of entries as they are found.
final class FoundEntryFindings {
  private let judge: EntryJudge
  /// By number of the entry among those found.
  private(set) var byEntry: [Int: [Finding]] = [:]
  /// The entries of the source at hand that have findings.
  private var entriesOfSource: [Int] = []

  init(_ judge: EntryJudge) { self.judge = judge }

  /// Judges an entry.
  ///
  /// - Parameter number: its number among those found.
  func add(_ entry: EntryView, _ number: Int) {
    let findings = judge.findings(of: entry)
    guard !findings.isEmpty else { return }
    byEntry[number] = findings
    entriesOfSource.append(number)
  }

  /// Ends a source: leaves out what was concluded from the lack of attributes that were perhaps not exported.
  ///
  /// - Parameter reading: what reading the source came to.
  func end(_ reading: Lookup.Reading) {
    let silenced = judge.silencedRules(
      attributesSeen: Set(reading.attributesSeen.map { $0.lowercased() }), exported: reading.exported,
      inapplicable: reading.inapplicable)
    for entry in entriesOfSource { byEntry[entry]?.removeAll { silenced.contains($0.ruleNumber) } }
    entriesOfSource.removeAll()
  }
}
