import Findings

/// Causes in words.
enum CauseText {
  /// `contoso.local: 2,000 users, 6,400 findings: add a routable suffix`.
  static func line(for cause: Cause) -> String {
    let name = String(decoding: cause.name.bytes, as: UTF8.self)
    let (one, many) = noun(for: cause.objectClass)
    let numbers = "\(counted(cause.objects, one, many)), \(counted(cause.findings, "finding", "findings"))"
    return cause.remedy.isEmpty ? "\(name): \(numbers)" : "\(name): \(numbers): \(cause.remedy)"
  }

  private static func noun(for objectClass: String?) -> (String, String) {
    switch objectClass?.lowercased() {
    case "user", "inetorgperson": ("user", "users")
    case "group": ("group", "groups")
    case "contact": ("contact", "contacts")
    default: ("object", "objects")
    }
  }
}
