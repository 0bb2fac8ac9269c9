import Foundation
import Testing

@testable import Workbench

/// Nothing that is written is something that is read, or that another option writes: found before anything is opened.
@Suite struct NamedFilesTests {
  /// The files of a test, each with its own content.
  private struct Place {
    let folder: URL
    let export: String

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func settings(_ outputs: String...) -> LintSettings {
      var settings = LintSettings()
      settings.sources = [export]
      settings.reports.outputs = outputs
      return settings
    }

    /// Names and contents of all files.
    func contents() throws -> [String: Data] {
      try FileManager.default.contentsOfDirectory(atPath: folder.path).reduce(into: [:]) { all, name in
        all[name] = try? Data(contentsOf: folder.appending(path: name))
      }
    }
  }

  /// Clashes by name, with what makes each of them out of a folder with `export.ldif` and `other`.
  private static let clashes: [(name: String, job: @Sendable (Place) throws -> any Job)] = [
    ("source", { LintJob($0.settings("json:" + $0.export)) }),
    (
      "source by another spelling",
      { LintJob($0.settings("json:" + $0.path("./../\($0.folder.lastPathComponent)/export.ldif"))) }
    ),
    (
      "source by a link",
      { place in
        try FileManager.default.createSymbolicLink(atPath: place.path("link"), withDestinationPath: "export.ldif")
        return LintJob(place.settings("json:" + place.path("link")))
      }
    ),
    (
      "source by a hard link",
      { place in
        try FileManager.default.linkItem(atPath: place.export, toPath: place.path("hard"))
        return LintJob(place.settings("json:" + place.path("hard")))
      }
    ),
    (
      "source in a folder",
      { place in
        var settings = place.settings("json:" + place.path("other"))
        settings.sources = [place.folder.path]
        return LintJob(settings)
      }
    ),
    ("two reports", { LintJob($0.settings("json:" + $0.path("new"), "csv:" + $0.path("./new"))) }),
    (
      "two reports by a link that leads nowhere yet",
      { place in
        try FileManager.default.createSymbolicLink(atPath: place.path("link"), withDestinationPath: "new")
        return LintJob(place.settings("json:" + place.path("new"), "csv:" + place.path("link")))
      }
    ),
    ("store", { AuditRunJob($0.settings("json:" + $0.path("other")), past: .store(path: $0.path("other"))) }),
    ("store that is not there", { AuditRunJob($0.settings("json:" + $0.path("s")), past: .store(path: $0.path("s"))) }),
    ("lock", { AuditRunJob($0.settings("json:" + $0.path("s.lock")), past: .store(path: $0.path("s"))) }),
    ("journal", { AuditRunJob($0.settings("json:" + $0.path("s-wal")), past: .store(path: $0.path("s"))) }),
    ("store that is a source", { AuditRunJob($0.settings(), past: .store(path: $0.export)) }),
    ("baseline", { LintJob($0.settings("json:" + $0.path("other")), baseline: $0.path("other")) }),
    (
      "key",
      { place in
        var settings = place.settings("json:" + place.path("other"))
        settings.reports.redactionKeyFile = place.path("other")
        return LintJob(settings)
      }
    ),
    (
      "key that is not there",
      { place in
        var settings = place.settings("json:" + place.path("key"))
        settings.reports.redactionKeyFile = place.path("key")
        return LintJob(settings)
      }
    ),
    (
      "suppressions",
      { place in
        var settings = place.settings("json:" + place.path("other"))
        settings.known.suppressions = [place.path("other")]
        return LintJob(settings)
      }
    ),
    (
      "verified domains",
      { place in
        var settings = place.settings("json:" + place.path("other"))
        settings.domains.verifiedFile = place.path("other")
        return LintJob(settings)
      }
    ),
    (
      "rules",
      { place in
        var settings = place.settings("json:" + place.path("other"))
        settings.rules.directories = [place.folder.path]
        return LintJob(settings)
      }
    ),
    (
      "password file",
      { place in
        var settings = place.settings("json:" + place.path("other"))
        settings.sources = ["ldaps://dc1.contoso.com"]
        settings.servers.bindName = "x"
        settings.servers.passwordFile = place.path("other")
        return LintJob(settings)
      }
    ),
    (
      "cookie file",
      { place in
        var settings = place.settings("json:" + place.path("other"))
        settings.sources = ["ldaps://dc1.contoso.com"]
        settings.cache = place.path("other")
        return LintJob(settings)
      }
    ),
    (
      "material",
      { place in
        var job = ConvertJob(files: [place.export])
        job.reports.outputs = ["json:" + place.export]
        return job
      }
    ),
    (
      "suppressions that are a file of IdFix",
      { place in
        var job = ConvertJob(files: [place.path("other")])
        job.suppressions = place.path("other")
        return job
      }
    ),
    (
      "suppressions that are the store",
      { place in
        AuditSuppressJob(
          file: place.path("other"), store: place.path("other"), fingerprints: ["x"],
          acceptance: Acceptance(reason: "r", owner: "o"))
      }
    ),
  ]

  @Test(arguments: clashes.map(\.name)) func aClashIsFoundBeforeAnythingIsOpened(_ name: String) throws {
    try Scratch.folder { folder in
      let place = Place(folder: folder, export: try Scratch.file(Scratch.twoEntries, "export.ldif", in: folder))
      _ = try Scratch.file("something else\n", "other", in: folder)
      let job = try #require(Self.clashes.first { $0.name == name }).job(place)
      let before = try place.contents()
      let desk = Desk()
      #expect(job.outcome(in: desk.context).status == .usage)
      guard case .failure(let text) = desk.events.last else {
        Issue.record("\(desk.events)")
        return
      }
      #expect(text.contains("are the same file") && desk.events.count == 1, "\(text)")
      #expect(try place.contents() == before)
    }
  }

  @Test func standardOutputIsAnOutputLikeOthers() throws {
    try Scratch.folder { folder in
      let place = Place(folder: folder, export: try Scratch.file(Scratch.twoEntries, "export.ldif", in: folder))
      let handle = try FileHandle(forUpdating: URL(filePath: place.export))
      _ = try handle.seekToEnd()
      let desk = Desk()
      #expect(desk.run(EntriesJob([place.export]), writingTo: handle.fileDescriptor).status == .usage)
      #expect(try String(contentsOfFile: place.export, encoding: .utf8) == Scratch.twoEntries)
    }
  }

  /// One file that is read twice, a device that takes all, and a file that an option keeps up to date are no clash.
  @Test func whatMayBeTheSameIsNoClash() throws {
    try Scratch.folder { folder in
      let place = Place(folder: folder, export: try Scratch.file(Scratch.twoEntries, "export.ldif", in: folder))
      var settings = place.settings("json:/dev/null", "csv:/dev/null")
      settings.sources = [place.export, place.export]
      let desk = Desk()
      #expect([.findings, .partial].contains(desk.run(LintJob(settings)).outcome.status), "\(desk.events)")
      let acceptance = Acceptance(reason: "r", owner: "o")
      for _ in 0..<2 {
        var pattern = AuditSuppressJob.Pattern()
        pattern.rule = "upn-missing"
        pattern.attribute = "userPrincipalName"
        let job = AuditSuppressJob(file: place.path("accepted"), pattern: pattern, acceptance: acceptance)
        #expect(desk.run(job).outcome.status == .clean, "\(desk.events)")
      }
    }
  }

  // MARK: - Written aside

  /// A run that ends before its report is whole leaves the old one, and nothing beside it.
  @Test func anOldReportStaysUntilTheNewOneIsWhole() throws {
    try Scratch.folder { folder in
      let report = try Scratch.file("the old report\n", "report.json", in: folder)
      var settings = LintSettings()
      settings.sources = [try Scratch.file(Scratch.twoEntries, "export.ldif", in: folder)]
      settings.reports.outputs = ["csv:/dev/full", "json:" + report]
      let desk = Desk()
      #expect(desk.run(LintJob(settings)).outcome.status == .partial)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["export.ldif", "report.json"])
      #expect(try String(contentsOfFile: report, encoding: .utf8) == "the old report\n")
      settings.reports.outputs = ["json:" + report]
      #expect(desk.run(LintJob(settings)).outcome.status == .findings)
      #expect(try String(contentsOfFile: report, encoding: .utf8).hasPrefix("{"))
    }
  }
}
