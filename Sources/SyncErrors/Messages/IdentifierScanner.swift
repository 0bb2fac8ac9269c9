/// Finds the identifiers in a running text.
///
/// By shape alone, and by the word before where the shape is not enough: nothing is looked up, and no shape is proof.
struct IdentifierScanner {
  private let text: [UInt8]
  private let folded: [UInt8]
  /// Parts of the text that are something else, such as values that another object has.
  private var excluded: ArraySlice<Range<Int>>
  private var found: [(place: Int, identifier: MentionedIdentifier)] = []
  /// What has been taken as an identifier, in the order of the text.
  private var index = 0
  /// No name begins before this place: the parts up to there have been looked at as parts of one that does not end.
  private var noNameBefore = 0
  /// Whether there is a word after which any base64 is a source anchor.
  private let namesAnchors: Bool

  /// Whether words are looked at that are surely none; for tests.
  private let looksAtAll: Bool

  private init(_ message: MessageText, excluding ranges: [Range<Int>], looksAtAll: Bool) {
    self.looksAtAll = looksAtAll
    text = message.bytes
    folded = message.folded
    excluded = ranges.sorted { $0.lowerBound < $1.lowerBound }[...]
    namesAnchors =
      ByteSearch.first("anchor", in: message.folded) != nil
      || ByteSearch.first("immutableid", in: message.folded) != nil
  }

  /// The identifiers in a text, in its order, without duplicates.
  static func identifiers(
    in message: MessageText, excluding ranges: [Range<Int>] = [], looksAtAll: Bool = false
  ) -> [MentionedIdentifier] {
    var scanner = IdentifierScanner(message, excluding: ranges, looksAtAll: looksAtAll)
    scanner.scan()
    if scanner.found.count < 2 { return scanner.found.map(\.identifier) }
    var seen: Set<MentionedIdentifier> = []
    return scanner.found.map(\.identifier).filter { identifier in
      // The first of those with the same kind and text, whatever its role.
      seen.insert(MentionedIdentifier(identifier.text, identifier.kind)).inserted
    }
  }

  private mutating func scan() {
    while index < text.count {
      while let range = excluded.first, range.upperBound <= index { excluded.removeFirst() }
      if let range = excluded.first, range.contains(index) {
        index = range.upperBound
        continue
      }
      guard Self.mayBegin(text[index]), isBoundary(before: index) else {
        index += 1
        continue
      }
      let start = index
      if looksAtAll {
        index = token(at: start) ?? start + 1
        continue
      }
      index = token(at: start) ?? max(start + 1, min(wordEnd(from: start), excluded.first?.lowerBound ?? text.count))
    }
  }

  /// Whether an identifier can begin with a byte.
  private static func mayBegin(_ byte: UInt8) -> Bool {
    if MessageText.isWordByte(byte) { return true }
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: "{"), UInt8(ascii: "\\"), UInt8(ascii: "+"), UInt8(ascii: "/"): return true
    default: return false
    }
  }

  /// Where a run of word bytes ends; no identifier begins within one.
  private func wordEnd(from place: Int) -> Int {
    var end = place
    while end < text.count, MessageText.isWordByte(text[end]) { end += 1 }
    return end
  }

  /// Where the identifier ends that begins at a place; nil when none does.
  private mutating func token(at place: Int) -> Int? {
    switch text[place] {
    case UInt8(ascii: "<"): return extendedName(at: place)
    case UInt8(ascii: "{"): return guid(at: place)
    case UInt8(ascii: "\\"): return filterBytes(at: place)
    case UInt8(ascii: "+"), UInt8(ascii: "/"): break
    default: if isPlainWord(at: place) { return nil }
    }
    return connectorSpaceName(at: place) ?? distinguishedName(at: place) ?? cloudAnchor(at: place) ?? guid(at: place)
      ?? damagedGUID(at: place) ?? securityIdentifier(at: place) ?? sourceAnchor(at: place) ?? hexadecimalBytes(
        at: place) ?? address(at: place)
  }

  /// Whether a word is surely none: nearly all words of a message are such.
  ///
  /// All shapes but two have a mark behind their first word: `=` (names, padding of base64), `_`, `-`, `:`, `@`, or what may
  /// stand before the `@` of an address. The two are 32 hexadecimal digits, and base64 behind the word that says so.
  private func isPlainWord(at place: Int) -> Bool {
    let end = wordEnd(from: place)
    if looksAtAll || namesAnchors || end - place == 32 { return false }
    guard end < text.count else { return true }
    let next = text[end]
    return !Self.isLocalPart(next) && next != UInt8(ascii: "@") && next != UInt8(ascii: ":")
  }

  private func isBoundary(before place: Int) -> Bool {
    guard place > 0 else { return true }
    let byte = text[place - 1]
    if MessageText.isWordByte(byte) { return false }
    // Within base64 and addresses these are no boundaries.
    return byte != UInt8(ascii: "+") && byte != UInt8(ascii: "@") && byte != UInt8(ascii: "_")
      && byte != UInt8(ascii: "%")
  }

  private mutating func add(
    _ range: Range<Int>, _ kind: MentionedIdentifier.Kind, _ role: MentionedIdentifier.Role = .object
  ) -> Int {
    let value = WrappedName.text(text[range])
    found.append((range.lowerBound, MentionedIdentifier(value, kind, role: role)))
    return range.upperBound
  }

  private func starts(_ place: Int, with word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard place + count <= folded.count else { return false }
    return word.withUTF8Buffer { word in
      var index = place
      for byte in word {
        if folded[index] != byte { return false }
        index += 1
      }
      return true
    }
  }

  /// The text before a place, on the same line, folded: at most 48 bytes.
  private func before(_ place: Int) -> ArraySlice<UInt8> {
    var start = place
    let limit = max(0, place - 48)
    while start > limit, folded[start - 1] != 10 { start -= 1 }
    return folded[start..<place]
  }

  // MARK: names

  /// `CN={3441…}`, and `CN=<guid>` that is not the first part of a longer name.
  private mutating func connectorSpaceName(at place: Int) -> Int? {
    guard starts(place, with: "cn=") else { return nil }
    var end = place + 3
    if end < text.count, text[end] == UInt8(ascii: "{") {
      let digits = text[(end + 1)...].prefix(4096).prefix(while: Self.isHexadecimal)
      if let close = text[digits.endIndex...].first, close == UInt8(ascii: "}"), digits.count >= 2 {
        return add(place..<digits.endIndex + 1, .connectorSpaceDN)
      }
    }
    if let damaged = damagedName(at: place) { return add(place..<damaged, .connectorSpaceDN) }
    if end < text.count, text[end] == UInt8(ascii: "{") { end += 1 }
    guard end + 36 <= text.count, GUIDText.isGUID(text[end..<end + 36]) else { return nil }
    var close = end + 36
    if close < text.count, text[close] == UInt8(ascii: "}"), text[end - 1] == UInt8(ascii: "{") { close += 1 }
    let isLonger =
      close < text.count && (MessageText.isWordByte(text[close]) || DistinguishedNameText.continues(text, at: close))
    return isLonger ? nil : add(place..<close, .connectorSpaceDN)
  }

  /// Where a name of the connector space ends that cannot be read: with letters that are no digits, or cut.
  private func damagedName(at place: Int) -> Int? {
    let open = place + 3
    guard open < text.count, text[open] == UInt8(ascii: "{") else { return nil }
    let inside = text[(open + 1)...].prefix(512).prefix {
      MessageText.isWordByte($0) && $0 < 0x80 || $0 == UInt8(ascii: "|")
    }
    guard inside.count >= 12, inside.count(where: Self.isHexadecimal) * 4 >= inside.count * 3 else { return nil }
    var end = inside.endIndex
    if end < text.count, text[end] == UInt8(ascii: "}") { return end + 1 }
    while end < text.count, text[end] == UInt8(ascii: "."), end < inside.endIndex + 3 { end += 1 }
    return end
  }

  /// A GUID of which some characters are no hexadecimal digits: as scanners read it.
  private mutating func damagedGUID(at place: Int) -> Int? {
    let end = place + 36
    guard end <= text.count, end == text.count || !MessageText.isWordByte(text[end]) else { return nil }
    var digits = 0
    for offset in 0..<36 {
      let byte = text[place + offset]
      if offset == 8 || offset == 13 || offset == 18 || offset == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
      } else {
        guard MessageText.isWordByte(byte), byte < 0x80 else { return nil }
        if Self.isHexadecimal(byte) { digits += 1 }
      }
    }
    guard digits >= 24, let meaning = meaning(place..<end) else { return digits >= 24 ? end : nil }
    return add(place..<end, meaning.kind, meaning.role)
  }

  /// What a GUID is by what stands around it; nil for those that name no object.
  private func meaning(_ range: Range<Int>) -> GUIDMeaning? {
    if isPartOfName(range) { return nil }
    return GUIDMeaning(before: before(range.lowerBound))
  }

  /// Whether a GUID is a part of a host name, an address or a URL.
  private func isPartOfName(_ range: Range<Int>) -> Bool {
    let end = range.upperBound
    if end + 1 < text.count, text[end] == UInt8(ascii: "@") { return true }
    if end + 1 < text.count, text[end] == UInt8(ascii: "."), (text[end + 1] | 0x20) &- 0x61 < 26 { return true }
    var start = range.lowerBound
    let limit = max(0, start - 200)
    while start > limit, text[start - 1] > 32, text[start - 1] != UInt8(ascii: "\"") { start -= 1 }
    let word = folded[start..<range.lowerBound]
    return word.count > 3 && (word.last == UInt8(ascii: "/") || word.last == UInt8(ascii: "="))
      && ByteSearch.first("://", in: Array(word)) != nil
  }

  private mutating func distinguishedName(at place: Int) -> Int? {
    guard place >= noNameBefore, starts(place, with: "cn=") || starts(place, with: "ou=") || starts(place, with: "dc=")
    else { return nil }
    let (end, reached) = DistinguishedNameText.end(text, from: place)
    guard let end else {
      noNameBefore = reached
      return nil
    }
    return add(place..<end, .distinguishedName)
  }

  /// `<GUID=…>` and `<SID=…>`, alone or before a name.
  private mutating func extendedName(at place: Int) -> Int? {
    guard let close = text[place...].prefix(128).firstIndex(of: UInt8(ascii: ">")) else { return nil }
    if starts(place, with: "<guid=") { return add(place + 6..<close, .guid) + 1 }
    if starts(place, with: "<sid=") { return add(place + 5..<close, .sid) + 1 }
    return nil
  }

  /// `User_<guid>`.
  private mutating func cloudAnchor(at place: Int) -> Int? {
    let letters = text[place...].prefix(24).prefix { ($0 | 0x20) &- 0x61 < 26 }
    let start = letters.endIndex + 1
    guard letters.count >= 3, start + 36 <= text.count, text[start - 1] == UInt8(ascii: "_"),
      GUIDText.isGUID(text[start..<start + 36])
    else { return nil }
    return add(place..<start + 36, .cloudAnchor)
  }

  // MARK: numbers

  private mutating func guid(at place: Int) -> Int? {
    let hasBrace = text[place] == UInt8(ascii: "{")
    let start = place + (hasBrace ? 1 : 0)
    guard start + 36 <= text.count, GUIDText.isGUID(text[start..<start + 36]) else { return nil }
    var end = start + 36
    if end < text.count, MessageText.isWordByte(text[end]) { return nil }
    if hasBrace, end < text.count, text[end] == UInt8(ascii: "}") { end += 1 }
    guard let meaning = meaning(place..<end) else { return end }
    return add((end > start + 36 ? place : start)..<end, meaning.kind, meaning.role)
  }

  private mutating func securityIdentifier(at place: Int) -> Int? {
    guard starts(place, with: "s-1-") else { return nil }
    let digits = text[(place + 4)...].prefix(184).prefix { $0 &- 0x30 < 10 || $0 == UInt8(ascii: "-") }
    let count = digits.split(separator: UInt8(ascii: "-")).count
    guard count >= 2, let last = digits.last else { return nil }
    let end = digits.endIndex - (last == UInt8(ascii: "-") ? 1 : 0)
    // Short ones are accounts of every machine, such as S-1-5-18.
    guard count >= 4 else { return end }
    return add(place..<end, .sid, .mentioned)
  }

  private static let anchorLabels = [
    "anchor: ", "anchor:", "anchor = ", "anchor ", "immutableid: ", "immutableid ", "immutableid = ",
  ].map { Array($0.utf8) }

  /// 22 characters of base64 and `==`: 16 bytes. After `Anchor:`, any base64.
  private mutating func sourceAnchor(at place: Int) -> Int? {
    let run = text[place...].prefix(400).prefix(while: Self.isBase64)
    let padding = text[run.endIndex...].prefix(2).prefix { $0 == UInt8(ascii: "=") }
    let end = padding.endIndex
    if end < text.count, MessageText.isWordByte(text[end]) { return nil }
    if run.count == 22, padding.count == 2 { return add(place..<end, .sourceAnchor) }
    guard run.count >= 4, run.count + padding.count > 7 || !padding.isEmpty, place > 0,
      text[place - 1] == 32 || text[place - 1] == UInt8(ascii: ":"),
      run.contains(where: { $0 &- 0x30 < 10 || $0 &- 0x41 < 26 })
    else { return nil }
    let label = before(place)
    let isNamed = Self.anchorLabels.contains { label.count >= $0.count && ByteSearch.ends(folded, at: place, with: $0) }
    guard isNamed else { return nil }
    return add(place..<end, .sourceAnchor)
  }

  /// 32 hexadecimal digits.
  private mutating func hexadecimalBytes(at place: Int) -> Int? {
    let digits = text[place...].prefix(33).prefix(while: Self.isHexadecimal)
    guard digits.count == 32, digits.endIndex == text.count || !MessageText.isWordByte(text[digits.endIndex]) else {
      return nil
    }
    // Job ids of cloud sync have such a part.
    if place > 0, text[place - 1] == UInt8(ascii: ".") { return digits.endIndex }
    return add(place..<digits.endIndex, .guid, .mentioned)
  }

  /// `\xx` sixteen times, as in LDAP filters.
  private mutating func filterBytes(at place: Int) -> Int? {
    let end = place + 48
    guard end <= text.count else { return nil }
    for start in stride(from: place, to: end, by: 3) {
      guard text[start] == UInt8(ascii: "\\"), Self.isHexadecimal(text[start + 1]), Self.isHexadecimal(text[start + 2])
      else { return nil }
    }
    return add(place..<end, .guid, .mentioned)
  }

  // MARK: addresses

  /// Senders and documents of Microsoft, which are in every mail.
  private static let uninteresting = ["microsoft.com", "microsoftonline.com", "microsoftonline-p.com"]

  private mutating func address(at place: Int) -> Int? {
    let token = text[place...].prefix(1200).prefix { !Self.endsAddress($0) }
    guard !token.isEmpty else { return nil }
    if let colon = token.prefix(8).firstIndex(of: UInt8(ascii: ":")),
      ["smtp", "sip", "x500", "x400", "eum", "sia", "notes"].contains(
        String(decoding: folded[place..<colon], as: UTF8.self)), colon + 1 < token.endIndex
    {
      return add(place..<Self.trimmed(token).endIndex, .address)
    }
    guard let at = token.firstIndex(of: UInt8(ascii: "@")), at > place else { return nil }
    // No sign-in name has these; logs write `field|user=address`.
    let mark = token[..<at].lastIndex { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "|") }
    let place = mark.map { $0 + 1 } ?? place
    let local = token[place..<at].prefix { Self.isLocalPart($0) }
    guard !local.isEmpty, local.endIndex == at else { return nil }
    let domain = unglued(
      Self.trimmed(token[(at + 1)...].prefix { $0 == 0x2D || $0 == 0x2E || MessageText.isWordByte($0) }))
    let labels = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.count >= 2, labels.allSatisfy({ !$0.isEmpty }) else { return nil }
    let name = String(decoding: domain.map(MessageText.folded), as: UTF8.self)
    if Self.uninteresting.contains(where: { name == $0 || name.hasSuffix("." + $0) }) { return domain.endIndex }
    return add(place..<domain.endIndex, .userPrincipalName, .mentioned)
  }

  /// Without the word of the next cell, where a page was copied without what stood between: `contoso.comUnable to`.
  private func unglued(_ domain: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let dot = domain.lastIndex(of: 0x2E) else { return domain }
    let label = domain[(dot + 1)...]
    let head = label.prefix { $0 &- 0x61 < 26 }
    guard head.count >= 2, head.endIndex < label.endIndex, label[head.endIndex] &- 0x41 < 26,
      label.endIndex < text.count, text[label.endIndex] == 32
    else { return domain }
    return domain[..<head.endIndex]
  }

  private static func endsAddress(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...32, UInt8(ascii: ";"), UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: ">"): true
    default: false
    }
  }

  /// Of an address before its `@` (RFC 5322, 3.2.3, and the full stop).
  private static func isLocalPart(_ byte: UInt8) -> Bool {
    if MessageText.isWordByte(byte) { return true }
    switch byte {
    case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "?"),
      UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"),
      UInt8(ascii: "}"), UInt8(ascii: "~"):
      return true
    default: return false
    }
  }

  /// Without the full stop or quotation mark that ends the sentence.
  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let last = text.last,
      last == UInt8(ascii: ".") || last == UInt8(ascii: "'") || last == UInt8(ascii: ")") || last == 0x2D
    {
      text.removeLast()
    }
    return text
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6 }

  private static func isBase64(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
  }
}

/// What the words before a GUID say it is; nil for GUIDs that name no object.
struct GUIDMeaning {
  var kind: MentionedIdentifier.Kind
  var role: MentionedIdentifier.Role

  /// A word before a GUID and what it says.
  private struct Word {
    var bytes: [UInt8]
    var kind: MentionedIdentifier.Kind
    var role: MentionedIdentifier.Role
  }

  /// Words before a GUID, the longest first where one is the end of another.
  private static let words = [
    ("objectidinconflict", .cloudObjectID, .conflicting), ("csobjectidentifier", .connectorSpaceID, .object),
    ("connectorspaceguid", .connectorSpaceID, .object), ("cs-guid", .connectorSpaceID, .object),
    ("csobjectid", .connectorSpaceID, .object), ("connectedmvobjectid", .metaverseID, .object),
    ("mv-guid", .metaverseID, .object), ("mvobjectid", .metaverseID, .object), ("metaverse", .metaverseID, .object),
    ("objectguid", .guid, .object), ("consistencyguid", .guid, .object), ("archive", .archiveGUID, .object),
    ("primary", .mailboxGUID, .object), ("mailbox", .mailboxGUID, .object),
    ("exchangeguid", .mailboxGUID, .object), ("mailboxguid", .mailboxGUID, .object),
    ("azure objectid", .cloudObjectID, .object), ("cloud object id", .cloudObjectID, .object),
    ("objectid", .cloudObjectID, .object), ("object id", .cloudObjectID, .object),
  ].map { (word: String, kind: MentionedIdentifier.Kind, role: MentionedIdentifier.Role) in
    Word(bytes: Array(word.utf8), kind: kind, role: role)
  }
  /// Words before GUIDs of requests, machines and connectors.
  private static let others = [
    "tracking id", "trackingid", "tracking  id", "session id", "sessionid", "machineid", "machine id", "connectorid",
    "connector id", "connector-id", "correlation id", "correlationid", "request id", "requestid", "client-request-id",
    "activity id", "activityid", "step-id", "ma-id", "partition", "tenant", "company", "context id", "contextid",
    "lineage-id", "tenantid", "tenant id", "company id", "provider guid", "job", "batch", "identifier of the rule",
    "trace id", "traceid", "runspaceid", "runspace id", "message-id", "messageid", "app", "app id", "appid",
    "application", "application id", "applicationid", "client id", "clientid", "subscription", "subscription id",
    "subscriptionid", "report id", "reportid", "instance id", "instanceid", "thread", "service principal",
    "runhistoryid", "stephistoryid", "cycleid", "cycle id", "changeid", "jobid", "job id", "partitionid",
    "conversation",
    "providerguid", "provider", "identity of the request", "operation id", "operationid", "transaction id",
    "diagnostic",
  ].map { Array($0.utf8) }

  /// Whether a GUID beside a label, such as the name of a property, can be that of an object.
  static func namesObject(label: String) -> Bool { GUIDMeaning(before: Array(label.lowercased().utf8)[...]) != nil }

  /// - Parameter text: What stands before on the line, in lower case.
  init?(before text: ArraySlice<UInt8>) {
    let label = Self.label(text)
    if Self.others.contains(where: { Self.ends(label, with: $0) }) { return nil }
    if text.last == UInt8(ascii: ">"), Self.ends(text, with: Array("-id>".utf8)) { return nil }
    if let word = Self.words.first(where: { Self.ends(label, with: $0.bytes) }) {
      kind = word.kind
      role = word.role
      return
    }
    kind = .guid
    role = .object
  }

  /// The text up to its last letter or digit.
  private static func label(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var end = text.endIndex
    while end > text.startIndex {
      let byte = text[end - 1]
      if byte >= 0x80 { return labelOfAnyScript(text[..<end]) }
      if MessageText.isWordByte(byte) { break }
      end -= 1
    }
    return text[..<end]
  }

  private static func labelOfAnyScript(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let characters = String(decoding: text, as: UTF8.self).reversed().drop { !$0.isLetter && !$0.isNumber }
    return Array(String(characters.reversed()).utf8)[...]
  }

  private static func ends(_ text: ArraySlice<UInt8>, with mark: [UInt8]) -> Bool {
    guard text.count >= mark.count, text.last == mark.last else { return false }
    return text.suffix(mark.count).elementsEqual(mark)
  }
}
