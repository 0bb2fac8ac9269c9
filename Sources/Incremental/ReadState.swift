import Directory
import LDAP

/// What was read, by whom, from which server and up to which change: kept with a cache, and compared with what is wanted now.
struct ReadState: Equatable {
  /// How changes are told.
  enum Method: String {
    /// The DirSync control (MS-ADTS 3.1.1.3.4.1.3), with the right to replicate changes.
    case dirSync = "dirsync"
    /// `uSNChanged` of every entry, without that right.
    case updateSequenceNumber = "usn"
  }

  /// A naming context and where its changes were read up to.
  struct Context: Equatable {
    var name: String
    /// `objectGUID` of its root: another domain of the same name has another one.
    var guid: [UInt8]
    /// Cookie of DirSync; empty with `updateSequenceNumber`.
    var cookie: [UInt8]
  }

  /// Where searches began and what they looked for, in one text.
  var scope: String
  /// Who asked: another account may see other things.
  var identity: String
  /// Names of the attributes that were asked for, in lower case.
  var attributes: Set<String>
  /// The server's own object (`dsServiceName`).
  var server: String
  /// `invocationId` of the server's database: a database that was restored has another one.
  var invocation: [UInt8]
  /// `highestCommittedUSN` before the reading began.
  var updateSequenceNumber: Int
  var method: Method
  var contexts: [Context]
  /// When the reading began, in seconds since 1970.
  var time: Int

  /// Why a state cannot be gone on from, in words; nil where it can.
  ///
  /// - Parameters:
  ///   - wanted: the state that a complete reading would begin with now.
  ///   - lifetime: seconds for which a server remembers deletions.
  func obstacle(to wanted: ReadState, lifetime: Int) -> String? {
    if contexts.map(\.name) == wanted.contexts.map(\.name), contexts.map(\.guid) != wanted.contexts.map(\.guid) {
      return "it was read from another domain"
    }
    if contexts.map(\.name) != wanted.contexts.map(\.name) { return "it was read from another directory" }
    if server != wanted.server { return "it was read from another domain controller" }
    if invocation != wanted.invocation { return "the domain controller's database was restored since" }
    if wanted.updateSequenceNumber < updateSequenceNumber {
      return "the domain controller's update sequence numbers went back; its database was restored"
    }
    if scope != wanted.scope { return "it was read with another base, scope or filter" }
    if identity != wanted.identity { return "it was read by another account, which may see other things" }
    let missing = wanted.attributes.subtracting(attributes)
    if !missing.isEmpty, !attributes.contains("*") {
      return "more attributes are needed now (\(missing.sorted().prefix(3).joined(separator: ", ")))"
    }
    // Old enough that the server may have forgotten a deletion that it never told.
    if method == .dirSync, wanted.time - time >= lifetime {
      return "it is too old: the server forgets what was deleted"
    }
    if wanted.time < time { return "it is from the future" }
    return nil
  }
}

extension ReadState {
  private static let separator: Character = "\n"

  /// The state as a cache keeps it.
  var fields: [String: [UInt8]] {
    var fields: [String: [UInt8]] = [
      "scope": Array(scope.utf8), "identity": Array(identity.utf8),
      "attributes": Array(attributes.sorted().joined(separator: String(Self.separator)).utf8),
      "server": Array(server.utf8), "invocation": invocation,
      "usn": Array(String(updateSequenceNumber).utf8), "method": Array(method.rawValue.utf8),
      "time": Array(String(time).utf8), "contexts": Array(String(contexts.count).utf8),
    ]
    for (index, context) in contexts.enumerated() {
      fields["context.\(index).name"] = Array(context.name.utf8)
      fields["context.\(index).guid"] = context.guid
      fields["context.\(index).cookie"] = context.cookie
    }
    return fields
  }

  /// The state that a cache has kept; nil when a part of it is missing.
  init?(_ fields: [String: [UInt8]]) {
    func text(_ name: String) -> String? { fields[name].map { String(decoding: $0, as: UTF8.self) } }
    guard let scope = text("scope"), let identity = text("identity"), let attributes = text("attributes"),
      let server = text("server"), let invocation = fields["invocation"], let number = text("usn").flatMap({ Int($0) }),
      let method = text("method").flatMap(Method.init), let time = text("time").flatMap({ Int($0) }),
      let count = text("contexts").flatMap({ Int($0) }), (0...1_000).contains(count)
    else { return nil }
    var contexts: [Context] = []
    for index in 0..<count {
      guard let name = text("context.\(index).name"), let guid = fields["context.\(index).guid"],
        let cookie = fields["context.\(index).cookie"]
      else { return nil }
      contexts.append(Context(name: name, guid: guid, cookie: cookie))
    }
    self.init(
      scope: scope, identity: identity,
      attributes: Set(attributes.split(separator: Self.separator).map(String.init)), server: server,
      invocation: invocation, updateSequenceNumber: number, method: method, contexts: contexts, time: time)
  }
}
