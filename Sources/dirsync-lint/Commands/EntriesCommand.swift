import ArgumentParser
import Workbench

/// `entries`: what was read, as JSON lines or LDIF.
struct EntriesCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "entries", abstract: "Show what was read, as JSON lines or LDIF.",
    discussion: """
      SOURCE is an export as lint reads it, or a connector-space export (csexport), also .gz, .zst, .xz or UTF-16, - for \
      standard input, or \
      an LDAP URL such as ldaps://dc1.contoso.com or \
      ldaps://dc1.contoso.com/OU=Staff,DC=contoso,DC=com?mail,proxyAddresses.

      With --find only the entries that have the identifier are shown; exit status 1 when one is not found.
      """)

  @Option(help: "ndjson (one record a line), ldif, or text (with --find).")
  var format: String?

  @Option(
    help: """
      Show only entries with this DN, RDN, GUID, source anchor, SID, user principal name, address, account or name, in \
      any form (see `id`); repeatable.
      """)
  var find: [String] = []

  @Flag(help: "Let sources without any record be complete; without it, the exit status is 3.")
  var allowEmpty = false

  @OptionGroup(title: "Servers") var ldap: LDAPOptions

  @OptionGroup var records: RecordOptions
  @OptionGroup var text: EncodingOption

  @Argument(help: ArgumentHelp("What to read.", valueName: "source"))
  var sources: [String] = []

  func validate() throws { try checked { try validate(ldap.choice) } }

  private func validate(_ servers: ServerOptions) throws(UsageError) {
    try SourceOptions.validate(sources, servers)
    _ = try chosenFormat
  }

  private var chosenFormat: EntriesJob.Format? {
    get throws(UsageError) {
      guard let format else { return nil }
      return try EntriesJob.format(format, finds: !find.isEmpty)
    }
  }

  func job() throws -> any Job {
    var job = EntriesJob(sources, servers: ldap.choice, find: find, format: try chosenFormat)
    job.recordSize = records.size
    job.encoding = text.encoding
    job.allowsEmpty = allowEmpty
    return job
  }
}
