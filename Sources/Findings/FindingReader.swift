import DirectoryModel

/// Reads the encoding of `FindingCodec` from bytes that may be anything.
struct FindingReader {
  private let bytes: ArraySlice<UInt8>
  /// Index of the next byte to read.
  private(set) var position: Int

  init(bytes: ArraySlice<UInt8>, position: Int) {
    self.bytes = bytes
    self.position = position
  }

  mutating func finding() throws(FindingCodec.DecodingError) -> Finding {
    guard let bits = UInt16(exactly: try number()), bits < 512 else { throw .malformed }
    let presence = Presence(bits: bits)
    let codes = try byte()
    let severity = try severity(codes & 3)
    let effect = try effect(codes >> 2 & 7)
    let certainty = try certainty(codes >> 5)
    let rule = try text()
    let dn = try value()
    let objectClass = try text()
    let attribute = try text()
    let message = try text()
    let fingerprint = try text()
    let location = try location()
    // The order of these lines is the order of the encoding.
    let objectGUID = presence.has(.objectGUID) ? try guid() : nil
    let foundValue = presence.has(.value) ? try value() : nil
    let valueIndex = presence.has(.valueIndex) ? try integer() : nil
    let suggestion = presence.has(.suggestion) ? try suggestion() : nil
    let idfixAction = presence.has(.idfixAction) ? try text() : nil
    let commonName = presence.has(.commonName) ? try value() : nil
    let spans = presence.has(.spans) ? try spans() : []
    let related = presence.has(.related) ? try related() : []
    let labels = presence.has(.labels) ? try labels() : []
    return Finding(
      rule: rule, severity: severity, effect: effect, certainty: certainty, dn: dn, objectGUID: objectGUID,
      objectClass: objectClass, attribute: attribute, value: foundValue, valueIndex: valueIndex, spans: spans,
      message: message, suggestion: suggestion, location: location, related: related, fingerprint: fingerprint,
      labels: labels, idfixAction: idfixAction, commonName: commonName)
  }

  private mutating func byte() throws(FindingCodec.DecodingError) -> UInt8 {
    guard position < bytes.endIndex else { throw .truncated }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func number() throws(FindingCodec.DecodingError) -> UInt64 {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      guard shift < 63 || next <= 1 else { throw .malformed }
      result |= UInt64(next & 0x7F) &<< shift
      if next < 0x80 { return result }
      shift += 7
    }
  }

  private mutating func integer() throws(FindingCodec.DecodingError) -> Int {
    Int(Int64(bitPattern: try number()))
  }

  /// A number of things that take at least one byte each, so that no malformed count makes a huge reservation.
  private mutating func count() throws(FindingCodec.DecodingError) -> Int {
    guard let count = Int(exactly: try number()), count <= bytes.endIndex - position else { throw .truncated }
    return count
  }

  private mutating func slice(_ count: Int) throws(FindingCodec.DecodingError) -> ArraySlice<UInt8> {
    guard count <= bytes.endIndex - position else { throw .truncated }
    defer { position += count }
    return bytes[position..<position + count]
  }

  private mutating func text() throws(FindingCodec.DecodingError) -> String {
    let slice = try slice(try count())
    guard let text = String(validating: slice, as: UTF8.self) else { throw .malformed }
    return text
  }

  private mutating func value() throws(FindingCodec.DecodingError) -> AttributeValue {
    AttributeValue(Array(try slice(try count())))
  }

  private mutating func guid() throws(FindingCodec.DecodingError) -> GUID {
    guard let guid = GUID(try slice(16)) else { throw .malformed }
    return guid
  }

  private mutating func location() throws(FindingCodec.DecodingError) -> SourceLocation {
    let source = try text()
    let presence = try byte()
    guard presence < 4 else { throw .malformed }
    let line = presence & 1 != 0 ? try integer() : nil
    let column = presence & 2 != 0 ? try integer() : nil
    return SourceLocation(source: source, line: line, column: column)
  }

  private mutating func suggestion() throws(FindingCodec.DecodingError) -> Suggestion {
    let code = try byte()
    let action: Suggestion.Action
    switch code >> 1 {
    case 0: action = .replace
    case 1: action = .remove
    case 2: action = .add
    default: throw .malformed
    }
    return Suggestion(action: action, value: code & 1 != 0 ? try value() : nil)
  }

  private mutating func spans() throws(FindingCodec.DecodingError) -> [FlaggedSpan] {
    let count = try count()
    var spans: [FlaggedSpan] = []
    spans.reserveCapacity(count)
    for _ in 0..<count {
      let offset = try integer()
      let length = try integer()
      let code = try number()
      guard code <= UInt64(UInt32.max) + 1 else { throw .malformed }
      spans.append(FlaggedSpan(offset: offset, length: length, codePoint: code == 0 ? nil : UInt32(code - 1)))
    }
    return spans
  }

  private mutating func related() throws(FindingCodec.DecodingError) -> [RelatedValue] {
    let count = try count()
    var related: [RelatedValue] = []
    for _ in 0..<count {
      let presence = try byte()
      guard presence < 4 else { throw .malformed }
      let dn = try value()
      let guid = presence & 1 != 0 ? try guid() : nil
      let objectClass = try text()
      let attribute = try text()
      let foundValue = presence & 2 != 0 ? try value() : nil
      related.append(
        RelatedValue(
          dn: dn, objectGUID: guid, objectClass: objectClass, attribute: attribute, value: foundValue,
          location: try location()))
    }
    return related
  }

  private mutating func labels() throws(FindingCodec.DecodingError) -> [String] {
    let count = try count()
    var labels: [String] = []
    for _ in 0..<count { labels.append(try text()) }
    return labels
  }

  private func severity(_ code: UInt8) throws(FindingCodec.DecodingError) -> Severity {
    switch code {
    case 0: return .info
    case 1: return .warning
    case 2: return .error
    default: throw .malformed
    }
  }

  private func effect(_ code: UInt8) throws(FindingCodec.DecodingError) -> Effect {
    switch code {
    case 0: return .blocked
    case 1: return .dropped
    case 2: return .altered
    case 3: return .quarantined
    case 4: return .degraded
    case 5: return .advice
    default: throw .malformed
    }
  }

  private func certainty(_ code: UInt8) throws(FindingCodec.DecodingError) -> Certainty {
    switch code {
    case 0: return .documented
    case 1: return .observed
    case 2: return .inferred
    default: throw .malformed
    }
  }
}
