/// Commands that export everything, for who has an export that does not.
enum ExportAdvice {
  static let filter = "(|(objectClass=user)(objectClass=group)(objectClass=contact))"

  /// Objects of the directory, with PowerShell.
  static let powerShell =
    "export with: Get-ADObject -LDAPFilter '\(filter)' -Properties * | Export-Clixml contoso.xml -Encoding UTF8"
  /// Recipients of Exchange.
  static let exchange = "export with: Get-Recipient -ResultSize Unlimited | Export-Clixml recipients.xml -Encoding UTF8"
  /// With the tools that every domain controller has.
  static let csvde = "export again with csvde, and do not save the file with a spreadsheet"
  /// The best export that every domain controller can make.
  static let ldifde = "export with: ldifde -f contoso.ldf -u -r \"\(filter)\""

  /// What to do about a text whose characters were guessed.
  static func codePage(of name: String) -> String {
    "\(name) is not UTF-8 and was read as windows-1252; where letters are wrong, name its code page: --encoding windows-1250"
  }
}
