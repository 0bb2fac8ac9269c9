import Directory
import Findings
import ShippedRules
import Testing

@testable import RuleSet

/// The tables of `Rules/data`.
@Suite struct DataFileTests {
  @Test func eventLabelsAreReadWhole() {
    let problems = ProblemList()
    let labels = EventLabelCatalogue.read(problems: problems)
    #expect(problems.problems.isEmpty, "\(problems.problems)")
    #expect(labels["protokollname"] == "log" && labels["事件 id"] == "id" && labels.count > 150)
    #expect(labels.keys.allSatisfy { $0 == $0.lowercased() })
  }

  @Test func exchangeBuildsAreReadWhole() throws {
    let problems = ProblemList()
    let builds = ExchangeBuild.read(problems: problems)
    #expect(problems.problems.isEmpty, "\(problems.problems)")
    #expect(builds.count >= 26)
    #expect(
      try #require(builds.first)
        == ExchangeBuild(name: "Exchange 2016", schema: 15317, domain: 13236, organization: 16210))
  }

  /// The embedding tool reads the tables of facts line by line, without a parser of YAML: here is one.
  @Test(arguments: ["attributes", "object-classes", "export-properties"]) func embeddedFactsAreThoseOfTheFile(
    _ key: String
  ) throws {
    let problems = ProblemList()
    let mapping = try #require(DataFile.root(key, problems: problems)?.anyMapping(what: "facts by name"))
    var read: [String: [String: [String]]] = [:]
    for (name, _) in mapping.keys {
      guard let facts = mapping[name]?.anyMapping(what: "facts") else { continue }
      for (fact, _) in facts.keys {
        let node = try #require(facts[fact])
        if case .sequence = node.node {
          read[name, default: [:]][fact] = node.list { $0.text() }
        } else {
          read[name, default: [:]][fact] = [try #require(node.text())]
        }
      }
      if read[name] == nil { read[name] = [:] }
    }
    #expect(problems.problems.isEmpty, "\(problems.problems)")
    let embedded =
      switch key {
      case "attributes": attributes
      case "object-classes": objectClasses
      default: exportProperties
      }
    #expect(read == embedded)
  }

  private var attributes: [String: [String: [String]]] {
    var all: [String: [String: [String]]] = [:]
    for row in ShippedRules.attributes {
      var facts = ["syntax": [row.syntax.rawValue]]
      if let identity = row.identifies { facts["identifies"] = [identity.rawValue] }
      if row.isMultivalued { facts["multivalued"] = ["true"] }
      if row.isTyped { facts["typed"] = ["true"] }
      if row.isOfIdFix { facts["idfix"] = ["true"] }
      if !row.isPersonal { facts["personal"] = ["false"] }
      if !row.cloudNames.isEmpty { facts["cloud"] = row.cloudNames }
      all[row.name] = facts
    }
    return all
  }

  private var objectClasses: [String: [String: [String]]] {
    var all: [String: [String: [String]]] = [:]
    for row in ShippedRules.objectClasses {
      var facts: [String: [String]] = [:]
      if row.isSpecific { facts["specific"] = ["true"] }
      if let superclass = row.superclass { facts["superclass"] = [superclass] }
      if !row.always.isEmpty { facts["always"] = row.always }
      all[row.name] = facts
    }
    return all
  }

  private var exportProperties: [String: [String: [String]]] {
    var all: [String: [String: [String]]] = [:]
    for row in ShippedRules.exportProperties {
      var facts: [String: [String]] = [:]
      if let attribute = row.attribute { facts["attribute"] = [attribute] }
      if row.form != .text { facts["form"] = [row.form.rawValue] }
      if !row.numbers.isEmpty { facts["numbers"] = row.numbers.map { "\($0.word)=\($0.number)" } }
      if row.isOfExchange { facts["of"] = ["exchange"] }
      all[row.name] = facts
    }
    return all
  }

  @Test func classesAreMadeFromOthers() {
    #expect(ObjectClassSchema.chain(of: "Computer") == ["top", "person", "organizationalPerson", "user", "computer"])
    #expect(ObjectClassSchema.chain(of: "group") == ["top", "group"])
    #expect(ObjectClassSchema.chain(of: "noSuchClass") == ["noSuchClass"])
  }

  @Test func propertiesAreKnownInAnyCase() {
    #expect(ExportProperties.facts(of: "emailaddress")?.attribute == "mail")
    #expect(ExportProperties.facts(of: "PropertyNames") != nil && ExportProperties.facts(of: "mail") == nil)
  }

  @Test func attributesAreKnownByAnyOfTheirNames() throws {
    let schema = AttributeSchema.shipped
    #expect(schema["PROXYADDRESSES"]?.name == "proxyAddresses" && schema.isMultivalued("member"))
    #expect(!schema.isMultivalued("mail") && schema["noSuchAttribute"] == nil)
    var seen: Set<String> = []
    for name in schema.attributes.flatMap(\.cloudNames) {
      #expect(seen.insert(name.lowercased()).inserted, "\(name) is the cloud's name of two attributes")
    }
  }
}
