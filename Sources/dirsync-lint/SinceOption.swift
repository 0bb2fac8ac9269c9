import ArgumentParser
import Directory
import Incremental
import LDAP
import RuleEngine

/// The option that has a directory read only where it has changed.
struct SinceOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read from the server only what has changed since the last run with this file, which keeps what rules need of every "
        + "entry. It is made where there is none.",
      valueName: "cookie-file"))
  var since: String?

  /// A directory whose entries are kept in a file.
  func records(of directory: LDAPDirectory, cache path: String) -> LintSource {
    .records(name: directory.name) { (request) throws(SourceFailure) in
      try CachedRecords(
        directory, cache: path, attributes: request.attributes, rules: request.rules, blockSize: request.blockSize,
        shouldStop: request.shouldStop
      ) { StandardError.write("dirsync-lint: note: \($0)") }
    }
  }
}
