import Findings
import Foundation
import Testing

@testable import Workbench

@Suite struct AuditJobTests {
  private static func run(_ source: String, _ store: String, keep: Int? = nil) -> (Outcome, String, Desk) {
    var settings = LintSettings()
    settings.sources = [source]
    settings.reports.format = "ndjson"
    let desk = Desk()
    let (outcome, text) = desk.run(AuditRunJob(settings, past: .store(path: store, keep: keep)))
    return (outcome, text, desk)
  }

  @Test func aStoreTellsNewKnownAndGone() throws {
    try Scratch.folder { folder in
      let store = folder.appending(path: "audit.db").path
      let source = try Scratch.file(Scratch.twoEntries, "export.ldif", in: folder)
      let (first, _, desk) = Self.run(source, store)
      #expect(first.status == .findings)
      #expect(first.counts?.byState[.new] == first.counts?.total)
      #expect(desk.events.contains(.recorded(run: 1, store: store, isNew: true)))

      let (second, _, _) = Self.run(source, store)
      #expect(second.status == .clean)
      #expect(second.counts?.byState[.known] == first.counts?.total)

      _ = try Scratch.file(Scratch.twoEntries.replacing("jo doe@", with: "jodoe@"), "export.ldif", in: folder)
      let (third, text, _) = Self.run(source, store, keep: 2)
      #expect(third.status == .clean)
      #expect((third.counts?.byState[.gone] ?? 0) > 0)
      #expect(text.contains("\"state\":\"gone\""))

      let (_, list) = Desk().run(AuditListJob(store: store, format: .json))
      #expect(list.contains("\"number\":3") && !list.contains("\"number\":1,"))
      var shown = StoredReportOptions(store: store)
      shown.reports.format = "ndjson"
      let (show, findings) = Desk().run(AuditShowJob(shown))
      // What is gone is shown, and is not one of the findings that there are.
      #expect(show.counts?.byState.values.reduce(0, +) == findings.split(separator: "\n").count)
    }
  }

  @Test func aRunThatTheStoreDoesNotHaveIsAMistake() throws {
    try Scratch.folder { folder in
      let store = folder.appending(path: "audit.db").path
      _ = Self.run(try Scratch.file(Scratch.twoEntries, "export.ldif", in: folder), store)
      #expect(Desk().run(AuditShowJob(StoredReportOptions(store: store), run: 7)).outcome.status == .usage)
      #expect(Desk().run(AuditListJob(store: "/nowhere/audit.db")).outcome.status == .unavailable)
    }
  }

  @Test func acceptedFindingsAreSuppressedByTheFileThatTheJobWrites() throws {
    try Scratch.folder { folder in
      let store = folder.appending(path: "audit.db").path
      let source = try Scratch.file(Scratch.twoEntries, "export.ldif", in: folder)
      let (first, text, _) = Self.run(source, store)
      let fingerprints = text.matches(of: #/"fingerprint":"([0-9a-f]+)"/#).map { String($0.1) }
      #expect(fingerprints.count == first.counts?.total)
      let file = folder.appending(path: "accepted.yaml").path
      let accept = AuditSuppressJob(
        file: file, store: store, fingerprints: fingerprints,
        acceptance: Acceptance(reason: "moved next month", owner: "it@contoso.com"))
      #expect(Desk().run(accept).outcome.status == .clean)

      var settings = LintSettings()
      settings.sources = [source]
      settings.known.suppressions = [file]
      let (outcome, _) = Desk().run(LintJob(settings))
      #expect(outcome.status == .clean)
      #expect(outcome.counts?.byState[.suppressed] == first.counts?.total)
    }
  }

  @Test func suppressionsNeedFindingsAndADay() {
    let acceptance = Acceptance(reason: "r", owner: "o")
    #expect(throws: UsageError.self) { try AuditSuppressJob(file: "f", acceptance: acceptance).validate() }
    #expect(throws: UsageError.self) {
      try AuditSuppressJob(
        file: "f", fingerprints: ["ab"], acceptance: Acceptance(reason: "r", owner: "o", expires: "soon")
      ).validate()
    }
  }

  // MARK: - Suppressions

  /// One finding that cannot be accepted by its value keeps none of the others back: its fingerprint names it.
  @Test func aValueThatDoesNotSurviveKeepsNoBatchBack() throws {
    try Scratch.folder { folder in
      let (store, file) = (folder.appending(path: "store").path, folder.appending(path: "accepted.yaml").path)
      let text =
        Scratch.twoEntries + """
          dn: CN=Odd,OU=Staff,DC=contoso,DC=com
          objectClass: user
          objectGUID:: 4E8lP4lP00GaDAMF6Cwz1w==
          sAMAccountName: odd
          userPrincipalName: odd@contoso.com
          displayName: Odd
          proxyAddresses:: \(Data("\u{FEFF}SMTP:o dd@contoso.com".utf8).base64EncodedString())

          """
      var settings = LintSettings()
      settings.sources = [try Scratch.file(text, "export.ldif", in: folder)]
      settings.reports.format = "ndjson"
      let desk = Desk()
      let lines = desk.run(AuditRunJob(settings, past: .store(path: store))).text.split(separator: "\n")
      let fingerprints = lines.compactMap { line in
        line.firstMatch(of: /"fingerprint":"([0-9a-f]{32})"/).map { String($0.1) }
      }
      #expect(fingerprints.count > 2)
      let job = AuditSuppressJob(
        file: file, store: store, fingerprints: fingerprints + [String(repeating: "0", count: 32)],
        acceptance: Acceptance(reason: "\u{2028} it leaves \n", owner: "\u{FEFF}jo "))
      #expect(desk.run(job).outcome.status == .usage)
      #expect(desk.events.contains(.failure("\(store) has no finding \(String(repeating: "0", count: 32))")))
      // All of the others are accepted.
      settings.known.suppressions = [file]
      let after = desk.run(LintJob(settings))
      #expect(after.text.split(separator: "\n").allSatisfy { $0.contains(#""state":"suppressed""#) }, "\(after.text)")
    }
  }
}
