/// Verdicts on domains seen lately: a directory has few domains, and looking one up in a list costs more than comparing it.
///
/// A small direct-mapped table in flat arrays; a domain that is long, or whose place another one took, is looked up again.
struct DomainCache {
  private static let places = 64
  private static let longest = 48

  private var bytes = Array(repeating: UInt8(0), count: places * longest)
  private var counts = Array(repeating: UInt8(0), count: places)
  private var rules = Array(repeating: Int32(-1), count: places)
  private var verdicts = Array(repeating: false, count: places)

  /// Place of a domain for a rule; nil when it is too long to be kept.
  @inline(__always)
  private func place(_ rule: Int, _ domain: Span<UInt8>) -> Int? {
    guard domain.count > 0, domain.count <= Self.longest else { return nil }
    return (rule &* 7 &+ domain.count &+ Int(domain[0]) &* 3) & (Self.places &- 1)
  }

  /// The verdict of a rule on a domain, spelled exactly so, if it is known.
  @inline(__always)
  func verdict(_ rule: Int, _ domain: Span<UInt8>) -> Bool? {
    guard let place = place(rule, domain), Int(rules[place]) == rule, Int(counts[place]) == domain.count else {
      return nil
    }
    let start = place &* Self.longest
    for index in domain.indices where bytes[start &+ index] != domain[index] { return nil }
    return verdicts[place]
  }

  /// Keeps a verdict.
  mutating func keep(_ verdict: Bool, _ rule: Int, _ domain: Span<UInt8>) {
    guard let place = place(rule, domain) else { return }
    rules[place] = Int32(truncatingIfNeeded: rule)
    counts[place] = UInt8(truncatingIfNeeded: domain.count)
    verdicts[place] = verdict
    for index in domain.indices { bytes[place * Self.longest + index] = domain[index] }
  }
}
