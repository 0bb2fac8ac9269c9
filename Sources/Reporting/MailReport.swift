import Bytes
import Directory
import Findings

/// The `mail` format: a message (RFC 5322) with the summary of a run as text and as HTML, for whatever sends it.
///
/// It has neither sender nor receiver, which whoever sends it knows; `X-Unsent` makes Outlook open it as a draft. Both bodies are
/// in base64, so that nothing in them ends a line, a part or the message.
public struct MailReport: FindingSink {
  private let output: ReportOutput
  private var digest = Digest()

  /// A report to an output.
  public init(output: ReportOutput) { self.output = output }

  /// Writes nothing: the message begins with what is not known yet.
  public mutating func begin(_ run: RunDescription) throws { digest.run = run }

  /// Keeps the finding if it is grave enough.
  public mutating func receive(_ finding: Finding) throws { digest.add(finding) }

  /// Writes the message. Throws `ReportError`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    digest.coverage = coverage
    digest.counts = counts
    var bytes: [UInt8] = []
    if let seconds = RunText.startedAt(digest.run) {
      bytes.append("Date: \(MailText.date(epochSeconds: seconds))\r\n")
    }
    bytes.append("Subject: \(MailText.header("\(digest.title): \(digest.headline ?? digest.verdict)"))\r\n")
    bytes.append(literal: "MIME-Version: 1.0\r\nX-Unsent: 1\r\nAuto-Submitted: auto-generated\r\n")
    // No base64 has these characters.
    bytes.append(literal: "Content-Type: multipart/alternative; boundary=\"=_dirsync-lint\"\r\n\r\n")
    Self.append(part: "text/plain", MailBody.text(of: digest), to: &bytes)
    Self.append(part: "text/html", MailBody.html(of: digest), to: &bytes)
    bytes.append(literal: "--=_dirsync-lint--\r\n")
    try output.write(bytes)
    try output.flush()
  }

  private static func append(part type: String, _ body: [UInt8], to bytes: inout [UInt8]) {
    bytes.append("--=_dirsync-lint\r\nContent-Type: \(type); charset=utf-8\r\n")
    bytes.append(literal: "Content-Transfer-Encoding: base64\r\n\r\n")
    MailText.append(base64Lines: body, to: &bytes)
  }
}
