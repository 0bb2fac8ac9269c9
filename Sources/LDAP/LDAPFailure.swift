import Directory

/// Why a server could not be used, or an answer not be had.
public struct LDAPFailure: Error, Sendable, Equatable {
  /// What went wrong, as far as a program would act on it.
  public enum Kind: Sendable, Equatable {
    /// No connection: unknown name, refused, no answer.
    case unreachable
    /// The TLS handshake failed, or the port does not speak what was expected.
    case tls
    /// The server's certificate was not accepted.
    case certificate
    /// Name or password are wrong, or the account may not log on.
    case credentials
    /// The server refuses this kind of bind: signing, channel binding, plain text.
    case bindRefused
    /// The account may not do this.
    case permission
    /// The base does not exist on this server.
    case noSuchObject
    /// The answer ended at a limit of the server.
    case limit
    /// No answer in time.
    case timeout
    /// The connection was lost.
    case connectionLost
    /// The server answered with another error.
    case server
    /// The request is wrong in itself: a filter that cannot be read, an option that cannot be.
    case request
    /// The user wanted the run to end.
    case interrupted
  }

  /// What went wrong.
  public var kind: Kind
  /// URI of the server.
  public var server: String
  /// Result code (RFC 4511, 4.1.9), or a negative code of libldap.
  public var resultCode: Int32?
  /// What the server or the library said itself.
  public var diagnostic: String
  /// What is wrong and what to do, without a full stop.
  public var message: String

  /// A failure; see the properties.
  public init(
    _ kind: Kind, server: String, resultCode: Int32? = nil, diagnostic: String = "", message: String
  ) {
    self.kind = kind
    self.server = server
    self.resultCode = resultCode
    self.diagnostic = diagnostic
    self.message = message
  }

  /// Whether another server of the same directory may do what this one did not.
  var isOfServer: Bool {
    switch kind {
    case .unreachable, .tls, .certificate, .timeout, .connectionLost: true
    case .server: [51, 52, 80].contains(resultCode)
    default: false
    }
  }

  /// The failure of a source that could not be opened, or not be read on.
  public func sourceFailure(isOpen: Bool) -> SourceFailure {
    SourceFailure(isOpen ? .readError : .unavailable, source: server, message: message)
  }
}

extension LDAPFailure: CustomStringConvertible {
  /// `server: message`.
  public var description: String { "\(server): \(message)" }
}

/// Result codes (RFC 4511, appendix A.1) and codes of libldap that are looked at.
enum ResultCode {
  static let success: Int32 = 0
  static let operationsError: Int32 = 1
  static let timeLimitExceeded: Int32 = 3
  static let sizeLimitExceeded: Int32 = 4
  static let authMethodNotSupported: Int32 = 7
  static let strongerAuthRequired: Int32 = 8
  static let referral: Int32 = 10
  static let adminLimitExceeded: Int32 = 11
  static let unavailableCriticalExtension: Int32 = 12
  static let confidentialityRequired: Int32 = 13
  static let noSuchObject: Int32 = 32
  static let inappropriateAuthentication: Int32 = 48
  static let invalidCredentials: Int32 = 49
  static let insufficientAccess: Int32 = 50
  static let busy: Int32 = 51
  static let unavailable: Int32 = 52
  static let unwillingToPerform: Int32 = 53
  static let serverDown: Int32 = -1
  static let localError: Int32 = -2
  static let timeout: Int32 = -5
  static let filterError: Int32 = -7
  static let connectError: Int32 = -11
}
