import Directory
import Entries

/// A place whose entries a test makes.
public struct SampleServer: EntryServer {
  /// Its name.
  public var name: String
  /// Whether it takes filters.
  public var answersFilters: Bool
  private let make: @Sendable (EntryRequest) -> any EntrySource

  /// A place; `make` makes its source.
  public init(name: String, answersFilters: Bool = false, make: @escaping @Sendable (EntryRequest) -> any EntrySource) {
    self.name = name
    self.answersFilters = answersFilters
    self.make = make
  }

  /// Makes the source.
  public func open(_ request: EntryRequest) throws(SourceFailure) -> any EntrySource { make(request) }
}

/// LDIF text in memory as a source.
public final class TextSource: EntrySource {
  /// See `EntrySource`.
  public let name = "test"
  /// See `EntrySource`.
  public let hasLines = true
  /// See `EntrySource`.
  public var spool: EntrySource.TextReceiver?
  /// See `EntrySource`.
  public let bytesRead: UInt64 = 0
  /// See `EntrySource`.
  public let totalBytes: UInt64? = nil
  /// See `EntrySource`.
  public let gaps: [String] = []
  private var text: [UInt8]

  /// A source of a text.
  public init(_ text: [UInt8]) { self.text = text }

  /// A place of which the text is read.
  public static func place(_ text: String) -> SourcePlace {
    .server(SampleServer(name: "test") { _ in TextSource(Array(text.utf8)) })
  }

  /// The whole text at once.
  public func next(into block: inout LDIFBlock) throws(SourceFailure) -> Bool {
    guard !text.isEmpty else { return false }
    var whole: [UInt8] = []
    swap(&whole, &text)
    try spool?(whole.span, 0)
    block.fill(&whole, textOffset: 0)
    return true
  }
}
