import Bytes
import Entries
import Incremental
import LDAP

/// What the arguments that name sources mean.
public enum SourceOptions {
  /// Looks at the arguments without doing anything.
  ///
  /// - Parameter advice: what is said when no source is named.
  /// - Throws: `UsageError` when no source is named, or one in a way that cannot be.
  public static func validate(
    _ arguments: [String], _ servers: ServerOptions,
    advice: String = "name an export (LDIF, csvde, PowerShell), an LDAP URL, or - for standard input"
  ) throws(UsageError) {
    guard arguments.filter({ $0 == "-" }).count <= 1 else {
      throw UsageError("standard input (-) can be read only once")
    }
    for argument in arguments where argument.contains("://") && !LDAPURL.isURL(argument) {
      throw UsageError("'\(argument)': only LDAP URLs (ldap://, ldaps://, ldapi://) can be read")
    }
    guard !arguments.isEmpty || !servers.servers.isEmpty || servers.defaultServers != nil else {
      throw UsageError(advice)
    }
  }

  /// Words that other programs have for what this one calls otherwise.
  private static let otherWords = [
    "scan": "lint", "check": "lint", "validate": "lint", "analyze": "lint", "version": "--version", "/?": "--help",
    "-?": "--help", "/help": "--help",
  ]

  /// Looks whether the first argument is a mistyped command rather than a file.
  ///
  /// - Throws: `UsageError` with the command that was meant.
  public static func validate(command word: String?, among commands: [String]) throws(UsageError) {
    guard let word, !commands.contains(word), !word.contains("."), !FileAccess.exists(word) else { return }
    if word.hasPrefix("-"), otherWords[word] == nil { return }
    let isPath = word.contains("/") && otherWords[word] == nil
    guard !isPath, let meant = otherWords[word.lowercased()] ?? NearestName.find(word, in: commands) else { return }
    throw UsageError("there is no command and no file '\(word)'; did you mean `dirsync-lint \(meant)`?")
  }

  /// The encoding of files with a name.
  ///
  /// - Throws: `UsageError` when nobody knows it.
  static func encoding(_ name: String?) throws(UsageError) -> NamedEncoding? {
    guard let name else { return nil }
    guard let encoding = NamedEncoding(name) else {
      throw UsageError(
        "--encoding \(name): this encoding is not known; name one as iconv does: windows-1250, Shift_JIS, UTF-16LE")
    }
    return encoding
  }

  /// The sources as named on the command line: files, `-`, LDAP URLs, and the server of `-H` where no URL needs it.
  ///
  /// - Parameters:
  ///   - cache: the file that a directory is kept in, of which only changes are read; nil: all is read.
  ///   - encoding: the name of how files are written; nil: they show it themselves.
  /// - Throws: `UsageError` or `CommandFailure` when a URL or an option cannot be used.
  static func sources(
    _ arguments: [String], _ ldap: ServerOptions, cache: String? = nil, encoding: String? = nil
  ) throws -> [SourcePlace] {
    var directories = 0
    let encoding = try Self.encoding(encoding)
    let sources = try named(arguments, ldap, encoding) { directory in
      directories += 1
      return .server(cache.map { CachedDirectory(directory, cache: $0) } ?? directory)
    }
    guard cache == nil || directories == 1 else {
      throw UsageError(
        directories == 0
          ? "--since is for servers; a file is read in full"
          : "--since keeps one directory in its file; lint each directory with a file of its own")
    }
    return sources
  }

  private static func named(
    _ arguments: [String], _ ldap: ServerOptions, _ encoding: NamedEncoding?, server: (LDAPDirectory) -> SourcePlace
  ) throws -> [SourcePlace] {
    let urls = arguments.filter(LDAPURL.isURL)
    // LDAPURI is for those who name nothing at all; -H is meant.
    let isServerNamed = !ldap.servers.isEmpty || arguments.isEmpty
    let servers = isServerNamed ? try ldap.namedServers() : []
    guard !urls.isEmpty || !servers.isEmpty else {
      return arguments.flatMap { SourcePlace(argument: $0).places(encoding: encoding) }
    }
    let credentials = try ldap.credentials()
    var sources = try arguments.flatMap { argument in
      LDAPURL.isURL(argument)
        ? [server(try ldap.directory(argument, credentials))]
        : SourcePlace(argument: argument).places(encoding: encoding)
    }
    let needsServers = try urls.contains {
      try ServerOptions.url(ServerOptions.texts(ofURLs: $0).first ?? "").server == nil
    }
    if !servers.isEmpty, !needsServers { sources.append(server(ldap.directory(servers, credentials))) }
    return sources
  }
}
