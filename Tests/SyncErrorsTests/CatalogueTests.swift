import RuleSet
import SyncErrors
import Testing

@Suite struct CatalogueTests {
  @Test func everyExampleOfTheShippedCatalogueHolds() throws {
    let catalogue = try SyncErrorCatalogue.load()
    let examples = SyncErrorExamples(catalogue)
    #expect(catalogue.definitions.count > 60)
    for definition in catalogue.definitions {
      for failure in examples.failures(of: definition) {
        Issue.record("\(failure.location): \(definition.id): \(failure.message)")
      }
    }
  }
}
