import Bytes
import Directory
import Findings
import ShippedRules

/// Everything that rule files hold: rules, rule sets and scopes, checked in themselves and against each other.
public struct RuleCatalogue: Sendable {
  /// The rules, sorted by id.
  public private(set) var rules: [Rule] = []
  /// The rule sets, sorted by name. The built-in `none` is not among them.
  public private(set) var ruleSets: [RuleSetDefinition] = []
  /// The scopes, sorted by name.
  public private(set) var scopes: [Scope] = []
  /// The definitions of errors of synchronization, sorted by id. The shipped ones are read only by `SyncErrorCatalogue`.
  public private(set) var syncErrors: [SyncErrorDefinition] = []

  /// The rule files that travel inside the product.
  public static var shippedFiles: [RuleDocument] {
    embeddedFiles.filter { !$0.path.hasPrefix(RuleDocument.syncErrorFolder) && !$0.path.hasPrefix("data/") }
  }

  /// Every YAML file that travels inside the product.
  static var embeddedFiles: [RuleDocument] {
    ShippedRules.files.filter { $0.path.hasSuffix(".yaml") }.map {
      RuleDocument(path: $0.path, bytes: Array($0.text.utf8))
    }
  }

  /// The shipped rules, with those of directories added or put in the place of the shipped ones of the same name.
  ///
  /// - Parameters:
  ///   - checks: the kinds of checks that rules can have.
  ///   - embedded: rule files to begin with; the shipped ones.
  ///   - directories: directories whose `*.yaml` and `*.yml` files are read, with all their subdirectories.
  /// - Throws: every mistake of every file at once.
  public static func load(
    _ checks: CheckVocabulary, embedded: [RuleDocument] = shippedFiles, directories: [String] = []
  ) throws(RuleProblems) -> RuleCatalogue {
    let problems = ProblemList()
    let added = directories.flatMap { RuleFolder.files(in: $0, problems: problems) }
    return try load(checks, embedded, added, problems)
  }

  /// The shipped rules with those of `files` added or put in their place.
  ///
  /// - Throws: every mistake of every file at once.
  public static func load(
    _ checks: CheckVocabulary, embedded: [RuleDocument] = shippedFiles, files: [RuleDocument]
  ) throws(RuleProblems) -> RuleCatalogue {
    try load(checks, embedded, files, ProblemList())
  }

  private static func load(
    _ checks: CheckVocabulary, _ embedded: [RuleDocument], _ added: [RuleDocument], _ problems: ProblemList
  ) throws(RuleProblems) -> RuleCatalogue {
    var contents = RuleFileContents(checks, problems: problems)
    for file in embedded { contents.read(file) }
    contents.beginOverrides()
    for file in added { contents.read(file) }
    contents.checkReferences()
    guard problems.problems.isEmpty else { throw RuleProblems(problems.sorted) }
    var catalogue = RuleCatalogue()
    catalogue.rules = contents.rules.values.sorted { $0.id < $1.id }
    catalogue.ruleSets = contents.ruleSets.values.map(\.definition).sorted { $0.name < $1.name }
    catalogue.scopes = contents.scopes.values.sorted { $0.name < $1.name }
    catalogue.syncErrors = contents.syncErrors.values.sorted { $0.id < $1.id }
    return catalogue
  }

  /// The rule with an id.
  public func rule(_ id: String) -> Rule? { rules.first { $0.id == id } }

  /// The rule set with a name.
  public func ruleSet(_ name: String) -> RuleSetDefinition? { ruleSets.first { $0.name == name } }

  /// The scope with a name.
  public func scope(_ name: String) -> Scope? { scopes.first { $0.name == name } }

  /// The rule with an id that a user gave.
  ///
  /// - Throws: a message that names the nearest id.
  public func rule(named id: String, option: String) throws(RuleProblem) -> Rule {
    if let rule = rule(id) { return rule }
    let hint = NearestName.find(id, in: rules.map(\.id)).map { "did you mean `\($0)`?" }
    throw RuleProblem(
      location: SourceLocation(source: option),
      message: "there is no rule `\(id)`; \(hint ?? "`rules list` shows all")")
  }
}

/// What has been read of rule files so far.
struct RuleFileContents {
  var rules: [String: Rule] = [:]
  var ruleSets: [String: RuleSetFile] = [:]
  var scopes: [String: Scope] = [:]
  var syncErrors: [String: SyncErrorDefinition] = [:]
  let problems: ProblemList
  private let checks: CheckVocabulary
  /// Where each name was given, by kind; files with mistakes too, so that those who refer to them are not wrong as well.
  private var places: [Kind: [String: SourceLocation]] = [:]
  /// Names that may be given again, because they are shipped ones.
  private var replaceable: [Kind: Set<String>] = [:]

  enum Kind: String, CaseIterable {
    case rule = "id"
    case ruleSet = "rule-set"
    case scope
    case syncError = "sync-error"

    var noun: String {
      switch self {
      case .rule: "rule"
      case .ruleSet: "rule set"
      case .scope: "scope"
      case .syncError: "sync error"
      }
    }
  }

  init(_ checks: CheckVocabulary, problems: ProblemList) {
    self.checks = checks
    self.problems = problems
  }

  /// From here on a file takes the place of one read before.
  mutating func beginOverrides() { replaceable = places.mapValues { Set($0.keys) } }

  mutating func read(_ file: RuleDocument) {
    guard let root = RuleFileText.read(file.bytes, path: file.path, problems: problems) else {
      // Whatever it would have held: nobody who refers to it is to blame.
      for kind in Kind.allCases { note(kind, fileName(file.path), nil) }
      return
    }
    guard let kind = kind(root) else { return }
    let name = root.node.mapping?[kind.rawValue]?.scalar?.string ?? root.file.name
    guard note(kind, name, root) else { return }
    switch kind {
    case .rule: rules[name] = RuleReader(root, checks)?.read()
    case .ruleSet: ruleSets[name] = RuleSetReader.read(root)
    case .scope: scopes[name] = ScopeReader.read(root)
    case .syncError: syncErrors[name] = SyncErrorDefinitionReader.read(root)
    }
  }

  private func fileName(_ path: String) -> String {
    RuleFile(path: path, text: "", problems: problems, duplicates: [], duplicateMark: " ").name
  }

  /// Told by the first key.
  private func kind(_ root: RuleNode) -> Kind? {
    guard let mapping = root.anyMapping(what: "a rule, rule set or scope"), let first = mapping.keys.first else {
      if root.node.mapping != nil { root.report("the file begins with `id:`, `rule-set:`, `scope:` or `sync-error:`") }
      return nil
    }
    if let kind = mapping.firstName.flatMap(Kind.init) { return kind }
    let kinds = Kind.allCases.map(\.rawValue)
    if let later = mapping.keys.first(where: { kinds.contains($0.name) }) {
      later.node.report("`\(later.name)` is the first key of its file; move it to the top")
    } else {
      let hint = NearestName.hint(first.name, in: kinds)
      let known = "`id:` (a rule), `rule-set:`, `scope:` or `sync-error:`"
      first.node.report("a file begins with \(known), not with `\(first.name)`\(hint)")
    }
    return nil
  }

  /// Notes where a name was given; false when it was given before and may not be.
  @discardableResult
  private mutating func note(_ kind: Kind, _ name: String, _ root: RuleNode?) -> Bool {
    if let root, let before = places[kind]?[name], replaceable[kind]?.remove(name) == nil {
      let place = RuleNode(node: root.node.mapping?[kind.rawValue] ?? root.node, file: root.file)
      place.report("the \(kind.noun) `\(name)` is also in \(before); give one of them another name")
      return false
    }
    guard let root else {
      if places[kind]?[name] == nil { places[kind, default: [:]][name] = SourceLocation(source: name) }
      replaceable[kind, default: []].insert(name)
      return true
    }
    places[kind, default: [:]][name] = root.location
    return true
  }

  // MARK: names in rule sets

  mutating func checkReferences() {
    for rule in rules.values.sorted(by: { $0.id < $1.id }) {
      check(rule.unless.map { NameReference(name: $0, location: rule.location) }, .rule)
    }
    for file in ruleSets.values.sorted(by: { $0.definition.name < $1.definition.name }) {
      check(file.rules, .rule)
      check(file.extends, .ruleSet)
      check(file.scope.map { [$0] } ?? [], .scope)
      checkCycle(file)
      checkScope(file)
    }
  }

  private func check(_ references: [NameReference], _ kind: Kind) {
    let known = places[kind] ?? [:]
    for reference in references where known[reference.name] == nil {
      let hint = NearestName.find(reference.name, in: known.keys.sorted()).map { "did you mean `\($0)`?" }
      let advice = hint ?? "add its file, or take the name out"
      problems.report(reference.location, "there is no \(kind.noun) `\(reference.name)`; \(advice)")
    }
  }

  /// Reported at the set whose name comes first of those in the circle.
  private func checkCycle(_ file: RuleSetFile) {
    let start = file.definition.name
    var paths = [[start]]
    var seen: Set<String> = []
    while let path = paths.popLast() {
      guard let last = path.last, let set = ruleSets[last] else { continue }
      for next in set.extends {
        if next.name == start, start == path.min() {
          let circle = (path + [start]).joined(separator: " → ")
          problems.report(
            file.extends.first { $0.name == (path + [start])[1] }?.location ?? file.definition.location,
            "rule sets extend each other in a circle: \(circle); take one of them out of `extends`")
          return
        }
        if seen.insert(next.name).inserted { paths.append(path + [next.name]) }
      }
    }
  }

  /// A set needs a scope, its own or that of a set it extends.
  private func checkScope(_ file: RuleSetFile) {
    var seen: Set<String> = []
    var open = [file.definition.name]
    while let name = open.popLast() {
      guard seen.insert(name).inserted else { continue }
      guard let set = ruleSets[name], set.scope == nil else { return }
      // A set that nobody judges entries by needs none.
      if !set.rules.isEmpty, set.rules.allSatisfy({ rules[$0.name].map { $0.subject != .entries } ?? false }) { return }
      open.append(contentsOf: set.extends.map(\.name))
    }
    problems.report(
      file.definition.location, "the rule set has no scope; write `scope: entra`, or extend a rule set that has one")
  }
}
