/// Sets the items of a YAML list apart: each is a record, and what it names is the object of its own error only.
enum ListItemRepair {
  static func repair(_ text: RepairedText) -> RepairedText? {
    let bytes = text.bytes
    let items = text.lines.filter { isItem(bytes[$0]) }
    guard let first = items.first else { return nil }
    // Lists within an item have their marks further in.
    let outer = items.filter { indent(bytes[$0]) == indent(bytes[first]) }
    guard outer.count > 1 else { return nil }
    var editor = RepairedText.Editor(text)
    for item in outer.dropFirst() {
      editor.copy(to: item.lowerBound)
      editor.replace(to: item.lowerBound, with: [10])
    }
    return editor.finish()
  }

  private static func indent(_ line: ArraySlice<UInt8>) -> Int { line.prefix { $0 == 32 }.count }

  /// Whether a line begins an item with a field: `- key: value`.
  private static func isItem(_ line: ArraySlice<UInt8>) -> Bool {
    let rest = line.drop { $0 == 32 }
    guard rest.starts(with: "- ".utf8) else { return false }
    let head = rest.dropFirst(2).prefix { $0 != UInt8(ascii: ":") }
    let isKey = head.allSatisfy { ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x5F || $0 == 0x2D }
    guard !head.isEmpty, isKey, head.endIndex < rest.endIndex else { return false }
    let next = rest.index(after: head.endIndex)
    return next == rest.endIndex || rest[next] == 32 || rest[next] == 13
  }
}
