import Findings
import RuleSet

/// `unique`: two entries, or two values of one entry, hold the same value.
struct UniqueCheck: CheckKind {
  private enum Within: String, CaseIterable { case directory, entry }

  static let name = "unique"
  static let alone: UniqueCheck? = UniqueCheck()
  static let placeholders: Set<MessageTemplate.Placeholder> = [.holders]

  var compare = Comparison.text
  /// Whether values of one entry are compared, and not those of several.
  var withinEntry = false
  /// Whether white space at the ends is left out.
  var trims = false
  /// A value that is made for entries without one; nil for none.
  var standIn: StandInValue?
  /// What the holders of a value have to be; nil for anything.
  var holders: HolderCondition?
  /// Attributes whose equal values make one object of several holders.
  var joinedBy: [HolderJoint] = []

  private init() {}

  init?(_ node: RuleNode) {
    if node.leavesOptionsOut { return }
    let known = ["compare", "within", "trim", "stand-in", "holders", "joined-by"]
    guard let options = node.mapping(known, what: "`unique`") else { return nil }
    let compare = options.optional("compare", default: .text) { $0.choice(Comparison.self) }
    let within = options.optional("within", default: .directory) { $0.choice(Within.self) }
    let trim = options.optional("trim", default: false) { $0.boolean() }
    let standIn = options.optional("stand-in", Self.readStandIn)
    let holders = options.optional("holders", Self.readHolders)
    let joints = options.optional("joined-by", default: []) { $0.list(Self.readJoint) }
    guard !options.hasMistakes, let compare, let within, let trim, let standIn, let holders, let joints else {
      return nil
    }
    if within == .entry, standIn != nil || holders != nil || !joints.isEmpty {
      node.report("`stand-in`, `holders` and `joined-by` are about several entries; leave out `within: entry`")
      return nil
    }
    (self.compare, withinEntry, trims) = (compare, within == .entry, trim)
    (self.standIn, self.holders, joinedBy) = (standIn, holders, joints)
  }

  var attributes: [String] {
    (standIn.map { [$0.absent, $0.source] } ?? []) + joinedBy.flatMap(\.attributes)
      + (holders?.kinds.flatMap { $0.filter?.attributes ?? [] } ?? [])
  }

  var objectClasses: [String] {
    (standIn?.objectClasses ?? []) + joinedBy.flatMap(\.objectClasses)
      + (holders?.kinds.flatMap(\.objectClasses) ?? [])
  }

  func signingIn(with attribute: SignInAttribute) -> (any CheckKind)? {
    var check = self
    if standIn?.absent.lowercased() == "userprincipalname" { check.standIn = nil }
    return check
  }

  /// What is compared: equal for rules that can share an index.
  func comparison(of rule: Rule) -> String {
    var shared = self
    shared.holders = nil
    return
      "\(rule.attributes.map { $0.lowercased() }) \(rule.objectClasses) \(rule.filter?.description ?? "") \(rule.when) \(shared)"
  }

  func words(for rule: Rule) -> String {
    var text =
      "\(withinEntry ? "two values of one entry" : "two entries") hold the same value (\(RuleWords.comparison(compare))"
      + "\(trims ? ", without white space at the ends" : ""))\(rule.attributes.count > 1 ? " in any of the attributes" : "")"
    if let standIn {
      text +=
        "; for entries\(Self.classes(standIn.objectClasses, " of class ")) without \(RuleWords.code(standIn.absent)), "
        + "\(RuleWords.code(standIn.source)) with the domain of the entry stands in"
    }
    if let holders { text += "; holders are " + RuleWords.holders(holders) }
    for joint in joinedBy {
      text +=
        "; entries with one \(RuleWords.code(joint.attribute))\(Self.instead(joint))\(Self.classes(joint.objectClasses, ", one of class "))"
        + " count as one"
    }
    return text
  }

  private static func classes(_ names: [String], _ head: String) -> String {
    names.isEmpty ? "" : head + RuleWords.list(names.map(RuleWords.code))
  }

  private static func instead(_ joint: HolderJoint) -> String {
    guard let instead = joint.instead else { return "" }
    return " (\(RuleWords.code(instead.attribute)) of those that match \(RuleWords.code(instead.filter.description)))"
  }

  private static func readStandIn(_ node: RuleNode) -> StandInValue? {
    guard let options = node.mapping(["for", "from", "object-class"], what: "`stand-in`") else { return nil }
    let absent = options.required("for", "userPrincipalName").flatMap { $0.attributeName() }
    let source = options.required("from", "sAMAccountName").flatMap { $0.attributeName() }
    let classes = options.optional("object-class", default: []) { $0.objectClasses() }
    guard !options.hasMistakes, let absent, let source, let classes else { return nil }
    return StandInValue(absent: absent, source: source, objectClasses: classes)
  }

  private static func readJoint(_ node: RuleNode) -> HolderJoint? {
    let known = ["attribute", "object-class", "compare", "instead"]
    guard let options = node.mapping(known, what: "`joined-by`") else { return nil }
    let attribute = options.required("attribute", "mail").flatMap { $0.attributeName() }
    let classes = options.optional("object-class", default: []) { $0.objectClasses() }
    let compare = options.optional("compare", default: .text) { $0.choice(Comparison.self) }
    let instead = options.optional("instead", readInstead)
    guard !options.hasMistakes, let attribute, let classes, let compare, let instead else { return nil }
    return HolderJoint(attribute: attribute, objectClasses: classes, compare: compare, instead: instead)
  }

  private static func readInstead(_ node: RuleNode) -> HolderJoint.Instead? {
    guard let options = node.mapping(["attribute", "filter"], what: "`instead`") else { return nil }
    let attribute = options.required("attribute", "msExchMasterAccountSid").flatMap { $0.attributeName() }
    let filter = options.required("filter", "\"(msExchRecipientTypeDetails=2)\"").flatMap { $0.filter() }
    guard !options.hasMistakes, let attribute, let filter else { return nil }
    return HolderJoint.Instead(attribute: attribute, filter: filter)
  }

  private static func readHolders(_ node: RuleNode) -> HolderCondition? {
    guard let options = node.mapping(["kinds", "most-others"], what: "`holders`") else { return nil }
    let kinds = options.required("kinds", "[{ object-class: [contact], at-least: 2 }]").flatMap { $0.list(readKind) }
    let others = options.optional("most-others") { $0.integer(in: 0...Int64(Int32.max)) }
    guard !options.hasMistakes, let kinds, let others else { return nil }
    if kinds.count > 8 { return node.nothing("there are more than 8 kinds of holders; take some out") }
    return HolderCondition(kinds: kinds, mostOthers: others.map { Int($0) })
  }

  private static func readKind(_ node: RuleNode) -> HolderCondition.Kind? {
    let known = ["object-class", "holds-in", "holds-only-in", "prefix-exact", "filter", "at-least", "at-most"]
    guard let options = node.mapping(known, what: "a kind of holder") else { return nil }
    let limit = Int64(Int32.max)
    let classes = options.optional("object-class", default: []) { $0.objectClasses() }
    let attributes = options.optional("holds-in", default: []) { $0.list { $0.attributeName() } }
    let only = options.optional("holds-only-in", default: []) { $0.list { $0.attributeName() } }
    let prefixes = options.optional("prefix-exact", default: []) { $0.list { $0.addressType() } }
    let filter = options.optional("filter") { $0.filter() }
    let least = options.optional("at-least", default: 0) { $0.integer(in: 0...limit) }
    let most = options.optional("at-most") { $0.integer(in: 0...limit) }
    guard !options.hasMistakes, let classes, let attributes, let only, let prefixes, let filter, let least, let most
    else { return nil }
    if !attributes.isEmpty, !only.isEmpty {
      return node.nothing("`holds-in` and `holds-only-in` are both given; keep one")
    }
    var kind = HolderCondition.Kind()
    kind.objectClasses = classes
    kind.attributes = attributes + only
    kind.isOnlyThere = !only.isEmpty
    kind.exactPrefixes = prefixes
    kind.filter = filter
    kind.least = Int(least)
    kind.most = most.map { Int($0) }
    return kind
  }
}

/// `unique`, compiled; its position among the program's is the number of its index.
struct UniqueTest: Sendable {
  /// The rule of a test that only says what suggestions must not be.
  static let noRule = -1
  @Small var rule: Int
  var objectClasses: UInt64
  /// Number of the filter in `CheckTables.filters`; -1 for none.
  @Small var filter: Int
  /// Its slots, as places in `CompiledRules.uniqueSlots`.
  var slots: Range<Int>
  var condition: TypeCondition
  var compare: Comparison
  var withinEntry: Bool
  var trims: Bool
  /// What it asks of holders, as a position in `CompiledRules.holderTerms`; -1 for nothing.
  @Small var terms = -1
  /// Slot of an attribute for whose absence another stands in; -1 for none.
  @Small var standInAbsent = -1
  @Small var standInSource = -1
  var standInClasses: UInt64 = 0
}

extension Rule {
  /// Whether it is about values that are held more than once.
  public var isAboutUniqueness: Bool { check is UniqueCheck }
}
