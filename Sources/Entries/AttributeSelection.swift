import Directory

/// Which attributes of entries are read, and which of them have numbers that the reader chose.
public struct AttributeSelection: Sendable {
  private enum Extent: Sendable {
    case all
    case listed
    case first(Int)
  }

  /// Names with the numbers 0, 1, 2 …
  private let names: [String]
  private let extent: Extent

  /// All, numbered as they come.
  public static let all = AttributeSelection(names: [], extent: .all)

  /// All; those listed have the numbers 0, 1, 2 …
  public static func all(numbering names: [String]) -> Self { Self(names: names, extent: .all) }

  /// Those listed, numbered in this order. Values of others are checked like all, but may be missing from the batches,
  /// which costs less.
  public static func only(_ names: [String]) -> Self { Self(names: names, extent: .listed) }

  /// The first so many of those listed, all of which have numbers.
  public static func only(first count: Int, of names: [String]) -> Self { Self(names: names, extent: .first(count)) }

  /// A parser that reads them.
  var parser: LDIFParser {
    let table = AttributeTable(names)
    return switch extent {
    case .all: LDIFParser(attributes: table)
    case .listed: LDIFParser(attributes: table, readsOthers: false)
    case .first(let count): LDIFParser(attributes: table, readingFirst: count)
    }
  }
}
