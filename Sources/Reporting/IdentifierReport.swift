import Bytes
import Directory

/// Identifiers in all their forms, as `id` prints them.
public struct IdentifierReport {
  /// The text so far; the caller writes it out and empties it.
  public var bytes: [UInt8] = []

  /// A report of nothing.
  public init() {}

  /// Appends an identifier for people.
  public mutating func append(text identifier: Identifier) {
    if !bytes.isEmpty { bytes.append(literal: "\n") }
    TerminalText.append(identifier.text, to: &bytes)
    bytes.append(literal: "\n  ")
    bytes.append(identifier.form.label)
    bytes.append(literal: "\n")
    for remark in identifier.remarks { append(line: remark) }
    for note in identifier.notes { append(line: "Note: \(note).") }
    let forms = identifier.forms
    let width = forms.map(\.label.count).max() ?? 0
    for form in forms {
      bytes.append(literal: "    ")
      bytes.append(form.label)
      bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: width - form.label.count + 2))
      TerminalText.append(form.value, to: &bytes)
      bytes.append(literal: "\n")
    }
  }

  private mutating func append(line text: String) {
    bytes.append(literal: "  ")
    TerminalText.append(text, to: &bytes)
    bytes.append(literal: "\n")
  }

  /// Appends an identifier as a JSON object without a line break.
  public mutating func append(json identifier: Identifier) {
    bytes.append(literal: #"{"text":"#)
    JSONText.append(string: identifier.text, to: &bytes)
    bytes.append(literal: #","form":"#)
    JSONText.append(string: identifier.form.rawValue, to: &bytes)
    bytes.append(literal: #","nature":"#)
    JSONText.append(string: Self.name(of: identifier.nature), to: &bytes)
    if case .engine(let made?) = identifier.nature {
      bytes.append(literal: #","made":"#)
      JSONText.append(string: made.time, to: &bytes)
      bytes.append(literal: #","node":"#)
      JSONText.append(string: made.nodeText, to: &bytes)
    }
    bytes.append(literal: #","forms":{"#)
    for (index, form) in identifier.forms.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      JSONText.append(string: form.key, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      JSONText.append(string: form.value, to: &bytes)
    }
    bytes.append(literal: #"},"remarks":"#)
    JSONText.append(strings: identifier.remarks, to: &bytes)
    bytes.append(literal: #","notes":"#)
    JSONText.append(strings: identifier.notes, to: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }

  static func name(of nature: Identifier.Nature) -> String {
    switch nature {
    case .directory: "directory"
    case .open: "open"
    case .cloud: "cloud"
    case .engine: "engine"
    case .entraConnector: "entra-connector"
    }
  }
}
