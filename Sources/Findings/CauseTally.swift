import Bytes
import Directory

/// Counts what findings have in common, as they come in input order of their entries.
///
/// A finding costs a few looks into dictionaries, and allocates only where its domain or container is met first.
public struct CauseTally: Sendable {
  /// The most causes that are told.
  public static let limit = 10

  /// How many findings there are of one kind, and on how many entries.
  private struct Count: Sendable {
    static let mixed = -2
    var findings = 0
    var objects = 0
    var lastEntry = -1
    /// Number of the class of all entries; `mixed` where there are several.
    var objectClass = -1

    var isCause: Bool { findings >= 5 && objects >= 3 }

    mutating func add(entry: Int, objectClass number: Int) {
      findings += 1
      // Findings of an entry come one behind the other.
      guard entry < 0 || entry != lastEntry else { return }
      objectClass = objects == 0 || objectClass == number ? number : Self.mixed
      lastEntry = entry
      objects += 1
    }
  }

  /// What is counted of a rule.
  private struct RuleCount: Sendable {
    let head: RuleSummary
    var all = Count()
    /// Findings by number of the domain.
    var domains: [Int: Int] = [:]
    var containers: [Int: Count] = [:]
  }

  private var rules: [RuleCount?] = []
  private var domains = NumberedTexts()
  private var domainCounts: [Count] = []
  private var containers = NumberedTexts()
  private var containerFindings: [Int] = []
  private var classes = NumberedTexts()
  private var total = 0

  /// No findings.
  public init() {}

  /// Counts one finding of a rule of the run.
  public mutating func count(_ finding: Finding) {
    let number = finding.ruleNumber
    guard number >= 0 else { return }
    while rules.count <= number { rules.append(nil) }
    var rule = rules[number] ?? RuleCount(head: finding.head)
    // What is taken out is not copied when it changes.
    rules[number] = nil
    defer { rules[number] = rule }
    let own = finding.layout.own
    let texts = finding.bytes.span
    let entry = finding.layout.entry
    let objectClass = classes.number(of: texts.extracting(own.objectClass.range)) ?? Count.mixed
    total += 1
    rule.all.add(entry: entry, objectClass: objectClass)
    count(container: texts.extracting(own.dn.range), of: &rule, entry: entry, objectClass: objectClass)
    if rule.head.domainRemedy != nil {
      count(domainOf: texts.extracting(own.value.range), of: &rule, entry: entry, objectClass: objectClass)
    }
  }

  private mutating func count(container dn: Span<UInt8>, of rule: inout RuleCount, entry: Int, objectClass: Int) {
    let start = DistinguishedName.firstRDNLength(of: dn) + 1
    guard start < dn.count, let number = containers.number(of: dn.extracting(start..<dn.count)) else { return }
    while containerFindings.count <= number { containerFindings.append(0) }
    containerFindings[number] += 1
    rule.containers[number, default: Count()].add(entry: entry, objectClass: objectClass)
  }

  private mutating func count(domainOf value: Span<UInt8>, of rule: inout RuleCount, entry: Int, objectClass: Int) {
    var start = value.count
    while start > 0, value[start - 1] != UInt8(ascii: "@") { start -= 1 }
    var end = value.count
    while end > start, value[end - 1] == UInt8(ascii: " ") { end -= 1 }
    guard start > 0, start < end else { return }
    guard let number = domains.number(ofLowercased: value.extracting(start..<end)) else { return }
    while domainCounts.count <= number { domainCounts.append(Count()) }
    domainCounts[number].add(entry: entry, objectClass: objectClass)
    rule.domains[number, default: 0] += 1
  }

  /// The causes of most findings, the greatest first.
  ///
  /// - Parameter entriesJudged: number of entries that rules looked at.
  public func causes(entriesJudged: Int) -> [Cause] {
    var causes = domainCauses
    for case let rule? in rules {
      // What the domains explain needs no other cause.
      let explained = rule.domains.reduce(0) { $0 + (domainCounts[$1.key].isCause ? $1.value : 0) }
      guard rule.all.isCause, (rule.all.findings - explained) * 2 > rule.all.findings else { continue }
      if rule.all.objects >= 10, rule.all.objects * 5 >= entriesJudged {
        causes.append(cause(.rule, AttributeValue(rule.head.id), rule.all, [rule.head.id], rule.head.title))
      } else if let (container, count) = container(of: rule) {
        causes.append(cause(.container, containers.text(container), count, [rule.head.id], rule.head.title))
      }
    }
    causes.sort { left, right in
      if left.findings != right.findings { return left.findings > right.findings }
      if left.name != right.name { return left.name.bytes.lexicographicallyPrecedes(right.name.bytes) }
      return left.rules.lexicographicallyPrecedes(right.rules)
    }
    return Array(causes.prefix(Self.limit))
  }

  private var domainCauses: [Cause] {
    var rulesByDomain: [Int: [RuleCount]] = [:]
    for case let rule? in rules {
      for domain in rule.domains.keys where domainCounts[domain].isCause {
        rulesByDomain[domain, default: []].append(rule)
      }
    }
    return rulesByDomain.map { domain, rules in
      let main = rules.max { ($0.domains[domain] ?? 0, $1.head.id) < ($1.domains[domain] ?? 0, $0.head.id) }
      return cause(
        .domain, domains.text(domain), domainCounts[domain], rules.map(\.head.id).sorted(),
        main?.head.domainRemedy ?? "")
    }
  }

  /// The container that has most findings of a rule, and of the other rules less than half as large a share.
  private func container(of rule: RuleCount) -> (number: Int, count: Count)? {
    let all = rule.all.findings
    guard let (number, count) = rule.containers.first(where: { $0.value.findings * 2 > all }), count.isCause else {
      return nil
    }
    let others = total - all
    let othersThere = containerFindings[number] - count.findings
    return others > 0 && othersThere * all * 2 <= count.findings * others ? (number, count) : nil
  }

  private func cause(
    _ kind: Cause.Kind, _ name: AttributeValue, _ count: Count, _ rules: [String], _ remedy: String
  ) -> Cause {
    let objectClass =
      count.objectClass >= 0 ? String(decoding: classes.text(count.objectClass).bytes, as: UTF8.self) : ""
    return Cause(
      kind: kind, name: name, objectClass: objectClass.isEmpty ? nil : objectClass, objects: count.objects,
      findings: count.findings, rules: rules, remedy: remedy)
  }
}

/// Texts by number, in the order in which they are met.
private struct NumberedTexts: Sendable {
  /// So many, that input cannot fill the memory.
  private static let limit = 1 << 16
  private var numbers: [[UInt8]: Int] = [:]
  private var texts: [[UInt8]] = []
  private var last = 0
  private var key: [UInt8] = []

  /// The number of a text; nil where there are too many.
  mutating func number(of text: Span<UInt8>) -> Int? {
    if last < texts.count {
      let known = texts[last]
      if areEqual(known.span, text) { return last }
    }
    key.removeAll(keepingCapacity: true)
    key.append(bytes: text)
    return numberOfKey()
  }

  /// The number of a text in which the letters of ASCII are lower case; nil where there are too many.
  mutating func number(ofLowercased text: Span<UInt8>) -> Int? {
    key.removeAll(keepingCapacity: true)
    for index in text.indices {
      let byte = text[index]
      key.append(byte &- 65 < 26 ? byte | 0x20 : byte)
    }
    return numberOfKey()
  }

  private mutating func numberOfKey() -> Int? {
    if let number = numbers[key] {
      last = number
      return number
    }
    guard texts.count < Self.limit else { return nil }
    last = texts.count
    numbers[key] = last
    texts.append(key)
    key = []
    return last
  }

  /// The text of a number.
  func text(_ number: Int) -> AttributeValue { AttributeValue(texts[number]) }
}
