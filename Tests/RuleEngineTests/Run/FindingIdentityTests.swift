import Foundation
import Findings
import Testing

/// Findings are the same findings in every export of the same directory, whatever its order.
@Suite struct FindingIdentityTests {
  /// Records of the sample directory, on which every rule of the default set fires.
  private func sample() throws -> [String] {
    let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    let file = folder.appending(path: "../../../Fixtures/sample/directory.ldif").standardizedFileURL
    return try String(decoding: Data(contentsOf: file), as: UTF8.self).components(separatedBy: "\n\n")
      .filter { $0.contains("dn:") }
  }

  /// A record with the lines of its values in another order.
  private func shuffled(_ record: String, _ random: inout some RandomNumberGenerator) -> String {
    var lines: [String] = []
    for line in record.split(separator: "\n") where !line.hasPrefix("#") {
      if line.hasPrefix(" "), let last = lines.indices.last {
        lines[last] += "\n" + line
      } else {
        lines.append(String(line))
      }
    }
    let head = lines.firstIndex { $0.hasPrefix("dn:") } ?? 0
    let values = lines.dropFirst(head + 1)
    // Active Directory writes the most specific class last: that order means something.
    let classes = values.filter { $0.lowercased().hasPrefix("objectclass") }
    let rest = values.filter { !$0.lowercased().hasPrefix("objectclass") }.shuffled(using: &random)
    return ([lines[head]] + classes + rest).joined(separator: "\n")
  }

  private func fingerprints(_ records: [String]) throws -> Set<String> {
    Set(try findings(records.joined(separator: "\n\n") + "\n", program: try program()).map(\.fingerprint.hexadecimal))
  }

  @Test(arguments: [UInt64(1), 2, 3]) func theOrderOfEntriesAndValuesChangesNothing(seed: UInt64) throws {
    var random = SeededNumbers(state: seed)
    let records = try sample()
    let expected = try fingerprints(records)
    #expect(expected.count > 100)
    #expect(try fingerprints(records.shuffled(using: &random).map { shuffled($0, &random) }) == expected)
  }

  @Test func aRenameOrMoveChangesNothingWhereThereIsAnObjectGUID() throws {
    let entry = """
      objectClass: user
      objectGUID:: AAECAwQFBgcICQoLDA0ODw==
      sAMAccountName: jo
      userPrincipalName: jo doe@contoso.com
      """
    let before = try fingerprints(["dn: CN=Jo,OU=Staff,DC=contoso,DC=com\ncn: Jo\n" + entry])
    let after = try fingerprints(["dn: CN=Jo Doe,OU=Left,DC=contoso,DC=com\ncn: Jo Doe\n" + entry])
    #expect(!before.isEmpty && before == after)
    let other = entry.replacingOccurrences(of: "AAECAwQFBgcICQoLDA0ODw==", with: "AQECAwQFBgcICQoLDA0ODw==")
    #expect(try fingerprints(["dn: CN=Jo,OU=Staff,DC=contoso,DC=com\ncn: Jo\n" + other]).isDisjoint(with: before))
  }

  @Test func aGroupOfHoldersIsTheSameWhoeverJoinsOrLeaves() throws {
    func entry(_ name: String) -> String {
      """
      dn: CN=\(name),DC=contoso,DC=com
      objectClass: user
      cn: \(name)
      sAMAccountName: \(name)
      userPrincipalName: \(name)@contoso.com
      mail: \(name == "b" ? "SHARED" : "shared")@contoso.com
      proxyAddresses: SMTP:\(name == "b" ? "SHARED" : "shared")@contoso.com
      """
    }
    func groups(_ names: [String]) throws -> [Finding] {
      try findings(names.map(entry).joined(separator: "\n\n") + "\n", program: try program())
        .filter { $0.rule == "primary-address-not-unique" }
    }
    let first = try groups(["a", "b"])
    #expect(first.count == 1)
    for names in [["b", "a"], ["c", "b"], ["d", "c", "a"]] {
      let group = try groups(names)
      #expect(group.map(\.fingerprint) == first.map(\.fingerprint))
      #expect(group.first?.related.count == names.count - 1)
    }
  }
}

/// SplitMix64: the same numbers for the same seed.
private struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
