import Directory
import Bytes

/// Builds the objects of a connector-space export from its elements, one after the other.
///
/// Takes every variant that is known: deltas and holograms, the old names of holograms (`hologram`, `export-hologram`,
/// `import-hologram`), `mv-link` and the older `cs-mv-links`, integers in hexadecimal, values in base64. Elements that it
/// does not know are skipped with what is in them.
final class ConnectorSpaceHandler: XMLHandler {
  /// Takes an object when its element ends.
  var receive: (ConnectorSpaceObject) -> Void = { _ in }
  /// Values that could not be decoded.
  private(set) var unreadableValues = 0
  /// Whether there was a `cs-objects` or `cs-object` element.
  private(set) var isExport = false
  /// Called with the line and the DN of an object that is too large to be held, in place of `receive`.
  var skip: (_ line: Int, _ dn: String) -> Void = { _, _ in }

  /// The most that is held of an object, in bytes of its values and `valueSize` for each of them. It stands there several
  /// times, synchronized and as it would be after each change, so this is more than a record may have.
  private let maximumSize: Int
  private static let valueSize = 64
  private var size = 0
  private var isTooLarge: Bool { size > maximumSize }

  private var path: [String] = []
  private var object: ConnectorSpaceObject?
  /// What `<attr>` and the like are added to.
  private var target: Target?
  private var delta = ConnectorSpaceObject.Delta()
  private var attribute: ConnectorSpaceObject.Attribute?
  private var attributeType = ""
  private var isBase64 = false
  private var isDeletedValue = false
  private var text: String?

  private enum Target: Equatable {
    case delta(ConnectorSpaceObject.Stage)
    case hologram(ConnectorSpaceObject.Stage)
    case synchronized
  }

  private static let containers: [String: Target] = {
    var containers: [String: Target] = ["synchronized-hologram": .synchronized, "hologram": .synchronized]
    for stage in ConnectorSpaceObject.Stage.allCases {
      containers[stage.rawValue] = .delta(stage)
      containers[stage.rawValue + "-hologram"] = .hologram(stage)
    }
    containers["export-hologram"] = .hologram(.unappliedExport)
    containers["import-hologram"] = .hologram(.pendingImport)
    return containers
  }()

  /// - Parameter recordSize: the size from which on a record is skipped.
  init(recordSize: Int) { maximumSize = 2 * recordSize }

  func start(_ name: String, _ attributes: [XMLAttribute], line: Int) {
    path.append(name)
    text = nil
    func value(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
    switch name {
    case "cs-objects": isExport = true
    case "cs-object":
      isExport = true
      var new = ConnectorSpaceObject()
      new.dn = value("cs-dn") ?? ""
      new.id = value("id").flatMap { GUID(text: $0) }
      new.objectType = value("object-type") ?? ""
      new.line = line
      object = new
      size = 0
    case "delta" where target != nil:
      delta = ConnectorSpaceObject.Delta()
      delta.operation = value("operation") ?? ""
      delta.newDN = value("newdn")
      delta.state.dn = value("dn") ?? ""
    case "entry" where target != nil:
      delta = ConnectorSpaceObject.Delta()
      delta.state.dn = value("dn") ?? ""
    case "attr", "dn-attr":
      attribute = .init(name: value("name") ?? "", operation: value("operation") ?? "", values: [])
      attributeType = name == "dn-attr" ? "reference" : value("type") ?? "string"
    case "value":
      isBase64 = value("encoding") == "base64"
      isDeletedValue = value("operation") == "delete"
    case "dn-value": isDeletedValue = value("operation") == "delete"
    case "anchor": isBase64 = value("encoding") == "base64"
    case "export-errordetail", "export-error":
      if let type = value("error-type"), object?.exportError == nil { object?.exportError = type }
    default:
      if object != nil, path.count >= 2, path[path.count - 2] == "cs-object", let container = Self.containers[name] {
        target = container
      }
    }
  }

  func text(_ text: String) {
    self.text = self.text.map { $0 + text } ?? text
  }

  func end(_ name: String) {
    path.removeLast()
    let content = text ?? ""
    text = nil
    switch name {
    case "cs-object":
      if let object { if isTooLarge { skip(object.line, object.dn) } else { receive(object) } }
      object = nil
      target = nil
    case "delta", "entry": endState(name)
    case "attr", "dn-attr":
      if let attribute, target != nil, holds(attribute.name.utf8.count) { delta.state.attributes.append(attribute) }
      attribute = nil
    case "value": if attribute != nil, holds(content.utf8.count) { add(content) }
    case "dn":
      if attribute != nil, path.last == "dn-value", holds(content.utf8.count) {
        attribute?.values.append(.init(bytes: Array(content.utf8), isDeleted: isDeletedValue))
      }
    case "anchor": if attribute == nil, target != nil { delta.state.anchor = decoded(content) }
    case "primary-objectclass": delta.state.primaryObjectClass = content
    case "oc-value": if holds(content.utf8.count) { delta.state.objectClasses.append(content) }
    default: endProperty(name, content)
    }
  }

  private func endProperty(_ name: String, _ content: String) {
    if let target, let container = Self.containers[name], container == target, path.last == "cs-object" {
      self.target = nil
      return
    }
    guard object != nil, target == nil else { return }
    switch name {
    case "ma-id": object?.connectorID = GUID(text: content)
    case "ma-name": if path.last == "cs-object" { object?.connectorName = content }
    case "mv-link": object?.metaverseID = GUID(text: content)
    case "mv-guid": if object?.metaverseID == nil { object?.metaverseID = GUID(text: content) }
    case "error-name": if !content.isEmpty { object?.exportError = content }
    default: break
    }
  }

  private func endState(_ name: String) {
    switch target {
    case .delta(let stage): object?.deltas[stage] = delta
    case .hologram(let stage): object?.holograms[stage] = delta.state
    case .synchronized: object?.synchronized = delta.state
    case nil: break
    }
  }

  /// Counts a value; whether it is to be kept. Of an object that has become too large nothing is.
  private func holds(_ count: Int) -> Bool {
    guard !isTooLarge else { return false }
    size += count + Self.valueSize
    if isTooLarge {
      object?.deltas = [:]
      object?.holograms = [:]
      object?.synchronized = nil
      delta = ConnectorSpaceObject.Delta()
      attribute?.values = []
    }
    return !isTooLarge
  }

  private func add(_ content: String) {
    attribute?.values.append(.init(bytes: bytes(content), isDeleted: isDeletedValue))
  }

  private func bytes(_ content: String) -> [UInt8] {
    if isBase64 { return decoded(content) ?? Array(content.utf8) }
    switch attributeType {
    case "integer": return Array(Self.decimal(content).utf8)
    case "boolean": return Array(content.uppercased().utf8)
    default: return Array(content.utf8)
    }
  }

  private func decoded(_ content: String) -> [UInt8]? {
    let text = content.filter { !$0.isWhitespace }
    guard isBase64 else { return Array(content.utf8) }
    if let bytes = try? Base64Text.decode(text) { return bytes }
    unreadableValues += 1
    return nil
  }

  /// Integers are written in hexadecimal, `0x348`, 64 bits wide with negative numbers in two's complement; a text without
  /// `0x` is hexadecimal, too. What is neither stays as it is.
  static func decimal(_ text: String) -> String {
    let digits = text.lowercased().hasPrefix("0x") ? String(text.dropFirst(2)) : text
    guard !digits.isEmpty, digits.utf8.allSatisfy({ HexText.value(of: $0) != nil }),
      let number = UInt64(digits, radix: 16)
    else { return text }
    return String(Int64(bitPattern: number))
  }
}
