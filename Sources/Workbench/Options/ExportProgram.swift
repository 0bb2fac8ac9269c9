import Directory
import Entries
import RuleSet

/// The programs that write exports, and how they are told what to write.
public enum ExportProgram: String, CaseIterable, Sendable {
  case ldifde, csvde, ldapsearch, powershell

  /// The program with a name.
  ///
  /// - Throws: `UsageError` for other names.
  public init(named name: String) throws(UsageError) {
    guard let program = ExportProgram(rawValue: name.lowercased()) else {
      let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("--for \(name): no such program; known are \(names)")
    }
    self = program
  }

  /// The objects that the rules judge, and those that others refer to.
  private static let filter = "(|(objectCategory=person)(objectCategory=group))"

  /// The whole command that exports attributes, for one domain to be filled in.
  ///
  /// - Parameter attributes: names in any case; they are written as the schema does.
  public func command(_ attributes: [String]) -> String {
    var names = attributes.map { AttributeSchema.shipped[$0]?.name ?? $0 }
    for needed in ["objectClass", "distinguishedName"] where !names.contains(needed) { names.append(needed) }
    switch self {
    case .ldifde: return Self.windows("ldifde -u -f export.ldf", names)
    case .csvde: return Self.windows("csvde -u -f export.csv", names)
    case .ldapsearch:
      return """
        ldapsearch -LLL -o ldif-wrap=no -E pr=1000/noprompt -H ldaps://dc1.contoso.com -b 'DC=contoso,DC=com' \\
          '\(Self.filter)' \\
          \(names.joined(separator: " ")) > export.ldif
        """
    case .powershell:
      // A name that the schema does not have makes Get-ADObject fail, so all are asked for and these are kept.
      let listed = names.map { "'\($0)'" }.joined(separator: ",")
      return """
        Get-ADObject -LDAPFilter '\(Self.filter)' -SearchBase 'DC=contoso,DC=com' -ResultSetSize $null -Properties * |
          Select-Object \(listed) |
          Export-Clixml export.xml -Encoding UTF8
        """
    }
  }

  private static func windows(_ program: String, _ names: [String]) -> String {
    """
    \(program) -d "DC=contoso,DC=com" -r "\(filter)" ^
      -l "\(names.joined(separator: ","))"
    """
  }
}
