// Writes files of the repository as Swift, so that the program is one file that works from any directory:
//
//   embed rules DIRECTORY OUTPUT    every rule file below a directory
//   embed page DIRECTORY OUTPUT     the parts of the HTML report
//
// String literals rather than a resource bundle, because of that one file, and rather than byte arrays, because the
// compiler needs minutes for those.
import Foundation

let arguments = CommandLine.arguments
do {
  guard arguments.count == 4 else { throw EmbeddingFailure("usage: embed rules|page DIRECTORY OUTPUT") }
  let folder = URL(fileURLWithPath: arguments[2], isDirectory: true).standardizedFileURL
  let swift =
    switch arguments[1] {
    case "rules": try RuleFiles.swift(of: folder)
    case "page": try Page.swift(of: folder)
    default: throw EmbeddingFailure("`\(arguments[1])` is neither `rules` nor `page`")
    }
  try swift.write(toFile: arguments[3], atomically: true, encoding: .utf8)
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}
