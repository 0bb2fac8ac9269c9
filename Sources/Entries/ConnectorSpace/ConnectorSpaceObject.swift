import Directory

/// An object of a connector space, as `csexport` and `SerializedXml` write it (`cs-object`).
public struct ConnectorSpaceObject: Sendable, Equatable {
  /// What the engine keeps of an object beside its synchronized state, in the order in which it becomes real.
  public enum Stage: String, Sendable, CaseIterable {
    /// Exported, and not yet seen by an import.
    case unconfirmedExport = "unconfirmed-export"
    /// Being exported when the run ended.
    case escrowedExport = "escrowed-export"
    /// Waiting for the next export.
    case unappliedExport = "unapplied-export"
    /// Imported, and not yet synchronized.
    case pendingImport = "pending-import"
  }

  /// The DN in the connector space (`cs-dn`).
  public var dn = ""
  /// The id of the object in the connector space (`id`).
  public var id: GUID?
  /// The object type: `user`, `group`, `contact` …
  public var objectType = ""
  /// The id of the connector.
  public var connectorID: GUID?
  /// The name of the connector.
  public var connectorName = ""
  /// The id of the metaverse object that it is joined to.
  public var metaverseID: GUID?
  /// Changes by stage; stages without one are absent.
  public var deltas: [Stage: Delta] = [:]
  /// The object as the engine last synchronized it.
  public var synchronized: State?
  /// The object as it would be after a stage's change, where the export has it.
  public var holograms: [Stage: State] = [:]
  /// The name or code of the error of the last export, where there was one.
  public var exportError: String?
  /// Line of the `cs-object` tag, counted from 1.
  public var line = 0

  /// A value and, in a change, what happens to it.
  public struct Value: Sendable, Equatable {
    /// The bytes, decoded.
    public var bytes: [UInt8]
    /// Whether the change takes the value away.
    public var isDeleted: Bool
  }

  /// An attribute and, in a change, what happens to it.
  public struct Attribute: Sendable, Equatable {
    /// The name in the connector's schema.
    public var name: String
    /// `add`, `replace`, `update`, `delete`; empty outside a change.
    public var operation: String
    /// The values.
    public var values: [Value]
  }

  /// The state of an object.
  public struct State: Sendable, Equatable {
    /// The DN; empty where the export does not say.
    public var dn = ""
    /// The anchor, decoded.
    public var anchor: [UInt8]?
    /// The most specific object class.
    public var primaryObjectClass = ""
    /// All object classes.
    public var objectClasses: [String] = []
    /// The attributes, in the order of the export.
    public var attributes: [Attribute] = []

    /// Whether the export says nothing of the object.
    public var isEmpty: Bool { attributes.isEmpty && objectClasses.isEmpty && primaryObjectClass.isEmpty }

    /// The values of an attribute, ignoring the case of its name.
    public func values(of name: String) -> [[UInt8]] {
      let name = name.lowercased()
      return attributes.filter { $0.name.lowercased() == name }.flatMap { $0.values.map(\.bytes) }
    }
  }

  /// A change of an object.
  public struct Delta: Sendable, Equatable {
    /// `none`, `add`, `replace`, `update`, `delete`, `obsolete`, `delete-add`.
    public var operation = ""
    /// The new DN of a rename.
    public var newDN: String?
    /// What is set or changed.
    public var state = State()
  }

  /// An object of which nothing is known.
  public init() {}

  /// What is to be exported: the operation of the change that waits for the next export; nil when nothing waits.
  public var pendingExport: String? {
    deltas[.unappliedExport].map(\.operation).flatMap { $0.isEmpty || $0 == "none" ? nil : $0 }
  }

  /// The object as it will be when all that waits has been exported; nil when it will be gone or when the export says
  /// nothing about it.
  ///
  /// The hologram of the waiting export, where there is one; else the synchronized state with the changes that were
  /// exported or wait to be, one after the other.
  public var afterExport: State? {
    if let delta = deltas[.unappliedExport], Self.removes(delta.operation) { return nil }
    if let state = holograms[.unappliedExport], !state.isEmpty { return named(state) }
    var state = synchronized ?? State()
    for stage in [Stage.unconfirmedExport, .escrowedExport, .unappliedExport] {
      if let hologram = holograms[stage], !hologram.isEmpty {
        state = hologram
      } else if let delta = deltas[stage] {
        if Self.removes(delta.operation) { state = State() } else { state.apply(delta) }
      }
    }
    if state.isEmpty, let imported = holograms[.pendingImport], !imported.isEmpty { state = imported }
    if state.isEmpty, let delta = deltas[.pendingImport], !Self.removes(delta.operation) { state.apply(delta) }
    return state.isEmpty ? nil : named(state)
  }

  /// Whether the waiting export deletes the object.
  public var isToBeDeleted: Bool { deltas[.unappliedExport].map { Self.removes($0.operation) } ?? false }

  /// The object's anchor, wherever the export has it.
  public var anchor: [UInt8]? {
    let states = [synchronized] + Stage.allCases.map { holograms[$0] } + Stage.allCases.map { deltas[$0]?.state }
    return states.lazy.compactMap { $0?.anchor }.first { !$0.isEmpty }
  }

  /// Whether it belongs to the connector of the cloud, whose attributes have names of their own.
  public var isOfCloud: Bool {
    if let connectorID { return connectorID == Identifier.entraConnectorID }
    return [.connectorSpaceDN, .cloudAnchorDN, .guidDN].contains(Identifier(dn).form)
  }

  private static func removes(_ operation: String) -> Bool { operation == "delete" || operation == "obsolete" }

  private func named(_ state: State) -> State {
    var state = state
    if state.dn.isEmpty { state.dn = dn }
    return state
  }
}

extension ConnectorSpaceObject.State {
  /// Changes the state as an export would.
  mutating func apply(_ delta: ConnectorSpaceObject.Delta) {
    switch delta.operation {
    case "none": return
    case "add", "replace", "delete-add":
      self = delta.state
      attributes = attributes.filter { $0.operation != "delete" }.map(Self.withoutDeleted)
    default:
      if let anchor = delta.state.anchor { self.anchor = anchor }
      if !delta.state.primaryObjectClass.isEmpty { primaryObjectClass = delta.state.primaryObjectClass }
      for name in delta.state.objectClasses where !objectClasses.contains(name) { objectClasses.append(name) }
      for change in delta.state.attributes { apply(change) }
    }
    if let newDN = delta.newDN, !newDN.isEmpty { dn = newDN }
  }

  private mutating func apply(_ change: ConnectorSpaceObject.Attribute) {
    let place = attributes.firstIndex { $0.name.lowercased() == change.name.lowercased() }
    switch change.operation {
    case "delete":
      if let place { attributes.remove(at: place) }
    case "update":
      var values = place.map { attributes[$0].values } ?? []
      for value in change.values {
        values.removeAll { $0.bytes == value.bytes }
        if !value.isDeleted { values.append(value) }
      }
      set(change.name, values, at: place)
    default: set(change.name, Self.withoutDeleted(change).values, at: place)
    }
  }

  private mutating func set(_ name: String, _ values: [ConnectorSpaceObject.Value], at place: Int?) {
    if let place {
      attributes[place].values = values
    } else {
      attributes.append(.init(name: name, operation: "", values: values))
    }
  }

  private static func withoutDeleted(_ attribute: ConnectorSpaceObject.Attribute) -> ConnectorSpaceObject.Attribute {
    var attribute = attribute
    attribute.values.removeAll { $0.isDeleted }
    return attribute
  }
}
