import Findings
import Foundation
import Testing

@testable import Reporting

@Suite struct PreflightReportTests {
  private static let table: PreflightTable = {
    var check = PreflightCheck("inheritance", "Inheritance of rights", .problem, "disabled on 2 of 5 objects")
    check.reason = "rights do not reach them"
    check.remedy = "enable inheritance"
    check.references = ["https://learn.microsoft.com/x"]
    check.objects = ["CN=Evil\u{1B}[31m\u{202E},DC=contoso,DC=com"]
    check.objectCount = 2
    return PreflightTable(
      source: "ldaps://dc1\u{7}", checks: [PreflightCheck("netbios-name", "NetBIOS names", .ok, "CONTOSO"), check])
  }()

  @Test func nothingOfTheDirectoryReachesATerminalUnescaped() {
    let text = String(decoding: PreflightReport.text([Self.table], usesColour: false, width: 80), as: UTF8.self)
    #expect(
      text == """
        ldaps://dc1\\u{0007}
          ok              NetBIOS names: CONTOSO
          problem         Inheritance of rights: disabled on 2 of 5 objects
                          why: rights do not reach them
                          do:  enable inheritance
                          - CN=Evil\\u{001B}[31m\\u{202E},DC=contoso,DC=com
                          - and 1 more
                          see: https://learn.microsoft.com/x

        2 checks: 1 ok, 0 advice, 1 problem, 0 could not look

        """)
  }

  @Test func jsonHasEveryCheck() throws {
    let run = RunDescription(version: "1", ruleSet: "", sources: ["ldaps://dc1"])
    let json = String(decoding: PreflightReport.json(run, [Self.table]), as: UTF8.self)
    #expect(json.contains(#""check":"netbios-name","title":"NetBIOS names","status":"ok","summary":"CONTOSO""#))
    #expect(json.contains(#""objects":["CN=Evil\u001B[31m\u202E,DC=contoso,DC=com"],"objectCount":2"#))
    #expect(json.contains(#""counts":{"ok":1,"advice":0,"problem":1,"could-not-look":0}"#))
    #expect(!json.contains("\u{1B}"))
  }

  @Test func jsonIsAsItsSchemaSays() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Docs/doctor.schema.json")
    let validator = SchemaValidator(root: try JSON(parsing: Array(try Data(contentsOf: path))))
    let run = RunDescription(version: "1", ruleSet: "", sources: ["ldaps://dc1"])
    for tables in [[], [Self.table], [Self.table, Self.table]] {
      let value = try JSON(parsing: PreflightReport.json(run, tables))
      #expect(validator.errors(in: value) == [])
    }
  }
}
