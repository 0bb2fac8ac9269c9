import Directory
import RuleSet

/// `domain`: the domain of an address is one that the cloud cannot route to, does not know, or refuses.
struct DomainCheck: CheckKind {
  /// What a domain is tested for.
  enum Test: Equatable {
    case routable
    case verified
    /// Suffixes in lower case, without a leading dot.
    case refused([String])
  }

  static let name = "domain"

  let part: Part
  let test: Test
  let except: [String]
  /// An attribute of which a value equal to the part before the `@` makes the domain a fine one; nil for none.
  let nameIn: String?

  init?(_ node: RuleNode) {
    let known = ["part", "routable", "verified", "refused", "except", "name-in"]
    guard let options = node.mapping(known, what: "`domain`") else { return nil }
    let part = options.part(default: .domain)
    let except = options.optional("except", default: []) { $0.list { $0.domainSuffix() } }
    let nameIn = options.optional("name-in") { $0.attributeName() }
    guard let (key, value) = options.oneOf(["routable", "verified", "refused"]) else { return nil }
    let test: Test? =
      switch key {
      case "routable": value.onlyTrue().map { _ in .routable }
      case "verified": value.onlyTrue().map { _ in .verified }
      default: value.list { $0.domainSuffix() }.map { .refused($0) }
      }
    guard !options.hasMistakes, let part, let except, let nameIn, let test else { return nil }
    self.part = part
    self.test = test
    self.except = except
    self.nameIn = nameIn
  }

  var attributes: [String] { nameIn.map { [$0] } ?? [] }

  var requirement: (option: String, Rule.Requirement)? {
    test == .verified ? ("verified: true", .verifiedDomains) : nil
  }

  var domainRemedy: String? {
    guard part == .domain else { return nil }
    switch test {
    case .routable: return "add a routable suffix"
    case .verified: return "verify it in the tenant"
    case .refused: return nil
    }
  }

  func words(for rule: Rule) -> String {
    let subject = part == .domain ? "the domain" : RuleWords.name(part)
    var exception = except.isEmpty ? "" : ", except \(RuleWords.list(except.map(RuleWords.code)))"
    if let nameIn { exception += ", unless the part before the `@` is that of \(RuleWords.code(nameIn))" }
    switch test {
    case .routable: return "\(subject) has no public top-level domain\(exception)"
    case .verified: return "\(subject) is none of the tenant's verified domains\(exception)"
    case .refused(let suffixes):
      return "\(subject) is or ends in \(RuleWords.list(suffixes.map(RuleWords.code)))\(exception)"
    }
  }

  func test(_ draft: inout CheckDraft) -> DomainTest {
    let except = except.isEmpty ? nil : draft.add(except, folds: true)
    @Small var nameSlot = nameIn.map { draft.slot($0) } ?? -1
    switch test {
    case .routable: return DomainTest(test: .routable, except: except, nameSlot: nameSlot)
    case .verified: return DomainTest(test: .verified, except: except, nameSlot: nameSlot)
    case .refused(let suffixes):
      return DomainTest(test: .refused(draft.add(suffixes, folds: true)), except: except, nameSlot: nameSlot)
    }
  }
}

/// `domain`, compiled.
struct DomainTest: ValueTesting {
  enum Test: BitwiseCopyable, Sendable {
    case routable, verified
    case refused(CheckTables.Texts)
  }

  let test: Test
  let except: CheckTables.Texts?
  /// Slot of an attribute that may hold the part before the `@`; -1 for none.
  @Small var nameSlot: Int

  /// Whether an attribute of the entry holds the part of a value before the `@`.
  func isNamed(
    _ value: Span<UInt8>, _ part: ValuePart, _ shape: ValueShape, _ index: borrowing EntryIndex,
    _ values: Span<ValueRecord>, _ bytes: Span<UInt8>
  ) -> Bool {
    guard nameSlot >= 0 else { return false }
    let start = part.followsType ? shape.colon + 1 : 0
    guard shape.at >= start else { return false }
    let name = value.extracting(start..<shape.at)
    var other = index.first(nameSlot)
    while other >= 0 {
      if TextFold.areEqual(bytes.extracting(values[Int(other)].range), name) { return true }
      other = index.next(after: other)
    }
    return false
  }

  /// Whether a domain fails; one that is no well-formed domain is left to the rules of form.
  func fails(_ domain: Span<UInt8>, _ tables: CheckTables) -> Bool {
    let domain = domain.extracting(TextFold.trimmed(domain))
    guard Self.isWellFormed(domain) else { return false }
    if let except, Self.isAtOrBelow(tables[except], domain) { return false }
    switch test {
    case .refused(let suffixes): return Self.isAtOrBelow(tables[suffixes], domain)
    case .verified: return tables.verifiedDomains.map { !$0.contains(domain: domain) } ?? false
    case .routable:
      var start = domain.count
      while start > 0, domain[start - 1] != UInt8(ascii: ".") { start -= 1 }
      guard start < domain.count else { return false }
      return start == 0 || !tables.topLevelDomains.contains(label: domain.extracting(start..<domain.count))
    }
  }

  /// Labels of letters, digits, hyphens (not at their ends), underscores and anything that is not ASCII, set apart by dots.
  private static func isWellFormed(_ domain: Span<UInt8>) -> Bool {
    var last = UInt8(ascii: ".")
    for index in domain.indices {
      let byte = domain[index]
      switch byte {
      case UInt8(ascii: "."): if last == UInt8(ascii: ".") || last == UInt8(ascii: "-") { return false }
      case UInt8(ascii: "-"): if last == UInt8(ascii: ".") { return false }
      case UInt8(ascii: "_"), 0x80...: break
      default: guard TextFold.lower(byte) &- 97 < 26 || byte &- 48 < 10 else { return false }
      }
      last = byte
    }
    return last != UInt8(ascii: ".") && last != UInt8(ascii: "-")
  }

  /// Whether a domain is one of the suffixes or below one.
  private static func isAtOrBelow(_ suffixes: [[UInt8]], _ domain: Span<UInt8>) -> Bool {
    for suffix in suffixes where domain.count >= suffix.count {
      let start = domain.count - suffix.count
      if start > 0, domain[start - 1] != UInt8(ascii: ".") { continue }
      if TextFold.areEqual(domain.extracting(start..<domain.count), suffix.span) { return true }
    }
    return false
  }

  func mark(
    _ issue: inout Issue, _ value: Span<UInt8>, _ range: Range<Int>, _ shape: ValueShape, _ tables: CheckTables
  ) {
    issue.flagged = [range]
  }
}
