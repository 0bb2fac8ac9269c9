/// A JSON value as a whole, for those that are small.
public indirect enum JSONValue: Hashable, Sendable {
  /// Members in the order of the text; a name may be there twice.
  case object([Member])
  case array([JSONValue])
  case string(String)
  /// A number, as written.
  case number(String)
  case boolean(Bool)
  case null

  /// A member of an object.
  public struct Member: Hashable, Sendable {
    /// The key.
    public var name: String
    /// The value.
    public var value: JSONValue

    /// A member; see the properties.
    public init(name: String, value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The value that a text holds, and nothing but white space after it.
  public init(parsing text: some Collection<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONFailure) {
    let bytes = Array(text)
    let builder = JSONValueBuilder()
    var reader = JSONStreamReader(limits, handler: builder)
    let count = try reader.feed(bytes[...])
    try reader.finish()
    if let rest = bytes[count...].first(where: { $0 > 32 }) {
      throw JSONFailure(line: 1, column: count + 1, message: "something follows the JSON value: the byte \(rest)")
    }
    guard let value = builder.value else {
      throw JSONFailure(
        line: 1, column: 1, message: "the JSON value is larger than \(JSONValueBuilder.maximumSize >> 20) MiB")
    }
    self = value
  }

  /// The first member with a name, in any case of letters; nil for values that are no objects.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
      ?? members.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// The members of an object; none for other values.
  public var members: [Member] {
    if case .object(let members) = self { return members }
    return []
  }

  /// The elements of an array; other values stand for themselves, and `null` for none.
  public var elements: [JSONValue] {
    switch self {
    case .array(let elements): elements
    case .null: []
    default: [self]
    }
  }

  /// The text of a string, number or boolean; nil for others and for the empty string.
  public var text: String? {
    switch self {
    case .string(let text): text.isEmpty ? nil : text
    case .number(let text): text
    case .boolean(let value): value ? "true" : "false"
    case .object, .array, .null: nil
    }
  }
}

/// Puts values together, those that are not too large to be held.
public final class JSONValueBuilder: JSONHandler {
  private struct Level {
    var isObject: Bool
    var line = 1
    /// What was held when it began.
    var sizeBefore = 0
    var members: [JSONValue.Member] = []
    var elements: [JSONValue] = []
    var key = ""
  }

  private var levels: [Level] = []
  /// The value, when it is complete; nil when it was too large.
  public private(set) var value: JSONValue?
  /// Takes an object that is an element of the outermost array, or of an array that is a member of the outermost object;
  /// the object is not kept then. nil for one that was too large. The line is the one on which it begins.
  private let takeRecord: ((_ record: JSONValue?, _ line: Int) -> Void)?
  private let maximumSize: Int
  /// What is held: the bytes of texts, and `valueSize` for each value.
  private var size = 0
  /// Whether what is being read is too large. Nothing of it is kept then, but its end is still looked for.
  private var isTooLarge = false
  /// What a value takes besides its text.
  private static let valueSize = 100
  /// The largest value that is held, and the largest record of a list.
  public static let maximumSize = 64 << 20

  /// A builder of one value.
  ///
  /// - Parameter takeRecord: takes the objects of which the value is a list, one by one, so that the list may be of any
  ///   length. They are not part of the value then.
  public init(
    maximumSize: Int = JSONValueBuilder.maximumSize,
    takeRecord: ((_ record: JSONValue?, _ line: Int) -> Void)? = nil
  ) {
    self.maximumSize = maximumSize
    self.takeRecord = takeRecord
  }

  /// See `JSONHandler`.
  public func beginObject(line: Int) { levels.append(Level(isObject: true, line: line, sizeBefore: size)) }
  /// See `JSONHandler`.
  public func beginArray() { levels.append(Level(isObject: false, sizeBefore: size)) }
  /// See `JSONHandler`.
  public func key(_ name: String) {
    levels[levels.count - 1].key = name
    grow(by: name.utf8.count)
  }
  /// See `JSONHandler`.
  public func endObject() {
    let level = levels.removeLast()
    if takeRecord != nil, isInList { return end(record: level) }
    add(.object(level.members))
  }
  /// See `JSONHandler`.
  public func endArray() { add(.array(levels.removeLast().elements)) }
  /// See `JSONHandler`.
  public func string(_ text: String) { add(.string(text), text) }
  /// See `JSONHandler`.
  public func number(_ text: String) { add(.number(text), text) }
  /// See `JSONHandler`.
  public func boolean(_ value: Bool) { add(.boolean(value)) }
  /// See `JSONHandler`.
  public func null() { add(.null) }

  private var isInList: Bool {
    switch levels.count {
    case 1: !levels[0].isObject
    case 2: levels[0].isObject && !levels[1].isObject && levels[0].key.lowercased() == "value"
    default: false
    }
  }

  private func end(record: Level) {
    takeRecord?(isTooLarge ? nil : .object(record.members), record.line)
    size = isTooLarge ? 0 : record.sizeBefore
    isTooLarge = false
  }

  private func add(_ value: JSONValue, _ text: String = "") {
    grow(by: Self.valueSize + text.utf8.count)
    guard let last = levels.indices.last else {
      self.value = isTooLarge ? nil : value
      return
    }
    if isTooLarge { return }
    if levels[last].isObject {
      levels[last].members.append(JSONValue.Member(name: levels[last].key, value: value))
    } else {
      levels[last].elements.append(value)
    }
  }

  private func grow(by count: Int) {
    size += count
    guard size > maximumSize, !isTooLarge else { return }
    isTooLarge = true
    for level in levels.indices {
      levels[level].members = []
      levels[level].elements = []
    }
  }
}
