import ArgumentParser
import Workbench

/// `lint`: check entries, report findings.
struct LintCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Check entries and report findings.",
    discussion: """
      SOURCE is an export: LDIF, csvde, Export-Clixml, ConvertTo-Json or Export-Csv of PowerShell and Exchange, or \
      ADExplorerSnapshot's NDJSON (also .gz, .zst, .xz, UTF-16), a folder or .zip of exports, - for standard input, or an \
      LDAP URL such as \
      ldaps://dc1.contoso.com or ldaps://dc1.contoso.com/OU=Staff,DC=contoso,DC=com??sub?(objectClass=user).
      """)

  @OptionGroup var lint: LintOptions
  @OptionGroup(title: "Accepted and known findings") var known: KnownFindingOptions

  @Option(
    help: "Report of an earlier run (json or ndjson); findings are told as new, known or gone. Goes with --fail-on new."
  )
  var baseline: String?

  @Flag(
    help: """
      Write findings while the sources are read (text and ndjson): duplicates come at the end, and suggestions that other \
      entries could forbid are left out.
      """)
  var stream = false

  var console: ConsoleSettings { get throws { try lint.outputs.console } }

  func job() throws -> any Job { LintJob(try lint.choice(known), baseline: baseline, streams: stream) }
}
