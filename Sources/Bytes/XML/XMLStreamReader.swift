import CXML2

/// Reads XML given in pieces, in whatever encoding, in memory that does not grow with the text.
///
/// The text comes from strangers. Document type declarations are refused, so there are no entities to expand and no
/// external files to fetch; depth, names, attributes and texts are limited.
///
/// A room of its own: the only place that talks to libxml2. The callbacks get this object as an unretained pointer, which
/// is sound because they run only within `feed` and `finish`, methods of the living object. The parser context is freed in
/// `deinit`. Pointers that libxml2 hands over are used within the callback only, except those of names, which libxml2 keeps
/// in a dictionary as long as the context lives: they serve as keys here, so that each name becomes a `String` once.
public final class XMLStreamReader {
  let options: XMLOptions
  private let handler: any XMLHandler
  private var context: xmlParserCtxtPtr?
  private var decoder: XMLTextDecoder
  private var fragments = FragmentFilter()
  /// A piece of text as UTF-8, on its way to the parser.
  private var utf8: [UInt8] = []
  private var text: [UInt8] = []
  private var names: [UnsafePointer<xmlChar>: String] = [:]
  /// For each open element: its name, and whether it has had a child.
  private var open: [(name: String, hasChildren: Bool)] = []
  private var failure: XMLFailure?
  private var isStopped = false

  private static let initialized: Void = xmlInitParser()
  /// Stands around fragments.
  private static let wrapperStart = Array("<x>".utf8)

  /// A reader of one text.
  ///
  /// - Parameter encoding: The encoding when it is known already; nil to go by byte order mark and declaration.
  public init(_ options: XMLOptions, encoding: TextEncoding? = nil, handler: any XMLHandler) {
    Self.initialized
    self.options = options
    self.handler = handler
    decoder = XMLTextDecoder(encoding: encoding)
    var sax = Self.callbacks()
    context = xmlCreatePushParserCtxt(&sax, Unmanaged.passUnretained(self).toOpaque(), nil, 0, nil)
    let flags =
      XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
      | XML_PARSE_IGNORE_ENC.rawValue
    if let context { xmlCtxtUseOptions(context, Int32(flags)) }
    if options.shape == .fragments { utf8 = Self.wrapperStart }
  }

  deinit {
    guard let context else { return }
    // Nothing builds a document here, but libxml2 makes an empty one for the declaration.
    if let document = context.pointee.myDoc { xmlFreeDoc(document) }
    xmlFreeParserCtxt(context)
  }

  /// Whether reading has ended before the end of the text, by `stop` or a failure.
  public var isOver: Bool { isStopped || failure != nil }

  /// Ends the reading from within the handler: nothing more is reported.
  public func stop() {
    isStopped = true
    if let context { xmlStopParser(context) }
  }

  /// Reads a piece of the text.
  public func feed(_ bytes: ArraySlice<UInt8>) throws(XMLFailure) {
    if let failure { throw failure }
    if isStopped { return }
    try decoder.decode(bytes, into: &utf8)
    try parseDecoded()
  }

  /// Reads the end of the text.
  ///
  /// - Throws: the failure of an earlier piece again, or that the text ends within an element.
  public func finish() throws(XMLFailure) {
    if let failure { throw failure }
    if isStopped { return }
    try decoder.finish(into: &utf8)
    try parseDecoded(isLast: true)
    if let last = open.last {
      throw failed(XMLFailure(.notWellFormed, message: "the text ends within <\(last.name)>", at: place))
    }
    if options.shape == .fragments { utf8 += Array("</x>".utf8) }
    try parse(isLast: true)
  }

  // MARK: pieces

  private func parseDecoded(isLast: Bool = false) throws(XMLFailure) {
    if options.shape == .fragments { fragments.filter(&utf8, isLast: isLast) }
    try parse(isLast: false)
  }

  private func parse(isLast: Bool) throws(XMLFailure) {
    guard let context else {
      throw failed(XMLFailure(.notWellFormed, line: 1, column: 1, message: "there is no memory to read XML"))
    }
    // libxml2 counts in Int32, and large pieces make it look again at what it has seen.
    var rest = utf8[...]
    repeat {
      let piece = rest.prefix(1 << 16)
      rest = rest.dropFirst(piece.count)
      piece.withUnsafeBytes { bytes in
        let start = bytes.bindMemory(to: CChar.self).baseAddress
        _ = xmlParseChunk(context, start, Int32(bytes.count), isLast && rest.isEmpty ? 1 : 0)
      }
      if let failure { throw failure }
      if isStopped { break }
      if context.pointee.wellFormed == 0 || context.pointee.disableSAX != 0 { throw failed(parserFailure(context)) }
    } while !rest.isEmpty
    utf8.removeAll(keepingCapacity: true)
  }

  // MARK: failures

  private func failed(_ failure: XMLFailure) -> XMLFailure {
    self.failure = failure
    return failure
  }

  /// Ends the reading because of something that a callback saw.
  private func refuse(_ kind: XMLFailure.Kind, _ message: String) {
    guard failure == nil else { return }
    failure = XMLFailure(kind, message: message, at: place)
    if let context { xmlStopParser(context) }
  }

  private var place: (line: Int, column: Int) {
    guard let input = context?.pointee.input else { return (1, 1) }
    return shown(line: Int(input.pointee.line), column: Int(input.pointee.col))
  }

  /// A place without the start tag that was put around fragments.
  private func shown(line: Int, column: Int) -> (line: Int, column: Int) {
    let added = options.shape == .fragments && line == 1 ? Self.wrapperStart.count : 0
    return (max(1, line), max(1, column - added))
  }

  private func parserFailure(_ context: xmlParserCtxtPtr) -> XMLFailure {
    guard let error = xmlCtxtGetLastError(context)?.pointee else {
      return XMLFailure(.notWellFormed, message: "this is not well-formed XML", at: place)
    }
    let message = error.message.map { String(cString: $0) } ?? "this is not well-formed XML"
    let line = Self.withoutLineNumbers(message.prefix { $0 != "\n" })
    let place = shown(line: Int(error.line), column: Int(error.int2))
    let isLimit = error.code == Int32(XML_ERR_NAME_TOO_LONG.rawValue)
    return XMLFailure(isLimit ? .limit : .notWellFormed, message: "not well-formed XML: \(line)", at: place)
  }

  /// Some messages name lines as the parser counts them, which are not those of the input where it is cut into records.
  private static func withoutLineNumbers(_ message: Substring) -> String {
    var words = message.split(separator: " ")
    while let place = words.indices.dropLast().first(where: { words[$0] == "line" && Int(words[$0 + 1]) != nil }) {
      words.removeSubrange(place...place + 1)
    }
    return words.joined(separator: " ")
  }

  // MARK: callbacks

  private static func reader(_ pointer: UnsafeMutableRawPointer?) -> XMLStreamReader? {
    pointer.map { Unmanaged<XMLStreamReader>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func callbacks() -> xmlSAXHandler {
    var sax = xmlSAXHandler()
    sax.initialized = UInt32(XML_SAX2_MAGIC)
    sax.startElementNs = { reader, name, _, _, _, _, count, _, attributes in
      XMLStreamReader.reader(reader)?.start(name, Int(count), attributes)
    }
    sax.endElementNs = { reader, _, _, _ in XMLStreamReader.reader(reader)?.end() }
    sax.characters = { reader, start, count in XMLStreamReader.reader(reader)?.append(start, Int(count)) }
    sax.ignorableWhitespace = sax.characters
    sax.cdataBlock = sax.characters
    sax.internalSubset = { reader, _, _, _ in
      XMLStreamReader.reader(reader)?.refuse(
        .documentType, "document type declarations (<!DOCTYPE>) are refused; take it out")
    }
    sax.serror = { _, _ in }
    return sax
  }

  private func start(
    _ name: UnsafePointer<xmlChar>?, _ count: Int, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
  ) {
    guard !isOver, let name = self.name(name) else { return }
    if isWrapper {
      wrapperIsOpen = true
      return
    }
    flushText(beforeChild: true)
    guard open.count < options.maximumDepth else {
      refuse(.limit, "elements are nested more than \(options.maximumDepth) deep")
      return
    }
    guard count <= options.maximumAttributes else {
      refuse(.limit, "<\(name)> has more than \(options.maximumAttributes) attributes")
      return
    }
    guard let list = read(attributes, count), !isOver else { return }
    if !open.isEmpty { open[open.count - 1].hasChildren = true }
    open.append((name, false))
    handler.start(name, list, line: Int(context?.pointee.input?.pointee.line ?? 1))
  }

  private var wrapperIsOpen = false
  private var isWrapper: Bool { options.shape == .fragments && !wrapperIsOpen }

  private func end() {
    // The end of the wrapper is the only one without an open element.
    guard !isOver, let last = open.last else { return }
    flushText(beforeChild: false)
    if isOver { return }
    open.removeLast()
    handler.end(last.name)
  }

  private func append(_ start: UnsafePointer<xmlChar>?, _ count: Int) {
    // Between fragments, text is noise.
    guard !isOver, !open.isEmpty, let start else { return }
    guard text.count + count <= options.maximumTextLength else {
      refuse(.limit, "a text is longer than \(options.maximumTextLength) bytes")
      return
    }
    text += UnsafeBufferPointer(start: start, count: count)
  }

  private func flushText(beforeChild: Bool) {
    guard !text.isEmpty else { return }
    defer { text.removeAll(keepingCapacity: text.capacity < 1 << 20) }
    let isLayout = beforeChild || open.last?.hasChildren == true
    if !handler.wantsText { return }
    if isLayout, text.allSatisfy({ $0 == 32 || $0 == 10 || $0 == 13 || $0 == 9 }) { return }
    handler.text(String(decoding: text, as: UTF8.self))
  }

  private func name(_ pointer: UnsafePointer<xmlChar>?) -> String? {
    guard let pointer else { return nil }
    if let known = names[pointer] { return known }
    let name = String(cString: pointer)
    guard name.utf8.count <= options.maximumNameLength else {
      refuse(.limit, "a name is longer than \(options.maximumNameLength) bytes")
      return nil
    }
    names[pointer] = name
    return name
  }

  /// Five pointers for each attribute: local name, prefix, namespace, start of the value, end of the value.
  private func read(
    _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int
  ) -> [XMLAttribute]? {
    guard count > 0, let attributes else { return [] }
    var list: [XMLAttribute] = []
    list.reserveCapacity(count)
    for index in 0..<count {
      guard let name = self.name(attributes[index * 5]) else { return nil }
      guard let start = attributes[index * 5 + 3], let end = attributes[index * 5 + 4] else { continue }
      guard end - start <= options.maximumTextLength else {
        refuse(.limit, "an attribute is longer than \(options.maximumTextLength) bytes")
        return nil
      }
      list.append(XMLAttribute(name: name, value: Self.value(UnsafeBufferPointer(start: start, count: end - start))))
    }
    return list
  }

  /// The value of an attribute. libxml2 writes every ampersand as `&#38;`, because it leaves entities to a later stage
  /// unless told to replace them, which is never done here; as there are no entities, there are no other ampersands.
  private static func value(_ bytes: UnsafeBufferPointer<xmlChar>) -> String {
    guard bytes.contains(UInt8(ascii: "&")) else { return String(decoding: bytes, as: UTF8.self) }
    let ampersand = Array("&#38;".utf8)
    var value: [UInt8] = []
    var rest = bytes[...]
    while let first = rest.first {
      value.append(first)
      rest = rest.dropFirst(rest.starts(with: ampersand) ? ampersand.count : 1)
    }
    return String(decoding: value, as: UTF8.self)
  }
}

extension XMLFailure {
  init(_ kind: Kind, message: String, at place: (line: Int, column: Int)) {
    self.init(kind, line: place.line, column: place.column, message: message)
  }
}
