import Bytes
import CXML2

/// The text of HTML as it is read: paragraphs as lines, rows of tables as lines with a tab between the cells.
///
/// A room of its own: the tree that libxml2 builds lives within `lines` only and is freed at its end. libxml2 fetches
/// nothing (`HTML_PARSE_NONET`), reads whatever is there (`HTML_PARSE_RECOVER`), and goes no deeper than 256 elements.
public enum HTMLText {
  /// A line, and the line of the source on which it begins, counted from 1.
  public struct Line: Sendable, Hashable {
    /// The text, without white space at its ends.
    public var text: String
    /// The line of the source.
    public var number: Int
  }

  /// Longer sources are not read.
  private static let maximumLength = 16 << 20

  /// The lines of a source in UTF-8.
  public static func lines(of html: [UInt8]) -> [Line] {
    guard !html.isEmpty, html.count <= maximumLength else { return [] }
    let flags =
      HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
      | HTML_PARSE_NONET.rawValue
    let document = html.withUnsafeBytes { bytes in
      htmlReadMemory(bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), nil, "UTF-8", Int32(flags))
    }
    guard let document else { return [] }
    defer { xmlFreeDoc(document) }
    guard let root = xmlDocGetRootElement(document) else { return [] }
    var writer = HTMLTextWriter()
    writer.walk(root)
    return writer.finish()
  }
}

/// Goes over a tree and writes its text down.
private struct HTMLTextWriter {
  private var lines: [HTMLText.Line] = []
  private var text = ""
  private var number = 0
  /// Whether white space is due before the next word.
  private var hasSpace = false
  /// How many tables with rows of cells are open; in them a line is a row.
  private var rowDepth = 0
  private var preformattedDepth = 0

  private static let skipped: Set<String> = ["script", "style", "head", "title", "noscript", "template"]
  private static let blocks: Set<String> = [
    "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "tbody", "thead", "tfoot",
    "section",
    "article", "header", "footer", "blockquote", "pre", "hr", "dl", "dt", "dd", "form", "fieldset", "body", "caption",
    "main", "address",
  ]

  /// Without recursion: a source may be deep.
  mutating func walk(_ root: xmlNodePtr) {
    var node: xmlNodePtr? = root
    while let current = node {
      if enter(current), let child = current.pointee.children {
        node = child
        continue
      }
      var done: xmlNodePtr? = current
      node = nil
      while let last = done {
        leave(last)
        if last == root { break }
        if let next = last.pointee.next {
          node = next
          break
        }
        done = last.pointee.parent
      }
    }
  }

  mutating func finish() -> [HTMLText.Line] {
    breakLine()
    return lines
  }

  /// - Returns: Whether what is in the node is wanted.
  private mutating func enter(_ node: xmlNodePtr) -> Bool {
    if node.pointee.type == XML_TEXT_NODE || node.pointee.type == XML_CDATA_SECTION_NODE {
      if let content = node.pointee.content { add(String(cString: content), line(node)) }
      return false
    }
    guard node.pointee.type == XML_ELEMENT_NODE else { return false }
    let name = Self.name(node)
    if Self.skipped.contains(name) { return false }
    switch name {
    case "br": breakWithin()
    case "td", "th": if rowDepth > 0 { beginCell(node) } else { breakLine() }
    case "table":
      breakLine()
      if !Self.holdsTable(node) { rowDepth += 1 }
    case "tr": breakLine()
    case _ where Self.blocks.contains(name): breakWithin()
    default: break
    }
    if name == "pre" { preformattedDepth += 1 }
    return true
  }

  private mutating func leave(_ node: xmlNodePtr) {
    guard node.pointee.type == XML_ELEMENT_NODE else { return }
    let name = Self.name(node)
    switch name {
    case "table":
      breakLine()
      if !Self.holdsTable(node) { rowDepth -= 1 }
    case "tr": breakLine()
    case "td", "th": if rowDepth == 0 { breakLine() }
    case _ where Self.blocks.contains(name): breakWithin()
    default: break
    }
    if name == "pre" { preformattedDepth -= 1 }
  }

  private static func name(_ node: xmlNodePtr) -> String {
    node.pointee.name.map { String(cString: $0).lowercased() } ?? ""
  }

  private func line(_ node: xmlNodePtr) -> Int { Int(xmlGetLineNo(node)) }

  /// Whether a table is in a table: then this one only arranges the page.
  private static func holdsTable(_ table: xmlNodePtr) -> Bool {
    var node = table.pointee.children
    while let current = node {
      if current.pointee.type == XML_ELEMENT_NODE, name(current) == "table" { return true }
      if let child = current.pointee.children, current.pointee.type == XML_ELEMENT_NODE {
        node = child
        continue
      }
      var done: xmlNodePtr? = current
      node = nil
      while let last = done, last != table {
        if let next = last.pointee.next {
          node = next
          break
        }
        done = last.pointee.parent
      }
    }
    return false
  }

  private mutating func beginCell(_ node: xmlNodePtr) {
    var before = node.pointee.prev
    while let current = before, current.pointee.type != XML_ELEMENT_NODE { before = current.pointee.prev }
    if before != nil { text += "\t" }
    if number == 0 { number = line(node) }
    hasSpace = false
  }

  private mutating func add(_ content: String, _ line: Int) {
    for scalar in content.unicodeScalars {
      if scalar == "\n", preformattedDepth > 0, rowDepth == 0 {
        breakLine()
      } else if scalar.value <= 32 {
        hasSpace = true
      } else {
        if hasSpace, !text.isEmpty, text.last != "\t" { text += " " }
        hasSpace = false
        if number == 0 { number = line }
        text.unicodeScalars.append(scalar)
      }
    }
  }

  /// The end of a line, within a row a space.
  private mutating func breakWithin() { if rowDepth > 0 { hasSpace = true } else { breakLine() } }

  private mutating func breakLine() {
    if text.contains(where: { $0 != "\t" }) { lines.append(.init(text: text, number: max(number, 1))) }
    text = ""
    number = 0
    hasSpace = false
  }
}
