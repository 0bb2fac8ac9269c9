import Foundation

/// The page of the HTML report as Swift.
///
/// The style sheets and the scripts become one `<style>` and one `<script>`, and their hashes the content security policy
/// of the page: nothing but exactly these runs in it, whatever a directory value says.
enum Page {
  /// The scripts in the order in which they use each other.
  private static let scripts = [
    "values.js", "findings.js", "charts.js", "grid.js", "export.js", "detail.js", "page.js", "filters.js",
    "overview.js",
    "start.js",
  ]

  /// The parts of a folder, joined.
  static func swift(of folder: URL) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let present = Set(names.filter { $0.hasSuffix(".js") })
    guard present == Set(scripts) else {
      throw EmbeddingFailure("the scripts are \(present.sorted()), but Page.swift lists \(scripts.sorted())")
    }
    func text(_ name: String) throws -> String {
      try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    let style = try text("page.css")
    let script = "(() => {\n\"use strict\";\n" + (try scripts.map(text).joined(separator: "\n")) + "})();\n"
    for (name, content, end) in [("page.css", style, "</style"), ("the scripts", script, "</script")] {
      guard !content.lowercased().contains(end), !content.contains("<!--"), !content.contains("\r") else {
        throw EmbeddingFailure("\(name) must hold neither \(end)> nor a comment of HTML nor a carriage return")
      }
    }
    let policy = [
      "default-src 'none'", "script-src \(source(hashOf: script))", "style-src \(source(hashOf: style))",
      "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
    ]
    return """
      // Written by `embed page` from Sources/Reporting/Page. Not part of the tree.

      enum EmbeddedPage {
        static let body = \(Literal.swift(try text("page.html")))
        static let style = \(Literal.swift(style))
        static let script = \(Literal.swift(script))
        static let contentSecurityPolicy = \(Literal.swift(policy.joined(separator: "; ")))
      }

      """
  }

  private static func source(hashOf text: String) -> String {
    "'sha256-\(Data(SHA256.hash(of: Array(text.utf8))).base64EncodedString())'"
  }
}
