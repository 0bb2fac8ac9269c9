import DirectoryModel
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
}
