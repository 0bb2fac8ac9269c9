import DirectoryModel

/// A compact binary form of findings, for spooling millions of them within one run.
///
/// Not a file format: it is read by the build that wrote it. Numbers are LEB128, texts and values are a length and bytes,
/// absent parts cost one bit. Encoding appends and allocates nothing of its own; decoding checks everything it reads.
public enum FindingCodec {
  /// Why bytes could not be decoded.
  public enum DecodingError: Error, Equatable {
    /// The bytes end in the middle of a finding.
    case truncated
    /// The bytes are no encoding of a finding.
    case malformed
  }

  /// Appends the encoding of a finding.
  public static func encode(_ finding: Finding, into bytes: inout [UInt8]) {
    var presence = Presence()
    presence.set(.objectGUID, finding.objectGUID != nil)
    presence.set(.value, finding.value != nil)
    presence.set(.valueIndex, finding.valueIndex != nil)
    presence.set(.suggestion, finding.suggestion != nil)
    presence.set(.idfixAction, finding.idfixAction != nil)
    presence.set(.commonName, finding.commonName != nil)
    presence.set(.spans, !finding.spans.isEmpty)
    presence.set(.related, !finding.related.isEmpty)
    presence.set(.labels, !finding.labels.isEmpty)
    append(UInt64(presence.bits), to: &bytes)
    bytes.append(code(finding.severity) | code(finding.effect) << 2 | code(finding.certainty) << 5)
    append(finding.rule, to: &bytes)
    append(finding.dn, to: &bytes)
    append(finding.objectClass, to: &bytes)
    append(finding.attribute, to: &bytes)
    append(finding.message, to: &bytes)
    append(finding.fingerprint, to: &bytes)
    append(finding.location, to: &bytes)
    if let guid = finding.objectGUID { bytes.append(contentsOf: guid.bytes) }
    if let value = finding.value { append(value, to: &bytes) }
    if let index = finding.valueIndex { append(UInt64(bitPattern: Int64(index)), to: &bytes) }
    if let suggestion = finding.suggestion { append(suggestion, to: &bytes) }
    if let action = finding.idfixAction { append(action, to: &bytes) }
    if let name = finding.commonName { append(name, to: &bytes) }
    if !finding.spans.isEmpty { append(finding.spans, to: &bytes) }
    if !finding.related.isEmpty { append(finding.related, to: &bytes) }
    if !finding.labels.isEmpty {
      append(UInt64(finding.labels.count), to: &bytes)
      for label in finding.labels { append(label, to: &bytes) }
    }
  }

  /// Decodes one finding, which must be all of the bytes.
  public static func decode(_ bytes: ArraySlice<UInt8>) throws(DecodingError) -> Finding {
    var position = bytes.startIndex
    let finding = try decode(from: bytes, at: &position)
    guard position == bytes.endIndex else { throw .malformed }
    return finding
  }

  /// Decodes the finding that starts at a position and moves the position behind it.
  public static func decode(
    from bytes: ArraySlice<UInt8>, at position: inout Int
  ) throws(DecodingError) -> Finding {
    var reader = FindingReader(bytes: bytes, position: position)
    let finding = try reader.finding()
    position = reader.position
    return finding
  }

  private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest &>>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    append(UInt64(text.utf8.count), to: &bytes)
    bytes.append(contentsOf: text.utf8)
  }

  private static func append(_ value: AttributeValue, to bytes: inout [UInt8]) {
    append(UInt64(value.bytes.count), to: &bytes)
    bytes.append(contentsOf: value.bytes)
  }

  private static func append(_ location: SourceLocation, to bytes: inout [UInt8]) {
    append(location.source, to: &bytes)
    bytes.append((location.line == nil ? 0 : 1) | (location.column == nil ? 0 : 2))
    if let line = location.line { append(UInt64(bitPattern: Int64(line)), to: &bytes) }
    if let column = location.column { append(UInt64(bitPattern: Int64(column)), to: &bytes) }
  }

  private static func append(_ suggestion: Suggestion, to bytes: inout [UInt8]) {
    bytes.append(code(suggestion.action) << 1 | (suggestion.value == nil ? 0 : 1))
    if let value = suggestion.value { append(value, to: &bytes) }
  }

  private static func append(_ spans: [FlaggedSpan], to bytes: inout [UInt8]) {
    append(UInt64(spans.count), to: &bytes)
    for span in spans {
      append(UInt64(bitPattern: Int64(span.offset)), to: &bytes)
      append(UInt64(bitPattern: Int64(span.length)), to: &bytes)
      append(span.codePoint.map { UInt64($0) + 1 } ?? 0, to: &bytes)
    }
  }

  private static func append(_ related: [RelatedValue], to bytes: inout [UInt8]) {
    append(UInt64(related.count), to: &bytes)
    for place in related {
      bytes.append((place.objectGUID == nil ? 0 : 1) | (place.value == nil ? 0 : 2))
      append(place.dn, to: &bytes)
      if let guid = place.objectGUID { bytes.append(contentsOf: guid.bytes) }
      append(place.objectClass, to: &bytes)
      append(place.attribute, to: &bytes)
      if let value = place.value { append(value, to: &bytes) }
      append(place.location, to: &bytes)
    }
  }

  private static func code(_ severity: Severity) -> UInt8 {
    switch severity {
    case .info: 0
    case .warning: 1
    case .error: 2
    }
  }

  private static func code(_ effect: Effect) -> UInt8 {
    switch effect {
    case .blocked: 0
    case .dropped: 1
    case .altered: 2
    case .quarantined: 3
    case .degraded: 4
    case .advice: 5
    }
  }

  private static func code(_ certainty: Certainty) -> UInt8 {
    switch certainty {
    case .documented: 0
    case .observed: 1
    case .inferred: 2
    }
  }

  private static func code(_ action: Suggestion.Action) -> UInt8 {
    switch action {
    case .replace: 0
    case .remove: 1
    case .add: 2
    }
  }
}

/// Which optional parts of a finding an encoding has.
struct Presence {
  enum Part: UInt16 {
    case objectGUID = 1
    case value = 2
    case valueIndex = 4
    case suggestion = 8
    case idfixAction = 16
    case commonName = 32
    case spans = 64
    case related = 128
    case labels = 256
  }

  var bits: UInt16 = 0

  mutating func set(_ part: Part, _ isPresent: Bool) {
    if isPresent { bits |= part.rawValue }
  }

  func has(_ part: Part) -> Bool { bits & part.rawValue != 0 }
}
