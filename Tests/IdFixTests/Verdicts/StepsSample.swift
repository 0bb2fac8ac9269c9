import RuleSet
import Testing

@testable import IdFix

/// An entry made of names and values.
struct SampleEntry: StepEntry {
  var objectClass = "user"
  var values: [String: [String]] = [:]
  /// The attributes that the chain under test numbers.
  var numbered: [String] = []

  func isObjectClass(_ name: [UInt8]) -> Bool { Array(objectClass.lowercased().utf8) == name }
  func has(_ attribute: Int) -> Bool { firstValue(attribute) != nil }
  func firstValue(_ attribute: Int) -> [UInt8]? {
    let name = numbered[attribute].lowercased()
    return values.first { $0.key.lowercased() == name }?.value.first.map { Array($0.utf8) }
  }
}

/// A chain of steps and what it says of values, as text.
struct SampleChain {
  var chain: StepChain

  init(_ steps: [Step], attribute: String = "mail") {
    chain = StepChain(steps, attribute: attribute, topLevelDomains: .shipped)
  }

  /// The chain of a shipped rule.
  init(rule id: String) throws {
    let rule = try #require(try RuleCatalogue.load(.all).rule(id))
    let check = try #require(rule.check as? StepsCheck)
    chain = StepChain(check.steps, attribute: rule.attributes[0], topLevelDomains: .shipped)
  }

  func outcome(_ value: [UInt8], _ entry: SampleEntry = SampleEntry()) -> StepOutcome {
    let entry = numbered(entry)
    let outcome = chain.outcome(of: value, entry)
    #expect(chain.passes(value.span, of: entry) == outcome.isClean, "the fast way must agree")
    if outcome.isClean {
      #expect(chain.isUnique(value.span, of: entry) == (outcome.key != nil))
      if let key = outcome.key { #expect(chain.normal(value.span) == key) }
    }
    return outcome
  }

  /// `Character, LocalPart | Edit | proposed`, or nil.
  func row(_ value: String, isDuplicate: Bool = false, _ entry: SampleEntry = SampleEntry()) -> String? {
    outcome(Array(value.utf8), entry).row(isDuplicate: isDuplicate).map(Self.text)
  }

  func absentRow(_ entry: SampleEntry) -> String? { chain.rowOfAbsence(in: numbered(entry)).map(Self.text) }

  private func numbered(_ entry: SampleEntry) -> SampleEntry {
    var entry = entry
    entry.numbered = chain.attributes
    return entry
  }

  static func text(_ row: StepRow) -> String {
    let proposed = row.proposed.map { String(decoding: $0, as: UTF8.self) } ?? "-"
    return "\(row.errors.joined(separator: ", ")) | \(row.action.rawValue) | \(proposed)"
  }
}
