/// Which attributes a source was asked for: only of these does the lack of a value say that the directory has none.
public enum ExportedAttributes: Sendable, Equatable {
  /// Nobody knows: an attribute that no entry has may only not have been asked for.
  case unknown
  /// All that the directory has.
  case all
  /// These, by their names in lower case.
  case only(Set<String>)

  /// What a list of names stands for, as an LDAP search takes it (RFC 4511, 4.5.1.8): `*` and `ALL` stand for all.
  public init(requested names: some Sequence<some StringProtocol>) {
    let names = Set(names.map { $0.lowercased() })
    self = names.contains("*") || names.contains("all") ? .all : .only(names)
  }

  /// Whether an attribute was asked for, as far as anybody knows.
  ///
  /// - Parameter name: its name in lower case.
  public func contains(_ name: String) -> Bool {
    switch self {
    case .unknown: false
    case .all: true
    case .only(let names): names.contains(name)
    }
  }
}
