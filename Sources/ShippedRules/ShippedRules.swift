import CShippedRules

/// The files of `Rules/` as they were when the program was built.
public enum ShippedRules {
  /// Path below `Rules/` and text of each file, sorted by path.
  public static let files: [(path: String, text: String)] = {
    var files: [(path: String, text: String)] = []
    while let path = shipped_file(files.count).path, let text = shipped_file(files.count).text {
      files.append((String(cString: path), String(cString: text)))
    }
    return files
  }()

  /// The text of one file; empty where there is none.
  public static func text(of path: String) -> String {
    var number = 0
    while let other = shipped_file(number).path {
      if String(cString: other) == path { return shipped_file(number).text.map { String(cString: $0) } ?? "" }
      number += 1
    }
    return ""
  }
}
