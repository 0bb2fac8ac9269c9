import Bytes
import Directory

/// A configuration file: names of command-line options with their values, as YAML.
///
/// ```yaml
/// rule-set: entra
/// verified-domain: [contoso.com, fabrikam.com]
/// allow-partial: true
/// ```
public enum ConfigurationFile {
  /// An option with its values.
  public struct Setting: Hashable, Sendable {
    /// The option's name without the hyphens in front.
    public var name: String
    /// Its values as written; several where a list stands.
    public var values: [String]
    /// Where the name stands.
    public var location: SourceLocation
  }

  /// Reads a configuration file.
  ///
  /// - Throws: all mistakes of the file. Which options there are is for the caller to know.
  public static func read(_ bytes: [UInt8], path: String) throws(RuleProblems) -> [Setting] {
    let problems = ProblemList()
    var settings: [Setting] = []
    if let root = RuleFileText.read(bytes, path: path, problems: problems),
      let mapping = root.anyMapping(what: "options of the command line")
    {
      for (name, key) in mapping.keys {
        guard let value = mapping[name], let values = values(of: value) else { continue }
        settings.append(Setting(name: name, values: values, location: key.location))
      }
    }
    guard problems.problems.isEmpty else { throw RuleProblems(problems.sorted) }
    return settings
  }

  /// A problem of a name that no command has as an option.
  public static func unknown(_ setting: Setting, known: [String]) -> RuleProblem {
    let hint = NearestName.find(setting.name, in: known).map { "did you mean `\($0)`?" }
    return RuleProblem(
      location: setting.location,
      message: "no command has an option --\(setting.name); \(hint ?? "see `dirsync-lint COMMAND --help`")")
  }

  private static func values(of node: RuleNode) -> [String]? {
    if case .sequence = node.node { return node.list { $0.proseText() } }
    return node.proseText().map { [$0] }
  }
}
