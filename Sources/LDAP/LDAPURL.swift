/// Where a server listens.
public struct LDAPServer: Hashable, Sendable {
  /// How a server is spoken to.
  public enum Scheme: String, Sendable {
    case ldap, ldaps, ldapi
  }

  /// How it is spoken to.
  public var scheme: Scheme
  /// Host name or address (an IPv6 address in brackets); the path of the socket for `ldapi`, empty for its usual place.
  public var host: String
  /// Port; nil for the usual one of the scheme, and for `ldapi`.
  public var port: Int?

  /// A server; see the properties.
  public init(scheme: Scheme, host: String, port: Int? = nil) {
    self.scheme = scheme
    self.host = host
    self.port = port
  }

  /// The URI of the server alone, as libldap takes it: `ldaps://dc1.contoso.com:636`.
  public var uri: String {
    guard scheme != .ldapi else { return "ldapi://" + PercentEncoding.encode(host, keeping: "") }
    return "\(scheme.rawValue)://\(host)\(port.map { ":\($0)" } ?? "")"
  }

  /// The port, the usual one where none was named; nil for `ldapi`.
  public var effectivePort: Int? {
    switch scheme {
    case .ldap: port ?? 389
    case .ldaps: port ?? 636
    case .ldapi: nil
    }
  }

  /// Whether the port is one of a global catalog of Active Directory (3268, 3269).
  public var isGlobalCatalog: Bool { effectivePort == 3268 || effectivePort == 3269 }

  /// The host without the brackets of an IPv6 address.
  var bareHost: String { host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host }
}

extension LDAPServer: CustomStringConvertible {
  /// The URI.
  public var description: String { uri }
}

/// How far down a search goes.
public enum LDAPScope: String, Sendable {
  /// The base alone.
  case base
  /// The entries right below the base.
  case one
  /// The base and everything below it.
  case sub
}

/// An LDAP URL (RFC 4516): `ldaps://host:port/base?attributes?scope?filter?extensions`. Of the extensions `bindname` and
/// `x-password-file` are known, so that each of several directories can have an account of its own.
public struct LDAPURL: Hashable, Sendable {
  /// The server; nil where the URL names none (`ldap:///dc=contoso,dc=com`).
  public var server: LDAPServer?
  /// Base of the search; nil where the URL has none.
  public var base: String?
  /// Attributes to read; empty for all.
  public var attributes: [String]
  /// Scope; nil where the URL has none.
  public var scope: LDAPScope?
  /// Filter (RFC 4515); nil where the URL has none.
  public var filter: String?
  /// Who logs on (extension `bindname`); nil where the URL does not say.
  public var bindName: String?
  /// File with the password (extension `x-password-file`, of this program); nil where the URL does not say.
  public var passwordFile: String?

  /// A mistake in a URL.
  public struct ParseError: Error, Hashable, Sendable {
    /// What is wrong and what a right one looks like, without a full stop.
    public var message: String
  }

  /// Whether an argument looks like an LDAP URL, right or wrong.
  public static func isURL(_ text: String) -> Bool {
    ["ldap://", "ldaps://", "ldapi://"].contains { text.lowercased().hasPrefix($0) }
  }

  /// Reads a URL.
  ///
  /// - Throws: `ParseError` when it is not one (RFC 4516), has a critical extension, or a scope that no search has.
  public init(parsing text: String) throws(ParseError) {
    guard let mark = Self.position(of: "://", in: text),
      let scheme = LDAPServer.Scheme(rawValue: text[..<mark].lowercased())
    else {
      throw ParseError(message: "'\(text)' is no LDAP URL; one is ldaps://dc1.contoso.com/DC=contoso,DC=com")
    }
    let rest = text[text.index(mark, offsetBy: 3)...]
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    if let question = rest.firstIndex(of: "?"), question < slash {
      throw ParseError(message: "'\(text)': a '/' is missing before the first '?'")
    }
    server = try Self.server(scheme, rest[..<slash], text)
    let parts = rest[slash...].dropFirst().split(separator: "?", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 5 else { throw ParseError(message: "'\(text)' has more parts than an LDAP URL can have") }
    func part(_ index: Int) throws(ParseError) -> String? {
      guard index < parts.count, !parts[index].isEmpty else { return nil }
      guard let decoded = PercentEncoding.decode(parts[index]) else {
        throw ParseError(message: "'\(text)': '%' must be followed by two hexadecimal digits, and the text be UTF-8")
      }
      guard !decoded.contains("\0") else { throw ParseError(message: "'\(text)': %00 is no part of an LDAP URL") }
      return decoded
    }
    base = try part(0)
    attributes = (try part(1) ?? "").split(separator: ",").map { String($0) }
    for attribute in attributes where !Self.isAttribute(attribute) {
      throw ParseError(message: "'\(text)': '\(attribute)' is no name of an attribute")
    }
    scope = nil
    if let name = try part(2) {
      guard let known = LDAPScope(rawValue: name.lowercased()) else {
        throw ParseError(message: "'\(text)': a scope is base, one or sub, not '\(name)'")
      }
      scope = known
    }
    filter = try part(3)
    bindName = nil
    passwordFile = nil
    if parts.count == 5 { try readExtensions(parts[4], text) }
  }

  private static func server(
    _ scheme: LDAPServer.Scheme, _ authority: Substring, _ text: String
  ) throws(ParseError) -> LDAPServer? {
    guard !authority.contains("@") else {
      throw ParseError(message: "an LDAP URL has no user or password in it; use -D and -y")
    }
    if scheme == .ldapi {
      guard let path = PercentEncoding.decode(String(authority)), !path.contains("\0") else {
        throw ParseError(message: "'\(text)': the path of a socket is written with %2F for '/'")
      }
      return LDAPServer(scheme: .ldapi, host: path)
    }
    guard !authority.isEmpty else { return nil }
    var host = authority
    var port: Int?
    let bracket = authority.lastIndex(of: "]")
    let colon = authority.lastIndex(of: ":")
    if let colon, bracket.map({ $0 < colon }) ?? true {
      host = authority[..<colon]
      let digits = authority[authority.index(after: colon)...]
      guard let number = Int(digits), (1...65_535).contains(number), digits.allSatisfy(\.isNumber) else {
        throw ParseError(message: "'\(text)': a port is a number from 1 to 65535, not '\(digits)'")
      }
      port = number
    }
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    let allowed = isBracketed ? "[]:%." : "-._~"
    let isHost = host.utf8.allSatisfy { byte in
      let scalar = Unicode.Scalar(byte)
      return byte < 128 && (scalar.properties.isAlphabetic || (48...57).contains(byte) || allowed.utf8.contains(byte))
    }
    guard !host.isEmpty, isHost else {
      throw ParseError(message: "'\(text)': '\(host)' is no host name; an IPv6 address goes into brackets")
    }
    return LDAPServer(scheme: scheme, host: String(host), port: port)
  }

  /// One that is critical (`!`) and not known must not be ignored.
  private mutating func readExtensions(_ extensions: String, _ text: String) throws(ParseError) {
    for item in extensions.split(separator: ",") {
      let isCritical = item.hasPrefix("!")
      let parts = item.drop { $0 == "!" }.split(separator: "=", maxSplits: 1).map(String.init)
      let value = parts.count == 2 ? PercentEncoding.decode(parts[1]) : nil
      switch (parts.first?.lowercased(), value) {
      case ("bindname", let name?) where !name.isEmpty && !name.contains("\0"): bindName = name
      case ("x-password-file", let path?) where !path.isEmpty && !path.contains("\0"): passwordFile = path
      case ("bindname", _), ("x-password-file", _):
        throw ParseError(message: "'\(text)': '\(parts[0])' needs a value, as in bindname=jo@contoso.com")
      default:
        guard !isCritical else {
          throw ParseError(message: "'\(text)': the extension '\(item.dropFirst())' is not known")
        }
      }
    }
  }

  /// Whether a text is an attribute description (RFC 4512, 2.5), or one of the selectors `*`, `+`, `1.1`.
  static func isAttribute(_ text: String) -> Bool {
    if text == "*" || text == "+" { return true }
    return !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-;.=*".utf8.contains(byte)
      }
  }

  private static func position(of needle: String, in text: String) -> String.Index? {
    var index = text.startIndex
    while index < text.endIndex {
      if text[index...].hasPrefix(needle) { return index }
      index = text.index(after: index)
    }
    return nil
  }
}

/// Percent-encoding (RFC 3986, 2.1).
enum PercentEncoding {
  static func decode(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
        rest.prefix(2).allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") })
      else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// Encodes all but letters, digits, `-._~` and what is to be kept.
  static func encode(_ text: String, keeping kept: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "-._~".utf8.contains(byte) || kept.utf8.contains(byte)
      if isPlain {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }
}
