/// Finds how a value that was read from a repaired text stands in the material.
///
/// A character that is not seen may have come in on the way, or may be the error itself: both readings are looked up.
struct WrittenForms {
  private let material: [UInt8]
  private let text: RepairedText

  init(_ material: [UInt8], _ text: RepairedText) {
    self.material = material
    self.text = text
  }

  /// Adds to the values and identifiers of an error how they are written, where that is another text.
  func complete(_ error: inout SyncError) {
    for index in error.conflicts.indices {
      error.conflicts[index].written = written(error.conflicts[index].value)
      let value = error.conflicts[index].value
      error.conflicts[index].value = value.replacing(MarkupRepair.removedAddress, with: MarkupRepair.removedMark)
    }
    for index in error.identifiers.indices { error.identifiers[index].written = written(error.identifiers[index].text) }
    error.identifiers.removeAll { $0.text.contains(MarkupRepair.removedAddress) }
  }

  private func written(_ value: String) -> String? {
    let bytes = Array(value.utf8)
    guard !bytes.isEmpty, let place = first(bytes) else { return nil }
    let start = text.origin(place)
    let end = text.origin(place + bytes.count)
    guard start < end, end - start <= bytes.count + 512 else { return nil }
    let raw = material[start..<end]
    guard !raw.elementsEqual(bytes), !raw.contains(10) else { return nil }
    return String(decoding: raw, as: UTF8.self)
  }

  private func first(_ value: [UInt8]) -> Int? {
    var place = 0
    while let start = ByteSearch.first(value[0], in: text.bytes, from: place) {
      guard start + value.count <= text.bytes.count else { return nil }
      if text.bytes[start..<(start + value.count)].elementsEqual(value) { return start }
      place = start + 1
    }
    return nil
  }
}
