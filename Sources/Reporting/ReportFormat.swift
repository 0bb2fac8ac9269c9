import Findings

/// The formats of reports: help texts, `Docs/output-formats.md` and the tests of all formats are made from this list.
public enum ReportFormat: String, CaseIterable, Sendable {
  case text, json, ndjson, csv
  case csvExcel = "csv-excel"
  case xlsx
  case idfixCSV = "idfix-csv"
  case html, markdown, mail
  case adaptiveCard = "adaptive-card"
  case sarif, junit, prometheus

  /// How a report is to be.
  public struct Options {
    /// Whether the text report uses colours.
    public var usesColour = false
    /// How much the text report tells.
    public var detail = TextDetail()
    /// Whether the text report is the table of what was looked at: that of `doctor`.
    public var isTable = false
    /// Columns of the text report.
    public var width = 100
    /// The time of the run in seconds since 1970, for formats that tell it.
    public var finishedAt: () -> Int = { 0 }
    /// Told in a sentence what a report leaves out, because its readers take no more.
    public var tell: (String) -> Void = { _ in }
    /// Whether a finding makes the run fail, for formats that tell failures apart.
    public var fails: (Finding) -> Bool = { $0.severity == .error }

    /// The usual report.
    public init() {}
  }

  /// The names of all formats, for messages and help texts.
  public static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// What it is for, in Markdown.
  public var summary: String {
    switch self {
    case .text: "people"
    case .json: "programs: one object with `run`, `findings`, `coverage`, `counts`"
    case .ndjson: "programs: one finding a line"
    case .csv: "spreadsheets: one row for each holder"
    case .csvExcel: "Excel: the same with a byte order mark, by which it knows UTF-8"
    case .xlsx: "Excel: a workbook with summary, causes, findings and objects"
    case .idfixCSV: "those who come from IdFix"
    case .html: "people: one page with search, filters, charts and every finding in full"
    case .markdown: "pull requests, wikis, job summaries"
    case .mail: "mail: a message with the summary and the gravest findings, without sender and receiver"
    case .adaptiveCard: "Teams: a card of at most 28 KB with the summary and the gravest findings"
    case .sarif: "code scanning and editors: SARIF 2.1.0"
    case .junit: "test views of build servers"
    case .prometheus: "node exporters: numbers of findings as metrics"
    }
  }

  /// Endings of file names, in lower case, by which `--output` knows the format; none where another format has a better claim.
  public var endings: [String] {
    switch self {
    case .text: ["txt"]
    case .json: ["json"]
    case .ndjson: ["ndjson", "jsonl"]
    case .csv: ["csv"]
    case .xlsx: ["xlsx"]
    case .html: ["html", "htm"]
    case .markdown: ["md"]
    case .mail: ["eml"]
    case .sarif: ["sarif"]
    case .prometheus: ["prom"]
    case .csvExcel, .idfixCSV, .adaptiveCard, .junit: []
    }
  }

  /// The format of a file by the ending of its name; nil where that says nothing.
  public init?(ofFile name: String) {
    guard let dot = name.lastIndex(of: "."), !name[dot...].contains("/") else { return nil }
    let ending = name[name.index(after: dot)...].lowercased()
    guard let format = Self.allCases.first(where: { $0.endings.contains(ending) }) else { return nil }
    self = format
  }

  /// When findings are written.
  public enum Pace: Sendable {
    /// As they leave the run: once everything was read, or with `--stream` while it is read.
    case streaming
    /// As they leave the run, once everything was read.
    case afterReading
    /// When there are no more.
    case atEnd
  }

  /// When its findings are written.
  public var pace: Pace {
    switch self {
    case .text, .ndjson: .streaming
    case .json, .csv, .csvExcel: .afterReading
    case .xlsx, .idfixCSV, .html, .markdown, .mail, .adaptiveCard, .sarif, .junit, .prometheus: .atEnd
    }
  }

  /// Whether all may read its file: it holds numbers only, and its reader is another user.
  public var isPublic: Bool { self == .prometheus }
  /// Whether it is no text, so that no terminal can show it.
  public var isBinary: Bool { self == .xlsx }
  /// Whether it counts findings rather than showing them, so that it needs those that are not to be shown.
  public var isCounting: Bool { self == .prometheus }
  /// Whether it tells how earlier runs went.
  public var needsTrend: Bool {
    switch self {
    case .text, .html, .markdown, .xlsx, .mail, .adaptiveCard: true
    case .json, .ndjson, .csv, .csvExcel, .idfixCSV, .sarif, .junit, .prometheus: false
    }
  }

  /// A report to an output.
  public func make(_ output: ReportOutput, _ options: Options = Options()) -> any FindingSink {
    switch self {
    case .text where options.isTable:
      DoctorReport(output: output, usesColour: options.usesColour, width: options.width)
    case .text:
      TextReport(output: output, usesColour: options.usesColour, detail: options.detail, width: options.width)
    case .json: JSONReport(output: output)
    case .ndjson: NDJSONReport(output: output)
    case .csv: CSVReport(output: output)
    case .csvExcel: CSVReport(output: output, hasByteOrderMark: true)
    case .xlsx: XLSXReport(output: output, tell: options.tell)
    case .idfixCSV: IdFixCSVReport(output: output)
    case .html: HTMLReport(output: output)
    case .markdown: MarkdownReport(output: output)
    case .mail: MailReport(output: output)
    case .adaptiveCard: AdaptiveCardReport(output: output, tell: options.tell)
    case .sarif: SARIFReport(output: output, tell: options.tell)
    case .junit: JUnitReport(output: output, tell: options.tell, fails: options.fails)
    case .prometheus: PrometheusReport(output: output, finishedAt: options.finishedAt)
    }
  }

  /// The table of `Docs/output-formats.md`.
  public static var table: String {
    let rows = allCases.map { format in "| `\(format.rawValue)` | \(format.summary) | \(format.pace.words) |" }
    return (["| Format | For | Findings are written |", "|---|---|---|"] + rows).joined(separator: "\n")
  }
}

extension ReportFormat.Pace {
  fileprivate var words: String {
    switch self {
    case .streaming: "once all was read; with `--stream` while it is read"
    case .afterReading: "once all was read"
    case .atEnd: "at the end, all at once"
    }
  }
}
