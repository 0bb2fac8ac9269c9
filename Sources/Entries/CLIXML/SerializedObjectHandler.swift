import Bytes

/// Builds the objects of CLIXML from its elements, one after the other.
///
/// Types are not looked at, and nothing is ever deserialised: members become values as they stand.
final class SerializedObjectHandler: XMLHandler {
  typealias Member = (name: String, value: ObjectValue)

  /// Takes the members of an object when its element ends, with the line on which it begins.
  var receive: ([Member], Int) -> Void = { _, _ in }
  /// Called with the line and the name of an object that is too large to be held, in place of `receive`.
  var skip: (_ line: Int, _ dn: String) -> Void = { _, _ in }

  /// An element that is open and holds others.
  private struct Level {
    var element: String
    var name: String?
    var reference: String?
    var line = 0
    /// Members that were added to the object by hand, and those that it has of its own.
    var added: [Member] = []
    var own: [Member] = []
    var list: [ObjectValue]?
    /// The value that an object is a wrapper of.
    var base: ObjectValue?
    var text: String?
    var key: String?
  }

  private static let lists: Set<String> = ["LST", "IE", "QUE", "STK"]
  private static let parts: Set<String> = ["Props", "MS", "DCT", "En", "Objs"]

  private var levels: [Level] = []
  /// What is open and holds no others: its element and its name.
  private var leaf: (element: String, name: String?)?
  private var content = ""
  /// Objects within the object that is being read, by their numbers: it may name one again.
  private var references: [String: ObjectValue] = [:]
  private let maximumSize: Int
  private var size = 0

  /// - Parameter recordSize: the size from which on an object is skipped.
  init(recordSize: Int) { maximumSize = recordSize }

  func start(_ name: String, _ attributes: [XMLAttribute], line: Int) {
    func value(_ key: String) -> String? {
      attributes.first { $0.name == key }.map { PowerShellEscapes.decode($0.value) }
    }
    content = ""
    if name == "Obj" || Self.parts.contains(name) || Self.lists.contains(name) {
      leaf = nil
      if name == "Obj", isRecordLevel { beginRecord() }
      if Self.lists.contains(name), let last = levels.indices.last, levels[last].element == "Obj" {
        levels[last].list = []
      }
      levels.append(Level(element: name, name: value("N"), reference: value("RefId"), line: line))
    } else if name == "Ref" {
      add(references[value("RefId") ?? ""] ?? .lost(.typeName), name: value("N"))
    } else if name != "TN", name != "T", name != "TNRef" {
      leaf = (name, value("N"))
    }
  }

  func text(_ text: String) { content += text }

  func end(_ name: String) {
    if let leaf, leaf.element == name {
      self.leaf = nil
      grow(content.utf8.count)
      if name == "ToString" { return set(text: PowerShellEscapes.decode(content)) }
      return add(isTooLarge ? .absent : Self.value(name, content), name: leaf.name)
    }
    guard levels.last?.element == name else { return }
    let level = levels.removeLast()
    switch name {
    case "Obj": end(object: level)
    case "En": endEntry(level)
    default: break
    }
  }

  // MARK: - Objects

  /// Objects that are no part of another one: those of the root, and those of a list that is the only object of the root.
  private var isRecordLevel: Bool {
    let objects = levels.filter { $0.element == "Obj" }
    return objects.isEmpty
      || objects.count == 1 && Self.lists.contains(levels.last?.element ?? "") && objects[0].name == nil
  }

  private func beginRecord() {
    references = [:]
    size = 0
  }

  private func end(object level: Level) {
    let members = level.added + level.own
    if isRecordLevel, level.list == nil {
      if isTooLarge { return skip(level.line, level.text ?? "?") }
      if !members.isEmpty { receive(members, level.line) }
      return
    }
    let value = Self.value(of: level, members)
    if let reference = level.reference, !isTooLarge { references[reference] = value }
    add(value, name: level.name)
  }

  private static func value(of level: Level, _ members: [Member]) -> ObjectValue {
    if let list = level.list { return .list(list) }
    if let base = level.base {
      // An enumeration has a number, and its name as text.
      if case .number = base, let text = level.text { return .text(Array(text.utf8)) }
      return base
    }
    let value = ObjectValue.members(members).unwrapped
    if case .lost = value, let text = level.text { return .text(Array(text.utf8)) }
    if members.isEmpty, let text = level.text { return .text(Array(text.utf8)) }
    return value
  }

  /// An entry of a dictionary: its key and its value come as two members.
  private func endEntry(_ level: Level) {
    guard let key = level.own.first(where: { $0.name == "Key" }), case .text(let name) = key.value,
      let value = level.own.first(where: { $0.name == "Value" })
    else { return }
    add(value.value, name: String(decoding: name, as: UTF8.self))
  }

  private func set(text: String) {
    if let last = levels.indices.last, levels[last].element == "Obj" { levels[last].text = text }
  }

  /// Adds a value where it belongs: to the entry of a dictionary, the list or the object that is open.
  private func add(_ value: ObjectValue, name: String?) {
    guard let last = levels.indices.last else { return }
    if levels[last].element == "En" {
      levels[last].own.append((name ?? "", value))
      return
    }
    guard let object = levels.indices.last(where: { levels[$0].element == "Obj" }) else { return }
    let part = levels[last].element
    if isTooLarge {
      (levels[object].own, levels[object].added) = ([], [])
    } else if Self.lists.contains(part) {
      levels[object].list?.append(value)
    } else if let name, part == "MS" || part == "DCT" {
      levels[object].added.append((name, value))
    } else if let name {
      levels[object].own.append((name, value))
    } else {
      levels[object].base = value
    }
  }

  private var isTooLarge: Bool { size > maximumSize }
  private func grow(_ count: Int) { size += count + 64 }

  // MARK: - Values

  private static func value(_ element: String, _ content: String) -> ObjectValue {
    switch element {
    case "Nil": return .absent
    case "B" where content == "true" || content == "false": return .boolean(content == "true")
    case "By", "SB", "U16", "I16", "U32", "I32", "U64", "I64": return .number(Array(content.utf8))
    case "BA":
      let text = content.filter { !$0.isWhitespace }
      return (try? Base64Text.decode(text)).map { .octets($0) } ?? .lost(.unreadable)
    case "DT": return AttributeText.iso(content).map { .time($0) } ?? .text(Array(content.utf8))
    // What is secret is nobody's business here.
    case "SS": return .lost(.unreadable)
    default: return .text(Array(PowerShellEscapes.decode(content).utf8))
    }
  }
}
