import Foundation
import Testing

/// LDAP servers that all tests share: started with the first test that needs them, stopped when the tests are over.
public enum TestServers {
  /// A server that cannot be had.
  public struct StartError: Error, CustomStringConvertible {
    /// What went wrong.
    public var description: String
  }

  /// Whether Samba's tests are to run: always in CI, where a missing server fails them, and wherever it can be started.
  public static var canRunSamba: Bool { isCI || geteuid() == 0 }
  /// Why Samba's tests do not run.
  public static let sambaHint: Comment = "only root can run a domain controller: sudo make test"
  private static var isCI: Bool { ProcessInfo.processInfo.environment["CI"] != nil }

  /// Where the scripts are.
  public static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Servers")

  private static let startedSamba = Result { try start("samba") }
  private static let startedSlapd = Result { try start("slapd") }

  /// Addresses of the domain controller, by the names of `samba.sh`.
  public static func samba() throws -> [String: String] { try startedSamba.get() }
  /// Addresses of the slapd, by the names of `slapd.sh`.
  public static func slapd() throws -> [String: String] { try startedSlapd.get() }

  private static func start(_ kind: String) throws -> [String: String] {
    let owner = String(ProcessInfo.processInfo.processIdentifier)
    let output = try run("servers.sh", [kind, owner])
    return try variables(in: output.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// Variables in a file of `NAME=VALUE` lines.
  public static func variables(in path: String) throws -> [String: String] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return text.split(separator: "\n").reduce(into: [:]) { variables, line in
      let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2 { variables[parts[0]] = parts[1] }
    }
  }

  /// Runs a script of `Tests/Servers` and returns what it prints.
  @discardableResult
  public static func run(
    _ script: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> String {
    try command(folder.appendingPathComponent(script).path, arguments, environment: environment)
  }

  /// Runs a program and returns what it prints.
  @discardableResult
  public static func command(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], input: String = ""
  ) throws -> String {
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("servers-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let files = ["in", "out", "err"].map { scratch.appendingPathComponent($0) }
    try Data(input.utf8).write(to: files[0])
    for file in files[1...] { try Data().write(to: file) }
    // As in the program itself: a server that has gone is no reason to die.
    signal(SIGPIPE, SIG_IGN)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let said = (try? String(contentsOf: files[2], encoding: .utf8)) ?? ""
      throw StartError(description: "\(program) \(arguments.joined(separator: " ")): \(said)")
    }
    return try String(contentsOf: files[1], encoding: .utf8)
  }
}

/// A slapd of one test's own, which may be stopped and killed.
public final class OwnSlapd: Sendable {
  /// Addresses, by the names of `slapd.sh`.
  public let variables: [String: String]
  private let folder: URL

  /// Starts a server.
  ///
  /// - Parameters:
  ///   - certificate: `good`, `expired`, `otherhost` or `otherca`.
  ///   - base: its suffix.
  ///   - entries: LDIF of its entries.
  public init(certificate: String = "good", base: String? = nil, entries: String? = nil) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("slapd-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var environment = ["SLAPD_CERT": certificate]
    environment["SLAPD_BASE"] = base
    if let entries {
      let file = folder.appendingPathComponent("entries.ldif")
      try Data(entries.utf8).write(to: file)
      environment["SLAPD_LDIF"] = file.path
    }
    // Ports of other tests that start at the same time are told by the system's own answer: try another one.
    var started = false
    for _ in 0..<5 where !started {
      let port = Int.random(in: 30_000..<60_000)
      do {
        try TestServers.run("slapd.sh", ["start", folder.path, String(port)], environment: environment)
        started = true
      } catch let error as TestServers.StartError where error.description.contains("does not start") { continue }
    }
    guard started else { throw TestServers.StartError(description: "no free port was found for a slapd") }
    variables = try TestServers.variables(in: folder.appendingPathComponent("environment").path)
  }

  deinit {
    _ = try? TestServers.run("slapd.sh", ["stop", folder.path])
    try? FileManager.default.removeItem(at: folder)
  }

  /// Sends a signal to the server.
  public func signal(_ number: Int32) throws {
    let path = try #require(variables["SLAPD_PIDFILE"])
    let text = try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    kill(try #require(pid_t(text)), number)
  }
}

/// `ldap_proxy.py`, `hostile_server.py` or `unanswered_port.py`, as long as this object lives.
public final class LDAPProxy {
  /// The port on 127.0.0.1.
  public private(set) var port = 0
  /// File of `--log`.
  public let logFile: URL
  private let process = Process()
  private let input = Pipe()

  /// Starts a proxy with options of the script.
  public init(_ arguments: [String], script: String = "ldap_proxy.py") throws {
    signal(SIGPIPE, SIG_IGN)
    logFile = FileManager.default.temporaryDirectory.appendingPathComponent("proxy-\(UUID().uuidString).log")
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let log = script == "unanswered_port.py" ? [] : ["--log", logFile.path]
    process.arguments = ["python3", TestServers.folder.appendingPathComponent(script).path] + log + arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var text = ""
    while !text.contains("\n") {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else { throw TestServers.StartError(description: "\(script) ended: \(text)") }
      text += String(decoding: data, as: UTF8.self)
    }
    port = text.split(separator: " ").last.flatMap { Int($0.trimmingCharacters(in: .newlines)) } ?? 0
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: logFile)
  }

  /// A request that went through.
  public struct Request: Decodable {
    /// Kind of the request: bind, search, unbind and so on.
    public var op: String
    /// Base of a search.
    public var base: String?
    /// Attributes that a search asks for.
    public var attributes: [String]?
    /// Page size of a search, 0 without pages.
    public var page: Int?
    /// OIDs of the controls of a search.
    public var controls: [String]?
  }

  /// What went through so far.
  public var requests: [Request] {
    get throws { try Self.requests(in: logFile) }
  }

  /// What went through so far, by the file of a proxy.
  public static func requests(in logFile: URL) throws -> [Request] {
    guard let text = try? String(contentsOf: logFile, encoding: .utf8) else { return [] }
    return try text.split(separator: "\n").map { try JSONDecoder().decode(Request.self, from: Data($0.utf8)) }
  }
}
