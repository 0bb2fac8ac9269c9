import Foundation
import Testing
import TestServers

/// Errors resolved and entries found on a domain controller, which is asked by filters.
@Suite(.enabled(if: TestServers.canRunSamba, TestServers.sambaHint)) struct ResolveServerTests {
  private struct Entry: Decodable {
    var dn: String
    var attributes: [String: [Value]]

    enum Value: Decodable {
      case text(String)
      case bytes(Data)

      init(from decoder: Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
          self = .text(text)
        } else {
          let base64 = try decoder.singleValueContainer().decode([String: String].self)["b64"] ?? ""
          self = .bytes(Data(base64Encoded: base64) ?? Data())
        }
      }

      var data: Data {
        switch self {
        case .text(let text): Data(text.utf8)
        case .bytes(let data): data
        }
      }

      var text: String { String(decoding: data, as: UTF8.self) }
    }

    var anchor: String { attributes["objectGUID"]?.first?.data.base64EncodedString() ?? "" }
    var connectorSpaceDN: String { "CN={\(anchor.utf8.map { String(format: "%02X", $0) }.joined())}" }
  }

  private struct Answer: Decodable {
    struct Object: Decodable {
      var dn: String
      var state: String
      var matchedBy: String
      var attributes: [String: [String]]
    }
    struct Conflict: Decodable {
      struct Holder: Decodable {
        var dn: String
        var attribute: String
      }
      var holders: [Holder]
    }
    var status: String
    var objects: [Object]
    var conflicts: [Conflict]
  }

  private func find(_ command: ServerCommand, _ values: String...) async throws -> [Entry] {
    let result = try await command.run(
      ["entries", command.uri, "--format", "ndjson"] + values.flatMap { ["--find", $0] })
    return try Comparison.lines(result.stdoutText).map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
  }

  private func resolve(_ command: ServerCommand, _ text: String) async throws -> (answers: [Answer], status: Int32) {
    try Data(text.utf8).write(to: command.directory.appendingPathComponent("errors.txt"))
    let result = try await command.run(["resolve", "errors.txt", "--in", command.uri, "--format", "ndjson"])
    let answers = try Comparison.lines(result.stdoutText).map {
      try JSONDecoder().decode(Answer.self, from: Data($0.utf8))
    }
    return (answers, result.status)
  }

  /// The same user by every identifier, and the holders of its address.
  @Test func everyIdentifierFindsTheUser() async throws {
    let command = try ServerCommand.samba()
    defer { command.remove() }
    let whole = try await command.run([
      "entries", command.uri + "/??sub?(%26(objectClass=user)(proxyAddresses=SMTP:*))", "--format", "ndjson",
    ])
    let line = try #require(Comparison.lines(whole.stdoutText).first { $0.contains("\"mail\"") }, "\(whole.stderrText)")
    let user = try JSONDecoder().decode(Entry.self, from: Data(line.utf8))
    let account = try #require(user.attributes["sAMAccountName"]?.first?.text)
    let address = try #require(user.attributes["proxyAddresses"]?.map(\.text).first { $0.hasPrefix("SMTP:") })
    for identifier in [user.anchor, user.connectorSpaceDN, user.dn.uppercased(), "AD\\\(account)", address] {
      #expect(try await find(command, identifier).map(\.dn) == [user.dn], "\(identifier)")
    }
    let (answers, status) = try await resolve(
      command,
      """
      ECMA2 MA export run caused an error.

      Error Name: AttributeValueMustBeUnique
      Error Detail: Unable to update this object because the following attributes associated with this object have \
      values that may already be associated with another object in your local directory services: [ProxyAddresses \
      \(address);]. Correct or remove the duplicate values in your local directory.
      DN: \(user.connectorSpaceDN)
      """)
    #expect(status == 0)
    let answer = try #require(answers.first)
    #expect(answer.status == "resolved")
    #expect(answer.objects.map(\.dn) == [user.dn])
    #expect(answer.objects.first?.matchedBy == "objectGUID")
    #expect(answer.objects.first?.attributes["proxyAddresses"]?.contains(address) == true)
    #expect(answer.conflicts.first?.holders.contains { $0.dn == user.dn && $0.attribute == "proxyAddresses" } == true)
  }

  /// Deleted objects are found and said to be deleted; hostile text finds nothing and breaks nothing.
  @Test func deletedObjects() async throws {
    let command = try ServerCommand.samba()
    defer { command.remove() }
    let base = try #require(command.variables["SAMBA_BASE"])
    let name = "gone-\(UUID().uuidString)"
    let dn = "CN=\(name),\(base)"
    func modify(_ ldif: String) throws {
      try TestServers.command(
        "ldapmodify",
        [
          "-x", "-H", command.uri, "-D", try #require(command.variables["SAMBA_USER"]), "-w",
          try #require(command.variables["SAMBA_PASSWORD"]),
        ], environment: ["LDAPTLS_CACERT": command.authority], input: ldif)
    }
    try modify("dn: \(dn)\nchangetype: add\nobjectClass: container\n")
    let entry = try #require(try await find(command, "CN=\(name)").first)
    #expect(entry.dn == dn)
    try modify("dn: \(dn)\nchangetype: delete\n")
    let (answers, status) = try await resolve(
      command, "DN: \(entry.connectorSpaceDN)\nError Name: DataValidationFailed\n")
    #expect(status == 0)
    #expect(answers.first?.objects.first?.state == "deleted")
    for hostile in ["*)(objectClass=*", "smtp:*", "CN=*", "a\\b)(c=*"] {
      let result = try await command.run(["entries", command.uri, "--find", hostile])
      #expect(result.status == 1, "\(hostile): \(result.stderrText)")
      #expect(result.stdoutText.isEmpty)
    }
  }
}
