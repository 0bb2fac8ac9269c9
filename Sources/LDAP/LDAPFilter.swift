/// Filters (RFC 4515) put together from values, which are escaped whatever they hold.
public struct LDAPFilter: Hashable, Sendable {
  /// The filter as text.
  public let text: String

  /// A filter that is written already; it is taken as it stands.
  public init(verbatim text: String) { self.text = text }

  /// Entries that have the attribute.
  public static func present(_ attribute: String) -> LDAPFilter { LDAPFilter(verbatim: "(\(attribute)=*)") }

  /// Entries that have a value.
  public static func equal(_ attribute: String, _ value: some Sequence<UInt8>) -> LDAPFilter {
    LDAPFilter(verbatim: "(\(attribute)=\(escape(value)))")
  }

  /// Entries that have a value.
  public static func equal(_ attribute: String, _ value: String) -> LDAPFilter { equal(attribute, value.utf8) }

  /// Entries of which a value begins with something.
  public static func begins(_ attribute: String, _ value: some Sequence<UInt8>) -> LDAPFilter {
    LDAPFilter(verbatim: "(\(attribute)=\(escape(value))*)")
  }

  /// Entries with a value of at least a number or text.
  public static func atLeast(_ attribute: String, _ value: String) -> LDAPFilter {
    LDAPFilter(verbatim: "(\(attribute)>=\(escape(value.utf8)))")
  }

  /// Entries that match every filter; all entries for none.
  public static func all(_ filters: [LDAPFilter]) -> LDAPFilter { joined(filters, "&", none: "(objectClass=*)") }

  /// Entries that match any of the filters; no entry for none.
  public static func any(_ filters: [LDAPFilter]) -> LDAPFilter { joined(filters, "|", none: "(!(objectClass=*))") }

  /// Entries that do not match a filter.
  public static func not(_ filter: LDAPFilter) -> LDAPFilter { LDAPFilter(verbatim: "(!\(filter.text))") }

  private static func joined(_ filters: [LDAPFilter], _ sign: String, none: String) -> LDAPFilter {
    guard filters.count != 1 else { return filters[0] }
    guard !filters.isEmpty else { return LDAPFilter(verbatim: none) }
    return LDAPFilter(verbatim: "(\(sign)\(filters.map(\.text).joined()))")
  }

  /// A value as it may stand in a filter: everything but letters, digits and a few harmless signs as `\xx`.
  static func escape(_ value: some Sequence<UInt8>) -> String {
    var result = ""
    for byte in value {
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "-._@:/".utf8.contains(byte)
      if isPlain {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16)
        result += "\\" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }
}
