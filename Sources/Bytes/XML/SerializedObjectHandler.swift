/// Builds the objects of CLIXML (`Export-Clixml`) from its elements, one after the other.
///
/// Types are not looked at, and nothing is ever deserialised: members become values as they stand.
public final class SerializedObjectHandler: XMLHandler {
  /// Takes an outermost value when its element ends, with the line on which it begins.
  public var receive: (SerializedValue, Int) -> Void = { _, _ in }
  /// Called with the line and the text of an object that is too large to be held, in place of `receive`.
  public var skip: (_ line: Int, _ text: String) -> Void = { _, _ in }

  /// An element that is open and holds others.
  private struct Level {
    var element: String
    var name: String?
    var reference: String?
    var line = 0
    /// What was read of the record before it.
    var sizeBefore = 0
    var object = SerializedObject()
  }

  private static let lists: Set<String> = ["LST", "IE", "QUE", "STK"]
  private static let parts: Set<String> = ["Props", "MS", "DCT", "En", "Objs"]

  private var levels: [Level] = []
  /// What is open and holds no others.
  private var leaf: (element: String, name: String?, line: Int)?
  private var content = ""
  /// Objects within the object that is being read, by their numbers, with their sizes: it may name one again.
  private var references: [String: (value: SerializedValue, size: Int)] = [:]
  private let maximumSize: Int
  private var size = 0
  private let takesListsApart: Bool
  private let readsOctets: Bool

  /// - Parameters:
  ///   - recordSize: the size from which on an object is skipped.
  ///   - takesListsApart: whether the objects of a list that is outermost are handed on one by one.
  ///   - readsOctets: whether bytes are wanted; else they are `null`.
  public init(recordSize: Int, takesListsApart: Bool, readsOctets: Bool = true) {
    maximumSize = recordSize
    self.takesListsApart = takesListsApart
    self.readsOctets = readsOctets
  }

  /// Bytes may be pictures that nobody asks for.
  public var wantsText: Bool { readsOctets || leaf?.element != "BA" }

  /// An element begins.
  public func start(_ name: String, _ attributes: [XMLAttribute], line: Int) {
    func value(_ key: String) -> String? {
      attributes.first { $0.name == key }.map { PowerShellEscapes.decode($0.value) }
    }
    content = ""
    if name == "Obj" || Self.parts.contains(name) || Self.lists.contains(name) {
      leaf = nil
      if name == "Obj", isRecordLevel { beginRecord() }
      if Self.lists.contains(name), let last = levels.indices.last, levels[last].element == "Obj" {
        levels[last].object.list = []
      }
      levels.append(Level(element: name, name: value("N"), reference: value("RefId"), line: line, sizeBefore: size))
    } else if name == "Ref" {
      addReference(value("RefId"), name: value("N"), line: line)
    } else if name != "TN", name != "T", name != "TNRef" {
      leaf = (name, value("N"), line)
    }
  }

  /// The text of an element.
  public func text(_ text: String) { content += text }

  /// An element ends.
  public func end(_ name: String) {
    if let leaf, leaf.element == name {
      self.leaf = nil
      grow(by: content.utf8.count)
      if name == "ToString" { return set(text: PowerShellEscapes.decode(content)) }
      return add(isTooLarge ? .null : value(name), name: leaf.name, line: leaf.line)
    }
    guard levels.last?.element == name else { return }
    let level = levels.removeLast()
    switch name {
    case "Obj": end(object: level)
    case "En": endEntry(level)
    default: break
    }
  }

  /// Ends all elements that are open: hands on what there is of an object that was cut off.
  public func endAll() {
    if let leaf { end(leaf.element) }
    while let level = levels.last { end(level.element) }
  }

  // MARK: - Objects

  /// Objects that are no part of another one: those of the root, and those of a list that is the only object of the root.
  private var isRecordLevel: Bool {
    let objects = levels.filter { $0.element == "Obj" }
    guard takesListsApart, !objects.isEmpty else { return objects.isEmpty }
    return objects.count == 1 && Self.lists.contains(levels.last?.element ?? "") && objects[0].name == nil
  }

  private func beginRecord() {
    references = [:]
    size = 0
  }

  private func end(object level: Level) {
    if isRecordLevel, level.object.list == nil || !takesListsApart {
      return isTooLarge ? skip(level.line, level.object.text ?? "?") : receive(.object(level.object), level.line)
    }
    let value = SerializedValue.object(level.object)
    if let reference = level.reference, !isTooLarge { references[reference] = (value, size - level.sizeBefore) }
    add(value, name: level.name, line: level.line)
  }

  /// An object that is named again counts again: objects that name others twice would grow without end.
  private func addReference(_ number: String?, name: String?, line: Int) {
    let referenced = references[number ?? ""]
    grow(by: referenced?.size ?? 0)
    add(isTooLarge ? .null : referenced?.value ?? .unresolved, name: name, line: line)
  }

  /// An entry of a dictionary: its key and its value come as two members.
  private func endEntry(_ level: Level) {
    let members = level.object.members
    guard let key = members.first(where: { $0.name == "Key" }), let value = members.first(where: { $0.name == "Value" })
    else { return }
    switch key.value {
    case .text(let name), .number(let name): add(value.value, name: name, line: level.line)
    default: break
    }
  }

  private func set(text: String) {
    if let last = levels.indices.last, levels[last].element == "Obj" { levels[last].object.text = text }
  }

  /// Adds a value where it belongs: to the entry of a dictionary, the list or the object that is open.
  private func add(_ value: SerializedValue, name: String?, line: Int) {
    guard let last = levels.indices.last, levels[last].element != "Objs" else { return receive(value, line) }
    if levels[last].element == "En" {
      levels[last].object.members.append(.init(name: name ?? "", value: value, isAdded: false))
      return
    }
    guard let object = levels.indices.last(where: { levels[$0].element == "Obj" }) else { return }
    let part = levels[last].element
    if isTooLarge {
      levels[object].object.members = []
    } else if Self.lists.contains(part) {
      levels[object].object.list?.append(value)
    } else if let name {
      levels[object].object.members.append(.init(name: name, value: value, isAdded: part == "MS" || part == "DCT"))
    } else {
      levels[object].object.base = value
    }
  }

  private var isTooLarge: Bool { size > maximumSize }
  private func grow(by count: Int) { size += count + 64 }

  // MARK: - Values

  private func value(_ element: String) -> SerializedValue {
    switch element {
    case "Nil": return .null
    case "B" where content == "true" || content == "false": return .boolean(content == "true")
    case "By", "SB", "U16", "I16", "U32", "I32", "U64", "I64": return .number(content)
    case "BA" where !readsOctets: return .null
    case "BA": return (try? Base64Text.decode(content.filter { !$0.isWhitespace })).map { .octets($0) } ?? .unreadable
    case "DT": return .time(content)
    // What is secret is nobody's business here.
    case "SS": return .unreadable
    default: return .text(PowerShellEscapes.decode(content))
    }
  }
}
