import Foundation
import Testing

@testable import Workbench

@Suite struct ReadingJobTests {
  @Test func entriesComeAsTheyWereRead() throws {
    try Scratch.folder { folder in
      let source = try Scratch.file(Scratch.twoEntries, "export.ldif", in: folder)
      let (outcome, text) = Desk().run(EntriesJob([source]))
      #expect(outcome.status == .clean)
      #expect(text.split(separator: "\n").count == 2)
      let (_, ldif) = Desk().run(EntriesJob([source], format: .ldif))
      #expect(ldif.contains("dn: CN=Ann Lee,OU=Staff,DC=contoso,DC=com"))
    }
  }

  /// What a failed export leaves behind is no success, nor is less than was announced.
  @Test(arguments: [
    ("", 0, true), ("# x\n", 0, true), ("version: 1\n", 0, true), ("\n\n", 0, true), ("\u{feff}", 0, true),
    ("dn: CN=a\nchangetype: delete\n\n", 1, false), ("dn: CN=a\ncn: a\n\n# returned 2 records\n", 1, true),
  ])
  func entriesOfNothingAreNoSuccess(_ text: String, _ records: Int, _ isPartial: Bool) throws {
    try Scratch.folder { folder in
      var job = EntriesJob([try Scratch.file(text, "export.ldif", in: folder)])
      let (outcome, printed) = Desk().run(job)
      #expect(outcome.status == (isPartial ? .partial : .clean))
      #expect(printed.split(separator: "\n").count == records)
      job.allowsEmpty = true
      #expect(Desk().run(job).0.status == (isPartial && records > 0 ? .partial : .clean))
    }
  }

  @Test func aSearchSaysWhatItDidNotFind() throws {
    try Scratch.folder { folder in
      let source = try Scratch.file(Scratch.twoEntries, "export.ldif", in: folder)
      let desk = Desk()
      let (outcome, text) = desk.run(EntriesJob([source], find: ["annlee@contoso.com", "nobody@contoso.com"]))
      #expect(outcome.status == .findings)
      #expect(text.contains("dn: CN=Ann Lee") && !text.contains("dn: CN=Jo Doe"))
      #expect(
        desk.events.contains { if case .message(let text) = $0 { text.contains("nobody@contoso.com") } else { false } })
    }
  }

  @Test func onlySearchesHaveText() {
    #expect(throws: UsageError("there is no format 'text' here; formats are ndjson, ldif")) {
      try EntriesJob.format("text", finds: false)
    }
    #expect(throws: Never.self) { try EntriesJob.format("text", finds: true) }
  }

  @Test func anErrorIsResolvedToItsObject() throws {
    try Scratch.folder { folder in
      var job = ResolveJob()
      job.inputs = [
        try Scratch.file(
          """
          Unable to update this object because the following attributes associated with this object have values that \
          may already be associated with another object in your local directory services: \
          [ProxyAddresses SMTP:jo doe@contoso.com;].

          """, "error.txt", in: folder)
      ]
      job.sources = [try Scratch.file(Scratch.twoEntries, "export.ldif", in: folder)]
      job.format = .ndjson
      let (outcome, text) = Desk().run(job)
      #expect(outcome.status == .clean)
      #expect(text.contains("CN=Jo Doe,OU=Staff,DC=contoso,DC=com"))
    }
  }

  @Test func materialWithoutAnErrorIsNotResolved() throws {
    try Scratch.folder { folder in
      var job = ResolveJob()
      job.inputs = [try Scratch.file("Nothing happened today.\n", "error.txt", in: folder)]
      job.sources = [try Scratch.file(Scratch.twoEntries, "export.ldif", in: folder)]
      let desk = Desk()
      #expect(desk.run(job).outcome.status == .findings)
      #expect(desk.events.contains(.message("no error of synchronization was found in the input")))
    }
  }

  @Test func resolvingReadsStandardInputOnce() {
    // Without a place to look, errors are explained from what they say.
    #expect(throws: Never.self) { try ResolveJob().validate() }
    var job = ResolveJob()
    job.sources = ["-"]
    #expect(throws: UsageError.self) { try job.validate() }
    job.inputs = ["error.txt"]
    #expect(throws: Never.self) { try job.validate() }
  }

  @Test func sourcesAreNamedAndReadOnce() {
    #expect(throws: UsageError("standard input (-) can be read only once")) {
      try SourceOptions.validate(["-", "-"], ServerOptions())
    }
    #expect(throws: UsageError.self) { try SourceOptions.validate([], ServerOptions()) }
    #expect(throws: UsageError.self) { try SourceOptions.validate(["http://contoso.com"], ServerOptions()) }
    var named = ServerOptions()
    named.defaultServers = "ldaps://dc1.contoso.com"
    #expect(throws: Never.self) { try SourceOptions.validate([], named) }
  }

  @Test func aServerIsReadWithTheOptionsThatWereGiven() throws {
    var servers = ServerOptions()
    servers.servers = ["ldaps://dc1.contoso.com ldaps://dc2.contoso.com"]
    servers.searchBases = ["OU=Staff,DC=contoso,DC=com"]
    servers.pageSize = 50
    let directory = servers.directory(try servers.namedServers(), try servers.credentials())
    #expect(directory.settings.servers.count == 2)
    #expect(directory.settings.pageSize == 50)
    #expect(directory.bases == ["OU=Staff,DC=contoso,DC=com"])
    servers.asksPassword = true
    servers.bindName = "jo@contoso.com"
    let asked = Asked()
    servers.askPassword = { prompt in
      asked.prompts.append(prompt)
      return Array("secret".utf8)
    }
    _ = try servers.credentials()
    #expect(asked.prompts == ["Password of jo@contoso.com: "])
  }

  private final class Asked {
    var prompts: [String] = []
  }

  @Test func identifiersAndRulesAreExplained() {
    let (identifier, text) = Desk().run(IdentifierJob(["3f2504e0-4f89-41d3-9a0c-0305e82c3301"], format: .ndjson))
    #expect(identifier.status == .clean)
    #expect(text.contains("4AQlP4lP00GaDAMF6CwzAQ=="))
    let desk = Desk()
    #expect(desk.run(ExplainJob("upn-mising")).outcome.status == .usage)
    #expect(
      desk.events.contains {
        if case .line(let text) = $0 { text.contains("did you mean `upn-missing`?") } else { false }
      })
  }

  @Test func theExamplesOfAllRulesHold() {
    let desk = Desk()
    let (outcome, text) = desk.run(RuleTestJob())
    #expect(outcome.status == .clean)
    #expect(desk.events.isEmpty)
    #expect(text.split(separator: "\n").allSatisfy { $0.hasSuffix("all hold") })
  }
}
