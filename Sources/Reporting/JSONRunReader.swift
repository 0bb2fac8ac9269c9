import Bytes
import Directory
import Findings

/// Reads what `JSONReport` has written of a run beside its findings. What is not there is not known.
enum JSONRunReader {
  /// What the run was; without its rules.
  static func run(of object: JSONValue) throws(JSONFindingError) -> RunDescription {
    let reader = ObjectReader(object)
    var run = RunDescription(
      version: try reader.string("version"), ruleSet: try reader.string("ruleSet"),
      sources: try reader.strings("sources"), startedAt: try reader.optionalString("startedAt") ?? "")
    run.options = try reader.strings("options")
    if let data = reader["data"].map(ObjectReader.init) {
      run.topLevelDomains = try data.optionalString("topLevelDomains")
      run.sourcesWrittenAt = try data.optionalString("sources")
    }
    run.hasStates = try reader.boolean("hasStates")
    for cause in try reader.optionalList("causes") ?? [] { run.causes.append(try self.cause(ObjectReader(cause))) }
    return run
  }

  private static func cause(_ reader: ObjectReader) throws(JSONFindingError) -> Cause {
    Cause(
      kind: try reader.word("kind"), name: try reader.value("name"),
      objectClass: try reader.optionalString("objectClass"), objects: try reader.optionalInteger("objects") ?? 0,
      findings: try reader.optionalInteger("findings") ?? 0, rules: try reader.strings("rules"),
      remedy: try reader.string("remedy"))
  }

  /// What was read.
  static func coverage(of object: JSONValue) throws(JSONFindingError) -> Coverage {
    let reader = ObjectReader(object)
    var coverage = Coverage()
    coverage.entriesRead = try reader.optionalInteger("entriesRead") ?? 0
    coverage.recordsLost = try reader.optionalInteger("recordsLost") ?? 0
    coverage.changeRecords = try reader.optionalInteger("changeRecords") ?? 0
    for reason in try reader.optionalList("outOfScope") ?? [] {
      let reason = ObjectReader(reason)
      coverage.outOfScope.append(
        .init(
          reason: try reason.string("reason"), count: try reason.optionalInteger("count") ?? 0,
          names: try reason.values("names")))
    }
    coverage.attributesNeverSeen = try unseen(reader, "attributesNeverSeen")
    coverage.attributesNotApplicable = try unseen(reader, "attributesNotApplicable")
    coverage.rules = try reader.numbers("rules")["selected"] ?? 0
    for check in try reader.optionalList("checks") ?? [] {
      coverage.checks.append(try self.check(ObjectReader(check)))
    }
    coverage.gaps = try reader.strings("gaps")
    coverage.remarks = try reader.strings("remarks")
    coverage.topLevelDomains = try reader.optionalString("topLevelDomains")
    coverage.isInterrupted = try reader.boolean("interrupted")
    return coverage
  }

  private static func unseen(
    _ reader: ObjectReader, _ name: String
  ) throws(JSONFindingError) -> [Coverage.UnseenAttribute] {
    var unseen: [Coverage.UnseenAttribute] = []
    for attribute in try reader.optionalList(name) ?? [] {
      let attribute = ObjectReader(attribute)
      unseen.append(.init(attribute: try attribute.string("attribute"), rules: try attribute.strings("rules")))
    }
    return unseen
  }

  private static func check(_ reader: ObjectReader) throws(JSONFindingError) -> CheckResult {
    CheckResult(
      source: try reader.string("source"), check: try reader.string("check"), title: try reader.string("title"),
      status: try reader.word("status"), rule: try reader.optionalString("rule"),
      summary: try reader.optionalString("summary") ?? "")
  }

  /// How much was found.
  static func counts(of object: JSONValue) throws(JSONFindingError) -> FindingCounts {
    let reader = ObjectReader(object)
    let bySeverity: [Severity: Int] = try words(reader, "bySeverity")
    let open: [Severity: Int] = try words(reader, "open")
    return FindingCounts(
      total: try reader.optionalInteger("total") ?? 0, bySeverity: bySeverity, byEffect: try words(reader, "byEffect"),
      byRule: try reader.numbers("byRule"), byState: try words(reader, "byState"),
      openBySeverity: reader["open"] == nil ? bySeverity : open, harm: try reader["harm"].map(harm))
  }

  private static func harm(of object: JSONValue) throws(JSONFindingError) -> Harm {
    let reader = ObjectReader(object)
    var harm = Harm()
    harm.objects = try reader.optionalInteger("objects") ?? 0
    harm.objectsBlocked = try reader.optionalInteger("objectsBlocked") ?? 0
    harm.blocksUsersOnly = try reader.boolean("blocksUsersOnly")
    harm.valuesLost = try reader.optionalInteger("valuesLost") ?? 0
    harm.losesAddressesOnly = try reader.boolean("losesAddressesOnly")
    harm.valuesAltered = try reader.optionalInteger("valuesAltered") ?? 0
    harm.conflicts = try reader.optionalInteger("conflicts") ?? 0
    return harm
  }

  /// Numbers by word, without those that are 0: a run does not count what it has not.
  private static func words<Word: RawRepresentable & Hashable>(
    _ reader: ObjectReader, _ name: String
  ) throws(JSONFindingError) -> [Word: Int] where Word.RawValue == String {
    var words: [Word: Int] = [:]
    for (name, number) in try reader.numbers(name) where number > 0 {
      if let word = Word(rawValue: name) { words[word] = number }
    }
    return words
  }
}
