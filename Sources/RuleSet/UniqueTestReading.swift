/// Reads a `unique` check.
extension CheckReading {
  private enum Within: String, CaseIterable { case directory, entry }

  /// The check, or nil when anything in it is wrong.
  static func readUnique(_ node: RuleNode) -> Check? {
    if case .scalar(let scalar) = node.node, ["", "~", "true"].contains(scalar.string) { return .unique(UniqueTest()) }
    let known = ["compare", "within", "trim", "stand-in", "holders", "joined-by"]
    guard let options = node.mapping(known, what: "`unique`") else { return nil }
    let compare = options.optional("compare", default: .text) { $0.choice(Comparison.self) }
    let within = options.optional("within", default: .directory) { $0.choice(Within.self) }
    let trim = options.optional("trim", default: false) { $0.boolean() }
    let standIn = options.optional("stand-in", readStandIn)
    let holders = options.optional("holders", readHolders)
    let joints = options.optional("joined-by", default: []) { $0.list(readJoint) }
    guard !options.hasMistakes, let compare, let within, let trim, let standIn, let holders, let joints else {
      return nil
    }
    var test = UniqueTest(compare: compare, withinEntry: within == .entry, trim: trim)
    if test.withinEntry, standIn != nil || holders != nil || !joints.isEmpty {
      return node.nothing("`stand-in`, `holders` and `joined-by` are about several entries; leave out `within: entry`")
    }
    test.standIn = standIn
    test.holders = holders
    test.joinedBy = joints
    return .unique(test)
  }

  private static func readStandIn(_ node: RuleNode) -> UniqueTest.StandIn? {
    guard let options = node.mapping(["for", "from", "object-class"], what: "`stand-in`") else { return nil }
    let absent = options.required("for", "userPrincipalName").flatMap { $0.attributeName() }
    let source = options.required("from", "sAMAccountName").flatMap { $0.attributeName() }
    let classes = options.optional("object-class", default: []) { $0.objectClasses() }
    guard !options.hasMistakes, let absent, let source, let classes else { return nil }
    return UniqueTest.StandIn(absent: absent, source: source, objectClasses: classes)
  }

  private static func readJoint(_ node: RuleNode) -> UniqueTest.Joint? {
    guard let options = node.mapping(["attribute", "object-class", "compare"], what: "`joined-by`") else { return nil }
    let attribute = options.required("attribute", "mail").flatMap { $0.attributeName() }
    let classes = options.optional("object-class", default: []) { $0.objectClasses() }
    let compare = options.optional("compare", default: .text) { $0.choice(Comparison.self) }
    guard !options.hasMistakes, let attribute, let classes, let compare else { return nil }
    return UniqueTest.Joint(attribute: attribute, objectClasses: classes, compare: compare)
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
