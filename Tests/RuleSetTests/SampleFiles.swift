import IdFix
import RuleSet

/// Rule files for tests.
enum SampleFiles {
  /// A right rule named `mail-too-long`, with some lines replaced by others.
  static func rule(_ replacements: [(String, String)] = []) -> String {
    var text = rule
    for (old, new) in replacements {
      precondition(text.contains(old), "the sample has no \(old)")
      text = text.replacing(old, with: new)
    }
    return text
  }

  static let rule = """
    id: mail-too-long
    title: mail is longer than the cloud takes
    status: stable
    severity: error
    effect: blocked
    certainty: documented
    attribute: mail
    check:
      length: { max: 256 }
    message: "{value} has {length} characters, {max} are allowed"
    explanation: >
      The export fails,
      and the object stays as it was.
    references: [https://learn.microsoft.com/windows/win32/adschema/a-mail]
    examples:
      valid: ["jo@contoso.com"]
      invalid:
        - { value: "jo@contoso.com", flagged: "jo@↓contoso.com" }

    """

  static let character = """
    id: proxy-address-illegal-character
    title: proxyAddresses value has a character that the cloud refuses
    status: stable
    severity: error
    effect: dropped
    certainty: documented
    attribute: proxyAddresses
    applies-to: { object-class: [user, Group], filter: "(&(mail=*)(!(adminDescription=User_*)))" }
    when: { value-prefix: [SMTP] }
    check:
      characters:
        part: after-prefix
        forbidden: [" ", "<", U+00A0, U+00A1-U+00FF, non-ascii]
    message: "{value} contains {characters}"
    suggestion: { remove-characters: true }
    explanation: It is dropped
    references: [https://learn.microsoft.com/]
    annotations: { labels: Character }
    examples:
      valid: ["SMTP:jo.doe@contoso.com", { value: "smtp:o'neil@contoso.com", with: { mail: [a, b], cn: no } }]
      invalid:
        - { value: "smtp:jo doe@contoso.com", flagged: "smtp:jo↓ doe@contoso.com", suggests: "smtp:jodoe@contoso.com" }
        - ldif: |
            dn: CN=A,DC=contoso,DC=com
            objectClass: user
            proxyAddresses: smtp:a↓ @contoso.com

    """

  static let scope = """
    scope: cloud
    object-class: [user, group]
    exclude:
      - reason: critical system object
        object-class: [User]
        filter: "(isCriticalSystemObject=TRUE)"
        references: [https://learn.microsoft.com/]

    """

  static let ruleSet = """
    rule-set: base
    title: Base
    description: The base
    scope: cloud
    rules:
      - mail-too-long
      - proxy-address-illegal-character: warning

    """

  static func file(_ path: String, _ text: String) -> RuleDocument {
    RuleDocument(path: path, bytes: Array(text.utf8))
  }

  /// A catalogue of the samples.
  static let files = [
    file("mail/mail-too-long.yaml", rule), file("proxy/proxy-address-illegal-character.yaml", character),
    file("scopes/cloud.yaml", scope), file("sets/base.yaml", ruleSet),
  ]

  /// The problems of a set of files, as lines.
  static func problems(_ files: [RuleDocument]) -> [String] {
    do {
      _ = try RuleCatalogue.load(.all, embedded: files)
      return []
    } catch {
      return error.problems.map { "\($0.location): \($0.message)" }
    }
  }
}
