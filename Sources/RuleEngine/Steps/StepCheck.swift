import Directory
import RuleSet

/// A `steps` rule compiled into the program.
struct StepCheck: Sendable {
  let reach: Reach
  /// Slot of the judged attribute.
  let slot: Int
  let chain: StepChain
  /// Slots of the chain's attributes.
  let slots: [Int]

  init(
    _ reach: Reach, _ steps: [Step], attribute: String, names: inout AttributeNames, topLevelDomains: TopLevelDomains
  ) {
    self.reach = reach
    chain = StepChain(steps, attribute: attribute, topLevelDomains: topLevelDomains)
    slots = chain.attributes.map { names.slot($0) }
    slot = names.slot(attribute)
  }
}

/// An entry of a batch as a chain of steps sees it.
struct StepView: StepEntry {
  private let batch: EntryBatch
  private let entry: EntryRecord
  /// First value of each of `slots`; -1 where there is none.
  private let first: [Int32]
  private let slots: [Int]
  private let commonNameSlot: Int
  /// Last object class value of the entry: IdFix goes by the last.
  private let objectClass: Range<Int>

  init(_ evaluator: borrowing EntryEvaluator, _ check: StepCheck, _ entry: EntryRecord, _ batch: EntryBatch) {
    self.batch = batch
    self.entry = entry
    slots = check.slots
    first = check.slots.map { evaluator.index.first($0) }
    commonNameSlot = evaluator.program.commonNameSlot
    var last: Int32 = -1
    var value = evaluator.index.first(evaluator.program.objectClassSlot)
    while value >= 0 {
      last = value
      value = evaluator.index.next(after: value)
    }
    objectClass = last < 0 ? 0..<0 : batch.values[Int(last)].range
  }

  func isObjectClass(_ name: [UInt8]) -> Bool {
    TextFold.areEqual(batch.bytes.span.extracting(objectClass), name.span)
  }

  func has(_ attribute: Int) -> Bool { first[attribute] >= 0 }

  func firstValue(_ attribute: Int) -> [UInt8]? {
    let value = first[attribute]
    if value >= 0 { return AttributeValue(batch.bytes.span.extracting(batch.values[Int(value)].range)).bytes }
    return slots[attribute] == commonNameSlot ? commonNameFromDN : nil
  }

  /// The value of the first RDN, for exports without `cn`.
  private var commonNameFromDN: [UInt8]? {
    let dn = batch.bytes[entry.dn]
    guard let equals = dn.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    var name: [UInt8] = []
    var index = equals + 1
    while index < dn.endIndex, dn[index] != UInt8(ascii: ",") {
      if dn[index] == UInt8(ascii: "\\"), index + 1 < dn.endIndex { index += 1 }
      name.append(dn[index])
      index += 1
    }
    return name
  }
}

extension EntryEvaluator {
  /// Runs the chains on the entry at hand: fills `issues` with what is wrong whatever other entries hold, and `keys`.
  mutating func judgeSteps(_ classBit: UInt64, _ entry: EntryRecord, _ batch: EntryBatch) {
    let bytes = batch.bytes.span
    let values = batch.values.span
    for position in program.stepChecks.indices {
      let check = program.stepChecks[position]
      guard check.reach.objectClasses & classBit != 0, matches(check.reach.filter, entry, values, bytes) else {
        continue
      }
      let view = StepView(self, check, entry, batch)
      var value = index.first(check.slot)
      if value < 0, check.chain.judgesAbsence, let row = check.chain.evaluateAbsent(of: view) {
        issues.append(Issue(rule: check.reach.rule, slot: check.slot, value: -1, row: row))
      }
      while value >= 0 {
        judge(value, check, position, view, bytes.extracting(values[Int(value)].range))
        value = index.next(after: value)
      }
    }
  }

  private mutating func judge(
    _ value: Int32, _ check: StepCheck, _ position: Int, _ view: StepView, _ bytes: Span<UInt8>
  ) {
    if check.chain.isClean(bytes, of: view) {
      if check.chain.hasKey, check.chain.isKey(bytes, of: view) {
        keys.append(stepKey(bytes, position))
      }
      return
    }
    let outcome = check.chain.evaluate(AttributeValue(bytes).bytes, of: view)
    if let row = outcome.row(isDuplicate: false) {
      issues.append(Issue(rule: check.reach.rule, slot: check.slot, value: value, row: row))
    }
    if let key = outcome.key { keys.append(stepKey(key.span, position)) }
  }

  /// The fingerprint of a chain's key, or of a clean value: ASCII without control characters is its own key but for case.
  func stepKey(_ key: Span<UInt8>, _ position: Int) -> UInt64 {
    let number = UInt64(program.uniqueChecks.count + position) + 1
    if !StepBytes.hasPassedOver(key), let hashed = hash.ofASCII(key, index: number, foldsCase: true) {
      return hashed | KeyHash.stepBit
    }
    let folded = StepChain.key(key)
    return (hash.ofASCII(folded.span, index: number, foldsCase: false) ?? 0) | KeyHash.stepBit
  }
}
