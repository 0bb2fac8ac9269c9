import Directory

/// The object classes of a record as its lines say them. Directories have few chains of classes, so each is made once.
struct ClassLines {
  struct Lines {
    var bytes: [UInt8] = []
    var count = 0
    /// Bytes of names and values.
    var size = 0
  }

  private var known: [[UInt8]: Lines] = [:]
  /// What was looked for last, which is mostly what comes next.
  private var last: (raw: [UInt8], lines: Lines)?
  /// A file may have classes of any name in any number.
  private static let most = 1_000

  /// The lines of classes that stood in an export just so before.
  mutating func lines(of raw: ArraySlice<UInt8>) -> Lines? {
    if let last, last.raw.elementsEqual(raw) { return last.lines }
    let raw = Array(raw)
    guard let lines = known[raw] else { return nil }
    last = (raw, lines)
    return lines
  }

  /// Keeps the lines of classes, by how they stand in the export.
  mutating func keep(_ lines: Lines, of raw: ArraySlice<UInt8>) {
    guard known.count < Self.most, raw.count < 1_000 else { return }
    known[Array(raw)] = lines
  }

  /// The lines of classes; of a single one, with those that it is derived from.
  func make(_ names: [String]) -> Lines {
    var lines = Lines()
    for name in names.count == 1 ? ObjectClassSchema.chain(of: names[0]) : names {
      let name = Array(name.utf8)
      RecordWriter.append(Array("objectClass".utf8), name.span, to: &lines.bytes)
      lines.count += 1
      lines.size += 11 + name.count
    }
    return lines
  }

  /// The class of an object of Exchange by its recipient type: `UserMailbox`, `MailContact`, `MailUniversalSecurityGroup`.
  static func className(ofRecipientType type: [UInt8]) -> String {
    let type = String(decoding: type, as: UTF8.self)
    if type.hasSuffix("Contact") { return "contact" }
    if type == "DynamicDistributionGroup" { return "msExchDynamicDistributionList" }
    return type.hasSuffix("Group") || type == "RoomList" ? "group" : "user"
  }
}
