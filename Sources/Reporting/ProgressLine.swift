import Bytes
import Glibc

/// How far a run has come.
public struct Progress: Sendable, Equatable {
  /// Entries read so far.
  public var entries: Int
  /// Bytes of the sources read so far.
  public var bytes: Int
  /// Bytes of all sources; nil when not known, as for stdin and servers.
  public var totalBytes: Int?
  /// Findings so far.
  public var findings: Int

  /// Progress; see the properties.
  public init(entries: Int, bytes: Int, totalBytes: Int?, findings: Int) {
    self.entries = entries
    self.bytes = bytes
    self.totalBytes = totalBytes
    self.findings = findings
  }
}

/// One line on a terminal that says how far a run has come, drawn over itself at most ten times a second.
///
/// The line must be taken away with `clear` before anything else is written to the terminal, and at the end.
public struct ProgressLine {
  private let columns: () -> Int
  private let now: () -> UInt64
  private let write: ([UInt8]) -> Void
  private let start: UInt64
  private var lastDrawn: UInt64
  private var isShown = false
  private static let interval: UInt64 = 100_000_000

  /// A line on a terminal, usually standard error.
  public init(descriptor: Int32 = STDERR_FILENO) {
    self.init(
      columns: { Self.columns(of: descriptor) }, now: monotonicNanoseconds,
      write: { (bytes) in
        // Nothing depends on progress: an error in showing it is no reason to stop.
        try? FileDescriptor(descriptor).write(bytes)
      })
  }

  init(columns: @escaping () -> Int, now: @escaping () -> UInt64, write: @escaping ([UInt8]) -> Void) {
    self.columns = columns
    self.now = now
    self.write = write
    // Short runs show nothing at all: the first line waits for the first interval to pass.
    self.start = now()
    self.lastDrawn = start
  }

  /// Number of columns of a terminal; 80 when it does not tell.
  public static func columns(of descriptor: Int32) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Draws the line anew, unless that was done less than a tenth of a second ago. Cheap enough to call for each batch.
  public mutating func update(_ progress: Progress) {
    let time = now()
    guard time - lastDrawn >= Self.interval else { return }
    lastDrawn = time
    isShown = true
    let text = Self.text(for: progress, seconds: Double(time - start) / 1e9, columns: columns() - 1)
    write(Array("\r\(text)\u{1B}[K".utf8))
  }

  /// Takes the line away; the next update draws it again.
  public mutating func clear() {
    guard isShown else { return }
    isShown = false
    write(Array("\r\u{1B}[K".utf8))
  }

  /// The line: parts are left out from the end until it fits.
  static func text(for progress: Progress, seconds: Double, columns: Int) -> String {
    var parts = [counted(progress.entries, "entry", "entries")]
    if let total = progress.totalBytes, total > 0 {
      let percent = whole(min(100, Double(progress.bytes) / Double(total) * 100))
      parts[0] = "\(percent) %  " + parts[0]
      if let rest = remaining(progress, seconds: seconds) { parts.append("\(rest) left") }
    }
    parts.append(counted(progress.findings, "finding", "findings"))
    if seconds > 0 {
      parts.append("\(grouped(whole(Double(progress.entries) / seconds))) entries/s")
      if progress.bytes > 0 { parts.append("\(megabytes(Double(progress.bytes) / seconds)) MB/s") }
    }
    while parts.count > 1, length(of: parts) > columns { parts.removeLast() }
    return String(parts.joined(separator: ", ").prefix(max(0, columns)))
  }

  private static func length(of parts: [String]) -> Int {
    parts.reduce(0) { $0 + $1.utf8.count } + (parts.count - 1) * 2
  }

  private static func remaining(_ progress: Progress, seconds: Double) -> String? {
    guard let total = progress.totalBytes, progress.bytes > 0, seconds >= 1 else { return nil }
    let rest = Double(max(0, total - progress.bytes)) * seconds / Double(progress.bytes)
    guard rest < 360_000 else { return nil }
    let left = Int(rest.rounded(.up))
    switch left {
    case ..<60: return "\(left) s"
    case ..<3600: return "\(left / 60) min \(left % 60) s"
    default: return "\(left / 3600) h \(left % 3600 / 60) min"
    }
  }

  /// A number without its fraction, cut off far beyond anything that can be meant.
  private static func whole(_ number: Double) -> Int { Int(min(number, 1e15)) }

  private static func megabytes(_ bytes: Double) -> String {
    let tenths = whole(bytes / 1e5)
    return tenths >= 100 ? grouped(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
  }
}

private func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
