import Foundation
import IdFix
import Testing

@testable import RuleSet

/// Schemas that editors complete and check by.
@Suite struct DocumentSchemaTests {
  private static func schema(
    _ document: DocumentSchema, options: [String: Bool] = [:]
  ) throws -> [String: Any] {
    let text = document.json(checks: .all, options: options)
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    return try #require(object as? [String: Any])
  }

  private static func properties(_ schema: [String: Any]) throws -> [String: Any] {
    try #require(schema["properties"] as? [String: Any])
  }

  @Test(arguments: DocumentSchema.allCases) func isAnObjectOfKnownKeysOnly(_ document: DocumentSchema) throws {
    let schema = try Self.schema(document)
    #expect(schema["additionalProperties"] as? Bool == false)
    let known = Set(try Self.properties(schema).keys)
    let required = try #require(schema["required"] as? [String])
    #expect(known.isSuperset(of: required))
    // Every reference leads somewhere.
    let definitions = try #require(schema["$defs"] as? [String: Any])
    for match in document.json(checks: .all, options: [:]).matches(of: /"#\/\$defs\/(\w+)"/) {
      #expect(definitions[String(match.1)] != nil, "\(match.1)")
    }
  }

  @Test func aRuleHasTheKeysAndChecksOfItsReader() throws {
    let properties = try Self.properties(try Self.schema(.rule))
    #expect(Set(properties.keys) == Set(RuleReader.keys))
    let check = try #require(properties["check"] as? [String: Any])
    let either = try #require(check["oneOf"] as? [[String: Any]])
    let names = try #require(either.last?["properties"] as? [String: Any])
    #expect(Set(names.keys) == Set(CheckVocabulary.all.names))
    #expect((either.first?["enum"] as? [String])?.contains("present") == true)
    let severity = try #require(properties["severity"] as? [String: Any])
    #expect(severity["enum"] as? [String] == ["info", "warning", "error"])
  }

  /// Only a rule that is not about entries may have no examples.
  @Test func examplesAreLeftOutForAForestOnly() throws {
    let either = try #require(try Self.schema(.rule)["anyOf"] as? [[String: Any]])
    #expect(either.first?["required"] as? [String] == ["examples"])
    let properties = try #require(either.last?["properties"] as? [String: Any])
    let check = try #require(properties["check"] as? [String: Any])
    #expect((check["properties"] as? [String: Any])?.keys.sorted() == ["doctor"])
    #expect(check["type"] as? String == "object")
  }

  @Test func optionsWithoutAValueAreTrueOrFalse() throws {
    let properties = try Self.properties(try Self.schema(.configuration, options: ["quiet": false, "rules": true]))
    #expect((properties["quiet"] as? [String: Any])?["type"] as? String == "boolean")
    #expect((properties["rules"] as? [String: Any])?["anyOf"] != nil)
    #expect(properties["sources"] != nil)
  }
}
