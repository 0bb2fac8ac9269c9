import Bytes
import CXML2

/// Texts whose encoding is named beside them, as in the header of a mail.
public enum NamedEncoding {
  /// The text as UTF-8; nil when nobody here knows the name, or the bytes are of another encoding.
  public static func decode(_ bytes: [UInt8], named name: String) -> [UInt8]? {
    var text: [UInt8] = []
    if let known = TextEncoding(named: name) {
      var decoder = TextDecoder(known, repairs: true)
      decoder.decode(bytes[...], into: &text)
      decoder.finish(into: &text)
      return text
    }
    guard let foreign = ForeignEncoding(named: name), foreign.convert(bytes[...], into: &text) else { return nil }
    return text
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
