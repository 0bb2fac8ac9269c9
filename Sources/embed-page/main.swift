// Joins the parts of the HTML report into one Swift file: `embed-page DIRECTORY OUTPUT`.
//
// The style sheets and the scripts become one `<style>` and one `<script>`, and their hashes the content security policy
// of the page: nothing but exactly these runs in it, whatever a directory value says.
import Foundation

/// The scripts in the order in which they use each other.
let scripts = [
  "values.js", "findings.js", "charts.js", "grid.js", "detail.js", "page.js", "filters.js", "overview.js", "start.js",
]

guard CommandLine.arguments.count == 3 else { fail("usage: embed-page DIRECTORY OUTPUT", status: 2) }
let folder = URL(fileURLWithPath: CommandLine.arguments[1], isDirectory: true)

func fail(_ message: String, status: Int32 = 1) -> Never {
  FileHandle.standardError.write(Data("\(message)\n".utf8))
  exit(status)
}

func text(_ name: String) throws -> String {
  try String(contentsOf: folder.appending(path: name), encoding: .utf8)
}

func literal(_ text: String) -> String {
  var out = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": out += "\\\""
    case "\\": out += "\\\\"
    case "\n": out += "\\n"
    case _ where scalar.value < 0x20 || scalar.value > 0x7E: out += "\\u{\(String(scalar.value, radix: 16))}"
    default: out.unicodeScalars.append(scalar)
    }
  }
  return out + "\""
}

func source(hashOf text: String) -> String {
  "'sha256-\(Data(SHA256.hash(of: Array(text.utf8))).base64EncodedString())'"
}

do {
  let present = Set(try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".js") })
  guard present == Set(scripts) else {
    fail("embed-page: error: the scripts are \(present.sorted()), but main.swift lists \(scripts.sorted())")
  }
  let style = try text("page.css")
  let script = "(() => {\n\"use strict\";\n" + (try scripts.map(text).joined(separator: "\n")) + "})();\n"
  for (name, content, end) in [("page.css", style, "</style"), ("the scripts", script, "</script")] {
    guard !content.lowercased().contains(end), !content.contains("<!--"), !content.contains("\r") else {
      fail("embed-page: error: \(name) must hold neither \(end)> nor a comment of HTML nor a carriage return")
    }
  }
  let policy = [
    "default-src 'none'", "script-src \(source(hashOf: script))", "style-src \(source(hashOf: style))",
    "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
  ]
  let swift = """
    // Written by embed-page from Sources/Reporting/Page. Not part of the tree.

    enum EmbeddedPage {
      static let body = \(literal(try text("page.html")))
      static let style = \(literal(style))
      static let script = \(literal(script))
      static let contentSecurityPolicy = \(literal(policy.joined(separator: "; ")))
    }

    """
  try swift.write(toFile: CommandLine.arguments[2], atomically: true, encoding: .utf8)
} catch {
  fail("embed-page: error: \(error)")
}
