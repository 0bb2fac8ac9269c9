import Directory
import RuleSet
import SyncErrors
import Testing

@Suite struct SyncErrorTests {
  @Test func idsOfTheCloudAndTheEngineAreForeign() {
    let foreign = MentionedIdentifier.Kind.allCases.filter(\.isForeign)
    #expect(foreign == [.connectorSpaceID, .metaverseID, .cloudObjectID, .cloudAnchor])
  }

  @Test func problemsNameTheirPlace() {
    let problem = SyncErrorProblem(location: SourceLocation(source: "a.xml", line: 3, column: 7), message: "is wrong")
    #expect(problem.description == "a.xml:3:7: error: is wrong")
  }

  /// The result of a connection is told by the log behind it, if there is one, and by itself if not.
  @Test(arguments: [
    ("R", ["failed-connection"]), ("R L", ["Server Down"]), ("R\nL", ["Server Down"]), ("L", ["Server Down"]),
    ("R R L", ["failed-connection", "Server Down"]), ("L R", ["Server Down", "failed-connection"]),
    ("R\n\nE\n\nL", ["failed-connection", "<server>10.2.3.4</server>\n\nError Name: LargeObject", "Server Down"]),
    ("S L", ["Server Down"]),
  ])
  func resultsOfConnections(_ form: String, _ expected: [String]) throws {
    let result = "<connection-result>failed-connection</connection-result>"
    let log =
      "<connection-log><incident>\(result)<cd-error><error-literal>Server Down</error-literal></cd-error></incident>"
      + "</connection-log>"
    let text = form.map { character in
      switch character {
      case "R": result + "<server>10.2.3.4</server>"
      case "S": "<connection-result>success</connection-result>"
      case "L": log
      case "E": "Error Name: LargeObject"
      default: String(character)
      }
    }
    .joined()
    var found: [String] = []
    let reader = SyncErrorReader(try SyncErrorCatalogue.load())
    _ = try reader.read(.bytes(Array(text.utf8), name: "t")) { item in
      if case .error(let error) = item { found.append(error.message) }
    }
    #expect(found == expected)
  }
}
