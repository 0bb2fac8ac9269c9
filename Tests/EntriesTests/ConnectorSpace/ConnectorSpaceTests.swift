import Bytes
import Directory
import Entries
import TestSources
import Testing

@testable import Entries

/// Exports of connector spaces in all their variants, as entries.
@Suite struct ConnectorSpaceTests {
  private static let anchorDN = "CN={3441516C50346C503030476144414D463643777A41513D3D}"

  private static func source(
    _ path: String, includesDeleted: Bool = false, blockSize: Int = 1 << 16,
    recordSize: Int = LDIFBlockReader.maximumRecordSize
  ) throws -> RecordSource {
    var request = EntryRequest()
    request.includesDeleted = includesDeleted
    request.blockSize = blockSize
    request.recordSize = recordSize
    return RecordSource(try DecompressedInput(path: path), ConnectorSpaceFormat(name: path, request), request)
  }

  private func isRecordSource(_ path: String) throws -> Bool { try Entries.open(.file(path)) is RecordSource }

  /// The lines of the LDIF that a source yields of an export in memory, read in pieces of any size.
  static func ldif(
    _ xml: [UInt8], includesDeleted: Bool = false, blockSize: Int = 1 << 16,
    recordSize: Int = LDIFBlockReader.maximumRecordSize
  ) throws -> (lines: [String], gaps: [String]) {
    let file = TemporaryFile(xml)
    let source = try Self.source(
      file.path, includesDeleted: includesDeleted, blockSize: blockSize, recordSize: recordSize)
    var spooled: [UInt8] = []
    var offsets: [UInt64] = []
    source.spool = { (text: Span<UInt8>, offset: UInt64) in
      offsets.append(offset)
      for index in text.indices { spooled.append(text[index]) }
    }
    var parser = LDIFParser()
    var block = LDIFBlock()
    var batch = EntryBatch(attributes: parser.attributes)
    var printer = EntryPrinter(.ldif)
    printer.bytes.removeAll()
    while try source.next(into: &block) {
      parser.parse(&block, into: &batch)
      #expect(batch.problems.isEmpty)
      printer.print(batch)
    }
    #expect(offsets.first ?? 0 == 0)
    let text = String(decoding: printer.bytes, as: UTF8.self).replacing("\n ", with: "")
    return (text.split(separator: "\n").map(String.init), source.gaps)
  }

  static func ldif(_ xml: String) throws -> [String] { try ldif(Array(xml.utf8)).lines }

  private static func object(_ inside: String, dn: String = anchorDN, type: String = "user") -> String {
    "<cs-objects><cs-object cs-dn=\"\(dn)\" id=\"{2819A5C8-BE27-EC11-A970-000D3A1B4EEE}\" object-type=\"\(type)\">"
      + inside + "</cs-object></cs-objects>"
  }

  private static func entry(_ attributes: String) -> String {
    "<entry dn=\"\(anchorDN)\"><primary-objectclass>user</primary-objectclass>\(attributes)</entry>"
  }

  private static func attribute(_ name: String, _ values: String..., type: String = "string") -> String {
    "<attr name=\"\(name)\" type=\"\(type)\" multivalued=\"true\">"
      + values.map { "<value>\($0)</value>" }.joined() + "</attr>"
  }

  @Test func pendingExportIsApplied() throws {
    let lines = try Self.ldif(
      Self.object(
        """
        <unapplied-export><delta operation="update" dn="\(Self.anchorDN)">
         <attr name="proxyAddresses" operation="update" type="string" multivalued="true">
          <value operation="add">smtp:new@contoso.com</value><value operation="delete">smtp:old@contoso.com</value></attr>
         <attr name="alias" operation="replace" type="string"><value>jo</value></attr>
         <attr name="mail" operation="delete" type="string"/>
         <attr name="displayName" operation="add" type="string"><value>Jo &amp; Co</value></attr>
        </delta></unapplied-export>
        <synchronized-hologram>
        """
          + Self.entry(
            Self.attribute("proxyAddresses", "SMTP:jo@contoso.com", "smtp:old@contoso.com")
              + Self.attribute("alias", "old") + Self.attribute("mail", "jo@contoso.com")
              + Self.attribute("onPremisesDistinguishedName", "CN=Jo,DC=contoso,DC=com"))
          + "</synchronized-hologram>"))
    #expect(lines.contains("dn: CN=Jo,DC=contoso,DC=com"))
    #expect(
      lines.filter { $0.hasPrefix("proxyAddresses") } == [
        "proxyAddresses: SMTP:jo@contoso.com", "proxyAddresses: smtp:new@contoso.com",
      ])
    #expect(lines.contains("mailNickname: jo"))
    #expect(lines.contains("displayName: Jo & Co"))
    #expect(!lines.contains { $0.hasPrefix("mail:") })
    #expect(lines.contains("csPendingExport: update"))
    #expect(lines.contains("objectClass: organizationalPerson"))
  }

  @Test func hologramsUnderNewAndOldNames() throws {
    for (name, expected) in [
      ("unapplied-export-hologram", "new"), ("export-hologram", "new"), ("synchronized-hologram", "old"),
      ("hologram", "old"), ("import-hologram", "imported"), ("pending-import-hologram", "imported"),
    ] {
      let lines = try Self.ldif(Self.object("<\(name)>\(Self.entry(Self.attribute("alias", expected)))</\(name)>"))
      #expect(lines.contains("mailNickname: \(expected)"), "\(name)")
    }
    let both = try Self.ldif(
      Self.object(
        "<synchronized-hologram>\(Self.entry(Self.attribute("alias", "old")))</synchronized-hologram>"
          + "<unapplied-export-hologram>\(Self.entry(Self.attribute("alias", "new")))</unapplied-export-hologram>"))
    #expect(both.contains("mailNickname: new"))
  }

  @Test func addWithoutHologramAndDeletion() throws {
    let added = try Self.ldif(
      Self.object(
        "<unapplied-export><delta operation=\"add\" dn=\"\(Self.anchorDN)\"><primary-objectclass>group"
          + "</primary-objectclass>\(Self.attribute("displayName", "All"))</delta></unapplied-export>"))
    #expect(added.contains("displayName: All"))
    #expect(added.contains("objectClass: group"))
    let deleted =
      Self.object(
        "<unapplied-export><delta operation=\"delete\" dn=\"\(Self.anchorDN)\"/></unapplied-export>"
          + "<synchronized-hologram>\(Self.entry(Self.attribute("sourceAnchor", "4AQlP4lP00GaDAMF6CwzAQ==")))"
          + "</synchronized-hologram>")
    #expect(try Self.ldif(deleted).contains("changetype: delete"))
    let searched = try Self.ldif(Array(deleted.utf8), includesDeleted: true).lines
    #expect(searched.contains("sourceAnchor: 4AQlP4lP00GaDAMF6CwzAQ=="))
    #expect(searched.contains("mS-DS-ConsistencyGuid:: 4AQlP4lP00GaDAMF6CwzAQ=="))
  }

  @Test func typesOfValues() throws {
    let lines = try Self.ldif(
      Self.object(
        "<synchronized-hologram>"
          + Self.entry(
            Self.attribute("countryCode", "0x348", type: "integer")
              + Self.attribute("a", "FFFFFFFFFFFFFFFE", type: "integer") + Self.attribute("b", "x9", type: "integer")
              + Self.attribute("accountEnabled", "true", type: "boolean")
              + "<attr name=\"onPremiseSecurityIdentifier\" type=\"binary\"><value encoding=\"base64\">AQUAAAAAAAUV\n"
              + "AAAALOsBPHfpK4FwT/VXAwUAAA==</value></attr>"
              + "<dn-attr name=\"manager\"><dn-value><dn>CN=Boss,DC=contoso,DC=com</dn><anchor encoding=\"base64\">EAAA"
              + "</anchor></dn-value></dn-attr>")
          + "</synchronized-hologram>"))
    for line in [
      "countryCode: 840", "a: -2", "b: x9", "accountEnabled: TRUE",
      "objectSid:: AQUAAAAAAAUVAAAALOsBPHfpK4FwT/VXAwUAAA==", "manager: CN=Boss,DC=contoso,DC=com",
    ] { #expect(lines.contains(line), "\(line)") }
  }

  @Test(arguments: ["4AQlP4lP00GaDAMF6CwzAQ==", "EAAAAOAEJT+JT9NBmgwDBegsMwE="])
  func connectorOfActiveDirectory(_ anchor: String) throws {
    let lines = try Self.ldif(
      Self.object(
        "<synchronized-hologram><entry dn=\"CN=Jo,DC=contoso,DC=com\"><anchor encoding=\"base64\">\(anchor)</anchor>"
          + "<objectclass><oc-value>top</oc-value><oc-value>user</oc-value></objectclass>"
          + Self.attribute("mailNickname", "jo") + Self.attribute("bad name", "x") + "</entry></synchronized-hologram>"
          + "<mv-link lineage-type=\"projection-rules\">{6F84D2B1-2922-EC11-8D0E-F16A15E46B81}</mv-link>",
        dn: "CN=Jo,DC=contoso,DC=com"))
    #expect(lines.contains("objectGUID:: 4AQlP4lP00GaDAMF6CwzAQ=="))
    #expect(lines.contains("dn: CN=Jo,DC=contoso,DC=com"))
    #expect(lines.contains("csMetaverseId: 6f84d2b1-2922-ec11-8d0e-f16a15e46b81"))
    #expect(!lines.contains { $0.contains("bad name") })
  }

  @Test func olderLinksAndErrors() throws {
    let lines = try Self.ldif(
      Self.object(
        "<synchronized-hologram>\(Self.entry(Self.attribute("alias", "jo")))</synchronized-hologram>"
          + "<cs-mv-links><cs-mv-value lineage-type=\"join-rules\"><cs-dn>x</cs-dn><mv-guid>"
          + "{6F84D2B1-2922-EC11-8D0E-F16A15E46B81}</mv-guid><ma-name>other</ma-name></cs-mv-value></cs-mv-links>"
          + "<export-errordetail error-type=\"DataValidationFailed\"><export-status><cd-error><error-code>0x8023134a"
          + "</error-code></cd-error></export-status></export-errordetail><ma-name>tenant - AAD</ma-name>"))
    #expect(lines.contains("csMetaverseId: 6f84d2b1-2922-ec11-8d0e-f16a15e46b81"))
    #expect(lines.contains("csExportError: DataValidationFailed"))
    #expect(lines.contains("csConnectorName: tenant - AAD"))
  }

  @Test func placeholdersAreNoEntries() throws {
    #expect(try Self.ldif(Self.object("<synchronized-hologram/><unapplied-export/>")).isEmpty)
  }

  /// Blocks of any size, and UTF-16: the same entries.
  @Test func piecesAndEncodings() throws {
    let one = Self.object("<hologram>\(Self.entry(Self.attribute("displayName", "Jürgen 漢")))</hologram>")
    let xml = one.replacing("</cs-objects>", with: "") + String(one.dropFirst("<cs-objects>".count))
    let plain = try Self.ldif(Array(xml.utf8))
    #expect(plain.lines.filter { $0.hasPrefix("displayName") }.count == 2)
    #expect(try Self.ldif(Array(xml.utf8), blockSize: 1).lines == plain.lines)
    let wide = "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n" + xml
    let bytes = wide.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    #expect(try Self.ldif(bytes).lines == plain.lines)
  }

  @Test func damageIsToldAndWhatCameBeforeIsKept() throws {
    let good = Self.object("<hologram>\(Self.entry(Self.attribute("alias", "jo")))</hologram>")
    let file = TemporaryFile(Array(good.replacing("</cs-objects>", with: "<cs-object").utf8))
    let source = try Self.source(file.path)
    var block = LDIFBlock()
    #expect(try source.next(into: &block))
    #expect { try source.next(into: &block) } throws: { error in
      (error as? SourceFailure)?.kind == .readError && "\(error)".contains("line 1")
    }
    for text in ["", "<html></html>", "dn: CN=x"] {
      let file = TemporaryFile(Array(text.utf8))
      let source = try Self.source(file.path)
      #expect { try source.next(into: &block) } throws: { ($0 as? SourceFailure)?.kind == .wrongFormat }
      #expect(try !isRecordSource(file.path))
    }
    let entities = TemporaryFile(Array("<!DOCTYPE x [<!ENTITY a 'b'>]><cs-objects/>".utf8))
    let refused = try Self.source(entities.path)
    #expect(throws: SourceFailure.self) { try refused.next(into: &block) }
  }

  @Test(arguments: [
    "<cs-objects>", "<?xml version=\"1.0\"?>\n<!-- a --><cs-objects>", "\u{FEFF}<cs-object cs-dn='x'>",
    " \n<cs-objects/>",
  ])
  func isRecognized(_ start: String) throws {
    let file = TemporaryFile(Array(start.utf8))
    #expect(try isRecordSource(file.path))
  }

  @Test func namesOfAttributes() {
    #expect(AttributeSchema.shipped.directoryName(ofCloud: "FederatedUser.UserPrincipalName") == "userPrincipalName")
    #expect(AttributeSchema.shipped.directoryName(ofCloud: "SipProxyAddress") == "msRTCSIP-PrimaryUserAddress")
    #expect(AttributeSchema.shipped.directoryName(ofCloud: "extensionAttribute1") == "extensionAttribute1")
    #expect(AttributeSchema.shipped.directoryName(ofCloud: "") == "")
  }

  /// Exports with random damage: what is read is always LDIF that reads back, or the damage is told.
  @Test func randomDamage() throws {
    let sound = Array(
      Self.object(
        "<unapplied-export><delta operation=\"update\" dn=\"\(Self.anchorDN)\" newdn=\"CN=x\">"
          + "<attr name=\"proxyAddresses\" operation=\"update\"><value operation=\"add\">smtp:a@c</value></attr></delta>"
          + "</unapplied-export><synchronized-hologram>"
          + Self.entry(
            Self.attribute("alias", "a", "b") + Self.attribute("n", "0x1", type: "integer")
              + "<attr name=\"x\" type=\"binary\"><value encoding=\"base64\">AAEC</value></attr>")
          + "</synchronized-hologram><mv-link>{6F84D2B1-2922-EC11-8D0E-F16A15E46B81}</mv-link>"
      ).utf8)
    var numbers = SeededNumbers(seed: 23)
    func next(_ limit: Int) -> Int { numbers.below(limit) }
    let pieces = [
      "<", ">", "</attr>", "\"", "&", "&#0;", "&#10;", "<value>", "</entry>", "\u{0}", "{", "=", "é", "<cs-object>",
    ]
    for _ in 0..<400 {
      var text = sound
      for _ in 0...next(3) {
        let place = next(text.count)
        switch next(3) {
        case 0: text.removeSubrange(place..<min(text.count, place + 1 + next(20)))
        case 1: text.insert(contentsOf: pieces[next(pieces.count)].utf8, at: place)
        default: text[place] = UInt8(truncatingIfNeeded: next(256))
        }
      }
      do { _ = try Self.ldif(text, includesDeleted: true) } catch let failure as SourceFailure {
        #expect(!failure.message.isEmpty)
      }
    }
  }

  /// Values of one object do not pile up without a bound; the objects after it are read (F17).
  @Test(arguments: [
    "<value>v</value>", "<value>" + String(repeating: "v", count: 40) + "</value>", "</attr><attr name='b'>",
  ])
  func objectsThatAreTooLongAreSkipped(value: String) throws {
    let values = String(repeating: value, count: 300)
    func object(_ values: String) -> String {
      "<cs-object cs-dn=\"CN=a\" object-type=\"user\"><synchronized-hologram>"
        + Self.entry("<attr name=\"alias\">\(values)</attr>") + "</synchronized-hologram></cs-object>\n"
    }
    let xml = "<cs-objects>" + object(values) + object("<value>small</value>") + "</cs-objects>"
    let (lines, gaps) = try Self.ldif(Array(xml.utf8), recordSize: 8_000)
    #expect(lines.filter { $0.hasPrefix("dn:") }.count == 1 && lines.contains("alias: small"), "\(lines)")
    #expect(gaps.count == 1 && gaps.allSatisfy { $0.contains("line 1: the object 'CN=a' is longer than") }, "\(gaps)")
  }
}
