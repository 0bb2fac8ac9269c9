import Bytes

/// An element as a whole, for records that are small.
final class XMLNode {
  let name: String
  let attributes: [XMLAttribute]
  /// The line on which the start tag ends.
  let line: Int
  var text = ""
  var children: [XMLNode] = []

  init(_ name: String, _ attributes: [XMLAttribute], line: Int) {
    self.name = name
    self.attributes = attributes
    self.line = line
  }

  /// The first child with a name.
  func child(_ name: String) -> XMLNode? { children.first { $0.name == name } }

  /// The first element along a path of names.
  func descendant(_ path: String...) -> XMLNode? {
    path.reduce(self as XMLNode?) { node, name in node?.child(name) }
  }

  /// The value of an attribute; nil when it is not there or empty.
  func attribute(_ name: String) -> String? {
    attributes.first { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
  }

  /// The text of a child without white space at its ends; nil when it is not there or blank.
  func text(_ name: String) -> String? { child(name)?.trimmedText }

  /// The text without white space at its ends; nil when it is blank.
  var trimmedText: String? {
    let trimmed = Trimmed.text(text)
    return trimmed.isEmpty ? nil : trimmed
  }

  /// Every element below, in the order of the text, this one first.
  func forEach(_ body: (XMLNode) -> Void) {
    body(self)
    for child in children { child.forEach(body) }
  }
}

/// Builds the trees of the outermost elements, without the parts that nobody asks for.
final class XMLTreeHandler: XMLHandler {
  /// Whether an element and all in it is left out.
  typealias Skip = (_ name: String, _ attributes: [XMLAttribute], _ parent: String?) -> Bool

  /// Takes each outermost element when it is complete.
  var take: (XMLNode) -> Void = { _ in }
  /// Why building ended.
  private(set) var failure: String?
  private let skips: Skip
  private var open: [XMLNode] = []
  private var skippedDepth = 0
  private var size = 0
  /// The most bytes of text of one record.
  static let maximumSize = 32 << 20
  /// Why a record that is larger is not there.
  static let tooLarge = "a record is larger than \(maximumSize >> 20) MiB; it is left out"
  /// What an element counts besides its text.
  private static let elementSize = 100

  init(skips: @escaping Skip) { self.skips = skips }

  var wantsText: Bool { skippedDepth == 0 }

  func start(_ name: String, _ attributes: [XMLAttribute], line: Int) {
    if skippedDepth > 0 || skips(name, attributes, open.last?.name) {
      skippedDepth += 1
      return
    }
    grow(by: attributes.reduce(Self.elementSize) { $0 + $1.value.utf8.count })
    let node = XMLNode(name, attributes, line: line)
    open.last?.children.append(node)
    open.append(node)
  }

  func text(_ text: String) {
    guard skippedDepth == 0, let last = open.last else { return }
    grow(by: text.utf8.count)
    last.text += text
  }

  func end(_ name: String) {
    if skippedDepth > 0 {
      skippedDepth -= 1
      return
    }
    guard let node = open.popLast(), open.isEmpty else { return }
    size = 0
    take(node)
  }

  /// Hands on what there is of an outermost element that was not complete when reading ended, if that says something.
  func takeOpen(where saysSomething: (XMLNode) -> Bool) {
    guard let node = open.first, failure == nil else { return }
    open = []
    if saysSomething(node) { take(node) }
  }

  private func grow(by count: Int) {
    size += count
    guard size > Self.maximumSize, failure == nil else { return }
    failure = Self.tooLarge
    open = []
    skippedDepth = Int.max / 2
  }
}
