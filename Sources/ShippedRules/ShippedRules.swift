/// The files of `Rules/` as they were when the program was built.
///
/// A module of its own, whose interface does not change with what is in the files: an edited rule recompiles nothing else.
public enum ShippedRules {
  /// Path below `Rules/` and text of each file, sorted by path.
  public static var files: [(path: String, text: String)] { EmbeddedRules.files }

  /// The text of one file; empty where there is none.
  public static func text(of path: String) -> String { files.first { $0.path == path }?.text ?? "" }
}

extension ShippedRules {
  /// The rows of `data/attributes.yaml`.
  public static var attributes: [AttributeFacts] { EmbeddedFacts.attributes }

  /// The rows of `data/object-classes.yaml`, the most specific classes first.
  public static var objectClasses: [ObjectClassFacts] { EmbeddedFacts.objectClasses }

  /// The rows of `data/export-properties.yaml`.
  public static var exportProperties: [PropertyFacts] { EmbeddedFacts.exportProperties }
}
