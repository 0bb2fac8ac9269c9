import Directory
import Bytes

/// A part of a mail that may tell of errors, decoded.
struct MIMEPart {
  var bytes: [UInt8]
  /// The line of the mail on which it begins.
  var firstLine: Int
  /// Whether its lines are those of the mail.
  var hasLines = true
  /// The character set that its header names.
  var charset: String?

  /// The text in UTF-8.
  func text() throws(XMLFailure) -> [UInt8] {
    if let charset, let text = NamedEncoding.decode(bytes, named: charset) { return text }
    var decoder = XMLTextDecoder(repairs: true)
    var text: [UInt8] = []
    try decoder.decode(bytes[...], into: &text)
    try decoder.finish(into: &text)
    return text
  }
}

/// Reads mail as it is stored and sent (RFC 2045 to 2049, RFC 5322): a file, or the source of a mail that was pasted.
///
/// Only what a reader of the mail sees is taken: of alternatives the plainest, of attachments those that are text. A library
/// would bring more than that: see Docs/resolve.md.
struct MIMEMessage {
  private let bytes: [UInt8]
  private var parts: [MIMEPart] = []

  /// Parts within parts are read down to this depth.
  private static let maximumDepth = 16
  private static let maximumParts = 256

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The parts of a mail; nil when a material is none.
  static func parts(of material: [UInt8]) -> [MIMEPart]? {
    guard
      ByteSearch.first("ontent-", in: material) != nil || ByteSearch.first("ONTENT-", in: material) != nil
        || ByteSearch.first("CONTENT-", in: material) != nil
    else { return nil }
    var message = MIMEMessage(material)
    guard let start = message.start() else { return nil }
    if start > 0 { message.parts.append(message.part(0..<start)) }
    message.readEntity(start..<material.count, depth: 0)
    return message.parts.isEmpty ? nil : message.parts
  }

  // MARK: header

  /// Where the header, or the first boundary, begins: text may stand before the source of a mail.
  private func start() -> Int? {
    var place = 0
    var header: Int?
    var isMIME = false
    while place < bytes.count, place < 256 << 10 {
      let end = lineEnd(place)
      let line = bytes[place..<end]
      if let name = MIMEHeader.name(line) {
        if header == nil { header = place }
        if MIMEHeader.decisive.contains(name) { isMIME = true }
      } else if header != nil, let first = line.first, first == 32 || first == 9, line.contains(where: { $0 > 32 }) {
        // A folded field.
      } else {
        if isMIME, let header, isBlank(line) { return boundaryBefore(header) ?? header }
        header = nil
        isMIME = false
      }
      place = next(end)
    }
    return nil
  }

  /// The start of the line before a header when it is a boundary: the header is that of a part.
  private func boundaryBefore(_ header: Int) -> Int? {
    guard header > 1 else { return nil }
    let start = (bytes[..<(header - 1)].lastIndex(of: 10) ?? -1) + 1
    return bytes[start..<header].starts(with: [0x2D, 0x2D]) ? start : nil
  }

  private func isBlank(_ line: ArraySlice<UInt8>) -> Bool { line.allSatisfy { $0 <= 32 } }

  private func lineEnd(_ place: Int) -> Int { ByteSearch.first(10, in: bytes, from: place) ?? bytes.count }

  private func next(_ end: Int) -> Int { min(end + 1, bytes.count) }

  // MARK: entities

  private mutating func readEntity(_ range: Range<Int>, depth: Int) {
    guard depth < Self.maximumDepth, parts.count < Self.maximumParts else { return }
    let first = bytes[range.lowerBound..<min(lineEnd(range.lowerBound), range.upperBound)]
    if first.starts(with: [0x2D, 0x2D]), first.count > 4 {
      // The source was copied from the first boundary on.
      return readParts(
        range, boundary: Array(MIMEHeader.trimmed(first.dropFirst(2))), depth: depth, isAlternative: true)
    }
    let (header, body) = MIMEHeader.read(bytes, range)
    let type = header.contentType
    if type.name.hasPrefix("multipart/"), let boundary = type.parameters["boundary"] {
      return readParts(
        body..<range.upperBound, boundary: Array(boundary.utf8), depth: depth,
        isAlternative: type.name == "multipart/alternative")
    }
    guard let decoded = TransferEncoding.decode(bytes[body..<range.upperBound], header.transferEncoding) else { return }
    if type.name == "message/rfc822" {
      var inner = MIMEMessage(decoded)
      inner.readEntity(0..<decoded.count, depth: depth + 1)
      let line = lineNumber(body)
      parts += inner.parts.map { part in
        var part = part
        part.firstLine += line - 1
        return part
      }
      return
    }
    guard header.isText(decoded) else { return }
    var part = MIMEPart(bytes: decoded, firstLine: lineNumber(body))
    part.hasLines = !["base64", "quoted-printable"].contains(header.transferEncoding)
    part.charset = type.parameters["charset"]
    parts.append(part)
  }

  private mutating func readParts(_ range: Range<Int>, boundary: [UInt8], depth: Int, isAlternative: Bool) {
    let entities = entities(range, boundary)
    guard isAlternative else {
      for entity in entities { readEntity(entity, depth: depth + 1) }
      return
    }
    // Alternatives say the same: of those that can be read the plain text, else the last, which is the richest.
    let readable = entities.compactMap { entity -> (parts: [MIMEPart], isPlain: Bool)? in
      var alternative = MIMEMessage(bytes)
      alternative.readEntity(entity, depth: depth + 1)
      let type = MIMEHeader.read(bytes, entity).header.contentType.name
      let hasText = alternative.parts.contains { $0.bytes.contains { $0 > 32 } }
      return hasText ? (alternative.parts, type == "text/plain" || type.isEmpty) : nil
    }
    parts += (readable.first { $0.isPlain } ?? readable.last)?.parts ?? []
  }

  /// What stands between boundaries.
  private func entities(_ range: Range<Int>, _ boundary: [UInt8]) -> [Range<Int>] {
    let mark = [0x2D, 0x2D] + boundary
    var entities: [Range<Int>] = []
    var start: Int?
    var place = range.lowerBound
    while place < range.upperBound, entities.count < Self.maximumParts {
      let end = min(lineEnd(place), range.upperBound)
      let line = bytes[place..<end]
      if line.starts(with: mark) {
        let rest = MIMEHeader.trimmed(line.dropFirst(mark.count))
        if rest.isEmpty || rest.elementsEqual([0x2D, 0x2D]) {
          if let start { entities.append(start..<place) }
          start = rest.isEmpty ? min(next(end), range.upperBound) : nil
          if !rest.isEmpty { break }
        }
      }
      place = next(end)
    }
    // A mail that was cut ends within a part.
    if let start, start < range.upperBound { entities.append(start..<range.upperBound) }
    return entities
  }

  private func part(_ range: Range<Int>) -> MIMEPart {
    MIMEPart(bytes: Array(bytes[range]), firstLine: lineNumber(range.lowerBound))
  }

  private func lineNumber(_ place: Int) -> Int { bytes[..<place].count { $0 == 10 } + 1 }
}
