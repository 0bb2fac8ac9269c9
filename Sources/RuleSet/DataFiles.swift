import Directory
import ShippedRules

/// Reads files of `Rules/data` that hold tables.
enum DataFile {
  /// The value under the one key of a shipped file; nil when the file is wrong, which a test of all of them shows.
  static func root(_ key: String, problems: ProblemList) -> RuleNode? {
    let path = "data/\(key).yaml"
    let text = Array(ShippedRules.text(of: path).utf8)
    return RuleFileText.read(text, path: path, problems: problems)?.mapping([key], what: "a table")?.required(key, "…")
  }
}

/// The labels of events in several languages (`Rules/data/event-labels.yaml`).
public enum EventLabelCatalogue {
  /// The part of an event that a label stands before, by the label in lower case.
  public static let shipped = read(problems: ProblemList())

  static func read(problems: ProblemList) -> [String: String] {
    guard let mapping = DataFile.root("event-labels", problems: problems)?.anyMapping(what: "labels by part") else {
      return [:]
    }
    var parts: [String: String] = [:]
    for (part, key) in mapping.keys {
      for label in mapping[part]?.list({ $0.text() }) ?? [] {
        if let other = parts.updateValue(part, forKey: label), other != part {
          key.report("`\(label)` is a label of `\(other)`, too; keep one")
        }
      }
    }
    return parts
  }
}

/// A build of Exchange, by the version numbers that its setup leaves in a directory (`Rules/data/exchange-builds.yaml`).
public struct ExchangeBuild: Hashable, Sendable {
  /// The build in words.
  public var name: String
  /// `rangeUpper` of the schema.
  public var schema: Int
  /// `objectVersion` of the domain's container.
  public var domain: Int
  /// `objectVersion` of the organization's container.
  public var organization: Int

  /// Builds, oldest first.
  public static let shipped = read(problems: ProblemList())

  static func read(problems: ProblemList) -> [ExchangeBuild] {
    DataFile.root("exchange-builds", problems: problems)?.items()?.compactMap(build) ?? []
  }

  private static func build(_ node: RuleNode) -> ExchangeBuild? {
    guard let mapping = node.mapping(["name", "schema", "domain", "organization"], what: "a build") else { return nil }
    let name = mapping.required("name", "Exchange 2019 CU14").flatMap { $0.proseText() }
    let schema = mapping.required("schema", "17003").flatMap { $0.integer(in: 1...99_999) }
    let domain = mapping.required("domain", "13243").flatMap { $0.integer(in: 1...99_999) }
    let organization = mapping.required("organization", "16762").flatMap { $0.integer(in: 1...99_999) }
    guard let name, let schema, let domain, let organization else { return nil }
    return ExchangeBuild(
      name: name, schema: Int(schema), domain: Int(domain), organization: Int(organization))
  }
}
