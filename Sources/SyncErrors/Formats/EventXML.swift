import Directory

/// Reads event records in XML (`http://schemas.microsoft.com/win/2004/08/events/event`).
enum EventXML {
  static func record(_ event: XMLNode, location: SourceLocation) -> EventRecord {
    var record = EventRecord(location: location)
    let system = event.child("System")
    let provider = system?.child("Provider")
    record.provider = provider?.attribute("EventSourceName") ?? provider?.attribute("Name")
    record.id = system?.text("EventID").flatMap { Int($0) }
    record.time = system?.child("TimeCreated")?.attribute("SystemTime").map { EventTime.iso($0) }
    record.computer = system?.text("Computer")
    let rendering = event.child("RenderingInfo")
    record.level = system?.text("Level") ?? rendering?.text("Level")
    record.message = rendering?.text("Message")
    for name in ["EventData", "UserData"] {
      event.child(name)?.forEach { node in
        if node.children.isEmpty, let text = node.trimmedText { record.strings.append(text) }
      }
    }
    return record
  }
}
