import Findings
import RuleSet

/// A rule's template of messages as plain data.
struct CompiledMessage: Sendable {
  /// A text, and what follows it.
  struct Piece: Sendable {
    /// Its place in `texts`.
    var text: Range<Int>
    var placeholder: MessageTemplate.Placeholder?
  }

  /// All texts, one behind the other.
  private(set) var texts: [UInt8] = []
  private(set) var pieces: [Piece] = []

  init(_ template: MessageTemplate) {
    var start = 0
    for piece in template.pieces {
      switch piece {
      case .text(let text): texts += text.utf8
      case .placeholder(let placeholder):
        pieces.append(Piece(text: start..<texts.count, placeholder: placeholder))
        start = texts.count
      }
    }
    if start < texts.count { pieces.append(Piece(text: start..<texts.count)) }
  }
}
