/// The labels that Event Viewer and `wevtutil` put before the parts of an event, in several languages.
enum EventLabel {
  case log, source, date, id, task, level, keywords, user, computer, description, xml, other

  private static let names: [String: EventLabel] = {
    let table: [(EventLabel, [String])] = [
      (
        .log,
        [
          "log name", "protokollname", "nom du journal", "nombre de registro", "nome registro", "logboeknaam",
          "nome do log", "nome do registo", "loggnavn", "loggnamn", "lognavn", "nazwa dziennika", "název protokolu",
          "имя журнала",
          "ログの名前", "日志名称", "記錄檔名稱", "로그 이름", "lokin nimi", "naplónév", "günlük adı",
        ]
      ),
      (
        .source,
        [
          "source", "quelle", "origen", "origine", "bron", "fonte", "kilde", "källa", "źródło", "zdroj", "источник",
          "ソース", "来源", "來源", "원본", "lähde", "forrás", "kaynak", "origem",
        ]
      ),
      (
        .date,
        [
          "date", "datum", "fecha", "data", "dato", "дата", "日付", "日期", "날짜", "päivämäärä", "dátum", "tarih",
          "date and time",
          "datum und uhrzeit", "date et heure", "fecha y hora", "data e ora", "datum en tijd", "data e hora",
        ]
      ),
      (
        .id,
        [
          "event id", "ereignis-id", "id de l’événement", "id de l'événement", "id. del evento", "id del evento",
          "id evento", "gebeurtenis-id", "id do evento", "identificação do evento", "hendelses-id", "händelse-id",
          "hændelses-id", "identyfikator zdarzenia", "id události", "код события", "イベント id", "事件 id", "事件識別碼",
          "이벤트 id",
          "tapahtumatunnus", "eseményazonosító", "olay kimliği",
        ]
      ),
      (
        .task,
        [
          "task category", "task", "aufgabenkategorie", "aufgabe", "catégorie de la tâche", "categoría de la tarea",
          "categoría de tarea", "categoria attività", "taakcategorie", "categoria da tarefa", "категория задачи",
          "タスクのカテゴリ",
          "任务类别",
        ]
      ),
      (
        .level,
        [
          "level", "ebene", "stufe", "niveau", "nivel", "livello", "nível", "nivå", "poziom", "úroveň", "уровень",
          "レベル", "级别",
          "수준", "taso", "szint", "düzey",
        ]
      ),
      (
        .keywords,
        [
          "keywords", "keyword", "schlüsselwörter", "mots clés", "mots-clés", "palabras clave", "parole chiave",
          "trefwoorden", "palavras-chave", "ключевые слова", "キーワード", "关键字",
        ]
      ),
      (
        .user,
        [
          "user", "user name", "benutzer", "utilisateur", "usuario", "utente", "gebruiker", "usuário", "utilizador",
          "пользователь", "ユーザー", "用户",
        ]
      ),
      (
        .computer,
        [
          "computer", "ordinateur", "equipo", "computador", "datamaskin", "dator", "komputer", "počítač", "компьютер",
          "コンピューター", "计算机",
        ]
      ),
      (
        .description,
        [
          "description", "beschreibung", "descripción", "descrizione", "beschrijving", "descrição", "beskrivelse",
          "beskrivning", "opis", "popis", "описание", "説明", "描述", "설명", "kuvaus", "leírás", "açıklama",
        ]
      ),
      (
        .xml,
        [
          "event xml", "ereignis-xml", "xml de l’événement", "xml de l'événement", "xml de evento", "xml evento",
          "gebeurtenis-xml", "xml del evento", "xml do evento", "xml события", "イベント xml", "事件 xml",
        ]
      ),
      (.other, ["opcode", "vorgangscode"]),
    ]
    var names: [String: EventLabel] = [:]
    for (label, words) in table { for word in words { names[word] = label } }
    return names
  }()

  /// The order in which Event Viewer writes the parts, in any language.
  static let order: [EventLabel] = [
    .log, .source, .date, .id, .task, .level, .keywords, .user, .computer, .description,
  ]

  /// What the label of a line means, and its value; nil for lines without such a label.
  static func parse(_ line: String) -> (label: EventLabel, value: String)? {
    guard let line = LabelLine(line, isTight: true), let label = EventLabel(line.label) else { return nil }
    return (label, line.value)
  }

  /// Whether a line begins an event: the name of its log.
  static func beginsEvent(_ line: String) -> Bool {
    guard let (label, value) = parse(line) else { return false }
    return label == .log && !value.isEmpty
  }

  /// What a label means; nil for others.
  init?(_ label: String) {
    guard let known = Self.names[label.lowercased()] else { return nil }
    self = known
  }
}

/// A line of the form `label: value`.
struct LabelLine {
  var indent: Int
  var label: String
  var value: String
  /// Whether white space stands before the colon, as `Format-List` writes it.
  var hasSpaceBeforeColon: Bool
  /// The column of the colon in bytes, counted from 0.
  var colon: Int

  /// nil when the line has no such form: the label is short and of letters, digits and a few marks.
  ///
  /// - Parameter isTight: Whether the value may follow the colon without white space, as it does in Event Viewer where the
  ///   word of a language is longer than the column.
  init?(_ line: String, isTight: Bool = false) {
    let bytes = Array(line.utf8)
    guard let colon = bytes.prefix(64).firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let head = bytes[..<colon]
    let indent = head.prefix { $0 == 32 || $0 == 9 }.count
    let label = Trimmed.text(String(decoding: head, as: UTF8.self))
    guard !label.isEmpty, label.first?.isLetter == true,
      label.allSatisfy({ $0.isLetter || $0.isNumber || " .'’-()[]_".contains($0) })
    else { return nil }
    let next = colon + 1 < bytes.count ? bytes[colon + 1] : 32
    guard isTight || next == 32 || next == 9 || next >= 0x80 else { return nil }
    self.indent = indent
    self.label = label
    value = Trimmed.text(String(decoding: bytes[(colon + 1)...], as: UTF8.self))
    hasSpaceBeforeColon = colon > 0 && (bytes[colon - 1] == 32 || bytes[colon - 1] == 9)
    self.colon = colon
  }
}
