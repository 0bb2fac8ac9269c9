import Bytes
import Directory
import Findings

/// The `adaptive-card` format: the summary of a run as an Adaptive Card 1.4, for whatever posts it to Teams.
///
/// Teams takes messages of 28 KB. A card stays below, with room for the message around it: causes and findings that have no place
/// are left out, and the card says how many. Texts are text runs, in which no reader looks for Markdown.
public struct AdaptiveCardReport: FindingSink {
  /// The most bytes of a card.
  public static let limit = 27_000

  private let output: ReportOutput
  private var digest = Digest()
  private let tell: (String) -> Void

  /// A report to an output.
  /// - Parameter tell: told what the card has no room for.
  public init(output: ReportOutput, tell: @escaping (String) -> Void = { _ in }) {
    self.output = output
    self.tell = tell
  }

  /// Writes nothing: the card begins with what is not known yet.
  public mutating func begin(_ run: RunDescription) throws { digest.run = run }

  /// Keeps the finding if it is grave enough.
  public mutating func receive(_ finding: Finding) throws { digest.add(finding) }

  /// Writes the card. Throws `ReportError`.
  public mutating func finish(coverage: Coverage, counts: FindingCounts) throws {
    digest.coverage = coverage
    digest.counts = counts
    var body = CardBody(limit: Self.limit - Self.frame.count - Self.end.count)
    // What must be said comes first, and counts the room that it takes; it stands before and behind the rest.
    let tail = Self.tail(of: digest)
    body.reserve(tail)
    for element in Self.head(of: digest) { body.add(element) }
    let causes = body.add(section: "Causes", digest.causes.map { CardElement.line([CardRun("• \($0)", limit: 300)]) })
    let findings = digest.findings
    let heading = "The \(counted(findings.count, "gravest finding", "gravest findings"))"
    let shown = body.add(section: heading, findings.map(CardElement.finding))
    if let rest = rest(causes: digest.causes.count - causes, shown: shown) {
      body.add(reserved: CardElement.line([CardRun(rest, .subtle)]))
    }
    for element in tail { body.add(reserved: element) }
    try output.write(Self.frame + body.bytes + Self.end)
    try output.flush()
    let left = digest.causes.count - causes + findings.count - shown
    if left > 0 {
      tell(
        "a card holds \(grouped(Self.limit)) bytes: \(counted(left, "cause or finding is", "causes and findings are")) left out"
      )
    }
  }

  private static let frame = Array(
    #"{"type":"AdaptiveCard","$schema":"http://adaptivecards.io/schemas/adaptive-card.json","version":"1.4","msteams":{"width":"Full"},"body":["#
      .utf8)
  private static let end = Array("]}\n".utf8)

  private func rest(causes: Int, shown: Int) -> String? {
    let findings = digest.counts.total - shown
    let parts = [
      causes > 0 ? counted(causes, "cause", "causes") : nil,
      findings > 0 ? counted(findings, "more finding", "more findings") : nil,
    ].compactMap(\.self)
    guard !parts.isEmpty else { return nil }
    return "Not on this card: \(parts.joined(separator: " and ")); the other reports of this run have all"
  }

  private static func head(of digest: Digest) -> [[UInt8]] {
    var head = [CardElement.line([CardRun(digest.title, [.bold, .large])])]
    if let headline = digest.headline { head.append(CardElement.line([CardRun(headline, .bold, limit: 400)])) }
    head.append(CardElement.line([CardRun(digest.verdict, limit: 400)]))
    head.append(CardElement.columns(digest.tiles))
    return head
  }

  private static func tail(of digest: Digest) -> [[UInt8]] {
    var lines = Array(digest.coverageLines.prefix(mostCoverageLines))
    let more = digest.coverageLines.count - lines.count
    if more > 0 { lines.append("\(counted(more, "more remark", "more remarks")) on what was read") }
    // Lines on what was read are escaped already, as much as a terminal asks for.
    return lines.map { CardElement.line([CardRun(escaped: $0, .subtle)]) }
      + digest.facts.map { CardElement.line([CardRun($0, .subtle, limit: 300)]) }
  }

  private static let mostCoverageLines = 8
}

/// The elements of a card, as far as there is room for them.
private struct CardBody {
  /// The elements, with commas between them.
  private(set) var bytes: [UInt8] = []
  private var room: Int

  /// The room for the line that says what has no place.
  private static let roomForRest = 400

  init(limit: Int) { room = limit - Self.roomForRest }

  /// Keeps room for elements that come later.
  mutating func reserve(_ elements: [[UInt8]]) { room -= elements.reduce(0) { $0 + $1.count + 1 } }

  /// Adds an element.
  mutating func add(_ element: [UInt8]) {
    room -= element.count + 1
    add(reserved: element)
  }

  /// Adds an element whose room was kept.
  mutating func add(reserved element: [UInt8]) {
    if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
    bytes.append(contentsOf: element)
  }

  /// Adds a heading and the elements behind it that have room, up to the first that has none; nothing where none has.
  ///
  /// - Returns: how many elements have.
  mutating func add(section title: String, _ elements: [[UInt8]]) -> Int {
    let heading = CardElement.line([CardRun(title, .bold)], isApart: true)
    var taken = heading.count + 1
    let shown = elements.prefix { element in
      taken += element.count + 1
      return taken <= room
    }
    guard !shown.isEmpty else { return 0 }
    for element in [heading] + shown { add(element) }
    return shown.count
  }
}
