import Glibc

/// What is searched for.
public struct LDAPSearch: Sendable {
  /// Base: a distinguished name, or `<GUID=…>`, `<SID=…>` and their like (MS-ADTS 3.1.1.3.1.2.4).
  public var base: String
  /// How far down the search goes.
  public var scope: LDAPScope
  /// Which entries are wanted.
  public var filter: LDAPFilter
  /// Attributes that are wanted; empty for all that are not operational.
  public var attributes: [String]
  /// Controls besides paging.
  public var controls: [LDAPControl]
  /// Entries for which a page asks; 0 for a search without pages, nil for what the settings say. A search for the base
  /// alone is not paged.
  public var pageSize: Int?
  /// Most entries that the server may send; 0 for no limit.
  public var sizeLimit: Int

  /// A search; see the properties.
  public init(
    base: String, scope: LDAPScope = .sub, filter: LDAPFilter = .present("objectClass"), attributes: [String] = [],
    controls: [LDAPControl] = [], pageSize: Int? = nil, sizeLimit: Int = 0
  ) {
    self.base = base
    self.scope = scope
    self.filter = filter
    self.attributes = attributes
    self.controls = controls
    self.pageSize = pageSize
    self.sizeLimit = sizeLimit
  }
}

/// What came with the end of a search.
public struct LDAPSearchEnd: Sendable {
  /// Controls of the last response, such as the cookie of DirSync (`DirSyncResponse`).
  public var controls: [LDAPControl] = []
  /// References to what other servers hold (URLs), which were not followed.
  public var references: [String] = []
}

/// A search in progress: pulls one message after the other, page by page.
final class SearchCursor {
  /// What a pull came to.
  enum Step: ~Copyable {
    case entry(LDAPHandle.Message)
    /// Nothing came for a moment; the caller may look after other things and pull again.
    case idle
    case end(LDAPSearchEnd)
  }

  private let handle: LDAPHandle
  private let settings: LDAPSettings
  private let search: LDAPSearch
  private var pageSize: Int
  private var id: Int32 = -1
  private var end = LDAPSearchEnd()
  private var isDone = false
  private var entriesOfPage = 0
  private var entries = 0
  private var cookie: [UInt8] = []
  private var bounds = SearchBounds()
  private var pace: Pace?
  /// Milliseconds since the last message came.
  private var waitedIdle = 0
  /// Longest single wait, in milliseconds: how long an interruption may go unseen.
  private static let slice = 100

  init(_ handle: LDAPHandle, _ search: LDAPSearch, _ settings: LDAPSettings) throws(LDAPFailure) {
    self.handle = handle
    self.settings = settings
    self.search = search
    pageSize = search.scope == .base ? 0 : max(0, search.pageSize ?? settings.pageSize)
    if let rate = settings.maximumRate, search.scope != .base {
      pace = Pace(perSecond: rate)
      // A page comes as fast as the server can; only between pages can anybody wait.
      pageSize = min(pageSize, max(1, rate / 2))
    }
    try sendPage()
  }

  deinit {
    if !isDone, id >= 0 { handle.abandon(id) }
  }

  private func sendPage() throws(LDAPFailure) {
    var controls = search.controls
    if pageSize > 0 { controls.append(.pagedResults(size: pageSize, cookie: cookie)) }
    entriesOfPage = 0
    bounds.beginPage()
    waitedIdle = 0
    let (id, code) = handle.send(search, controls: controls)
    guard code == ResultCode.success else { throw failure(code, handle.diagnostic) }
    self.id = id
  }

  /// The next step of the search.
  ///
  /// - Throws: `LDAPFailure` when the search did not come to its proper end; what came before stays valid.
  func next() throws(LDAPFailure) -> Step {
    if isDone { return .end(end) }
    if let pause = pace?.pause(atMost: Self.slice) {
      sleepMilliseconds(pause)
      return .idle
    }
    let start = SocketWatchdog.microseconds()
    let arrival = handle.wait(for: id, Self.slice)
    let waited = SocketWatchdog.microseconds() - start
    bounds.countWait(microseconds: waited)
    switch consume arrival {
    case .message(let message):
      waitedIdle = 0
      try checkTime()
      if message.isEntry {
        entriesOfPage += 1
        entries += 1
        try bounds.checkEntries(entriesOfPage, pageSize: pageSize, isBase: search.scope == .base, handle.server)
        if pageSize > 0 { bounds.remember(message.nameHash()) }
        pace?.count()
        return .entry(message)
      }
      if message.isReference {
        end.references += message.references()
      } else if !message.isIntermediate {
        try finishPage(message.final())
      }
      return isDone ? .end(end) : .idle
    case .nothing:
      waitedIdle += waited / 1_000
      try checkTime()
      return .idle
    case .failed(let code):
      throw failure(code, handle.diagnostic)
    }
  }

  private func checkTime() throws(LDAPFailure) {
    let limits = [
      (waitedIdle, settings.idleTimeout, "--idle-timeout"),
      (bounds.millisecondsOfPage, settings.operationTimeout, "--operation-timeout"),
    ]
    for (waited, limit, option) in limits where waited >= limit.milliseconds {
      isDone = true
      handle.abandon(id)
      throw LDAPFailure(
        .timeout, server: handle.server.uri, resultCode: ResultCode.timeout,
        message: "the server did not answer within \(limit.words) (\(option))")
    }
  }

  private func finishPage(_ result: FinalResult) throws(LDAPFailure) {
    end.controls = result.controls
    switch result.code {
    case ResultCode.success: break
    case ResultCode.adminLimitExceeded where entries == 0 && pageSize > 100:
      // Some servers refuse a page that is too large instead of making it smaller.
      pageSize = max(100, pageSize / 2)
      return try sendPage()
    default:
      isDone = true
      end.references += result.referrals
      throw failure(result.code, result.diagnostic)
    }
    guard pageSize > 0, result.controls.contains(where: { $0.oid == LDAPControl.OID.pagedResults }) else {
      isDone = true
      return
    }
    guard let page = PagedResponse(result.controls) else {
      // Whether more would have come nobody can tell.
      isDone = true
      throw LDAPFailure(
        .server, server: handle.server.uri,
        message: "the server's control of paged results cannot be read, so the answer may be incomplete")
    }
    guard !page.cookie.isEmpty else {
      isDone = true
      return
    }
    do throws(LDAPFailure) {
      try bounds.checkPage(isEmpty: entriesOfPage == 0, handle.server)
    } catch {
      isDone = true
      throw error
    }
    cookie = page.cookie
    try sendPage()
  }

  private func failure(_ code: Int32, _ diagnostic: String) -> LDAPFailure {
    isDone = true
    let server = handle.server
    switch code {
    case ResultCode.serverDown where errno == ERANGE:
      // ber_get_next(3) leaves this number behind when a message is longer than the socket buffer takes.
      return LDAPFailure(
        .limit, server: server.uri, resultCode: code, diagnostic: diagnostic,
        message: "the server sent a message of more than \(LDAPHandle.largestMessage >> 20) MiB, which is not taken")
    case ResultCode.serverDown, ResultCode.connectError:
      let isSilent = handle.watchdog.hasFired
      return LDAPFailure(
        isSilent ? .timeout : .connectionLost, server: server.uri, resultCode: code, diagnostic: diagnostic,
        message: isSilent ? "the server did not answer in time" : "the connection to the server was lost")
    case ResultCode.timeout:
      return LDAPFailure(
        .timeout, server: server.uri, resultCode: code, diagnostic: diagnostic,
        message: "the server did not answer within \(settings.operationTimeout.words) (--operation-timeout)")
    default:
      return ServerDiagnosis.failure(code: code, diagnostic: diagnostic, server: server, base: search.base)
    }
  }
}

/// Keeps a search below a number of entries in a second.
struct Pace {
  private let perSecond: Int
  private let start = SocketWatchdog.now()
  private var counted = 0

  init(perSecond: Int) { self.perSecond = max(1, perSecond) }

  mutating func count() { counted += 1 }

  /// Milliseconds to wait before the next entry may be taken, at most `limit`; nil when it is due.
  func pause(atMost limit: Int) -> Int? {
    let due = start + counted * 1_000 / perSecond
    let early = due - SocketWatchdog.now()
    return early > 0 ? min(early, limit) : nil
  }
}
