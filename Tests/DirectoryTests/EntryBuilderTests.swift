import Directory
import Testing

@Suite struct EntryBuilderTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private func jo(_ builder: inout EntryBuilder) {
    builder.begin(dn: bytes("CN=Jo,DC=contoso,DC=com"))
    builder.add("mail", bytes("jo@contoso.com"))
    builder.add("proxyAddresses", bytes("SMTP:jo@contoso.com"))
    builder.add("MAIL;lang-en", bytes("jo.en@contoso.com"))
  }

  @Test func entriesHaveWhatWasAdded() {
    var builder = EntryBuilder(attributes: AttributeTable(["proxyAddresses"]), source: "made")
    jo(&builder)
    builder.begin(dn: bytes("CN=Al"))
    let entries = Array(builder.batch.views)
    #expect(entries.map { text($0.dn) } == ["CN=Jo,DC=contoso,DC=com", "CN=Al"])
    #expect(entries[0].values.map { text($0.bytes) } == ["jo@contoso.com", "SMTP:jo@contoso.com", "jo.en@contoso.com"])
    #expect(entries[1].values.isEmpty)
    #expect(entries[1]["mail"].isEmpty)
    #expect(entries[0].place == SourceLocation(source: "made"))
  }

  /// A type has the values of all its descriptions, whatever options they have and however they are spelled.
  @Test func valuesAreFoundByTheTypeOfTheirAttribute() {
    var builder = EntryBuilder(attributes: AttributeTable(["proxyAddresses"]))
    jo(&builder)
    let entry = EntryView(0, of: builder.batch)
    #expect(entry["Mail"].map { text($0.bytes) } == ["jo@contoso.com", "jo.en@contoso.com"])
    #expect(entry[0].map { text($0.bytes) } == ["SMTP:jo@contoso.com"])
    #expect(entry["displayName"].isEmpty)
  }

  @Test func copiesAreChangedOnlyWhereAsked() {
    var original = EntryBuilder()
    original.begin(dn: bytes("CN=Al"))
    original.add("cn", bytes("Al"))
    jo(&original)
    var copy = EntryBuilder(attributes: original.batch.attributes)
    copy.begin(copying: 1, of: original.batch) { index in
      switch index {
      case 1: .omit
      case 2: .replace(bytes("SMTP:doe@contoso.com"))
      default: .keep
      }
    }
    copy.add(0, bytes("Jo"))
    let entry = EntryView(0, of: copy.batch)
    #expect(text(entry.dn) == "CN=Jo,DC=contoso,DC=com")
    #expect(entry.values.map { text($0.bytes) } == ["SMTP:doe@contoso.com", "jo.en@contoso.com", "Jo"])
    #expect(entry["cn"].count == 1)
    #expect(EntryView(1, of: original.batch).values.count == 3)
  }

  /// Lines are told only where a user can look them up.
  @Test func placesCountFromTheStartOfTheSource() {
    var batch = EntryBatch(attributes: AttributeTable())
    batch.source = "export.ldif"
    batch.lineBase = 100
    #expect(batch.place(line: 4, column: 7) == SourceLocation(source: "export.ldif", line: 105, column: 7))
    batch.hasLines = false
    #expect(batch.place(line: 4, column: 7) == SourceLocation(source: "export.ldif"))
  }
}
