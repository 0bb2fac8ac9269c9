import ArgumentParser
import Entries
import Directory
import LDAP
import RuleEngine
import Reporting
import Resolving

/// What the arguments that name sources mean.
enum SourceOptions {
  /// A source as named on the command line: a file, or `-` for standard input. What it is (LDIF, a connector-space
  /// export) is told by its content when it is opened.
  ///
  /// - Parameter selection: which objects of a connector-space export are meant.
  static func source(
    _ argument: String, selection: ConnectorSpaceSource.Selection = .entries
  ) -> LintSource {
    let name = argument == "-" ? LintSource.standardInput.name : argument
    return .records(name: name) { (request) throws(SourceFailure) in
      let input =
        argument == "-"
        ? try DecompressedInput(descriptor: 0, name: name, shouldStop: request.shouldStop)
        : try DecompressedInput(path: argument)
      // Damage in the first bytes is told like damage anywhere else, by the reader that meets it.
      guard (try? ConnectorSpaceSource.recognizes(input)) ?? false else {
        return LDIFBlockReader(input, blockSize: request.blockSize)
      }
      return ConnectorSpaceSource(
        input, selection: selection, blockSize: request.blockSize, shouldStop: request.shouldStop)
    }
  }

  /// Looks at the arguments without doing anything.
  ///
  /// - Throws: `ValidationError` when no source is named, or one in a way that cannot be.
  static func validate(_ arguments: [String], _ ldap: LDAPOptions) throws {
    guard arguments.filter({ $0 == "-" }).count <= 1 else {
      throw ValidationError("standard input (-) can be read only once")
    }
    for argument in arguments where argument.contains("://") && !LDAPURL.isURL(argument) {
      throw ValidationError("'\(argument)': only LDAP URLs (ldap://, ldaps://, ldapi://) can be read")
    }
    guard !arguments.isEmpty || !ldap.servers.isEmpty || LDAPOptions.environment("LDAPURI") != nil else {
      throw ValidationError("name an LDIF file, an LDAP URL, or - for standard input")
    }
  }

  /// The sources as named on the command line: files, `-`, LDAP URLs, and the server of `-H` where no URL needs it.
  ///
  /// - Throws: `ValidationError` or `ProgramFailure` when a URL or an option cannot be used.
  static func sources(
    _ arguments: [String], _ ldap: LDAPOptions, since: SinceOption? = nil
  ) throws -> [LintSource] {
    var directories = 0
    let sources = try named(arguments, ldap) {
      source($0)
    } server: { directory in
      directories += 1
      return records(of: directory, since)
    }
    guard since?.since == nil || directories == 1 else {
      throw ValidationError(
        directories == 0
          ? "--since is for servers; a file is read in full"
          : "--since keeps one directory in its file; lint each directory with a file of its own")
    }
    return sources
  }

  /// The sources, for looking up entries by identifiers: servers are asked for them, everything else is read to its end.
  ///
  /// - Throws: `ValidationError` or `ProgramFailure` when a URL or an option cannot be used.
  static func lookupSources(_ arguments: [String], _ ldap: LDAPOptions) throws -> [LookupSource] {
    try named(arguments, ldap) {
      .stream(source($0, selection: .objects))
    } server: {
      search(of: $0)
    }
  }

  private static func named<Source>(
    _ arguments: [String], _ ldap: LDAPOptions, file: (String) -> Source, server: (LDAPDirectory) -> Source
  ) throws -> [Source] {
    let urls = arguments.filter(LDAPURL.isURL)
    // LDAPURI is for those who name nothing at all; -H is meant.
    let isServerNamed = !ldap.servers.isEmpty || arguments.isEmpty
    let servers = isServerNamed ? try ldap.namedServers() : []
    guard !urls.isEmpty || !servers.isEmpty else { return arguments.map(file) }
    let credentials = try ldap.credentials()
    var sources = try arguments.map { argument in
      LDAPURL.isURL(argument) ? server(try ldap.directory(argument, credentials)) : file(argument)
    }
    let needsServers = try urls.contains {
      try LDAPOptions.url(LDAPOptions.texts(ofURLs: $0).first ?? "").server == nil
    }
    if !servers.isEmpty, !needsServers { sources.append(server(ldap.directory(servers, credentials))) }
    return sources
  }

  private static func search(of directory: LDAPDirectory) -> LookupSource {
    .search(name: directory.name) { (request, filters) throws(SourceFailure) in
      var directory = directory
      directory.filters = filters.map { LDAPFilter(verbatim: $0) }
      directory.includesDeleted = true
      return try LDAPRecords(directory, attributes: [], blockSize: request.blockSize, shouldStop: request.shouldStop) {
        failure in
        StandardError.write("dirsync-lint: note: \(failure); another server is used")
      }
    }
  }

  private static func records(of directory: LDAPDirectory, _ since: SinceOption?) -> LintSource {
    if let since, let path = since.since { return since.records(of: directory, cache: path) }
    return .records(name: directory.name) { (request) throws(SourceFailure) in
      try LDAPRecords(
        directory, attributes: request.attributes, rules: request.rules, blockSize: request.blockSize,
        shouldStop: request.shouldStop
      ) { failure in
        StandardError.write("dirsync-lint: note: \(failure); another server is used")
      }
    }
  }
}
