import Bytes
import Directory

/// Writes entries and change records as LDIF (RFC 2849): lines of at most 76 characters, values in base64 where
/// RFC 2849 asks for it. Reading the output gives the same records.
///
/// The text is collected in `bytes`; the caller writes it out and empties it from time to time.
public struct LDIFWriter: Sendable {
  /// The text written so far and not yet taken.
  public var bytes: [UInt8] = []
  private let lineLength: Int

  /// A writer that begins with the line `version: 1`.
  ///
  /// - Parameter lineLength: Longest line in characters; longer ones are folded.
  public init(lineLength: Int = 76) {
    self.lineLength = max(2, lineLength)
    bytes.append(contentsOf: "version: 1\n\n".utf8)
  }

  /// Writes one entry of a batch; as `changetype: add` when it has controls.
  public mutating func write(_ entry: EntryRecord, of batch: borrowing EntryBatch, controls: [ChangeControl] = []) {
    let span = batch.bytes.span
    line("dn", span.extracting(entry.dn))
    for control in controls { write(control) }
    let first = batch.values[entry.values.prefix(2)].map { batch.attributes[$0.attribute].name }
    if !controls.isEmpty || Self.isAmbiguous(first) { line("changetype", "add") }
    var names = SpelledNames(entry)
    for value in batch.values[entry.values] { line(names.name(of: value, batch), span.extracting(value.range)) }
    bytes.append(10)
  }

  /// Whether attributes right behind the DN would be read as directives; `changetype: add` before them prevents it.
  private static func isAmbiguous(_ names: [String]) -> Bool {
    names.contains { ["changetype", "control"].contains($0.lowercased()) }
  }

  /// Writes an entry.
  ///
  /// - Parameters:
  ///   - dn: The distinguished name, as bytes.
  ///   - attributes: Descriptions and values, in order; descriptions must be well-formed.
  public mutating func write(dn: [UInt8], attributes: [(description: String, value: [UInt8])]) {
    line("dn", dn.span)
    if Self.isAmbiguous(attributes.prefix(2).map(\.description)) { line("changetype", "add") }
    for (description, value) in attributes { line(description, value.span) }
    bytes.append(10)
  }

  /// Writes a change record.
  public mutating func write(_ record: ChangeRecord) {
    line("dn", record.dn.span)
    for control in record.controls { write(control) }
    switch record.change {
    case .delete: line("changetype", "delete")
    case .modify(let modifications):
      line("changetype", "modify")
      for modification in modifications { write(modification) }
    case .modifyDN(let newRDN, let deleteOldRDN, let newSuperior):
      line("changetype", "modrdn")
      line("newrdn", newRDN.span)
      line("deleteoldrdn", deleteOldRDN ? "1" : "0")
      if let newSuperior { line("newsuperior", newSuperior.span) }
    }
    bytes.append(10)
  }

  private mutating func write(_ modification: Modification) {
    line(modification.operation.rawValue, modification.attribute)
    for value in modification.values { line(modification.attribute, value.span) }
    bytes.append(contentsOf: "-\n".utf8)
  }

  private mutating func write(_ control: ChangeControl) {
    var text = Array("control: \(control.oid) \(control.isCritical)".utf8)
    if let value = control.value { Self.appendValue(value.span, to: &text) }
    fold(text)
  }

  private mutating func line(_ description: String, _ value: String) {
    let value = Array(value.utf8)
    line(description, value.span)
  }

  private mutating func line(_ description: String, _ value: Span<UInt8>) {
    line(Array(description.utf8), value)
  }

  private mutating func line(_ description: [UInt8], _ value: Span<UInt8>) {
    var text = description
    Self.appendValue(value, to: &text)
    fold(text)
  }

  /// Appends the colon and the value, in base64 if need be.
  private static func appendValue(_ value: Span<UInt8>, to text: inout [UInt8]) {
    text.append(UInt8(ascii: ":"))
    if value.isEmpty { return }
    if isSafe(value) {
      text.append(32)
      for index in value.indices { text.append(value[index]) }
    } else {
      text.append(contentsOf: ": ".utf8)
      text.append(base64: value)
    }
  }

  /// RFC 2849 `SAFE-STRING`, without a space at the end (RFC 2849, note 8).
  static func isSafe(_ value: Span<UInt8>) -> Bool {
    guard value.count > 0 else { return true }
    let first = value[0]
    if first == 32 || first == UInt8(ascii: ":") || first == UInt8(ascii: "<") { return false }
    if value[value.count - 1] == 32 { return false }
    for index in value.indices {
      let byte = value[index]
      if byte == 0 || byte == 10 || byte == 13 || byte > 127 { return false }
    }
    return true
  }

  private mutating func fold(_ text: [UInt8]) {
    bytes.append(contentsOf: text.prefix(lineLength))
    var rest = text.dropFirst(lineLength)
    while !rest.isEmpty {
      bytes.append(10)
      bytes.append(32)
      bytes.append(contentsOf: rest.prefix(lineLength - 1))
      rest = rest.dropFirst(lineLength - 1)
    }
    bytes.append(10)
  }
}
