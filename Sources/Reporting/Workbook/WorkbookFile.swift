import Bytes
import CXLSXWriter
import Directory

/// A workbook of Excel (ECMA-376), written row by row: the only caller of libxlsxwriter.
///
/// The library keeps one row of each sheet in memory; the others wait in temporary files (`TMPDIR`), as the workbook does until
/// it is whole. Cells are texts or numbers and never anything else: `worksheet_write_string` makes neither a formula nor a link
/// of what looks like one. The same cells give the same bytes.
final class WorkbookFile {
  private let pointer: UnsafeMutablePointer<lxw_workbook>
  private let file: FileDescriptor
  private var sheets: [WorkbookSheet] = []
  private var isFreed = false
  private let formats: WorkbookFormats

  /// Begins a workbook.
  ///
  /// - Parameters:
  ///   - title: what its properties call it.
  ///   - createdAt: when its properties say that it was made, in seconds since 1970.
  /// - Throws: `SpoolFailure`.
  init(title: String, createdAt: Int) throws(SpoolFailure) {
    let file: FileDescriptor
    do throws(SystemError) { file = try TemporaryFile.makeUnnamed() } catch {
      throw SpoolFailure(description: "cannot make a temporary file in \(TemporaryFile.folder): \(error)")
    }
    // The library opens files by name; this one has none but that of its descriptor.
    let opened = TemporaryFile.folder.withMutableCString { folder in
      var options = lxw_workbook_options(constant_memory: 1, tmpdir: folder, use_zip64: 0)
      return workbook_new_opt("/proc/self/fd/\(file.number)", &options)
    }
    guard let opened, let formats = WorkbookFormats(opened) else {
      file.close()
      throw SpoolFailure(description: "there is no memory for a workbook")
    }
    (pointer, self.file, self.formats) = (opened, file, formats)
    // More than 255 characters are refused.
    String(TerminalText.escape(title).prefix(200)).withMutableCString { title in
      var properties = lxw_doc_properties()
      properties.title = title
      properties.created = createdAt
      _ = workbook_set_properties(pointer, &properties)
    }
  }

  deinit {
    if !isFreed { lxw_workbook_free(pointer) }
    file.close()
  }

  /// Adds a sheet behind the others.
  ///
  /// - Parameters:
  ///   - columns: their heads and widths in characters.
  ///   - hasFilter: whether its head is a row that stays in view and filters the others.
  /// - Throws: `SpoolFailure`.
  func addSheet(
    _ name: String, columns: [(head: String, width: Int)], hasFilter: Bool = true
  ) throws(SpoolFailure) -> WorkbookSheet {
    guard let added = workbook_add_worksheet(pointer, name) else { throw Self.failure() }
    let sheet = WorkbookSheet(added, formats, name: name, columns: columns.count)
    for (number, column) in columns.enumerated() {
      _ = worksheet_set_column(added, UInt16(number), UInt16(number), Double(column.width), nil)
    }
    if hasFilter {
      for column in columns { sheet.add(head: column.head) }
      sheet.endRow()
      worksheet_freeze_panes(added, 1, 0)
      sheet.hasFilter = true
    }
    sheets.append(sheet)
    return sheet
  }

  /// Throws when a row could not be put aside. `SpoolFailure`.
  func check() throws(SpoolFailure) {
    if sheets.contains(where: \.hasFailed) { throw Self.failure() }
  }

  /// Ends the workbook and writes its bytes. Throws `SpoolFailure`, `ReportError`.
  func close(into output: ReportOutput) throws {
    for sheet in sheets { sheet.end() }
    try check()
    let lengths = sheets.map(\.length)
    isFreed = true
    guard workbook_close(pointer) == LXW_NO_ERROR else { throw Self.failure() }
    try checkLengths(lengths)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var offset: UInt64 = 0
    while true {
      let count: Int
      do throws(SystemError) { count = try file.read(at: offset, into: &chunk, 0..<chunk.count) } catch {
        throw SpoolFailure(description: "cannot read the temporary file: \(error)")
      }
      if count == 0 { break }
      try output.write(Array(chunk[..<count]))
      offset += UInt64(count)
    }
  }

  /// The library does not look whether its last copy of a sheet was written: on a full disk the sheet would end early, in a
  /// workbook that seems whole. So each must be at least as long as its rows were.
  private func checkLengths(_ lengths: [Int]) throws(SpoolFailure) {
    guard let members = try? ZipFile.members(of: "/proc/self/fd/\(file.number)") else { throw Self.failure() }
    for (number, length) in lengths.enumerated() {
      let member = members.first { $0.name == "xl/worksheets/sheet\(number + 1).xml" }
      guard let size = member?.size, size > length else { throw Self.failure() }
    }
  }

  private static func failure() -> SpoolFailure {
    SpoolFailure(
      description: "cannot write a workbook in \(TemporaryFile.folder); set TMPDIR to a directory with more room")
  }
}

/// How cells look.
private struct WorkbookFormats {
  let head: UnsafeMutablePointer<lxw_format>
  /// Text also for who edits it: what begins with `=` is no formula then either.
  let text: UnsafeMutablePointer<lxw_format>

  init?(_ workbook: UnsafeMutablePointer<lxw_workbook>) {
    guard let head = workbook_add_format(workbook), let text = workbook_add_format(workbook) else { return nil }
    format_set_bold(head)
    format_set_num_format_index(text, 49)  // "@", which is there in every workbook
    (self.head, self.text) = (head, text)
  }
}

/// A sheet of a workbook, whose rows are written from the first to the last.
final class WorkbookSheet: TableRows {
  /// The most rows that Excel opens, the head among them.
  static let mostRows = 1_048_576
  /// Texts beyond this would make the sheet so long that its archive needs extensions that not all readers know.
  private static let mostBytes = 700_000_000

  /// What it is called.
  let name: String
  /// Rows that are whole.
  private(set) var rows = 0
  /// How many texts were cut.
  private(set) var cutTexts = 0
  /// Whether a row could not be put aside.
  private(set) var hasFailed = false
  fileprivate var hasFilter = false
  private let pointer: UnsafeMutablePointer<lxw_worksheet>
  private let formats: WorkbookFormats
  private let columns: Int
  private var column: UInt16 = 0
  private var bytes = 0

  fileprivate init(
    _ pointer: UnsafeMutablePointer<lxw_worksheet>, _ formats: WorkbookFormats, name: String, columns: Int
  ) {
    self.pointer = pointer
    self.formats = formats
    self.name = name
    self.columns = columns
  }

  /// Whether there is no room for another row.
  var isFull: Bool { rows >= Self.mostRows || bytes >= Self.mostBytes }

  /// Adds a cell of text.
  func add(_ text: String) { add(text: Array(text.utf8), formats.text) }

  /// Adds a cell of text that needs no care.
  func add(literal text: StaticString) { add(String(describing: text)) }

  /// Adds a cell with a directory value; one that is not valid UTF-8 as `base64:` and its base64 form; an empty one for nil.
  func add(_ value: AttributeValue?) {
    guard let value else {
      column += 1
      return
    }
    guard isUTF8(value.bytes) else { return add("base64:" + Base64Text.encode(value.bytes)) }
    add(text: value.bytes, formats.text)
  }

  /// Adds a cell with a number; an empty one for nil.
  func add(_ number: Int?) {
    if let number { note(worksheet_write_number(pointer, row, column, Double(number), nil)) }
    column += 1
  }

  /// Ends the row.
  func endRow() {
    if ferror(pointer.pointee.optimize_tmpfile) != 0 { hasFailed = true }
    rows += 1
    column = 0
  }

  /// Adds a cell with the head of a column, or with a title.
  func add(head: String) { add(text: Array(head.utf8), formats.head) }

  /// Puts what is in buffers into the temporary file, but for the last row.
  fileprivate func end() {
    if hasFilter { _ = worksheet_autofilter(pointer, 0, 0, UInt32(max(1, rows) - 1), UInt16(max(1, columns) - 1)) }
    if fflush(pointer.pointee.optimize_tmpfile) != 0 { hasFailed = true }
  }

  /// How many bytes are in the temporary file.
  fileprivate var length: Int { ftell(pointer.pointee.optimize_tmpfile) }

  private var row: UInt32 { UInt32(rows) }

  private func add(text: [UInt8], _ format: UnsafeMutablePointer<lxw_format>) {
    defer { column += 1 }
    guard !text.isEmpty else { return }
    var cell = CellText(text)
    if cell.isCut { cutTexts += 1 }
    bytes += cell.bytes.count
    cell.bytes.append(0)
    cell.bytes.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { characters in
        note(worksheet_write_string(pointer, row, column, characters.baseAddress, format))
      }
    }
  }

  private func note(_ status: lxw_error) {
    if status != LXW_NO_ERROR { hasFailed = true }
  }
}

extension String {
  /// Calls with the text for a C function that takes no constant and copies what it is given.
  fileprivate func withMutableCString<Result>(_ body: (UnsafeMutablePointer<CChar>?) -> Result) -> Result {
    var characters = Array(utf8CString)
    return characters.withUnsafeMutableBufferPointer { body($0.baseAddress) }
  }
}
