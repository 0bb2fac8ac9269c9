import Directory
import ShippedRules

/// The public top-level domains, from `Rules/data/top-level-domains.txt` or a list of the user.
public struct TopLevelDomains: Sendable {
  private let labels: DomainNameSet
  /// What the list says of itself: `2023-02-09 (Debian package …)`; empty when it says nothing.
  public let source: String
  /// The day of the list, such as `2026-10-23`; empty when it is not known.
  public let date: String

  /// The shipped list.
  public static let shipped = TopLevelDomains(embedded: ShippedRules.text(of: "data/top-level-domains.txt"))

  private init(embedded text: String) {
    var labels = DomainNameSet()
    var remarks: [String] = []
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      if line.first == UInt8(ascii: "#") {
        remarks.append(String(decoding: line.dropFirst(2), as: UTF8.self))
      } else {
        labels.insert(Array(line))
      }
    }
    let date = remarks.first { $0.hasPrefix("Date: ") }?.dropFirst(6) ?? ""
    let origin = remarks.first { $0.hasPrefix("Source: ") }?.dropFirst(8) ?? ""
    self.labels = labels
    self.date = String(date)
    source = "\(date), \(origin)"
  }

  /// Reads a list: one label a line, `#` starts a comment; IANA's `tlds-alpha-by-domain.txt` is such a list.
  ///
  /// - Throws: all mistakes at once.
  public init(list text: [UInt8], path: String) throws(RuleProblems) {
    let lines = try DomainListFile.read(text, path: path) { name in
      let label = name.hasPrefix(".") ? String(name.dropFirst()) : name
      return label.contains(".") || !DomainName.isValid(label)
        ? "`\(name)` is no top-level domain; write one label a line, such as com or xn--p1ai" : nil
    }
    guard !lines.isEmpty else {
      throw RuleProblems([
        RuleProblem(
          location: SourceLocation(source: path, line: 1, column: 1),
          message: "the list has no top-level domain; write one label a line, such as com")
      ])
    }
    var labels = DomainNameSet()
    for line in lines {
      let label = line.hasPrefix(".") ? line.dropFirst() : line[...]
      for form in DomainName.forms(String(label)) { labels.insert(form) }
    }
    self.labels = labels
    source = path
    date = Self.date(of: text) ?? ""
  }

  /// The day that the comments at the start of a list name: `# Version 2026102300, Last Updated …`, as IANA writes it, or
  /// `# Date: 2026-10-23`.
  private static func date(of text: [UInt8]) -> String? {
    for line in text.prefix(2_000).split(separator: UInt8(ascii: "\n")).prefix(10) {
      guard line.first == UInt8(ascii: "#") else { return nil }
      let words = String(decoding: line.dropFirst(), as: UTF8.self).split { $0 == " " || $0 == "," || $0 == "\r" }
      guard words.count > 1, ["version", "date:"].contains(words[0].lowercased()) else { continue }
      let digits = words[1].filter(\.isASCII).filter(\.isNumber)
      guard digits.count >= 8, let month = Int(digits.dropFirst(4).prefix(2)),
        let day = Int(digits.dropFirst(6).prefix(2)),
        1...12 ~= month, 1...31 ~= day
      else { continue }
      return "\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.dropFirst(6).prefix(2))"
    }
    return nil
  }

  /// Number of labels, in all their forms.
  public var count: Int { labels.count }

  /// Whether a label is a public top-level domain, ignoring case; as Unicode or as `xn--` label.
  public func contains(label: Span<UInt8>) -> Bool { labels.contains(label) }

  /// Whether a label is a public top-level domain, ignoring case; as Unicode or as `xn--` label.
  public func contains(label: [UInt8]) -> Bool { labels.contains(label.span) }
}

/// The domains that a tenant has verified.
public struct VerifiedDomains: Sendable {
  private var names = DomainNameSet()
  /// The domains as given, in order.
  public private(set) var domains: [String] = []

  /// No domains.
  public init() {}

  /// Whether none is known.
  public var isEmpty: Bool { domains.isEmpty }

  /// Adds a domain given on the command line.
  ///
  /// - Parameter option: the option's name, for the message.
  /// - Throws: a problem when it is no domain name.
  public mutating func add(_ domain: String, option: String = "--verified-domain") throws(RuleProblem) {
    if let message = Self.mistake(domain) {
      throw RuleProblem(location: SourceLocation(source: option), message: message)
    }
    insert(domain)
  }

  /// Adds the domains of a file: one a line, `#` starts a comment.
  ///
  /// - Throws: all mistakes at once.
  public mutating func add(list text: [UInt8], path: String) throws(RuleProblems) {
    for line in try DomainListFile.read(text, path: path, mistake: Self.mistake) { insert(line) }
  }

  /// Whether a domain is one of them, ignoring case; as Unicode or with `xn--` labels.
  public func contains(domain: Span<UInt8>) -> Bool { names.contains(domain) }

  /// Whether a domain is one of them, ignoring case; as Unicode or with `xn--` labels.
  public func contains(domain: [UInt8]) -> Bool { names.contains(domain.span) }

  private mutating func insert(_ domain: String) {
    domains.append(domain)
    for form in DomainName.forms(domain) { names.insert(form) }
  }

  private static func mistake(_ domain: String) -> String? {
    domain.contains(".") && DomainName.isValid(domain)
      ? nil : "`\(domain)` is no domain; write one such as contoso.com"
  }
}

/// Text files with one name a line.
private enum DomainListFile {
  static func read(
    _ bytes: [UInt8], path: String, mistake: (String) -> String?
  ) throws(RuleProblems) -> [String] {
    var problems: [RuleProblem] = []
    var names: [String] = []
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    for (index, line) in body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let content = line.prefix { $0 != UInt8(ascii: "#") }
      guard let first = content.firstIndex(where: { !isSpace($0) }),
        let last = content.lastIndex(where: { !isSpace($0) })
      else { continue }
      let leading = first - content.startIndex
      let name = content[first...last]
      let text = String(validating: name, as: UTF8.self)
      let message =
        text.map(mistake) ?? "the line is not UTF-8; write names in UTF-8 or as xn-- labels"
      if let message {
        let location = SourceLocation(source: path, line: index + 1, column: leading + 1)
        problems.append(RuleProblem(location: location, message: message))
      } else if let text {
        names.append(text)
      }
    }
    guard problems.isEmpty else { throw RuleProblems(problems) }
    return names
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
