import LDAP
import Reporting

extension NamedFiles {
  /// Everything of a run that judges entries.
  mutating func name(_ settings: LintSettings) throws {
    name(settings.sources, settings.servers)
    keeps(settings.cache, "--since", beside: NamedFiles.database + [".new"])
    name(settings.rules)
    name(settings.domains)
    try name(settings.reports)
    name(settings.known)
    if let path = settings.exportedAttributes, path != "all" { reads(path, "--exported-attributes") }
  }

  /// Sources, and what is needed to reach servers.
  mutating func name(_ sources: [String], _ servers: ServerOptions) {
    for source in sources {
      guard LDAPURL.isURL(source) else {
        reads(source, "the source")
        continue
      }
      for text in ServerOptions.texts(ofURLs: source) {
        reads((try? LDAPURL(parsing: text))?.passwordFile, "the password file")
      }
    }
    name(servers)
  }

  /// What is needed to reach servers.
  mutating func name(_ servers: ServerOptions) {
    reads(servers.passwordFile ?? (servers.asksPassword ? nil : servers.defaultPasswordFile), "the password file")
    reads(servers.caFile, "the trusted certificates")
  }

  /// Rules beside the shipped ones.
  mutating func name(_ rules: RuleChoice) {
    for folder in rules.directories { reads(folder, "--rules") }
  }

  /// Lists of domains.
  mutating func name(_ domains: DomainChoice) {
    reads(domains.verifiedFile, "the verified domains")
    reads(domains.topLevelFile, "the top-level domains")
  }

  /// Reports, and the key of their pseudonyms.
  mutating func name(_ reports: ReportChoice) throws {
    for (format, target) in try reports.targets() { writes(target, "--output \(format.rawValue):\(target)") }
    if try reports.addsSummary { writesStandardOutput() }
    keeps(reports.redactionKeyFile, "--redact-key")
  }

  /// Suppressions that are read.
  mutating func name(_ known: KnownFindings) {
    for path in known.suppressions { reads(path, "--suppressions") }
  }

  /// A store that is written to.
  mutating func keepsStore(_ path: String) { keeps(path, "--store", beside: Self.database) }

  /// A store that is only read.
  mutating func readsStore(_ path: String) {
    reads(path, "--store")
    for ending in Self.database { reads(path + ending, "--store") }
  }

  /// What stands beside a SQLite file: SQLite's own files and the lock.
  static let database = ["-wal", "-shm", "-journal", ".lock"]
}
