import ArgumentParser
import Bytes
import Directory
import RuleSet
import Workbench

/// The option that names a configuration file. It is declared for the help only: `Configuration` takes it out before
/// the parser sees it.
struct ConfigurationOption: ParsableArguments {
  @Option(help: "File with options of this command line, as YAML (`rule-set: entra`); what is typed wins.")
  var config: String?
}

/// Puts the options of a configuration file in front of those that were typed, so that the typed ones win.
struct Configuration {
  /// The key for what a command line names without an option.
  private static let sourcesKey = "sources"

  /// What was typed, without `--config`.
  private var typed: [String]
  private var settings: [ConfigurationFile.Setting]
  /// The file; nil when none was named.
  private(set) var path: String?

  /// Looks for `--config FILE` or `--config=FILE` among arguments and reads the file.
  ///
  /// - Throws: `CommandFailure` or `RuleProblems` when the file cannot be used.
  init(_ arguments: [String]) throws {
    typed = []
    settings = []
    var index = arguments.startIndex
    while index < arguments.endIndex, arguments[index] != "--" {
      let argument = arguments[index]
      index += 1
      var found: String?
      if argument == "--config", index < arguments.endIndex {
        found = arguments[index]
        index += 1
      } else if argument.hasPrefix("--config=") {
        found = String(argument.dropFirst("--config=".count))
      } else {
        typed += Self.parts(of: argument)
        continue
      }
      guard path == nil else { throw CommandFailure(message: "--config is given twice; name one file", status: .usage) }
      path = found
    }
    typed += arguments[index...]
    if let path { settings = try ConfigurationFile.read(TextFile.read(path), path: path) }
  }

  /// `--name=value` in one word, or in two where the value begins with a character that belongs to the one before it, such as
  /// an accent: the parser would not find the equals sign.
  private static func parts(of argument: String) -> [String] {
    guard argument.hasPrefix("--"), let sign = argument.unicodeScalars.firstIndex(of: "=") else { return [argument] }
    if argument.firstIndex(of: "=") == sign { return [argument] }
    let value = argument.unicodeScalars[argument.unicodeScalars.index(after: sign)...]
    return [String(argument.unicodeScalars[..<sign]), String(value)]
  }

  /// Parses the command line of a root command.
  ///
  /// - Throws: what the parser throws, or `RuleProblems` for options that no command has.
  func parse(_ root: any ParsableCommand.Type) throws -> any ParsableCommand {
    guard !settings.isEmpty else { return try root.parseAsRoot(typed) }
    var command = CommandPath(root, typed)
    let options = OptionNames(of: command.type)
    var front: [String] = []
    var problems: [RuleProblem] = []
    var sources: [String] = []
    var everywhere: [String]?
    for setting in settings {
      if setting.name == Self.sourcesKey {
        sources = setting.values
      } else if let takesValue = options.takesValue[setting.name] {
        do throws(RuleProblem) { front += try Self.arguments(setting, takesValue) } catch { problems.append(error) }
      } else {
        let known = everywhere ?? CommandPath.allOptions(of: root)
        everywhere = known
        if !known.contains(setting.name) { problems.append(ConfigurationFile.unknown(setting, known: known)) }
      }
    }
    guard problems.isEmpty else { throw RuleProblems(problems) }
    command.rest.insert(contentsOf: front, at: 0)
    do {
      return try root.parseAsRoot(command.names + command.rest)
    } catch  where !sources.isEmpty {
      // Nothing was typed in the place of the sources, or something else is wrong, which the parser then says again.
      return try root.parseAsRoot(command.names + command.rest + sources)
    }
  }

  private static func arguments(
    _ setting: ConfigurationFile.Setting, _ takesValue: Bool
  ) throws(RuleProblem) -> [String] {
    if takesValue { return setting.values.map { "--\(setting.name)=\($0)" } }
    switch setting.values {
    case ["true"]: return ["--\(setting.name)"]
    case ["false"]: return []
    default:
      throw RuleProblem(
        location: setting.location,
        message: "--\(setting.name) takes no value; write `\(setting.name): true` or `false`")
    }
  }
}

/// The command that arguments name, and what stands behind its name.
private struct CommandPath {
  private(set) var type: any ParsableCommand.Type
  private(set) var names: [String] = []
  var rest: [String]

  init(_ root: any ParsableCommand.Type, _ arguments: [String]) {
    type = root
    rest = arguments
    while let first = rest.first, let next = type.configuration.subcommands.first(where: { $0.name == first }) {
      type = next
      names.append(first)
      rest.removeFirst()
    }
    if let standard = type.configuration.defaultSubcommand { type = standard }
  }

  /// The options of a command and of all commands below it.
  static func allOptions(of type: any ParsableCommand.Type) -> [String] {
    OptionNames(of: type).takesValue.keys + type.configuration.subcommands.flatMap { allOptions(of: $0) }
  }
}

extension ParsableCommand {
  /// The word that names the command.
  static var name: String { configuration.commandName ?? _commandName }
}

/// The long options of a command, as the parser describes them to tools.
struct OptionNames {
  /// Whether an option takes a value, by its name without hyphens.
  private(set) var takesValue: [String: Bool] = [:]

  /// Names that mean nothing in a file.
  private static let leftOut: Set<String> = ["help", "version", "config"]

  init(of type: any ParsableCommand.Type) {
    guard let description = try? JSONValue(parsing: type._dumpHelp().utf8) else { return }
    for argument in description["command"]?["arguments"]?.elements ?? [] {
      guard argument["shouldDisplay"] == .boolean(true), let kind = argument["kind"]?.text, kind != "positional" else {
        continue
      }
      for name in argument["names"]?.elements ?? [] where name["kind"]?.text == "long" {
        guard let name = name["name"]?.text, !Self.leftOut.contains(name) else { continue }
        takesValue[name] = kind == "option"
      }
    }
  }

  /// The options of a command and of all below it.
  static func all(below type: any ParsableCommand.Type) -> [String: Bool] {
    type.configuration.subcommands.reduce(OptionNames(of: type).takesValue) { options, command in
      options.merging(all(below: command)) { $0 || $1 }
    }
  }
}
