import Bytes
import Directory

/// Suppressions, found fast for each finding, and which of them were of use.
public struct SuppressionMatcher {
  private struct Candidate {
    var index: Int
    var objectGUID: GUID?
    var dn: [UInt8]?
    var attribute: String?
    var value: [UInt8]?
  }

  /// The suppressions of one rule, by what narrows them most: thousands of them cost one look-up for each finding.
  private struct Table {
    var byObject: [GUID: [Candidate]] = [:]
    var byValue: [[UInt8]: [Candidate]] = [:]
    var others: [Candidate] = []
  }

  /// All suppressions in the order of their file.
  public let suppressions: [Suppression]
  private let today: CalendarDate
  private var byFingerprint: [Fingerprint: [Int]] = [:]
  private var tables: [String: Table] = [:]
  private var matched: [Bool]

  /// A matcher.
  ///
  /// - Parameter today: the day on which suppressions hold or have expired.
  public init(_ suppressions: [Suppression], today: CalendarDate) {
    self.suppressions = suppressions
    self.today = today
    matched = Array(repeating: false, count: suppressions.count)
    for (index, suppression) in suppressions.enumerated() { add(suppression.pattern, index) }
  }

  private mutating func add(_ pattern: Suppression.Pattern, _ index: Int) {
    if let text = pattern.fingerprint {
      if let fingerprint = Fingerprint(hexadecimal: text) { byFingerprint[fingerprint, default: []].append(index) }
      return
    }
    guard let rule = pattern.rule else { return }
    var candidate = Candidate(index: index, attribute: pattern.attribute?.lowercased())
    if let object = pattern.object {
      candidate.objectGUID = GUID(text: object)
      if candidate.objectGUID == nil { candidate.dn = NormalForm.dn(Array(object.utf8)) }
    }
    candidate.value = pattern.value.map { NormalForm.value(Array($0.utf8)) }
    if let guid = candidate.objectGUID {
      tables[rule, default: Table()].byObject[guid, default: []].append(candidate)
    } else if let value = candidate.value {
      tables[rule, default: Table()].byValue[value, default: []].append(candidate)
    } else {
      tables[rule, default: Table()].others.append(candidate)
    }
  }

  /// The suppression that a finding falls under: one that holds if there is one, else one that has expired.
  ///
  /// A duplicate falls under a suppression that fits any of its holders.
  public mutating func match(_ finding: Finding) -> (suppression: Suppression, isExpired: Bool)? {
    guard !suppressions.isEmpty else { return nil }
    var found = byFingerprint[finding.fingerprint] ?? []
    if let table = tables[finding.rule] {
      var candidates = table.others
      if !table.byObject.isEmpty {
        for number in 0..<finding.holderCount {
          if let guid = finding.holder(number).objectGUID { candidates += table.byObject[guid] ?? [] }
        }
      }
      if !table.byValue.isEmpty {
        var values: Set<[UInt8]> = []
        for number in 0..<finding.holderCount {
          let value = finding.holder(number).value
          if value.isThere { values.insert(NormalForm.value(Array(finding.bytes[value.range]))) }
        }
        for value in values { candidates += table.byValue[value] ?? [] }
      }
      for candidate in candidates where Self.fits(candidate, finding) { found.append(candidate.index) }
    }
    guard !found.isEmpty else { return nil }
    found.sort()
    for index in found { matched[index] = true }
    let holding = found.first { !suppressions[$0].isExpired(on: today) }
    return (suppressions[holding ?? found[0]], holding == nil)
  }

  /// Suppressions that no finding fell under.
  public var unmatched: [Suppression] { zip(suppressions, matched).filter { !$0.1 }.map(\.0) }

  /// Suppressions whose last day has passed.
  public var expired: [Suppression] { suppressions.filter { $0.isExpired(on: today) } }

  /// All parts of a pattern must fit, attribute and value at the same holder.
  private static func fits(_ candidate: Candidate, _ finding: Finding) -> Bool {
    for number in 0..<finding.holderCount where fits(candidate, finding.holder(number), of: finding) { return true }
    return false
  }

  private static func fits(
    _ candidate: Candidate, _ holder: FindingLayout.Holder, of finding: Finding
  ) -> Bool {
    if let wanted = candidate.objectGUID, holder.objectGUID != wanted { return false }
    if let wanted = candidate.attribute, finding.attribute(of: holder).lowercased() != wanted { return false }
    if let wanted = candidate.dn, NormalForm.dn(Array(finding.bytes[holder.dn.range])) != wanted { return false }
    guard let wanted = candidate.value else { return true }
    return holder.value.isThere && NormalForm.value(Array(finding.bytes[holder.value.range])) == wanted
  }
}
