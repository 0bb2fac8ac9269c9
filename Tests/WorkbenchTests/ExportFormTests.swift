import Bytes
import Entries
import Foundation
import TestSources
import Testing

@testable import Workbench

/// A form in which the same directory is exported.
enum ExportForm: CaseIterable {
  case csvde, clixml, windowsPowerShellJSON, powerShellJSON, tableOfLines, tableOfSemicolons

  func written(_ entries: [WrittenEntry]) -> [UInt8] {
    switch self {
    case .csvde: ExportWriting.csvde(entries)
    case .clixml: ExportWriting.clixml(entries)
    case .windowsPowerShellJSON: ExportWriting.powerShellJSON(entries, isWindowsPowerShell: true)
    case .powerShellJSON: ExportWriting.powerShellJSON(entries, isWindowsPowerShell: false)
    case .tableOfLines: ExportWriting.powerShellCSV(entries)
    case .tableOfSemicolons: ExportWriting.powerShellCSV(entries, separator: ";")
    }
  }

  /// Rules of which the sample directory has findings that the form cannot carry, or that it makes: PowerShell has no bytes in an
  /// attribute of text; a list that was joined with `;` says neither where a blank value stands nor what is a value's own `;`.
  var exceptions: Set<String> {
    switch self {
    case .csvde, .clixml: []
    case .windowsPowerShellJSON, .powerShellJSON, .tableOfLines: ["text-not-utf-8"]
    case .tableOfSemicolons:
      [
        "text-not-utf-8", "proxy-address-blank", "proxy-address-illegal-character", "proxy-address-outer-space",
        "mail-not-primary-address",
      ]
    }
  }
}

/// The same directory has the same findings in every form of export, but their places.
@Suite struct ExportFormTests {
  private static let fixtures = URL(fileURLWithPath: Scratch.sample).deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func findings(_ path: String, isClean: Bool) throws -> Set<String> {
    var settings = LintSettings()
    settings.sources = [path]
    settings.reports.format = "ndjson"
    if isClean { settings.domains.verifiedFile = fixtures.appending(path: "clean/verified-domains.txt").path }
    let (outcome, text) = Desk().run(LintJob(settings))
    #expect(outcome.coverage?.isComplete == true)
    return Set(try text.split(separator: "\n").map { try placeless(Data($0.utf8)) })
  }

  /// A finding as text, without what tells its place in the export.
  private static func placeless(_ finding: Data) throws -> String {
    var members = try #require(try JSONSerialization.jsonObject(with: finding) as? [String: Any])
    let related = members["related"] as? [[String: Any]] ?? []
    members["related"] = related.map { holder in holder.filter { $0.key != "location" } }
    members["location"] = nil
    return String(decoding: try JSONSerialization.data(withJSONObject: members, options: .sortedKeys), as: UTF8.self)
  }

  private static func entries(_ path: String) throws -> [WrittenEntry] {
    var reader = EntryReader(try Entries.open(.file(path)))
    var entries: [WrittenEntry] = []
    while let page = try reader.next() { entries += page.entries.map { WrittenEntry($0) } }
    return entries
  }

  /// The rules of findings.
  private static func rules(_ findings: Set<String>) -> Set<String> {
    Set(findings.compactMap { $0.firstMatch(of: /"rule":"([^"]*)"/).map { String($0.1) } })
  }

  @Test(arguments: ExportForm.allCases, ["sample", "clean"])
  func theFindingsAreTheSame(_ form: ExportForm, _ directory: String) throws {
    let path = Self.fixtures.appending(path: "\(directory)/directory.ldif").path
    let isClean = directory == "clean"
    let expected = try Self.findings(path, isClean: isClean)
    let entries = try Self.entries(path)
    #expect(isClean ? expected.isEmpty : expected.count > 100)
    #expect(entries.count > 200)
    let found = try Scratch.folder { folder in
      let export = folder.appending(path: "export")
      try Data(form.written(entries)).write(to: export)
      return try Self.findings(export.path, isClean: isClean)
    }
    let different = Self.rules(found.symmetricDifference(expected))
    #expect(different == (isClean ? [] : form.exceptions))
  }
}
