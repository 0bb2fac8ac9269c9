import Findings

/// The statement of what was read and judged, in words, for every report meant for people.
public enum CoverageText {
  /// The longest line, in characters, unless everything is to be named: 200 with the indent of the text report.
  static let longestLine = 198
  /// The same for the first line, which stands behind `Coverage: `.
  private static let longestFirstLine = 190

  /// The statement in lines, the first about the entries, each of the others about something that is missing.
  ///
  /// The lines are safe for a terminal. With `isVerbose` everything that was left aside is named, however long the lines get.
  /// `namesLists` says of what day the lists are that ages make wrong.
  public static func lines(
    for coverage: Coverage, isVerbose: Bool = false, namesLists: Bool = false
  ) -> [String] {
    var lines = [entriesLine(for: coverage, isVerbose: isVerbose)]
    lines += unseenLines(coverage, isVerbose: isVerbose)
    if isVerbose { lines += coverage.outOfScope.flatMap(leftAsideLines) }
    if namesLists, let day = coverage.topLevelDomains {
      lines.append("top-level domains are those of \(TerminalText.escape(day))")
    }
    if coverage.changeRecords > 0 {
      lines.append("\(counted(coverage.changeRecords, "change record", "change records")) not linted")
    }
    if coverage.recordsLost > 0 {
      lines.append("\(counted(coverage.recordsLost, "record", "records")) could not be read")
    }
    for gap in coverage.gaps { lines.append("not read in full: \(TerminalText.escape(gap))") }
    lines += coverage.remarks.map(TerminalText.escape)
    if coverage.isInterrupted { lines.append("interrupted before the end") }
    return isVerbose ? lines : lines.map(shortened)
  }

  /// The last word on a run. "Clean" is said only when everything was read, something was judged and nothing was found.
  public static func verdict(for coverage: Coverage, findings: Int) -> String {
    switch (findings, coverage.isComplete) {
    case (0, false): return "No findings, but not everything was read"
    case (0, true):
      if coverage.entriesRead == 0 { return "Nothing was judged: no entry was read" }
      if coverage.entriesJudged == 0 { return "Nothing was judged: no entry is in scope" }
      if lacksEveryAddress(coverage) {
        return
          "No findings, but no entry has \(addresses.joined(separator: ", ")): too little was exported to call this clean"
      }
      let silent = coverage.rulesWithoutValues.count
      guard silent > 0 else { return "Clean: everything was read and nothing was found" }
      guard coverage.rules > silent else {
        // A run from a store does not know how many rules there were.
        let rules = counted(silent, "rule that", "rules that")
        return "Clean but for \(rules) could not judge: everything was read and nothing was found"
      }
      return
        "Clean for \(grouped(coverage.rules - silent)) of \(grouped(coverage.rules)) rules: everything was read and"
        + " nothing was found"
    case (_, false): return "\(counted(findings, "finding", "findings")), and not everything was read"
    case (_, true): return "\(counted(findings, "finding", "findings")); everything was read"
    }
  }

  /// The attributes without any of which nothing is known of what a directory will look like in the cloud.
  private static let addresses = ["userPrincipalName", "mail", "proxyAddresses"]

  private static func lacksEveryAddress(_ coverage: Coverage) -> Bool {
    let unseen = Set(coverage.attributesNeverSeen.map { $0.attribute.lowercased() })
    return addresses.allSatisfy { unseen.contains($0.lowercased()) }
  }

  /// One line for all attributes that were not exported, and one for all that the directory cannot have; with everything named
  /// one for each.
  private static func unseenLines(_ coverage: Coverage, isVerbose: Bool) -> [String] {
    func lines(
      _ unseen: [Coverage.UnseenAttribute], _ what: String, _ consequence: String, ofOne: String? = nil
    ) -> [String] {
      guard !unseen.isEmpty else { return [] }
      func told(_ rules: Int) -> String {
        "\(counted(rules, "rule", "rules")) \(rules == 1 ? ofOne ?? consequence : consequence)"
      }
      if isVerbose {
        return unseen.map { attribute in
          "\(what) \(TerminalText.escape(attribute.attribute)): \(told(attribute.rules.count))"
            + " (\(attribute.rules.map(TerminalText.escape).joined(separator: ", ")))"
        }
      }
      let rules = Set(unseen.flatMap(\.rules)).count
      let head =
        (coverage.rules > 0 ? "\(grouped(rules)) of \(grouped(coverage.rules)) rules \(consequence)" : told(rules))
        + ": \(what) "
      return [head + names(of: unseen.map(\.attribute), room: longestLine - head.count)]
    }
    return lines(coverage.attributesNeverSeen, "no entry has", "could not judge")
      + lines(
        coverage.attributesNotApplicable, "the schema of the directory does not have", "have nothing to judge",
        ofOne: "has nothing to judge")
  }

  /// Names in one line, those that say most first, as many as there is room for.
  private static func names(of attributes: [String], room: Int) -> String {
    let first = addresses.filter { name in attributes.contains { $0.lowercased() == name.lowercased() } }
    let known = Set(first.map { $0.lowercased() })
    var list = first + attributes.filter { !known.contains($0.lowercased()) && extensionNumber($0) == nil }
    let numbers = attributes.compactMap(extensionNumber).sorted()
    if numbers.count > 1, let low = numbers.first, let high = numbers.last {
      list.append(
        numbers.count == high - low + 1 ? "extensionAttribute\(low)-\(high)" : "\(numbers.count) extension attributes")
    } else if let only = numbers.first {
      list.append("extensionAttribute\(only)")
    }
    var text = ""
    for (index, name) in list.enumerated() {
      let part = (index == 0 ? "" : ", ") + TerminalText.escape(name)
      let rest = " and \(list.count - index) more (-v names them)"
      if text.count + part.count + rest.count > room, index > 0 { return text + rest }
      text += part
    }
    return text
  }

  private static func extensionNumber(_ name: String) -> Int? {
    name.lowercased().hasPrefix("extensionattribute") ? Int(name.dropFirst("extensionAttribute".count)) : nil
  }

  private static func entriesLine(for coverage: Coverage, isVerbose: Bool) -> String {
    var line = "\(grouped(coverage.entriesRead)) of \(counted(coverage.entriesInSource, "entry", "entries")) read"
    let outOfScope = coverage.outOfScope.reduce(0) { $0 + $1.count }
    guard outOfScope > 0 else { return line }
    line += ", \(grouped(coverage.entriesJudged)) judged, \(grouped(outOfScope)) out of scope"
    let reasons = coverage.outOfScope.map { "\(TerminalText.escape($0.reason)): \(grouped($0.count))" }
    if isVerbose || line.count + reasons.joined(separator: ", ").count + 3 <= longestFirstLine {
      return line + " (\(reasons.joined(separator: ", ")))"
    }
    var shown: [String] = []
    var left = outOfScope
    for (reason, count) in zip(reasons, coverage.outOfScope.map(\.count)) {
      let rest = "other reasons: \(grouped(left - count))"
      if line.count + (shown + [reason, rest]).joined(separator: ", ").count + 12 > longestFirstLine { break }
      shown.append(reason)
      left -= count
    }
    return line + " (\((shown + ["other reasons: \(grouped(left)), see -v"]).joined(separator: ", ")))"
  }

  /// The entries that were left aside for a reason, by name as far as names are known.
  private static func leftAsideLines(_ reason: Coverage.ReasonCount) -> [String] {
    let why = TerminalText.escape(reason.reason)
    var lines = reason.names.map { "left aside (\(why)): \(TerminalText.escape($0.bytes))" }
    let rest = reason.count - reason.names.count
    if !lines.isEmpty, rest > 0 { lines.append("left aside (\(why)): \(grouped(rest)) more") }
    return lines
  }

  private static func shortened(_ line: String) -> String {
    line.count <= longestLine ? line : line.prefix(longestLine - 8) + "… see -v"
  }
}
