import Bytes

/// Writes down what a reader reports.
final class Recorder: XMLHandler {
  private(set) var events: [String] = []

  func start(_ name: String, _ attributes: [XMLAttribute], line: Int) {
    events.append("<\(name)" + attributes.map { " \($0.name)=\($0.value)" }.joined() + ">")
  }
  func text(_ text: String) { events.append(text) }
  func end(_ name: String) { events.append("</\(name)>") }

  /// The events of a text, given to the reader in pieces of a size.
  static func events(
    of bytes: [UInt8], _ options: XMLOptions = XMLOptions(), piece: Int = 1 << 16
  ) throws(XMLFailure) -> [String] {
    let recorder = Recorder()
    let reader = XMLStreamReader(options, handler: recorder)
    var rest = bytes[...]
    while !rest.isEmpty {
      try reader.feed(rest.prefix(piece))
      rest = rest.dropFirst(piece)
    }
    try reader.finish()
    return recorder.events
  }

  static func failure(of text: String, _ options: XMLOptions = XMLOptions(), piece: Int = 1 << 16) -> XMLFailure? {
    do throws(XMLFailure) {
      _ = try events(of: Array(text.utf8), options, piece: piece)
      return nil
    } catch {
      return error
    }
  }
}

func utf16(_ text: String, bigEndian: Bool = false, mark: Bool = true) -> [UInt8] {
  ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit -> [UInt8] in
    let low = UInt8(truncatingIfNeeded: unit)
    let high = UInt8(truncatingIfNeeded: unit >> 8)
    return bigEndian ? [high, low] : [low, high]
  }
}
