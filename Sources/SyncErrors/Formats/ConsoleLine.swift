/// Lines of a console or a mail that are only around error material.
enum ConsoleLine {
  /// The mark of a block of code, or a line of one mark repeated.
  static func isFence(_ line: String) -> Bool {
    var line = line
    return line.withUTF8 { text in
      let range = Trimmed.range(text)
      guard range.count >= 3, let first = range.first else { return false }
      let mark = text[first]
      guard "`~-=_*#".utf8.contains(mark) else { return false }
      let run = text[range].prefix { $0 == mark }.count
      // A fence may name its language.
      return run == range.count || run == 3 && (mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~"))
    }
  }

  /// What follows the prompt of PowerShell or of the command interpreter; nil for other lines.
  static func command(_ line: String) -> Substring? {
    guard let end = line.firstIndex(of: ">") else { return nil }
    let prompt = Trimmed.text(line[..<end])
    let isPowerShell = prompt == "PS" || prompt.hasPrefix("PS ") || prompt.hasPrefix("[PS]") || prompt.hasPrefix("*PS ")
    guard isPowerShell || isDrive(prompt) else { return nil }
    return line[line.index(after: end)...]
  }

  private static func isDrive(_ prompt: String) -> Bool {
    let bytes = Array(prompt.utf8.prefix(3))
    return bytes.count == 3 && (bytes[0] | 0x20) &- 0x61 < 26 && bytes[1] == UInt8(ascii: ":")
      && bytes[2] == UInt8(ascii: "\\")
  }

  private static let objectParameters: Set<String> = [
    "-userid", "-identity", "-userprincipalname", "-distinguishedname", "-objectid", "-mailbox", "-testmailbox",
    "-user",
    "-groupid", "-contactid",
  ]

  /// The object that a command names in one of its parameters.
  static func object(ofCommand command: Substring) -> MentionedIdentifier? {
    let words = words(command)
    for (name, value) in zip(words, words.dropFirst()) where objectParameters.contains(name.lowercased()) {
      guard let kind = IdentifierShape.whole(value) else { continue }
      return MentionedIdentifier(value, kind, field: String(name.dropFirst()))
    }
    return nil
  }

  /// The words of a command, without their quotation marks.
  private static func words(_ command: Substring) -> [String] {
    var words: [String] = []
    var word = ""
    var quote: Character?
    for character in command {
      if let open = quote {
        if character == open { quote = nil } else { word.append(character) }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character.isWhitespace || "()|;".contains(character) {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// Parts of the names of commands that move mailboxes or administer what is synchronized.
  private static let concerns = [
    "migration", "moverequest", "mailbox", "msol", "adsync", "azuread", "entra", "hybrid", "mailuser", "aduser",
    "adobject", "adgroup", "oauth", "federation", "organizationrelationship",
  ]

  /// Whether a text begins as PowerShell tells of an error in any language: `Verb-Noun : …`, of a command that is about
  /// synchronization or the move of mailboxes.
  static func isErrorOfCommand(_ text: String) -> Bool {
    guard let first = text.utf8.first, first &- 0x41 < 26 else { return false }
    let command = text.utf8.prefix(80).prefix { ($0 | 0x20) &- 0x61 < 26 || $0 == UInt8(ascii: "-") }
    guard command.contains(UInt8(ascii: "-")), text.utf8[command.endIndex...].starts(with: " :".utf8) else {
      return false
    }
    let name = String(decoding: command, as: UTF8.self).lowercased()
    return concerns.contains { name.contains($0) }
  }

  // MARK: mail headers

  private static let headers: Set<String> = [
    "from", "to", "cc", "bcc", "sent", "subject", "reply-to", "message-id", "received", "return-path", "mime-version",
    "importance", "in-reply-to", "references", "thread-index", "thread-topic", "authentication-results",
    "dkim-signature",
    "arc-seal", "von", "an", "gesendet", "betreff", "antwort an", "de", "à", "a", "envoyé", "objet", "para", "asunto",
    "enviado", "enviado el", "da", "oggetto", "inviato", "van", "aan", "verzonden", "onderwerp", "från", "till",
    "skickat",
    "ämne", "fra", "til", "sendt", "emne", "od", "do", "temat", "wysłano", "date", "datum", "data", "fecha", "priority",
  ]
  private static let unmistakable: Set<String> = [
    "cc", "bcc", "reply-to", "message-id", "return-path", "mime-version", "in-reply-to", "thread-index", "thread-topic",
    "subject", "betreff", "objet", "asunto", "oggetto", "onderwerp",
  ]

  /// Whether a line is the header of a mail.
  ///
  /// - Parameter isWithin: Whether the line before is one.
  static func isMailHeader(_ line: String, isWithin: Bool) -> Bool {
    guard let head = LabelHead(line, isTight: true), head.indent == 0, !head.hasSpaceBeforeColon else { return false }
    let name = head.label.lowercased()
    if name.hasPrefix("x-") || name.hasPrefix("content-") || name.hasPrefix("arc-") { return true }
    guard headers.contains(name) else { return false }
    return isWithin || unmistakable.contains(name) || head.value(of: line).contains("@")
  }
}
