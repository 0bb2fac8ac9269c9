import Bytes

/// JSON that holds something else than objects of a directory on premises.
enum ForeignObjects {
  /// Why a record is none, and what to do; nil for others.
  static func reason(_ record: JSONValue) -> String? {
    if record["ClassId2e4f51ef21dd47e99d3c952918aff9cd"] != nil {
      return
        "these are instructions for the screen (Format-List or Format-Table), not objects; leave Format-… out before "
        + "ConvertTo-Json"
    }
    if record["rule"] != nil, record["severity"] != nil || record["message"] != nil {
      return "these are findings of dirsync-lint, not objects; give the export that they were found in"
    }
    if record["meta"] != nil, record["data"] != nil || record["ObjectIdentifier"] != nil {
      return "these are objects of BloodHound, which collects no addresses; \(ExportAdvice.powerShell)"
    }
    let isNamed = record["distinguishedName"] != nil || record["dn"] != nil
    if !isNamed,
      record["onPremisesImmutableId"] != nil || record["@odata.context"] != nil
        || record["id"] != nil && record["userPrincipalName"] != nil
    {
      return
        "these are objects of the cloud (Microsoft Graph); export the directory on premises, which synchronization starts "
        + "from: \(ExportAdvice.powerShell)"
    }
    return nil
  }
}
