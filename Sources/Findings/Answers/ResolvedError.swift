import Directory

/// An error of synchronization, resolved to the objects it is about, as far as that could be done.
public struct ResolvedError: Sendable {
  /// Whether the object is known.
  public enum Status: String, Sendable, CaseIterable {
    /// One object was found.
    case resolved
    /// Several objects may be meant.
    case ambiguous
    /// None was found.
    case unresolved
  }

  /// The error and all its repetitions.
  public var error: ErrorDescription
  /// The identifiers of the object, in the order in which the error names them.
  public var identifiers: [Identifier]
  /// Whether the object is known.
  public var status: Status
  /// Why not, or why several; empty when the object is known.
  public var reason: String
  /// The objects, most certain first.
  public var objects: [ResolvedObject]
  /// The values that another object has already, and all objects that hold them.
  public var conflicts: [HeldValue]
  /// What the error means; nil when nothing is known about it.
  public var explanation: ErrorExplanation?
  /// What else is to be said, one sentence each.
  public var remarks: [String]

  /// A resolved error; see the properties.
  public init(
    error: ErrorDescription, identifiers: [Identifier], status: Status, reason: String, objects: [ResolvedObject],
    conflicts: [HeldValue], explanation: ErrorExplanation?, remarks: [String]
  ) {
    self.error = error
    self.identifiers = identifiers
    self.status = status
    self.reason = reason
    self.objects = objects
    self.conflicts = conflicts
    self.explanation = explanation
    self.remarks = remarks
  }
}

/// What an error said.
public struct ErrorDescription: Sendable {
  /// Id of the definition in the catalogue; `unknown` when there is none.
  public var id: String
  /// The error's title in the catalogue; empty when there is none.
  public var title = ""
  /// The name that the engine or the service gives it.
  public var type: String?
  /// The code that tells its cause.
  public var code: String?
  /// Who reported it.
  public var source: String?
  /// The id of the event.
  public var eventID: Int?
  /// The text.
  public var message: String
  /// The id by which Microsoft's support finds the request.
  public var trackingID: String?
  /// How often it was found.
  public var count: Int
  /// When it happened first, as the material says it.
  public var first: String?
  /// When it happened last.
  public var last: String?
  /// The attributes that it names, as written.
  public var attributes: [String]
  /// Where its first appearance stands.
  public var location: SourceLocation

  /// A description; see the properties.
  public init(id: String, message: String, count: Int, attributes: [String], location: SourceLocation) {
    self.id = id
    self.message = message
    self.count = count
    self.attributes = attributes
    self.location = location
  }
}

/// What the catalogue says of an error.
public struct ErrorExplanation: Sendable, Hashable {
  /// What it says, for an administrator.
  public var meaning: String
  /// How it comes about.
  public var cause: String
  /// What to do.
  public var remedy: String
  /// What else it can mean, when the object looks right.
  public var alternatives: [String]
  /// Addresses of pages that say so.
  public var references: [String]

  /// An explanation; see the properties.
  public init(meaning: String, cause: String, remedy: String, alternatives: [String], references: [String]) {
    self.meaning = meaning
    self.cause = cause
    self.remedy = remedy
    self.alternatives = alternatives
    self.references = references
  }
}

/// An object that an error is about.
public struct ResolvedObject: Sendable {
  /// What became of it.
  public enum State: String, Sendable {
    /// It is there.
    case present
    /// It was deleted.
    case deleted
    /// It lost a naming conflict and was renamed.
    case conflict
  }

  /// Its DN.
  public var dn: AttributeValue
  /// Its objectGUID, when it was read.
  public var objectGUID: GUID?
  /// Its most specific object class; empty when it was not read.
  public var objectClass: String
  /// The immutable id (source anchor) that the cloud knows it by, as far as its attributes tell.
  public var immutableID: String?
  /// The attribute that the immutable id is of.
  public var immutableIDAttribute = ""
  /// Its DN in the cloud's connector space.
  public var connectorSpaceDN: String?
  /// Whether the account is enabled; nil when that was not read or it is no account.
  public var isEnabled: Bool?
  /// What became of it.
  public var state: State
  /// By what it was found: which reading of which identifier.
  public var matchedBy: String
  /// The identifier that it was found by, as the error has it.
  public var matchedText: String
  /// The attribute that has it; `dn` for the DN.
  public var matchedAttribute: String
  /// The way over connector-space exports, one step each; empty for a direct hit.
  public var path: [String]
  /// Where it was read.
  public var location: SourceLocation
  /// The attributes that the error names, with the names of the directory and all their values.
  public var attributes: [NamedValues]
  /// What the rules say of it; findings on the named attributes first.
  public var findings: [Finding]
  /// Commands that are ready to run.
  public var steps: [NextStep]
  /// What is to be said of it, one sentence each.
  public var remarks: [String]

  /// An object that was found at a place.
  public init(
    dn: AttributeValue, objectGUID: GUID?, objectClass: String, state: State, matchedBy: String, matchedText: String,
    matchedAttribute: String, location: SourceLocation
  ) {
    self.dn = dn
    self.objectGUID = objectGUID
    self.objectClass = objectClass
    self.state = state
    self.matchedBy = matchedBy
    self.matchedText = matchedText
    self.matchedAttribute = matchedAttribute
    self.location = location
    path = []
    attributes = []
    findings = []
    steps = []
    remarks = []
  }
}

/// An attribute and its values.
public struct NamedValues: Sendable, Hashable {
  /// The name in the directory.
  public var name: String
  /// All values, in the order of the source; empty when the object has none.
  public var values: [AttributeValue]

  /// An attribute and its values.
  public init(name: String, values: [AttributeValue]) {
    self.name = name
    self.values = values
  }
}

/// A value that an error calls taken, and who holds it.
public struct HeldValue: Sendable, Hashable {
  /// The attribute, as the error names it.
  public var attribute: String
  /// The value, as the error has it.
  public var value: String
  /// Every object that holds it, in the order of the sources; an object once for each attribute.
  public var holders: [RelatedValue]
  /// Whether a directory was there to look for holders in.
  public var isLookedUp: Bool
  /// Commands that are ready to run.
  public var steps: [NextStep]

  /// A held value; see the properties.
  public init(
    attribute: String, value: String, holders: [RelatedValue], isLookedUp: Bool = true, steps: [NextStep] = []
  ) {
    self.isLookedUp = isLookedUp
    self.attribute = attribute
    self.value = value
    self.holders = holders
    self.steps = steps
  }
}

/// A command or a change that is ready to run.
public struct NextStep: Sendable, Hashable {
  /// What runs it.
  public enum Kind: String, Sendable {
    /// PowerShell with the modules of Active Directory or of Entra Connect.
    case powershell
    /// A change record for `ldifde` or `ldapmodify`.
    case ldif
  }

  /// What runs it.
  public var kind: Kind
  /// What it does, as an imperative without a full stop.
  public var title: String
  /// The text to run; values in it are escaped for the place where they stand.
  public var text: String

  /// A step; see the properties.
  public init(kind: Kind, title: String, text: String) {
    self.kind = kind
    self.title = title
    self.text = text
  }
}

/// What a run that resolves errors came to.
public struct ResolutionSummary: Sendable, Hashable {
  /// Distinct errors of which the object is known.
  public var resolved: Int
  /// Distinct errors of which several objects may be meant.
  public var ambiguous: Int
  /// Distinct errors of which no object was found.
  public var unresolved: Int
  /// Entries read in all sources.
  public var entriesRead: Int
  /// Records that could not be read.
  public var recordsLost: Int
  /// What was not read and why, one sentence each.
  public var gaps: [String]
  /// Whether the run was interrupted.
  public var isInterrupted: Bool

  /// A summary; see the properties.
  public init(
    resolved: Int, ambiguous: Int, unresolved: Int, entriesRead: Int, recordsLost: Int, gaps: [String],
    isInterrupted: Bool
  ) {
    self.resolved = resolved
    self.ambiguous = ambiguous
    self.unresolved = unresolved
    self.entriesRead = entriesRead
    self.recordsLost = recordsLost
    self.gaps = gaps
    self.isInterrupted = isInterrupted
  }

  /// Whether everything was read.
  public var isComplete: Bool { recordsLost == 0 && gaps.isEmpty && !isInterrupted }
}
