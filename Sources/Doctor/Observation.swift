import RuleSet

/// What came of a probe.
public struct Observation: Sendable, Equatable {
  /// What came of it.
  public enum Outcome: Sendable, Equatable {
    /// As it should be.
    case well
    /// It could not be looked at.
    case notSeen
    /// Something for a rule.
    case fault(Fault)
  }

  /// What was looked at.
  public var probe: Probe
  /// What came of it.
  public var outcome: Outcome
  /// What was seen where all is well, or why it could not be looked at.
  public var summary = ""
  /// What to do so that it can be looked at.
  public var remedy = ""
  /// What could not be looked at.
  public var objects = ObjectNames()

  /// As it should be.
  static func well(_ probe: Probe, _ summary: String) -> Observation {
    Observation(probe: probe, outcome: .well, summary: summary)
  }

  /// It could not be looked at.
  static func notSeen(
    _ probe: Probe, _ why: String, remedy: String = "", objects: ObjectNames = ObjectNames()
  ) -> Observation {
    Observation(probe: probe, outcome: .notSeen, summary: why, remedy: remedy, objects: objects)
  }

  /// Something for a rule.
  static func fault(_ probe: Probe, _ fault: Fault) -> Observation {
    Observation(probe: probe, outcome: .fault(fault))
  }

  /// What is for a rule; nil where there is nothing.
  public var fault: Fault? { if case .fault(let fault) = outcome { fault } else { nil } }
}

/// Something for a rule: what it is, and what its message can name.
public struct Fault: Sendable, Equatable {
  /// What it is.
  public var kind: DoctorFault
  /// DN of what it is about; nil for the domain.
  public var dn: String?
  /// The value that it is about.
  public var value: String?
  /// Number of objects.
  public var count = 0
  /// Number of those that were looked at.
  public var total = 0
  /// Name of the account that is meant.
  public var account = ""
  /// What else is known of it.
  public var detail = ""
  /// DNs of the objects.
  public var objects = ObjectNames()
  /// Values that they have, where these are named in place of the objects.
  public var values = ObjectNames()

  /// A fault; see the properties.
  init(
    _ kind: DoctorFault, dn: String? = nil, value: String? = nil, count: Int = 0, total: Int = 0, account: String = "",
    detail: String = "", objects: ObjectNames = ObjectNames(), values: ObjectNames = ObjectNames()
  ) {
    self.kind = kind
    self.dn = dn
    self.value = value
    self.count = count
    self.total = total
    self.account = account
    self.detail = detail
    self.objects = objects
    self.values = values
  }
}

/// Names of objects: the first few, and how many there are.
public struct ObjectNames: Sendable, Equatable {
  /// Most that are named.
  static let limit = 20

  /// The first.
  public private(set) var first: [String] = []
  /// How many there are.
  public private(set) var count = 0

  init(_ names: [String] = []) { for name in names { add(name) } }

  mutating func add(_ name: String) {
    count += 1
    if first.count < Self.limit { first.append(name) }
  }
}
