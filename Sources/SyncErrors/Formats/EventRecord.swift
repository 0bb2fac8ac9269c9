import Directory

/// A record of the Windows event log, whatever it was read from.
struct EventRecord {
  /// The provider (source).
  var provider: String?
  /// The event id, perhaps with the qualifiers in the upper half.
  var id: Int?
  /// When it was written.
  var time: String?
  /// The level: a number, or a word in the language of the machine.
  var level: String?
  var computer: String?
  /// The message as the provider's message file makes it; nil when only the strings are known.
  var message: String?
  /// The strings that the message is made of, or the message itself as the only one.
  var strings: [String] = []
  var location: SourceLocation
  /// Whether it was pasted by itself rather than found in a log, so that it is never left out.
  var isPasted = false
}

extension EventRecord {
  /// Providers that write about directory synchronization, in lower case.
  private static let providers = [
    "directory synchronization", "adsync", "fimsynchronizationservice", "miiserver", "passwordresetservice",
    "azureactivedirectorydirectorysynctool", "azure ad connect", "microsoft azure ad connect", "entra connect",
    "azureadconnect", "aadconnect", "microsoft-azure-ad-connect", "azure ad cloud sync", "aadconnectprovisioningagent",
    "microsoft azure ad connect provisioning agent", "msexchange mailbox replication",
  ]

  private var isAboutSynchronization: Bool {
    guard let provider = provider?.lowercased() else { return false }
    return Self.providers.contains { provider.hasPrefix($0) }
  }

  /// Whether a provider writes about other things; not known without one.
  static func isForeign(_ provider: String?) -> Bool {
    guard let provider = provider?.lowercased(), !provider.isEmpty else { return false }
    return !providers.contains { provider.hasPrefix($0) }
  }

  /// Whether the level says that it is no error and no warning. Words of other languages are not known, and so not left
  /// out.
  private var isInformation: Bool {
    guard let level = level?.lowercased() else { return false }
    return ["4", "5", "0", "information", "informationen", "informations", "información", "informazioni", "verbose"]
      .contains(level)
  }

  /// The id without its qualifiers.
  var plainID: Int? { id.map { $0 & 0xFFFF } }

  /// Hands the event on as an error, or counts why it is none.
  func emit(to sink: ErrorSink) {
    let error = sink.completed(self.error)
    let isKnown = error.id != SyncError.unknownID
    if isPasted, provider == nil || isKnown || isAboutSynchronization { return sink.emit(completed: error) }
    if !isKnown, !isAboutSynchronization { return sink.skipUnrelated() }
    if !isKnown, isInformation { return sink.skipInformation() }
    sink.emit(completed: error)
  }

  private var error: SyncError {
    let text = message ?? strings.joined(separator: "\n")
    var error = SyncError(message: Trimmed.text(text), location: location)
    error.source = provider
    error.eventID = plainID
    error.first = time
    error.last = time
    error.set("computer", computer)
    error.set("level", level)
    if message == nil { addPositions(to: &error) }
    return error
  }

  /// The engine's events about runs give the connector and the run profile as their first strings, then counters.
  private func addPositions(to error: inout SyncError) {
    guard let id = plainID, isAboutSynchronization, strings.count >= 2 else { return }
    let counters = [
      "discovery-errors", "synchronization-errors", "metaverse-retry-errors", "export-errors", "warnings",
    ]
    if (6000..<6200).contains(id) || id == 6803 {
      error.connector = Trimmed.text(strings[0])
      error.runProfile = Trimmed.text(strings[1])
      for (name, value) in zip(counters, strings.dropFirst(2)) { error.set(name, Trimmed.text(value)) }
    } else if id == 6941 {
      // The name of the error is one word among the strings; which one is not documented.
      error.type = strings.first { Self.isErrorName($0) }.map { Trimmed.text($0) }
    }
  }

  private static func isErrorName(_ text: String) -> Bool {
    let bytes = Array(Trimmed.text(text).utf8)
    return bytes.count > 5 && bytes.count < 80 && bytes.allSatisfy { $0 &- 0x41 < 26 || $0 &- 0x61 < 26 || $0 == 0x2D }
  }
}

/// Times as they are written in logs.
enum EventTime {
  /// A time in ISO 8601 where the text is one already or says it is UTC: `2021-10-20 23:51:28.120` (the engine writes UTC)
  /// and `2021-10-20T23:51:29.000000000Z`; other texts stay as they are, because their day, month and zone are a guess.
  ///
  /// - Parameter isUTC: Whether the format says that times without a zone are UTC.
  static func iso(_ text: String, isUTC: Bool = false) -> String {
    let trimmed = Trimmed.text(text, also: "'\"")
    let bytes = Array(trimmed.utf8)
    guard bytes.count >= 19, isShape(bytes.prefix(19)) else { return trimmed }
    var result = String(decoding: bytes.prefix(10), as: UTF8.self) + "T"
    result += String(decoding: bytes[11..<19], as: UTF8.self)
    var rest = bytes[19...]
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix { $0 &- 0x30 < 10 }
      rest = rest[fraction.endIndex...]
      let digits = fraction.prefix(3).reversed().drop { $0 == UInt8(ascii: "0") }.reversed()
      if !digits.isEmpty { result += "." + String(decoding: Array(digits), as: UTF8.self) }
    }
    let zone = String(decoding: rest, as: UTF8.self)
    if zone.isEmpty { return isUTC ? result + "Z" : result }
    let isZone = zone == "Z" || zone.first == "+" || zone.first == "-"
    return isZone ? result + zone : trimmed
  }

  /// `yyyy-mm-dd hh:mm:ss`, with a space or a T.
  private static func isShape(_ text: ArraySlice<UInt8>) -> Bool {
    zip(text, "0000-00-00 00:00:00".utf8).allSatisfy { byte, shape in
      switch shape {
      case UInt8(ascii: "0"): byte &- 0x30 < 10
      case 32: byte == 32 || byte == UInt8(ascii: "T")
      default: byte == shape
      }
    }
  }
}
