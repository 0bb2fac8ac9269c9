/// What one search may take before it counts as no answer: a server that is broken or hostile can go on for ever without
/// ever keeping anybody waiting.
struct SearchBounds {
  /// Pages without an entry that a search may bring in all. Active Directory sends some where a filter hits little in a
  /// large directory.
  static let emptyPages = 1_000
  /// Entries beyond the size of a page that a server may send before it counts as not paging at all.
  static let slack = 1_000
  private var empty = 0
  private var pages: Set<UInt64> = []
  private var repeated = 0
  /// Sum over the names of the page, so that the order of a page does not matter.
  private var hashOfPage: UInt64 = 0
  /// Microseconds spent waiting for the server since the page was asked for. A server that streams keeps nobody waiting for
  /// a whole millisecond at a time, and yet the time adds up.
  private var waited = 0

  mutating func beginPage() {
    hashOfPage = 0
    waited = 0
  }

  /// Counts a wait, whatever it brought.
  mutating func countWait(microseconds: Int) { waited += microseconds }

  /// Time spent waiting for the page as a whole.
  var millisecondsOfPage: Int { waited / 1_000 }

  mutating func remember(_ name: UInt64) { hashOfPage &+= name }

  /// Refuses more entries than were asked for.
  func checkEntries(
    _ count: Int, pageSize: Int, isBase: Bool, _ server: LDAPServer
  ) throws(LDAPFailure) {
    if isBase, count > 1 {
      throw LDAPFailure(
        .server, server: server.uri,
        message: "the server answers a search for one entry with several; try another server")
    }
    guard pageSize > 0, count > pageSize + Self.slack else { return }
    throw LDAPFailure(
      .server, server: server.uri,
      message: "the server sent over \(pageSize + Self.slack) entries where a page of \(pageSize) was asked for")
  }

  /// Refuses pages that bring nothing new.
  mutating func checkPage(isEmpty: Bool, _ server: LDAPServer) throws(LDAPFailure) {
    if isEmpty {
      empty += 1
    } else if !pages.insert(hashOfPage).inserted {
      repeated += 1
    }
    guard empty > Self.emptyPages || repeated > 1 else { return }
    throw LDAPFailure(
      .server, server: server.uri,
      message: isEmpty
        ? "the server answers with empty pages again and again; try another server"
        : "the server answers with the same page again and again; try another server")
  }
}
