import Testing

@testable import RuleSet

@Suite struct SyncErrorSearchTests {
  @Test(arguments: [
    ("move-mailbox-locked", "move-mailbox-locked"), ("invalidsoftmatch", "invalid-soft-match"),
    ("0x6BA", "password-sync-domain-failed"), ("80230818", "writeback-engine-error"),
    ("0x80230818", "writeback-engine-error"),
    ("6949", "dn-attributes-failure"), ("event 6949", "dn-attributes-failure"),
    ("ADSync 6949", "dn-attributes-failure"),
    ("smtp proxy matching", "move-no-routing-address"), ("8344", "permission-issue"), ("routing address", ""),
  ])
  func finds(_ query: String, _ id: String) throws {
    let found = try SyncErrorCatalogue.load().find(query).map(\.id)
    #expect(id.isEmpty || found.contains(id), "\(found)")
  }

  @Test func findsNothingForStrangeWords() throws {
    let catalogue = try SyncErrorCatalogue.load()
    #expect(catalogue.find("zebra").isEmpty)
    #expect(catalogue.find(" ").isEmpty)
    #expect(catalogue.find("OtherSource 6949").isEmpty)
  }

  /// Nothing of the catalogue tells to take a primary address away, and permissions are given only where they are the cause.
  @Test func remediesDoNoHarm() throws {
    for definition in try SyncErrorCatalogue.load().definitions {
      let remedies = [definition.remedy] + definition.causes.map(\.remedy)
      for remedy in remedies {
        #expect(!remedy.contains("emove the primary"), "\(definition.id)")
      }
      // Where codes tell causes apart, what is said of any code gives no rights.
      if !definition.causes.isEmpty {
        #expect(!definition.remedy.lowercased().contains("give the connector account"), "\(definition.id)")
        #expect(!definition.remedy.lowercased().contains("the permissions for"), "\(definition.id)")
      }
    }
  }
}
