import Bytes

/// Turns text that may be XML into UTF-8: by its byte order mark, and by the encoding that an XML declaration at its very
/// start names (XML 1.0, appendix F).
public struct XMLTextDecoder {
  private var decoder: TextDecoder
  /// A converter of libxml2 (iconv) for the encodings that `TextDecoding` does not know.
  private var converter: ForeignEncoding?
  private var start: [UInt8] = []
  private var isDecided = false
  /// An XML declaration is not longer than this.
  private static let longestDeclaration = 256

  /// A decoder for one text.
  ///
  /// - Parameters:
  ///   - encoding: The encoding when it is known already.
  ///   - repairs: Whether bytes that are no UTF-8 are read as windows-1252.
  public init(encoding: TextEncoding? = nil, repairs: Bool = false) {
    decoder = TextDecoder(encoding, repairs: repairs)
    isDecided = encoding != nil
  }

  /// Decodes a piece and appends it to `text`.
  public mutating func decode(_ bytes: ArraySlice<UInt8>, into text: inout [UInt8]) throws(XMLFailure) {
    if isDecided {
      try convert(bytes, into: &text)
      return
    }
    start += bytes
    if start.count < TextDecoder.sniffLength { return }
    if Self.mayDeclare(start), start.count < Self.longestDeclaration, !start.contains(UInt8(ascii: ">")) { return }
    try decide(into: &text)
  }

  /// Decodes what still waits for more, as it is the end.
  public mutating func finish(into text: inout [UInt8]) throws(XMLFailure) {
    if !isDecided { try decide(into: &text) }
    if converter == nil { decoder.finish(into: &text) }
  }

  private mutating func decide(into text: inout [UInt8]) throws(XMLFailure) {
    isDecided = true
    if TextEncoding.detect(start[...]) == (.utf8, 0), let name = Self.declaredEncoding(start) {
      // What can be read as ASCII this far is neither of the UTF-16s, whatever it says.
      switch TextEncoding(named: name) {
      case .utf8, .utf16: break
      case .windows1252: decoder = TextDecoder(.windows1252, repairs: false)
      case nil:
        guard let foreign = ForeignEncoding(named: name) else {
          throw XMLFailure(
            .encoding, line: 1, column: 1, message: "the encoding '\(name)' is not known; save the file as UTF-8")
        }
        converter = foreign
      }
    }
    let waiting = start
    start = []
    try convert(waiting[...], into: &text)
  }

  private func convert(_ bytes: ArraySlice<UInt8>, with foreign: ForeignEncoding, into text: inout [UInt8])
    throws(XMLFailure)
  {
    guard foreign.convert(bytes, into: &text) else {
      throw XMLFailure(
        .encoding, line: 1, column: 1, message: "the text is not of the encoding it declares; save the file as UTF-8")
    }
  }

  private mutating func convert(_ bytes: ArraySlice<UInt8>, into text: inout [UInt8]) throws(XMLFailure) {
    if let converter {
      try convert(bytes, with: converter, into: &text)
    } else {
      decoder.decode(bytes, into: &text)
    }
  }

  private static func mayDeclare(_ start: [UInt8]) -> Bool {
    let declaration = Array("<?xml".utf8)
    return start.prefix(declaration.count).elementsEqual(declaration.prefix(start.count))
  }

  /// The name in `encoding="…"` of a declaration at the very start.
  private static func declaredEncoding(_ start: [UInt8]) -> String? {
    guard mayDeclare(start), let end = start.firstIndex(of: UInt8(ascii: ">")) else { return nil }
    let words = Array("encoding".utf8)
    let declaration = start[..<end]
    guard let place = declaration.indices.first(where: { declaration[$0...].starts(with: words) }) else { return nil }
    let quotes: [UInt8] = [UInt8(ascii: "\""), UInt8(ascii: "'")]
    let rest = declaration[(place + words.count)...].drop { !quotes.contains($0) }
    guard let quote = rest.first else { return nil }
    let name = rest.dropFirst().prefix { $0 != quote }
    return name.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? String(decoding: name, as: UTF8.self) : nil
  }
}
