// Writes every rule file below a directory into one Swift file, as string literals: `embed-rules DIRECTORY OUTPUT`.
//
// String literals rather than a resource bundle, because the product is a single file that works from any directory,
// and rather than byte arrays, because the compiler needs minutes for those.
import Foundation

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
  FileHandle.standardError.write(Data("usage: embed-rules DIRECTORY OUTPUT\n".utf8))
  exit(2)
}
let root = URL(fileURLWithPath: arguments[1], isDirectory: true).standardizedFileURL.path

func literal(_ text: String) -> String {
  var out = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": out += "\\\""
    case "\\": out += "\\\\"
    case "\n": out += "\\n"
    case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
      out += "\\u{\(String(scalar.value, radix: 16))}"
    default: out.unicodeScalars.append(scalar)
    }
  }
  return out + "\""
}

do {
  let names = try FileManager.default.subpathsOfDirectory(atPath: root)
    .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".txt") }
    .sorted()
  var swift = "// Written by embed-rules from Rules/. Not part of the tree.\n\n"
  swift += "enum EmbeddedRules {\n  static let files: [(path: String, text: String)] = [\n"
  for name in names {
    let text = try String(contentsOfFile: root + "/" + name, encoding: .utf8)
    swift += "    (\(literal(name)), \(literal(text))),\n"
  }
  swift += "  ]\n}\n"
  try swift.write(toFile: arguments[2], atomically: true, encoding: .utf8)
} catch {
  FileHandle.standardError.write(Data("embed-rules: error: \(error)\n".utf8))
  exit(1)
}
