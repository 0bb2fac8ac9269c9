import Directory
import Findings
import Foundation
import Testing

@testable import Reporting

/// Pseudonyms in themselves.
@Suite struct PseudonymTests {
  private static let topLevel: Set = ["com", "org", "de", "uk", "info"]
  private let key = RedactionKey(0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210)

  private func pseudonyms(_ key: RedactionKey? = nil) -> Pseudonyms {
    Pseudonyms(key: key ?? self.key) { Self.topLevel.contains($0) }
  }

  private func value(_ text: String, attribute: String = "mail") -> String {
    var pseudonyms = pseudonyms()
    return String(decoding: pseudonyms.value(Array(text.utf8), attribute: attribute), as: UTF8.self)
  }

  private func dn(_ text: String) -> String {
    var pseudonyms = pseudonyms()
    return String(decoding: pseudonyms.dn(Array(text.utf8)), as: UTF8.self)
  }

  @Test func theSameKeyGivesTheSamePseudonymsAndAnotherKeyOthers() {
    var others = pseudonyms(RedactionKey(1, 2))
    #expect(value("jo.doe@contoso.com") == value("jo.doe@contoso.com"))
    #expect(
      value("jo.doe@contoso.com")
        != String(decoding: others.value(Array("jo.doe@contoso.com".utf8), attribute: "mail"), as: UTF8.self))
  }

  @Test(arguments: [
    "smtp:jo doe@contoso.com", "SMTP:Jo.Doe-2@Sub.Contoso.co.uk", "sip:jo\u{A0}doe@contoso.local", "jo.doe",
    "Jo \"J\" Doe, Jr.",
    "X500:/o=Contoso/ou=Sales/cn=jo", "\u{200B}smtp:jo@contoso", "jo..doe@.contoso.com", "", " ", "@", "a@b@c.org",
  ])
  func shapeStays(text: String) {
    let shown = value(text)
    let shapes = [text, shown].map { text in
      text.unicodeScalars.map { scalar -> UInt32 in
        switch scalar {
        case "a"..."z": 1
        case "A"..."Z": 2
        case "0"..."9": 3
        default: scalar.value
        }
      }
    }
    #expect(shapes[0] == shapes[1])
  }

  @Test func typesAndPublicEndsStay() {
    #expect(value("SMTP:jo@contoso.com").hasPrefix("SMTP:") && value("SMTP:jo@contoso.com").hasSuffix(".com"))
    #expect(value("smpt:jo@contoso.co.uk").hasPrefix("smpt:") && value("jo@contoso.co.uk").hasSuffix(".co.uk"))
    #expect(value("jo@contoso.local").hasSuffix(".local"))
    #expect(value("jo@contoso.onmicrosoft.com").hasSuffix(".onmicrosoft.com"))
    #expect(value("jo@contoso.mail.onmicrosoft.com").hasSuffix(".mail.onmicrosoft.com"))
    #expect(!value("jo@contoso").contains("contoso") && !value("jo@intern.contoso").hasSuffix("contoso"))
    // A name in front of a colon is no address type.
    #expect(!value("jo.doe:x@contoso.com").contains("jo"))
    #expect(value("4096", attribute: "msExchRecipientTypeDetails") == "4096")
    #expect(value("4096", attribute: "employeeID") != "4096")
    #expect(value("Jo Doe", attribute: "userAccountControl") != "Jo Doe")
  }

  @Test func equalityStaysAcrossCaseAttributesAndNames() {
    #expect(value("SMTP:Jo.Doe@Contoso.com").lowercased() == value("smtp:jo.doe@contoso.com"))
    let local = value("jo.doe@contoso.com").split(separator: "@")[0].replacing(".", with: "")
    #expect(dn("CN=Jo Doe,DC=contoso,DC=com").lowercased().hasPrefix("cn=\(local.prefix(2)) \(local.dropFirst(2)),"))
    let domain = value("jo@contoso.com").split(separator: "@")[1].split(separator: ".")[0]
    #expect(dn("CN=Jo,DC=contoso,DC=com").hasSuffix(",DC=\(domain),DC=com"))
  }

  @Test func differentTextsGetDifferentPseudonyms() {
    var pseudonyms = pseudonyms()
    for alphabet in [Array("ab1"), Array("xyz.9"), Array("дом"), Array("üaé")] {
      var seen: [String: String] = [:]
      var texts = [""]
      for _ in 0..<4 { texts = texts.flatMap { text in alphabet.map { text + String($0) } } }
      for text in texts {
        let shown = String(decoding: pseudonyms.value(Array(text.utf8), attribute: "mail"), as: UTF8.self)
        #expect(seen.updateValue(text, forKey: shown) == nil, "\(shown)")
      }
    }
  }

  @Test func everySecondLetterOfTheCipherIsReached() {
    // A permutation of all texts of two letters: 676 different ones.
    var pseudonyms = pseudonyms()
    var shown: Set<[UInt8]> = []
    for first in UInt8(ascii: "a")...UInt8(ascii: "z") {
      for second in UInt8(ascii: "a")...UInt8(ascii: "z") {
        shown.insert(pseudonyms.value([first, second], attribute: "mail"))
      }
    }
    #expect(shown.count == 676)
  }

  @Test func flaggedLettersStayAndOtherScriptsAreReplacedInTheirScript() {
    #expect(value("müller").contains("ü") && value("Çelik").hasPrefix("Ç"))
    let cyrillic = value("Иванов")
    #expect(cyrillic != "Иванов" && cyrillic.unicodeScalars.allSatisfy { (0x400...0x4FF).contains($0.value) })
    #expect(cyrillic.first?.isUppercase == true && cyrillic.dropFirst().allSatisfy(\.isLowercase))
    let han = value("李明")
    #expect(han != "李明" && han.unicodeScalars.allSatisfy { (0x4E00...0x9FFF).contains($0.value) })
    for text in ["ⒸⓄⓃⓉⓄⓈⓄ", "𝐜𝐨𝐧𝐭𝐨𝐬𝐨", "ｃｏｎｔｏｓｏ", "\u{E0063}\u{E006F}\u{E006E}", "조도현", "かな", "١٢٣٤"] {
      let shown = value(text)
      let pairs = zip(shown.unicodeScalars, text.unicodeScalars)
      #expect(shown.unicodeScalars.count == text.unicodeScalars.count && pairs.count { $0 == $1 } < 3, "\(text)")
    }
    // A word of accented letters alone would be readable.
    #expect(!value("éàüö").contains("é"))
  }

  @Test func namesOfDNsInEveryNotation() {
    let plain = dn("CN=Doe\\, Jo,OU=Staff,DC=contoso,DC=com")
    #expect(plain.hasPrefix("CN=") && plain.contains("\\, ") && plain.contains(",OU=") && plain.hasSuffix(",DC=com"))
    #expect(dn("CN=\\4A\\6F,DC=contoso,DC=com") == dn("CN=Jo,DC=contoso,DC=com"))
    #expect(dn("cn=Jo+ou=X, dc=contoso").hasPrefix("cn="))
    #expect(!dn("no name Contoso").contains("Contoso") && !dn("CN=Jo\\").contains("Jo"))
    #expect(!dn("contosoType=Jo,DC=com").contains("contoso"))
  }

  @Test func binaryValuesAreReplaced() {
    var pseudonyms = pseudonyms()
    let photo: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0] + (0..<200).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let shown = pseudonyms.value(photo, attribute: "thumbnailPhoto")
    #expect(shown.count == photo.count && zip(shown, photo).count { $0 == $1 } < 20)
    #expect(pseudonyms.value(photo, attribute: "thumbnailPhoto") == shown)
    // A text with one bad byte stays a text with one bad byte.
    let text = pseudonyms.value(Array("jo".utf8) + [0xFC] + Array("doe@contoso.com".utf8), attribute: "mail")
    #expect(text[2] == 0xFC && text.count == 18)
  }

  @Test func sourcesKeepTheirKind() {
    let pseudonyms = pseudonyms()
    #expect(pseudonyms.source("/home/jo/contoso.ldif.gz").wholeMatch(of: /source-[0-9a-f]{8}\.ldif\.gz/) != nil)
    #expect(
      pseudonyms.source("ldaps://dc1.contoso.com/DC=contoso").wholeMatch(of: /ldaps:\/\/server-[0-9a-f]{8}/) != nil)
    #expect(pseudonyms.source("<stdin>") == "<stdin>")
  }

  // MARK: - Key files

  private func scratch(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dirsync-lint-key-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appending(path: "redact.key").path)
  }

  @Test func aKeyIsMadeForItsUserAloneAndReadAgain() throws {
    try scratch { path in
      let made = try RedactionKey.load(path: path)
      #expect(try RedactionKey.load(path: path) == made)
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
      #expect(throws: RedactionKey.Failure.self) { try RedactionKey.load(path: path) }
    }
  }

  @Test(arguments: ["", "not a key\n", "0123\n", String(repeating: "g", count: 32)])
  func otherFilesAreRefusedAndStayAsTheyAre(content: String) throws {
    try scratch { path in
      try Data(content.utf8).write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
      #expect(throws: RedactionKey.Failure.self) { try RedactionKey.load(path: path) }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(content.utf8))
    }
  }
}
