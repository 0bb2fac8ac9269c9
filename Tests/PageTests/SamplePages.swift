import Bytes
import Directory
import Findings

/// What the pages under test hold.
enum SamplePages {
  static let rules = [
    RuleSummary(
      id: "proxy-address-inner-space", title: "SMTP address in proxyAddresses contains a space", severity: .error,
      effect: .dropped, certainty: .documented, attributes: ["proxyAddresses"],
      explanation: "Such a value is left out without an error.\n\nTake the space out.",
      references: ["https://learn.microsoft.com/microsoft-365/enterprise/prepare-for-directory-synchronization"]),
    RuleSummary(
      id: "address-not-unique", title: "Address is held by several objects", severity: .error, effect: .quarantined,
      certainty: .documented, attributes: ["proxyAddresses", "mail"], explanation: "One of them gets it.",
      references: ["https://learn.microsoft.com/entra"]),
    RuleSummary(
      id: "mail-not-routable", title: "mail has a domain that cannot be verified", severity: .warning, effect: .altered,
      certainty: .observed, attributes: ["mail"], explanation: "It is no domain of the Internet.", references: []),
    RuleSummary(
      id: "account-expires", title: "Account has an expiry date", severity: .info, effect: .advice,
      certainty: .inferred, attributes: ["accountExpires"], explanation: "The cloud does not know it.",
      references: ["javascript:window.pwned=1", "https://example.com/\"onmouseover=\"window.pwned=1"]),
    RuleSummary(
      id: "hostile", title: "<script>window.pwned=1</script><img src=x onerror=window.pwned=1>", severity: .warning,
      effect: .degraded, certainty: .documented, attributes: ["displayName"],
      explanation: "</script><script>window.pwned=1</script>", references: ["data:text/html,<script>alert(1)</script>"]),
  ]

  /// Values by people who wish us ill.
  static let hostileValues: [String] = [
    "<script>window.pwned=1</script>", "</script><script>window.pwned=1</script>", "<!--<script>window.pwned=1",
    "<img src=x onerror=window.pwned=1>", "<svg onload=window.pwned=1>", "\"><img src=x onerror=window.pwned=1>",
    "' onclick='window.pwned=1", "javascript:window.pwned=1", "<a href=javascript:window.pwned=1>x</a>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'>", "${window.pwned=1}",
    "{{constructor.constructor('pwned=1')()}}",
    "\\u003cscript\\u003ewindow.pwned=1\\u003c/script\\u003e", "]]><script>window.pwned=1</script>",
    "\u{202E}moc.osotnoc@oj", "a\u{2066}b\u{2069}c", "\u{0}\u{1}\u{1B}[31mred", "line\u{2028}separator\u{2029}end",
    "zero\u{200B}width\u{FEFF}", "\u{85}\u{9B}31m", "tab\there\nand\r\nthere", "__proto__", "constructor",
    "</ScRiPt ><ScRiPt>window.pwned=1</ScRiPt>", "<math><mtext></table><img src=x onerror=window.pwned=1>",
    "@import url(https://attacker.invalid/)", "<meta http-equiv=refresh content='0;url=https://attacker.invalid/'>",
    "<base href=https://attacker.invalid/>", "e\u{301}\u{302}\u{303}\u{304}", "\u{301}alone", "שלום עולם", "👩‍👩‍👧‍👦",
    String(repeating: "A\u{200B}<b>", count: 100_000), String(repeating: "💥", count: 3_000),
  ]

  static func run(isEmpty: Bool) -> RunDescription {
    var trend: [TrendPoint] = []
    for day in 1...24 where !isEmpty {
      var counts = FindingCounts()
      counts.count(
        .init(rule: "a", severity: .error, effect: .dropped, state: nil), number: 130 - day * 3 + day % 5 * 4)
      counts.count(.init(rule: "b", severity: .warning, effect: .altered, state: nil), number: 60 + day % 7 * 5)
      counts.count(.init(rule: "c", severity: .info, effect: .advice, state: nil), number: 30)
      let date = "2026-11-\(day < 10 ? "0" : "")\(day)T02:00:00Z"
      trend.append(TrendPoint(run: day, finishedAt: date, isComplete: day != 17, counts: counts))
    }
    var run = RunDescription(
      version: ProgramVersion.current, ruleSet: "entra",
      sources: ["exports/contoso-2026-11-24.ldif.gz", "<img src=x>.ldif"],
      startedAt: "2026-11-24T02:00:00Z", rules: rules, trend: trend)
    run.hasStates = !isEmpty
    return run
  }

  /// Some of everything, with states.
  static func small() -> [Finding] {
    var findings: [Finding] = []
    let states: [FindingState] = [.known, .new, .known, .returned, .gone, .suppressed, .known, .expiredSuppression]
    for number in 0..<160 {
      var finding = finding(number, names: ["Alma Kettle", "Petra Yates", "Malik Croft", "Ünal Çelik"])
      finding.state = states[number % states.count]
      finding.firstSeen = finding.state == .new ? nil : "2026-11-03T02:00:00Z"
      if finding.state == .suppressed {
        finding.suppression = Suppression(
          pattern: .init(rule: finding.rule), reason: "leaves with the merger", owner: "jo.doe@contoso.com",
          ticket: "CHG-1234", expires: CalendarDate("2027-03-31"))
      }
      findings.append(finding)
    }
    findings.append(group(of: 150, number: 500))
    for (index, text) in hostileValues.enumerated() { findings.append(hostile(AttributeValue(text), 1000 + index)) }
    findings.append(hostile(AttributeValue([0x3C, 0xFF, 0xFE, 0x00, 0x3E]), 2000))
    return findings
  }

  /// As many as a large directory has.
  static func large(_ count: Int) -> [Finding] {
    var findings = (0..<count).map { finding($0, names: ["User \($0) "]) }
    for index in findings.indices { findings[index].state = .known }
    return findings
  }

  private static func fingerprint(_ number: Int) -> Fingerprint {
    Fingerprint(low: 0, high: UInt64(number).byteSwapped)
  }

  private static func finding(_ number: Int, names: [String]) -> Finding {
    let rule = rules[number % 4]
    let name = names[number / 4 % names.count]
    let attribute = rule.attributes[0]
    let local = name.lowercased()
    let value: String
    var spans: [FlaggedSpan] = []
    switch rule.id {
    case "proxy-address-inner-space":
      value = "smtp:\(local)\(number)@contoso.com"
      let offset = 5 + Array(local.unicodeScalars).count { $0 != " " } / 2
      let space = Array(value.unicodeScalars).firstIndex(of: " ") ?? offset
      spans = [FlaggedSpan(offset: space, length: 1, codePoint: 0x20)]
    case "account-expires": value = "133500000000000000"
    default: value = "\(local)\(number)@contoso.local"
    }
    let isAddress = attribute == "proxyAddresses" && rule.id != "address-not-unique"
    return Finding(
      rule: rule.id, severity: rule.severity, effect: rule.effect, certainty: rule.certainty,
      dn: AttributeValue("CN=\(name)\\, \(number),OU=Staff,OU=Bremen,DC=contoso,DC=com"),
      objectGUID: GUID((0..<16).map { UInt8(truncatingIfNeeded: number >> ($0 % 4 * 8)) }),
      objectClass: number % 9 == 0 ? "group" : "user",
      attribute: attribute, value: AttributeValue(value), valueIndex: number % 3, spans: spans,
      message: "\(value) is not as it should be",
      suggestion: isAddress
        ? Suggestion(action: .replace, value: AttributeValue(value.filter { $0 != " " })) : nil,
      location: SourceLocation(source: "exports/contoso-2026-11-24.ldif.gz", line: number * 12 + 5, column: 17),
      fingerprint: fingerprint(number))
  }

  private static func group(of holders: Int, number: Int) -> Finding {
    var finding = finding(1, names: ["Sales"])
    finding.fingerprint = fingerprint(number)
    finding.state = .new
    for holder in 1..<holders {
      finding.related.append(
        RelatedValue(
          dn: AttributeValue("CN=Holder \(holder),OU=Staff,DC=contoso,DC=com"), objectGUID: nil, objectClass: "contact",
          attribute: "mail", value: AttributeValue("SALES@contoso.com"),
          location: SourceLocation(source: "exports/contoso-2026-11-24.ldif.gz", line: 900 + holder, column: 7)))
    }
    return finding
  }

  /// A finding in which every part that a directory fills is hostile.
  private static func hostile(_ value: AttributeValue, _ number: Int) -> Finding {
    let text = value.text ?? "?"
    let name = AttributeValue(Array("CN=".utf8) + value.bytes.prefix(2000) + Array(",DC=contoso,DC=com".utf8))
    var finding = Finding(
      rule: "hostile", severity: .warning, effect: .degraded, certainty: .documented, dn: name, objectGUID: nil,
      objectClass: "user<script>", attribute: "displayName", value: value, valueIndex: 0,
      spans: [
        FlaggedSpan(offset: 0, length: 1, codePoint: text.unicodeScalars.first?.value),
        FlaggedSpan(offset: 3, length: 0),
      ], message: text, suggestion: Suggestion(action: .replace, value: value),
      location: SourceLocation(source: "<img src=x onerror=window.pwned=1>.ldif", line: number, column: 1),
      related: [
        RelatedValue(
          dn: name, objectGUID: nil, objectClass: "<b>", attribute: "<i>", value: value,
          location: SourceLocation(source: "\u{202E}x"))
      ], fingerprint: fingerprint(number))
    finding.state = .new
    finding.suppression = Suppression(pattern: .init(rule: "hostile"), reason: text, owner: text, ticket: text)
    return finding
  }
}
