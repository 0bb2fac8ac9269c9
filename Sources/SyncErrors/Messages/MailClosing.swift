/// The words with which people close a mail.
enum MailClosing {
  /// Whether a line is what a mail closes with: below it stands who wrote it.
  static func isOne(_ line: String) -> Bool {
    line.utf8.count <= 40 && closings.contains(Trimmed.text(line, also: ",.!-").lowercased())
  }

  private static let closings: Set<String> = [
    "regards", "kind regards", "best regards", "best wishes", "best", "thanks", "many thanks", "thank you",
    "thanks in advance", "cheers", "sincerely", "yours sincerely", "mit freundlichen grüßen",
    "mit freundlichen grüssen",
    "freundliche grüße", "viele grüße", "beste grüße", "danke", "cordialement", "bien cordialement", "merci", "saludos",
    "un saludo", "gracias", "cordiali saluti", "grazie", "met vriendelijke groet", "atenciosamente", "obrigado",
    "よろしくお願いします", "よろしくお願いいたします",
  ]
}
