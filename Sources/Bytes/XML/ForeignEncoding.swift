import Bytes
import CXML2

/// An encoding by its name, as in the header of a mail or on a command line: one that `TextEncoding` knows, or any that the
/// system's iconv converts (windows-1250, Shift_JIS, …).
public struct NamedEncoding: Sendable {
  /// The name as it was given.
  public let name: String

  /// - Returns: nil when nobody here knows the name.
  public init?(_ name: String) {
    guard TextEncoding(named: name) != nil || ForeignEncoding(named: name) != nil else { return nil }
    self.name = name
  }

  /// The text as UTF-8; nil when nobody here knows the name, or the bytes are of another encoding.
  public static func decode(_ bytes: [UInt8], named name: String) -> [UInt8]? {
    var text: [UInt8] = []
    guard var decoder = NamedDecoder(name), decoder.decode(bytes[...], into: &text) else { return nil }
    decoder.finish(into: &text)
    return text
  }
}

/// Converts a text of a named encoding, given in pieces, to UTF-8.
struct NamedDecoder {
  private var known: TextDecoder?
  private let foreign: ForeignEncoding?

  init?(_ name: String) {
    if let encoding = TextEncoding(named: name) {
      known = TextDecoder(encoding, repairs: true)
      foreign = nil
      return
    }
    guard let foreign = ForeignEncoding(named: name) else { return nil }
    self.foreign = foreign
  }

  /// - Returns: false when the bytes are not of the encoding.
  mutating func decode(_ bytes: ArraySlice<UInt8>, into text: inout [UInt8]) -> Bool {
    if let foreign { return foreign.convert(bytes, into: &text) }
    known?.decode(bytes, into: &text)
    return true
  }

  mutating func finish(into text: inout [UInt8]) { known?.finish(into: &text) }
}

/// The bytes of another source, converted from a named encoding to UTF-8.
final class NamedEncodingSource: ByteSource {
  private let source: any ByteSource
  private let name: String
  private var decoder: NamedDecoder?
  private var input = [UInt8](repeating: 0, count: 1 << 16)
  private var text: [UInt8] = []
  private var taken = 0
  private var isAtEnd = false

  init(_ source: any ByteSource, _ encoding: NamedEncoding) {
    self.source = source
    name = encoding.name
    decoder = NamedDecoder(encoding.name)
  }

  /// Fills a part of `buffer`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    while taken == text.count, !isAtEnd { try refill() }
    let count = min(buffer.count, text.count - taken)
    buffer.copyBytes(from: text[taken..<taken + count])
    taken += count
    return count
  }

  private func refill() throws(ReadFailure) {
    text.removeAll(keepingCapacity: true)
    taken = 0
    let count = try source.read(into: &input, 0..<input.count)
    guard count > 0 else {
      isAtEnd = true
      decoder?.finish(into: &text)
      return
    }
    guard decoder?.decode(input[..<count], into: &text) == true else {
      isAtEnd = true
      throw ReadFailure(.readError, "the text is not written in \(name); name another encoding with --encoding")
    }
  }
}

/// A converter from some encoding to UTF-8.
///
/// Part of the room of `XMLStreamReader`. The converter and the buffers belong to this object alone.
final class ForeignEncoding {
  private let handler: xmlCharEncodingHandlerPtr
  private let input: xmlBufferPtr
  private let output: xmlBufferPtr

  init?(named name: String) {
    guard let handler = xmlFindCharEncodingHandler(name) else { return nil }
    guard let input = xmlBufferCreate(), let output = xmlBufferCreate() else { return nil }
    self.handler = handler
    self.input = input
    self.output = output
  }

  deinit {
    xmlBufferFree(input)
    xmlBufferFree(output)
    xmlCharEncCloseFunc(handler)
  }

  /// Converts what can be converted; the bytes of an incomplete character wait.
  ///
  /// - Returns: false when the bytes are not of the encoding.
  func convert(_ bytes: ArraySlice<UInt8>, into text: inout [UInt8]) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let piece = rest.prefix(4096)
      rest = rest.dropFirst(piece.count)
      let status = piece.withUnsafeBufferPointer { xmlBufferAdd(input, $0.baseAddress, Int32($0.count)) }
      guard status == 0 else { return false }
      // Each call converts a part, as much as it found room for.
      while xmlBufferLength(input) > 0 {
        let before = xmlBufferLength(input)
        if xmlCharEncInFunc(handler, output, input) == -2 { return false }
        if let content = xmlBufferContent(output) {
          text += UnsafeBufferPointer(start: content, count: Int(xmlBufferLength(output)))
        }
        xmlBufferEmpty(output)
        if xmlBufferLength(input) == before { break }
      }
      if xmlBufferLength(input) > 64 { return false }
    }
    return true
  }
}
