/// Gives the labels of Event Viewer back to events that are shown in other ways: as lines of a log collector, or in the friendly
/// view of the details.
enum EventViewRepair {
  /// `EventCode=6941` of a log collector.
  static func collector(_ text: RepairedText) -> RepairedText? {
    relabel(text) { line in
      guard let mark = line.firstIndex(of: UInt8(ascii: "=")), mark - line.startIndex <= 16 else { return nil }
      return collectorLabels[String(decoding: line[..<mark], as: UTF8.self)].map { ($0, mark + 1) }
    }
  }

  /// `- EventID 6941` of the friendly view.
  static func friendly(_ text: RepairedText) -> RepairedText? {
    relabel(text) { line in
      let head = line.drop { $0 == 32 || $0 == 9 || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
      return friendlyLabels.lazy.compactMap { name, label -> (String, Int)? in
        guard head.starts(with: name.utf8) else { return nil }
        let end = head.startIndex + name.utf8.count
        guard end == head.endIndex || head[end] == 32 || head[end] == 13 else { return nil }
        return (label, end)
      }.first
    }
  }

  private static let collectorLabels = [
    "LogName": "Log Name:", "EventCode": "Event ID:", "SourceName": "Source:", "Type": "Level:",
    "ComputerName": "Computer:", "Message": "Description:",
  ]
  private static let friendlyLabels = [
    // The view has no name of the log where an event begins; nobody asks for it.
    ("System", "Log Name: -"), ("[ Name]", "Source:"), ("EventID", "Event ID:"), ("[ SystemTime]", "Date:"),
    ("Level", "Level:"), ("Computer", "Computer:"), ("EventData", "Description:"),
  ]

  /// The text with other labels; nil where it has no id of an event between the start of one and its description.
  private static func relabel(
    _ text: RepairedText, _ label: (ArraySlice<UInt8>) -> (label: String, end: Int)?
  ) -> RepairedText? {
    var editor = RepairedText.Editor(text)
    var isInHeader = false
    var seen: Set<String> = []
    var found = false
    for line in text.lines {
      guard let (label, end) = label(text.bytes[line]) else { continue }
      if label.hasPrefix("Log Name:") {
        isInHeader = true
        seen = []
      }
      // Each part of an event has its label once, before the description.
      guard isInHeader, seen.insert(label).inserted else { continue }
      if label == "Event ID:" { found = true }
      if label == "Description:" { isInHeader = false }
      editor.copy(to: line.lowerBound)
      editor.replace(to: end, with: Array((label + " ").utf8))
    }
    return found ? editor.finish() : nil
  }
}
