import Bytes
import Directory
import Findings

/// The `xlsx` format: a workbook of Excel with the sheets Summary, Causes, Findings and Objects.
///
/// Findings has the rows and columns of `csv`; where a sheet of Excel is full, the next one goes on: `Findings 2`. Objects has a
/// row for each object, the gravest first. Rows are written as the findings come, and wait in temporary files.
/// See `CellText` for what a cell holds of a value.
public struct XLSXReport: FindingSink {
  private let output: ReportOutput
  private let tell: (String) -> Void
  private let mostRows: Int
  private var run = RunDescription(version: "", ruleSet: "", sources: [])
  private var open: Sheets?
  private var table = FindingTable(hasStates: false)
  private var findingSheets = 1
  private var findingRows = 0
  private var objects = ObjectTally()
  private var kinds: [String: RuleKind] = [:]

  private struct Sheets {
    var workbook: WorkbookFile
    var summary: WorkbookSheet
    var findings: WorkbookSheet
    /// Texts that were cut in sheets of findings that are full.
    var cutTexts = 0
  }

  private struct RuleKind {
    var severity: Severity
    var effect: Effect
  }

  /// A report to an output.
  ///
  /// - Parameters:
  ///   - mostRows: how many rows a sheet has, its head among them.
  ///   - tell: told what the workbook has no room for.
  public init(output: ReportOutput, mostRows: Int = .max, tell: @escaping (String) -> Void = { _ in }) {
    self.output = output
    self.mostRows = min(mostRows, WorkbookSheet.mostRows)
    self.tell = tell
  }

  /// Begins the sheets. Throws `SpoolFailure`.
  public mutating func begin(_ run: RunDescription) throws {
    self.run = run
    table = FindingTable(hasStates: run.hasStates)
    // Without a time of the run the day that its archive has for all files.
    let workbook = try WorkbookFile(
      title: run.title ?? "Directory findings", createdAt: RunText.startedAt(run) ?? Self.startOfArchives)
    let summary = try workbook.addSheet("Summary", columns: Self.summaryColumns, hasFilter: false)
    var causes = try workbook.addSheet("Causes", columns: Self.causeColumns)
    for cause in run.causes { Self.add(cause, to: &causes) }
    open = Sheets(workbook: workbook, summary: summary, findings: try addFindings("Findings", to: workbook))
  }

  /// Writes the rows of one finding. Throws `SpoolFailure`.
  public mutating func receive(_ finding: Finding) throws {
    guard var sheets = open else { return }
    kinds[finding.rule] = RuleKind(severity: finding.severity, effect: finding.effect)
    let message = finding.message
    for number in 0..<finding.holderCount {
      if sheets.findings.isFull || sheets.findings.rows >= mostRows {
        findingSheets += 1
        sheets.cutTexts += sheets.findings.cutTexts
        sheets.findings = try addFindings("Findings \(findingSheets)", to: sheets.workbook)
        open = sheets
      }
      table.add(number, of: finding, message: message, to: &sheets.findings)
      findingRows += 1
    }
    try objects.add(finding)
    try sheets.workbook.check()
  }

  /// Writes the workbook. Throws `ReportError`, `SpoolFailure`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    guard let sheets = open else { return }
    open = nil
    var remarks: [String] = []
    if findingSheets > 1 {
      remarks.append(
        "a sheet holds \(grouped(mostRows)) rows: the \(grouped(findingRows)) rows of findings go on to the sheet"
          + " Findings \(findingSheets)")
    }
    let left = try addObjects(to: sheets.workbook)
    if left > 0 {
      remarks.append(
        "the sheet Objects has the \(grouped(objects.count - left)) gravest, \(grouped(left)) are left out")
    }
    let cut = sheets.cutTexts + sheets.findings.cutTexts
    if cut > 0 {
      remarks.append(
        "\(counted(cut, "text was", "texts were")) cut, as a cell holds \(grouped(CellText.limit)) characters; csv and json"
          + " have all of them")
    }
    var summary = XLSXSummary(rows: sheets.summary)
    summary.add(run, coverage, counts, remarks: remarks)
    for (rule, count) in counts.byRule.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      summary.add(
        rule: rule, title: run.rules.first { $0.id == rule }?.title ?? "",
        severity: kinds[rule]?.severity.rawValue ?? "", effect: kinds[rule]?.effect.rawValue ?? "", count: count)
    }
    try sheets.workbook.close(into: output)
    try output.flush()
    for remark in remarks { tell(remark) }
  }

  // MARK: - Sheets

  /// 1980-01-01, the first day that an archive knows.
  private static let startOfArchives = 315_532_800
  private static let summaryColumns = [("", 30), ("", 60), ("", 14), ("", 14), ("", 14)]
  private static let causeColumns = [
    ("kind", 12), ("name", 40), ("objectClass", 14), ("objects", 10), ("findings", 10), ("remedy", 50), ("rules", 50),
  ]
  private static let objectColumns = [
    ("dn", 60), ("objectGUID", 38), ("objectClass", 14), ("errors", 10), ("warnings", 10), ("information", 12),
    ("accepted", 10), ("gravestRule", 40),
  ]

  private static func add(_ cause: Cause, to sheet: inout WorkbookSheet) {
    sheet.add(cause.kind.rawValue)
    sheet.add(cause.name)
    sheet.add(cause.objectClass ?? "")
    sheet.add(cause.objects)
    sheet.add(cause.findings)
    sheet.add(cause.remedy)
    sheet.add(cause.rules.joined(separator: ", "))
    sheet.endRow()
  }

  private func addFindings(_ name: String, to workbook: WorkbookFile) throws(SpoolFailure) -> WorkbookSheet {
    let columns = table.columns.map { column in
      let name = String(describing: column)
      return (name, Self.width(of: name))
    }
    return try workbook.addSheet(name, columns: columns)
  }

  private static func width(of column: String) -> Int {
    switch column {
    case "dn", "message": 60
    case "value", "suggestedValue": 44
    case "objectGUID", "rule", "fingerprint": 36
    case "attribute", "characters", "source", "firstSeen", "suppressionReason", "suppressionOwner": 22
    default: 12
    }
  }

  /// Adds the sheet of objects.
  ///
  /// - Returns: how many had no place.
  private mutating func addObjects(to workbook: WorkbookFile) throws -> Int {
    objects.sort()
    let sheet = try workbook.addSheet("Objects", columns: Self.objectColumns)
    var written = 0
    for object in objects.objects {
      guard !sheet.isFull, sheet.rows < mostRows else { break }
      let names = try objects.names(of: object)
      sheet.add(names.dn)
      sheet.add(names.objectGUID)
      sheet.add(names.objectClass)
      for count in [object.errors, object.warnings, object.information, object.accepted] { sheet.add(Int(count)) }
      sheet.add(objects.rule(of: object) ?? "")
      sheet.endRow()
      written += 1
    }
    return objects.count - written
  }
}
