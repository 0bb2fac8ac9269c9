import Directory
import Entries

extension LDAPRecords {
  /// The entries that a search finds, as the LDIF text that this source writes of them; for searches that find few.
  ///
  /// - Parameter search: its attributes are those of the source.
  /// - Throws: `LDAPFailure` when the search does not come to its end, or a value cannot be read.
  public func text(of search: LDAPSearch) throws(LDAPFailure) -> [UInt8] {
    var search = search
    search.attributes = attributes
    var writer = EntryWriter(
      ReadableEntries(requested: attributes), systemContainers: plan.systemContainers)
    writer.isActiveDirectory = session.rootDSE.isActiveDirectory
    let cursor = try session.cursor(search)
    reading: while true {
      switch try cursor.next() {
      case .entry(let message): try writer.append(message, session)
      case .idle: try session.throwIfStopped()
      case .end: break reading
      }
    }
    guard writer.isWhole else {
      throw LDAPFailure(.server, server: session.server.uri, message: writer.gaps.joined(separator: "; "))
    }
    return writer.text.bytes
  }

  /// Whether an entry is of a domain's own machinery, which only administrators may read and nobody misses.
  public func isOfSystem(_ dn: [UInt8]) -> Bool {
    let normalized = DistinguishedName.normalized(dn.span)
    return plan.systemContainers.contains { DistinguishedName.isAtOrBelow($0, normalized) }
  }
}

/// Looks in entries that are text already for what the account may not read (`ReadableEntries`).
public struct ReadabilityProbe {
  private var readable: ReadableEntries
  private let isNeeded: Bool
  private var reader = BatchReader(source: "", hasLines: false)

  /// - Parameters:
  ///   - requested: attributes that were asked for; empty for all.
  ///   - isActiveDirectory: whether the server is.
  public init(requested: [String], isActiveDirectory: Bool) {
    readable = ReadableEntries(requested: requested)
    isNeeded = isActiveDirectory && readable.isNeeded
  }

  /// What the account may not read, one sentence each.
  public var gaps: [String] { readable.gaps }

  /// Looks at whole entries.
  public mutating func look(at text: [UInt8]) {
    guard isNeeded else { return }
    let batch = reader.read(text)
    for entry in batch.views {
      readable.begin()
      var last: AttributeID?
      for value in entry.values {
        if value.attribute != last {
          let name = Array(batch.attributes[value.attribute].name.utf8)
          readable.attribute(name.span, count: 1)
          last = value.attribute
        }
        readable.value(value.bytes.span)
      }
      readable.end { String(decoding: entry.dn, as: UTF8.self) }
    }
  }
}
