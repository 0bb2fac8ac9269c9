/// What a reader of XML takes, and how much of it.
public struct XMLOptions: Sendable {
  /// How the text is made up.
  public enum Shape: Sendable {
    /// One document with one root element.
    case document
    /// Any number of elements one after the other, with or without XML declarations between them; text beside them is
    /// left out. What tools write that print one element after another, and what people cut out of documents.
    case fragments
  }

  /// How the text is made up.
  public var shape: Shape
  /// The deepest nesting of elements.
  public var maximumDepth = 64
  /// The longest name of an element or attribute, in bytes.
  public var maximumNameLength = 256
  /// The most attributes of one element.
  public var maximumAttributes = 100
  /// The longest text of one element up to its next child, and the longest attribute, in bytes.
  public var maximumTextLength = 8 << 20

  /// The default limits, which are far above what the formats need.
  public init(_ shape: Shape = .document) { self.shape = shape }
}

/// Why reading XML ended before the end of the text.
public struct XMLFailure: Error, Hashable, Sendable {
  /// What was wrong.
  public enum Kind: Hashable, Sendable {
    /// The text is not well-formed XML, or ends too early.
    case notWellFormed
    /// A limit of `XMLOptions` was passed.
    case limit
    /// The text has a document type declaration: entities and external files are never read.
    case documentType
    /// The text's encoding cannot be read.
    case encoding
  }

  /// What was wrong.
  public var kind: Kind
  /// The line, counted from 1.
  public var line: Int
  /// The column, counted from 1: about where the parser stood.
  public var column: Int
  /// What is wrong, in one sentence without a full stop.
  public var message: String

  /// A failure; see the properties.
  public init(_ kind: Kind, line: Int, column: Int, message: String) {
    self.kind = kind
    self.line = line
    self.column = column
    self.message = message
  }
}

/// An attribute of an element. Names are local names: prefixes of namespaces are left out.
public struct XMLAttribute: Hashable, Sendable {
  /// The local name.
  public var name: String
  /// The value, entities and character references resolved.
  public var value: String

  /// An attribute; see the properties.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// Takes what an `XMLStreamReader` finds, in the order of the text.
public protocol XMLHandler: AnyObject {
  /// Whether `text` is of interest now. A handler that skips an element can save the work of making its text.
  var wantsText: Bool { get }
  /// An element begins.
  ///
  /// - Parameters:
  ///   - name: The local name.
  ///   - attributes: In the order of the text; declarations of namespaces are not among them.
  ///   - line: The line on which the start tag ends, counted from 1.
  func start(_ name: String, _ attributes: [XMLAttribute], line: Int)
  /// The text between two tags as a whole. Blank text beside child elements, which is layout, is left out.
  func text(_ text: String)
  /// An element ends.
  func end(_ name: String)
}

extension XMLHandler {
  /// Every text is of interest.
  public var wantsText: Bool { true }
}
