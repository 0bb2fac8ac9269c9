import Directory

/// The parts of a finding as values of their own. Each is made when it is asked for; a new one is put behind the bytes.
extension Finding {
  /// DN of the entry.
  public var dn: AttributeValue {
    get { value(at: layout.own.dn) }
    set { layout.own.dn = add(newValue.bytes) }
  }

  /// objectGUID of the entry, when it was read.
  public var objectGUID: GUID? {
    get { layout.own.objectGUID }
    set { layout.own.objectGUID = newValue }
  }

  /// Most specific object class of the entry; empty when it was not read.
  public var objectClass: String {
    get { text(at: layout.own.objectClass) }
    set { layout.own.objectClass = add(newValue.utf8) }
  }

  /// Attribute the finding is about, as spelled in the rule.
  public var attribute: String {
    get { attribute(of: layout.own) }
    set { layout.own.attribute = number(ofAttribute: newValue) }
  }

  /// The value the finding is about; nil when the attribute is absent or the entry as a whole is meant.
  public var value: AttributeValue? {
    get { optionalValue(at: layout.own.value) }
    set { layout.own.value = newValue.map { add($0.bytes) } ?? .init() }
  }

  /// Index of the value among the values of its attribute, counted from 0.
  public var valueIndex: Int? {
    get { layout.own.valueIndex >= 0 ? Int(layout.own.valueIndex) : nil }
    set { layout.own.valueIndex = newValue.map { Int32(clamping: $0) } ?? -1 }
  }

  /// What is flagged in the value; empty when the whole value is meant.
  public var spans: [FlaggedSpan] {
    get { (0..<spanCount).map { span($0) } }
    set { layout.spans = newValue.isEmpty ? .init() : bytes.append(values: newValue, base: 0) }
  }

  /// One sentence for people, without a full stop; contains values as they are: escape it for the place it goes to.
  public var message: String {
    get { text(at: layout.message) }
    set { layout.message = add(newValue.utf8) }
  }

  /// A change that would remove the finding, when there is a good one.
  public var suggestion: Suggestion? {
    get { layout.suggestion.map { Suggestion(action: $0, value: optionalValue(at: layout.suggestedValue)) } }
    set {
      layout.suggestion = newValue?.action
      layout.suggestedValue = newValue?.value.map { add($0.bytes) } ?? .init()
    }
  }

  /// Where the value was read.
  public var location: SourceLocation {
    get { location(of: layout.own) }
    set {
      var holder = layout.own
      set(newValue, of: &holder)
      layout.own = holder
    }
  }

  /// The entry that the finding is on.
  public var entry: EntryReference {
    EntryReference(
      source: source(of: layout.own), ordinal: layout.entry >= 0 ? layout.entry : nil,
      line: layout.entryLine > 0 ? layout.lineBase + layout.entryLine : nil)
  }

  /// The other holders of a duplicate value, in input order.
  public var related: [RelatedValue] {
    get { (1..<holderCount).map { relatedValue(holder($0)) } }
    set {
      let holders = newValue.map { holder($0) }
      layout.related = holders.isEmpty ? .init() : bytes.append(values: holders, base: 0)
    }
  }

  /// What else is to be told of the finding: its own annotations, and those of its rule that it has not.
  public var annotations: [Annotation] {
    get {
      let own = bytes.annotations(in: layout.annotations.range)
      return own + head.annotations.filter { shared in !own.contains { $0.name == shared.name } }
    }
    set { layout.annotations = newValue.isEmpty ? .init() : bytes.append(annotations: newValue, base: 0) }
  }

  /// What the annotation of a name says; empty where there is none.
  public func annotation(_ name: String) -> [String] { annotations.values(of: name) }

  /// The entry's common name: as annotated, or the value of its first RDN.
  public var commonName: AttributeValue? {
    annotation(Annotation.commonName).first.map { AttributeValue($0) } ?? DistinguishedName.firstValue(of: dn)
  }

  // MARK: - Reading and writing

  private func value(at part: FindingLayout.Part) -> AttributeValue { AttributeValue(Array(bytes[part.range])) }

  private func optionalValue(at part: FindingLayout.Part) -> AttributeValue? {
    part.isThere ? value(at: part) : nil
  }

  private func text(at part: FindingLayout.Part) -> String { String(decoding: bytes[part.range], as: UTF8.self) }

  private func relatedValue(_ holder: FindingLayout.Holder) -> RelatedValue {
    RelatedValue(
      dn: value(at: holder.dn), objectGUID: holder.objectGUID, objectClass: text(at: holder.objectClass),
      attribute: attribute(of: holder), value: optionalValue(at: holder.value), location: location(of: holder))
  }

  private mutating func holder(_ related: RelatedValue) -> FindingLayout.Holder {
    var holder = FindingLayout.Holder()
    holder.dn = add(related.dn.bytes)
    holder.objectGUID = related.objectGUID
    holder.objectClass = add(related.objectClass.utf8)
    holder.attribute = number(ofAttribute: related.attribute)
    holder.value = related.value.map { add($0.bytes) } ?? .init()
    set(related.location, of: &holder)
    return holder
  }

  private mutating func set(_ location: SourceLocation, of holder: inout FindingLayout.Holder) {
    let known = names.sources.firstIndex(of: location.source)
    holder.source = Int32(truncatingIfNeeded: known ?? names.sources.count)
    if known == nil { names = names.adding(source: location.source) }
    holder.line = (location.line ?? layout.lineBase) - layout.lineBase
    holder.column = Int32(clamping: location.column ?? 0)
  }

  private mutating func number(ofAttribute name: String) -> Int32 {
    let known = names.attributes.firstIndex(of: name)
    let number = Int32(truncatingIfNeeded: known ?? names.attributes.count)
    if known == nil { names = names.adding(attribute: name) }
    return number
  }

  private mutating func add(_ text: some Collection<UInt8>) -> FindingLayout.Part {
    let start = bytes.count
    bytes.append(contentsOf: text)
    return FindingLayout.Part(start..<bytes.count)
  }
}

extension FindingNames {
  fileprivate func adding(source: String) -> FindingNames {
    FindingNames(attributes: attributes, sources: sources + [source])
  }

  fileprivate func adding(attribute: String) -> FindingNames {
    FindingNames(attributes: attributes + [attribute], sources: sources)
  }
}

extension Finding: Equatable {
  /// Whether two findings say the same, wherever their parts lie.
  public static func == (left: Finding, right: Finding) -> Bool {
    left.rule == right.rule && left.severity == right.severity && left.effect == right.effect
      && left.certainty == right.certainty && left.dn == right.dn && left.objectGUID == right.objectGUID
      && left.objectClass == right.objectClass && left.attribute == right.attribute && left.value == right.value
      && left.valueIndex == right.valueIndex && left.spans == right.spans && left.message == right.message
      && left.suggestion == right.suggestion && left.location == right.location && left.related == right.related
      && left.fingerprint == right.fingerprint && left.annotations == right.annotations && left.state == right.state
      && left.firstSeen == right.firstSeen && left.suppression == right.suppression
  }
}

extension [UInt8] {
  /// Appends annotations: of each its name and its values, each text with its length, the values with their number.
  ///
  /// - Returns: where they are, counted from a place.
  package mutating func append(annotations: [Annotation], base: Int) -> FindingLayout.Part {
    let start = count - base
    for annotation in annotations {
      append(measured: annotation.name)
      _ = append(values: [annotation.values.count], base: base)
      for value in annotation.values { append(measured: value) }
    }
    return FindingLayout.Part(start..<count - base)
  }

  private mutating func append(measured text: String) {
    _ = append(values: [text.utf8.count], base: 0)
    append(contentsOf: text.utf8)
  }

  /// The annotations in a range.
  fileprivate func annotations(in range: Range<Int>) -> [Annotation] {
    var position = range.lowerBound
    func number() -> Int {
      defer { position += MemoryLayout<Int>.stride }
      return value(at: position)
    }
    func text() -> String {
      let length = number()
      defer { position += length }
      return String(decoding: self[position..<position + length], as: UTF8.self)
    }
    var annotations: [Annotation] = []
    while position < range.upperBound {
      var annotation = Annotation(name: text(), values: [])
      for _ in 0..<number() { annotation.values.append(text()) }
      annotations.append(annotation)
    }
    return annotations
  }
}
