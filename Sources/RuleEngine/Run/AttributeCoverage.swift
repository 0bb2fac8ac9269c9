import Entries

/// Which attributes the entries of one source have, and which of those that none has are absent for certain.
///
/// An attribute that no entry has was perhaps only not exported. Rules that find something in the lack of a value must not
/// take that for a directory without it: each such finding would be wrong, one for every object.
struct AttributeCoverage: Sendable {
  /// The name of the source.
  let source: String
  /// Entries of the source.
  var entryCount = 0
  /// By slot: how many of them have the attribute.
  var seen: [Int]
  /// Which attributes the source was asked for.
  var exported = ExportedAttributes.unknown
  /// Attributes that the directory cannot have, by their names in lower case.
  var inapplicable: Set<String> = []

  init(source: String, slotCount: Int) {
    self.source = source
    seen = Array(repeating: 0, count: slotCount)
  }

  /// Why nothing can be said of the lack of an attribute.
  enum Silence { case notExported, notApplicable }

  /// Whether the lack of an attribute in an entry says that the object has no value; nil when it does.
  func silence(of slot: Int, _ attributes: [String], _ declared: ExportedAttributes) -> Silence? {
    guard seen[slot] == 0 else { return nil }
    let name = attributes[slot].lowercased()
    if inapplicable.contains(name) { return .notApplicable }
    return exported.contains(name) || declared.contains(name) ? nil : .notExported
  }

  /// Numbers of the rules that would conclude something from the lack of an attribute of which nothing can be said.
  func silencedRules(_ program: RuleProgram) -> Set<Int> {
    var rules: Set<Int> = []
    for (rule, absences) in program.compiled.absences {
      let silences = absences.judged.map { silence(of: $0, program.attributes, program.options.exported) }
      // An attribute that the directory cannot have is absent for certain.
      let isUnknown = absences.required.contains {
        silence(of: $0, program.attributes, program.options.exported) == .notExported
      }
      if isUnknown || silences.contains(where: { $0 != nil }) { rules.insert(rule) }
    }
    return rules
  }

  /// Whether the entries have nothing by which an object of Active Directory is known.
  func isForeign(_ program: RuleProgram) -> Bool {
    entryCount >= 10 && program.compiled.identitySlots.allSatisfy { seen[$0] == 0 }
  }
}
