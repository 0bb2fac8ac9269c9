import Directory
import Findings

/// A rule's parts in words, with names and values in backticks (Markdown).
public struct RuleWords {
  let rule: Rule

  // MARK: what it is

  /// What the rule's effect means.
  var effect: String {
    switch rule.effect {
    case .blocked: "the object is not synchronized, or its export fails"
    case .dropped: "the value is left out without an error"
    case .altered: "the value arrives changed"
    case .quarantined: "the value is kept back until a conflict is resolved"
    case .degraded: "the object arrives, but something does not work as expected"
    case .advice: "nothing breaks; good practice"
    }
  }

  /// How well the rule's claim is known.
  var certainty: String {
    switch rule.certainty {
    case .documented: "a page of the vendor says so"
    case .observed: "seen in rules or code of the product"
    case .inferred: "follows from what is documented or observed"
    }
  }

  /// Attributes.
  var attributes: String { rule.attributes.map(Self.code).joined(separator: ", ") }

  /// Which entries; nil for a rule that is not about entries.
  var appliesTo: String? {
    guard rule.subject == .entries else { return nil }
    let classes =
      rule.objectClasses.isEmpty
      ? "entries of every class" : "entries of class " + Self.list(rule.objectClasses.map(Self.code))
    return classes + (rule.filter.map { " that match \(Self.code($0.description))" } ?? "")
  }

  /// Which values; nil for all.
  var values: String? {
    let parts = Self.conditions(rule.when)
    return parts.isEmpty ? nil : "values of " + parts.joined(separator: ", ")
  }

  /// Which values a condition takes.
  public static func conditions(_ condition: ValueCondition) -> [String] {
    var parts: [String] = []
    if !condition.prefixes.isEmpty { parts.append("address type \(list(condition.prefixes.map(code)))") }
    if !condition.excludedPrefixes.isEmpty {
      parts.append("any address type but \(list(condition.excludedPrefixes.map(code)))")
    }
    if !condition.exactPrefixes.isEmpty {
      parts.append("address type exactly \(list(condition.exactPrefixes.map(code)))")
    }
    return parts
  }

  /// What the rule needs of the command line; nil for nothing.
  var requirement: String? {
    switch rule.requirement {
    case nil: nil
    case .verifiedDomains: "active only when the verified domains are known (`--verified-domain`)"
    case .noVerifiedDomains: "active only when the verified domains are not known (without `--verified-domain`)"
    case .userPrincipalName: "active only when people sign in with userPrincipalName (without `--upn-attribute`)"
    case .alternateSignIn: "active only when people sign in with another attribute (`--upn-attribute mail`)"
    case .cloudSync: "active only for Cloud Sync (`--sync-client cloud-sync`)"
    case .noSyncClient: "active only when it is not known what synchronizes (without `--sync-client`)"
    }
  }

  /// Rules whose findings take the place of the rule's own; nil for none.
  var unless: String? {
    rule.unless.isEmpty ? nil : "nothing where \(Self.list(rule.unless.map(Self.code))) has a finding on the same value"
  }

  /// What makes a finding.
  var check: String { rule.check.words(for: rule) }

  /// What is suggested; nil for nothing.
  var suggestion: String? {
    recipe.map {
      $0 + (rule.suggestionExcept.map { "; nothing for entries that match \(Self.code($0.description))" } ?? "")
    }
  }

  private var recipe: String? {
    switch rule.suggestion {
    case nil: nil
    case .repairAddress(let type):
      "the address that is meant, \(type.map { "after its address type (\(Self.code($0)) where it has none)" } ?? "without an address type")"
    case .removeCharacters: "take the flagged characters away; a letter with a diacritic becomes its base letter"
    case .replaceCharacters(let text): "put \(Self.quoted(text)) for each flagged character"
    case .trim: "take white space off both ends"
    case .collapse: "leave one character of each flagged sequence"
    case .setPrefix(let prefix): "make the address type \(Self.code(prefix))"
    case .removeValue: "take the value away"
    case .set(let source, let prefix):
      "the first value of \(Self.code(source))" + (prefix.isEmpty ? "" : " after \(Self.quoted(prefix))")
    }
  }

  // MARK: words

  /// What the holders of one value are.
  public static func holders(_ condition: HolderCondition) -> String {
    let kinds = condition.kinds.map { kind in
      var words = kind.objectClasses.isEmpty ? "entries" : "entries of class " + list(kind.objectClasses.map(code))
      if !kind.attributes.isEmpty {
        words += " that hold it in \(list(kind.attributes.map(code), "and"))\(kind.isOnlyThere ? " only" : "")"
      }
      if !kind.exactPrefixes.isEmpty { words += " after \(list(kind.exactPrefixes.map { code($0 + ":") }))" }
      if let filter = kind.filter { words += " and match \(code(filter.description))" }
      let limits = [kind.least > 0 ? "at least \(kind.least)" : nil, kind.most.map { "at most \($0)" }].compactMap {
        $0
      }
      return words + (limits.isEmpty ? "" : " (\(limits.joined(separator: ", ")))")
    }
    let others = condition.mostOthers.map { $0 == 0 ? "no others" : "at most \($0) other" } ?? "any others"
    return list(kinds + [others], "and")
  }

  /// An item of a set of characters.
  public static func item(_ item: CharacterRule.Item) -> String {
    switch item {
    case .range(let first, let last) where first == last:
      if let scalar = Unicode.Scalar(first), PrintableText.isVisible(scalar) {
        code(String(scalar))
      } else {
        PrintableText.named(first)
      }
    case .range(let first, let last): "\(PrintableText.codePoint(first)) to \(PrintableText.codePoint(last))"
    case .named(let named): members(named)
    }
  }

  private static func members(_ named: CharacterClass) -> String {
    switch named {
    case .letterASCII: "ASCII letters"
    case .digit: "digits"
    case .nonASCII: "characters beyond ASCII"
    case .control: "control characters"
    case .lineBreak: "line breaks"
    case .whiteSpace: "white space"
    case .noBreakSpace: "no-break spaces"
    case .zeroWidth: "zero-width characters"
    case .bidi: "bidirectional controls"
    case .diacritic: "letters with a diacritic"
    case .invalidUTF8: "bytes that are not UTF-8"
    }
  }

  /// A part of a value.
  public static func name(_ part: Part) -> String {
    switch part {
    case .whole: "the value"
    case .prefix: "the address type"
    case .afterPrefix: "what follows the address type"
    case .localPart: "the part before the last `@`"
    case .domain: "the part after the last `@`"
    }
  }

  /// How values are compared.
  public static func comparison(_ comparison: Comparison) -> String {
    switch comparison {
    case .exact: "byte for byte"
    case .text: "ignoring case"
    case .address: "as an SMTP address, ignoring case"
    }
  }

  /// What is added for texts that are compared minding case.
  public static func minding(_ caseSensitive: Bool) -> String { caseSensitive ? " (minding case)" : "" }

  /// `fewer than 1 or more than 5 values`.
  public static func outside(_ min: Int?, _ max: Int?, _ unit: String) -> String {
    let bounds = [min.map { "fewer than \($0)" }, max.map { "more than \($0)" }].compactMap { $0 }
    let last = max ?? min ?? 0
    return bounds.joined(separator: " or ") + " \(unit)\(last == 1 ? "" : "s")"
  }

  /// `a`, `b` or `c`.
  public static func list(_ words: [String], _ conjunction: String = "or") -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
    return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
  }

  /// A text between backticks; as many as it takes.
  public static func code(_ text: String) -> String {
    let visible = PrintableText.visible(text)
    guard visible.contains("`") else { return "`\(visible)`" }
    return "`` \(visible) ``"
  }

  /// A text between backticks; a single character that does not show by its name.
  public static func quoted(_ text: String) -> String {
    let scalars = text.unicodeScalars
    if scalars.count == 1, let scalar = scalars.first, !PrintableText.isVisible(scalar) {
      return PrintableText.named(scalar.value)
    }
    return code(text)
  }
}
