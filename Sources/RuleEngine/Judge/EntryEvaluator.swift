import Bytes
import Directory
import Findings
import Joins
import RuleSet

/// Evaluates the entries of batches, one after the other: one per thread, reused so that a clean entry allocates nothing.
struct EntryEvaluator: ~Copyable {
  /// Why an entry is not judged.
  enum Standing: Equatable {
    case inScope
    /// Excluded by the scope's exclusion of this position.
    case excluded(Int)
    /// Of a class that is not in scope.
    case classOutOfScope
    /// Outside `--base`, inside `--exclude-base`, or not matching `--filter`.
    case outsideSelection
    /// The object class was not read, so that nothing can be judged.
    case noObjectClass
    /// No object of the directory: the root DSE, or a record of the database (`@…`, Samba).
    case noObject
  }

  let program: RuleProgram
  let tables: CheckTables
  private(set) var index: EntryIndex
  let hash: KeyHash
  private let plainTable = PlainShape.next
  private let classTables: [UInt32]
  private let typeCount: Int
  private var domains = DomainCache()
  /// What the checks found in the entry at hand, values first, in input order.
  var issues: [Issue] = []
  /// How many more there are than the options let an entry have; what they say is not kept.
  private(set) var issuesLeftOut = 0
  /// Fingerprints of the entry's unique values, each once.
  var keys: [UInt64] = []
  /// Fingerprints of values that are no duplicates of any and that no suggestion may be.
  private(set) var heldKeys: [UInt64] = []
  /// Slots of the attributes of the entry at hand that do not reach the cloud.
  private var leftAside: Set<Int> = []
  /// By place of an entry in the text of its batch: slots of attributes of which it has lost values.
  var losses: [UInt32: Set<Int>] = [:]
  /// Whether the entry has values that a slot's rules need, counted by slot over all entries.
  var seen: [Int] { index.seen }
  /// By base of the scope: whether an entry was found at or below it.
  private(set) var basesMet: [Bool]
  /// The same by excluded base.
  private(set) var excludedBasesMet: [Bool]
  /// Number of the most specific object class of the entry at hand, and the index of its value.
  private(set) var objectClass = ObjectClasses.other
  private(set) var objectClassValue: Int32 = -1

  init(_ program: RuleProgram, hash: KeyHash) {
    self.program = program
    tables = program.compiled.tables
    self.hash = hash
    classTables = program.compiled.classTables
    typeCount = tables.addressTypes.count
    basesMet = Array(repeating: false, count: program.compiled.scope.bases.count)
    excludedBasesMet = Array(repeating: false, count: program.compiled.scope.excludedBases.count)
    index = EntryIndex(slotCount: program.attributes.count)
  }

  /// Begins to count anew which attributes entries have.
  mutating func resetSeen() {
    index.resetSeen()
  }

  /// Indexes an entry that was judged before, to look at its values again.
  mutating func revisit(_ entry: EntryRecord, of batch: EntryBatch) {
    index.learn(batch.attributes)
    index.index(batch.values.span, of: entry)
    classify(batch.values.span, batch.bytes.span)
  }

  /// Indexes an entry and tells whether it is to be judged.
  mutating func enter(_ entry: EntryRecord, of batch: EntryBatch) -> Standing {
    let bytes = batch.bytes.span
    let values = batch.values.span
    index.learn(batch.attributes)
    index.index(values, of: entry)
    issues.removeAll(keepingCapacity: true)
    issuesLeftOut = 0
    keys.removeAll(keepingCapacity: true)
    heldKeys.removeAll(keepingCapacity: true)
    classify(values, bytes)
    if !program.compiled.scope.bases.isEmpty || !program.compiled.scope.excludedBases.isEmpty {
      let dn = DistinguishedName.normalized(bytes.extracting(entry.dn))
      let isExcluded = isAtOrBelowExcludedBase(dn)
      guard isAtOrBelowBase(dn), !isExcluded else { return .outsideSelection }
    }
    if let filter = program.compiled.scope.filter,
      !program.compiled.scope.filters.matches(filter, entry, index, values, bytes)
    {
      return .outsideSelection
    }
    if objectClassValue < 0, program.compiled.scope.objectClasses != .max {
      let dn = bytes.extracting(entry.dn)
      return dn.isEmpty || dn[0] == UInt8(ascii: "@") ? .noObject : .noObjectClass
    }
    guard program.compiled.scope.objectClasses & 1 << UInt64(objectClass) != 0 else { return .classOutOfScope }
    if let position = program.compiled.scope.exclusion(of: objectClass, entry, index, values, bytes) {
      return .excluded(position)
    }
    return .inScope
  }

  /// Whether a DN is at or below one of the bases, all of them where there are none; takes note of those that it is below.
  private mutating func isAtOrBelowBase(_ dn: [UInt8]) -> Bool {
    let bases = program.compiled.scope.bases
    var isMet = bases.isEmpty
    for place in bases.indices where DistinguishedName.isAtOrBelow(bases[place], dn) {
      basesMet[place] = true
      isMet = true
    }
    return isMet
  }

  /// The same of the bases that are excluded.
  private mutating func isAtOrBelowExcludedBase(_ dn: [UInt8]) -> Bool {
    let bases = program.compiled.scope.excludedBases
    var isMet = false
    for place in bases.indices where DistinguishedName.isAtOrBelow(bases[place], dn) {
      excludedBasesMet[place] = true
      isMet = true
    }
    return isMet
  }

  /// Judges the entry last entered: fills `issues` and `keys`.
  mutating func judge(_ entry: EntryRecord, of batch: EntryBatch) {
    let bytes = batch.bytes.span
    let values = batch.values.span
    let bit: UInt64 = 1 << UInt64(objectClass)
    leftAside = program.compiled.scope.slotsLeftAside(of: objectClass, entry, index, values, bytes)
    for position in 0..<index.usedCount {
      let slot = index.usedSlot(position)
      guard program.compiled.traits[slot].hasChecks, !isLeftAside(slot) else { continue }
      var value = index.first(slot)
      while value >= 0 {
        judgeValue(value, slot, bit, entry, values, bytes)
        value = index.next(after: value)
      }
    }
    for place in program.compiled.classEntryChecks[objectClass] {
      judgeEntry(program.compiled.entryCheckOrder[place], entry, values, bytes)
    }
    for place in program.compiled.classUniqueTests[objectClass] {
      collect(program.compiled.uniqueTestOrder[place], entry, values, bytes)
    }
    for position in program.compiled.classHeldTests[objectClass] {
      collectHeld(program.compiled.uniqueTests[position], position, entry, values, bytes)
    }
    if !program.compiled.rowTests.isEmpty { judgeRows(bit, entry, batch) }
    dropConclusions(entry)
    if program.compiled.hasUnless, issues.count > 1 { dropRepeatedFacts() }
  }

  /// Drops issues that another rule's issue tells better: on the same value, or on the same attribute where values are
  /// counted.
  private mutating func dropRepeatedFacts() {
    let all = issues
    let unless = program.compiled.unless
    guard all.count <= Self.fewIssues else { return dropRepeatedFacts(unless, KnownFacts(all)) }
    issues.removeAll { issue in
      unless[issue.rule].contains { rule in
        all.contains { other in
          other.rule == rule && other.slot == issue.slot
            && (other.value == issue.value || other.identity.isAttribute || issue.identity.isAttribute)
        }
      }
    }
  }

  /// Of so many issues each is held against each.
  private static let fewIssues = 64

  private mutating func dropRepeatedFacts(_ unless: [[Int]], _ facts: KnownFacts) {
    issues.removeAll { issue in unless[issue.rule].contains { facts.tell($0, of: issue) } }
  }

  @inline(__always)
  private func isLeftAside(_ slot: Int) -> Bool { !leftAside.isEmpty && leftAside.contains(slot) }

  // MARK: - Object class

  /// An entry is of its most specific class: the last one that Active Directory writes, unless a more specific known
  /// one is among them (other directories write classes in any order).
  private mutating func classify(_ values: Span<ValueRecord>, _ bytes: Span<UInt8>) {
    objectClass = ObjectClasses.other
    objectClassValue = -1
    var value = index.first(program.compiled.objectClassSlot)
    while value >= 0 {
      let number = program.compiled.scope.classes.number(bytes.extracting(values[Int(value)].range))
      let isSpecific = program.compiled.scope.classes.isSpecific(number)
      if !program.compiled.scope.classes.isSpecific(objectClass) || isSpecific && number < objectClass {
        objectClass = number
        objectClassValue = value
      }
      value = index.next(after: value)
    }
  }

  // MARK: - Values

  @inline(__always)
  private mutating func judgeValue(
    _ position: Int32, _ slot: Int, _ classBit: UInt64, _ entry: EntryRecord, _ values: Span<ValueRecord>,
    _ bytes: Span<UInt8>
  ) {
    let value = bytes.extracting(values[Int(position)].range)
    let traits = program.compiled.traits[slot]
    var shape = ValueShape()
    if traits.usesType {
      shape.colon = Self.firstColon(value)
      shape.type = tables.addressTypes.type(of: value, colon: shape.colon)
    }
    var plain = PlainShape.other
    if traits.usesPlain {
      (plain, shape.at) = PlainShape.of(value, from: shape.colon &+ 1, plainTable.span)
    } else if PlainShape.isText(value) {
      plain = .text
    }
    index.keep(type: shape.type, shape: plain, of: position)
    let number = (slot &* typeCount &+ Int(shape.type)) &* 4 &+ plain.rawValue
    let list = program.compiled.lists[number]
    let end = value.count <= list.clearLength ? list.lengths : list.end
    if list.start == end { return }
    if traits.usesAt, plain != .address { shape.at = Self.lastAt(value) }
    // On plain shapes the classes are not needed to clear a value quickly: few checks are left.
    shape.isPrintable = plain != .other && (shape.type != ValueShape.other || plain == .text)
    shape.classes = plain == .other && traits.usesClasses ? classes(value, slot) : .max
    var place = list.start
    while place < end {
      // Directories have few domains, so one look tells that none of the checks has something to say.
      if place == list.domains, list.domains < list.lengths, plain == .address,
        isCleanDomain(value.extracting(shape.at &+ 1..<value.count), list, number)
      {
        place = list.lengths
        continue
      }
      judge(
        program.compiled.checks[Int(program.compiled.order[Int(place)])], value, shape, position, slot, classBit, entry,
        values, bytes)
      place &+= 1
    }
  }

  /// Whether a domain passes all domain checks of a list, whatever else they ask for.
  @inline(__always)
  private mutating func isCleanDomain(_ domain: Span<UInt8>, _ list: CompiledRules.CheckList, _ number: Int) -> Bool {
    let key = program.rules.count &+ number
    if let fails = domains.verdict(key, domain) { return !fails }
    var fails = false
    for place in list.domains..<list.lengths {
      if case .domain(let test) = program.compiled.checks[Int(program.compiled.order[Int(place)])].test,
        test.fails(domain, tables)
      {
        fails = true
      }
    }
    domains.keep(fails, key, domain)
    return !fails
  }

  @inline(__always)
  private mutating func judge(
    _ check: ValueCheck, _ value: Span<UInt8>, _ shape: ValueShape, _ position: Int32, _ slot: Int,
    _ classBit: UInt64, _ entry: EntryRecord, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>
  ) {
    guard check.objectClasses & classBit != 0 else { return }
    if case .domain(let test) = check.test, !domainFails(test, check, value, shape) { return }
    guard
      check.test.fails(
        value, check.part, shape, classTables.span.extracting(slot * 256..<slot * 256 + 256), tables, index, values,
        bytes)
    else { return }
    if let types = check.condition.exactTypes, !tables.exactTypes.begins(value, with: types) { return }
    guard matches(check.filter, entry, values, bytes) else { return }
    if case .domain(let test) = check.test, test.isNamed(value, check.part, shape, index, values, bytes) { return }
    guard hasRoom() else { return }
    issues.append(check.issue(value, shape, position, tables))
  }

  /// Whether one more issue of the entry is kept; one that is not is counted.
  private mutating func hasRoom() -> Bool {
    guard issues.count >= program.options.findingsOfEntry else { return true }
    issuesLeftOut += 1
    return false
  }

  /// Whether a `domain` check fails, asking the cache first.
  @inline(__always)
  private mutating func domainFails(
    _ test: DomainTest, _ check: ValueCheck, _ value: Span<UInt8>, _ shape: ValueShape
  ) -> Bool {
    if let types = check.condition.exactTypes, !tables.exactTypes.begins(value, with: types) { return false }
    guard let range = check.part.range(of: value.count, shape) else { return false }
    let domain = value.extracting(range)
    if let verdict = domains.verdict(check.rule, domain) { return verdict }
    let verdict = test.fails(domain, tables)
    domains.keep(verdict, check.rule, domain)
    return verdict
  }

  /// Union of the slot's character classes over all bytes.
  private func classes(_ value: Span<UInt8>, _ slot: Int) -> UInt32 {
    let table = classTables.span.extracting(slot &* 256..<slot &* 256 &+ 256)
    var classes: UInt32 = 0
    for index in value.indices { classes |= table[Int(value[index])] }
    return classes
  }

  @inline(__always)
  private static func firstColon(_ value: Span<UInt8>) -> Int {
    WideBytes.first(UInt8(ascii: ":"), in: value) ?? -1
  }

  private static func lastAt(_ value: Span<UInt8>) -> Int {
    var index = value.count - 1
    while index >= 0, value[index] != UInt8(ascii: "@") { index -= 1 }
    return index
  }

  func matches(
    _ filter: Int, _ entry: EntryRecord, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>
  ) -> Bool {
    filter < 0 || tables.filters.matches(filter, entry, index, values, bytes)
  }

  // MARK: - The entry

  private mutating func judgeEntry(
    _ position: Int, _ entry: EntryRecord, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>
  ) {
    let check = program.compiled.entryChecks[position]
    guard !isLeftAside(check.slot),
      let issue = check.issue(index, values, bytes, tables, knowsTypes: program.compiled.traits[check.slot].usesType),
      matches(check.filter, entry, values, bytes)
    else { return }
    issues.append(issue)
  }

  // MARK: - Uniqueness

  private mutating func collect(
    _ position: Int, _ entry: EntryRecord, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>
  ) {
    let check = program.compiled.uniqueTests[position]
    guard matches(check.filter, entry, values, bytes) else {
      collectHeld(check, position, entry, values, bytes)
      return
    }
    if check.withinEntry {
      judgeWithinEntry(check, values, bytes)
      return
    }
    for place in check.slots {
      let slot = program.compiled.uniqueSlots[place]
      if isLeftAside(slot) { continue }
      let knowsTypes = program.compiled.traits[slot].usesType
      var value = index.first(slot)
      while value >= 0 {
        let slice = bytes.extracting(values[Int(value)].range)
        let start = check.compare == .address ? addressStart(value) : -1
        if start >= 0 {
          if index.meets(check.condition, value, slice, tables, knowsTypes: knowsTypes) {
            let key = hash.ofPlain(slice.extracting(start..<slice.count), index: KeyHash.index(ofCheck: position))
            addKey(key & ~UniquenessIndex.repeatBit)
          }
        } else if index.meets(check.condition, value, slice, tables, knowsTypes: knowsTypes),
          let key = hash.key(of: slice, check, position)
        {
          addKey(key)
        }
        value = index.next(after: value)
      }
    }
    if let key = standInKey(check, position, entry, values, bytes) { addKey(key) }
  }

  /// The fingerprint of what stands in for an absent value; nil where nothing does.
  @inline(__always)
  func standInKey(
    _ check: UniqueTest, _ position: Int, _ entry: EntryRecord, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>
  ) -> UInt64? {
    guard check.standInAbsent >= 0, let text = standIn(check, entry, values, bytes) else { return nil }
    return hash.key(of: text.span, check, position)
  }

  /// The value that stands in for an absent one: the first value of another attribute, `@`, and the DNS name of the domain.
  func standIn(
    _ check: UniqueTest, _ entry: EntryRecord, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>
  ) -> [UInt8]? {
    guard check.standInClasses >> UInt64(objectClass) & 1 != 0, index.first(check.standInAbsent) < 0,
      !hasLost(check.standInAbsent, entry), !isLeftAside(check.standInAbsent)
    else { return nil }
    let source = index.first(check.standInSource)
    guard source >= 0 else { return nil }
    let domain = DistinguishedName.domainName(of: bytes.extracting(entry.dn))
    guard !domain.isEmpty else { return nil }
    var text: [UInt8] = []
    text += Array(copying: bytes.extracting(values[Int(source)].range))
    return text + [UInt8(ascii: "@")] + domain
  }

  /// Where the address of a value begins that is known to be a plain one behind `smtp:` or behind nothing: it is ASCII and
  /// has no outer spaces. -1 where that takes a closer look.
  @inline(__always)
  private func addressStart(_ value: Int32) -> Int {
    guard index.hasShape(.address, value) else { return -1 }
    let type = index.type(of: value)
    return type == ValueShape.none ? 0 : type == program.compiled.smtpType ? 5 : -1
  }

  /// Whether a value is known to be ASCII without outer spaces. The shape of a word or an address is that of what follows
  /// the type, so the type has to be a known one.
  @inline(__always)
  private func isPlain(_ value: Int32) -> Bool {
    !index.hasShape(.other, value) && (index.type(of: value) != ValueShape.other || index.hasShape(.text, value))
  }

  mutating func addKey(_ key: UInt64) {
    // An entry has few keys, so looking through them is cheaper than a set; a huge entry keeps repeats, which the
    // index ignores.
    if keys.count < 32 { for known in keys.indices where keys[known] == key { return } }
    keys.append(key)
  }

  mutating func addHeldKey(_ key: UInt64) {
    if heldKeys.last != key { heldKeys.append(key) }
  }

  /// Flags every value that an earlier value of the entry equals.
  private mutating func judgeWithinEntry(_ check: UniqueTest, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>) {
    for place in check.slots {
      let slot = program.compiled.uniqueSlots[place]
      if isLeftAside(slot) { continue }
      let knowsTypes = program.compiled.traits[slot].usesType
      guard index.count(slot) > 1 else { continue }
      var value = index.first(slot)
      if index.count(slot) <= 8, !mayRepeat(check, slot, values, bytes) { continue }
      var seen: [ValueKey: Int32] = [:]
      while value >= 0 {
        let slice = bytes.extracting(values[Int(value)].range)
        if index.meets(check.condition, value, slice, tables, knowsTypes: knowsTypes),
          let key = ValueKey(slice, compare: check.compare, trims: check.trims)
        {
          if let first = seen[key] {
            if hasRoom() {
              issues.append(
                Issue(rule: check.rule, slot: slot, value: value, count: 2, equal: first, identity: .key(key.bytes)))
            }
          } else {
            seen[key] = value
          }
        }
        value = index.next(after: value)
      }
    }
  }

  /// Whether two values of the slot have equal length and case-insensitively equal last bytes, or are not plain: a
  /// necessary condition for equality that costs a few comparisons.
  private func mayRepeat(
    _ check: UniqueTest, _ slot: Int, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>
  ) -> Bool {
    var first = index.first(slot)
    while first >= 0 {
      let left = bytes.extracting(values[Int(first)].range)
      // Without outer spaces and in ASCII, values are equal or they are not.
      let arePlain = check.compare != .address && isPlain(first)
      var second = index.next(after: first)
      while second >= 0 {
        let right = bytes.extracting(values[Int(second)].range)
        if arePlain, isPlain(second) {
          if left.count == right.count, WideBytes.areEqualButForCase(left, right) { return true }
        } else if check.compare == .address || check.trims || left.count == right.count || !TextFold.isASCII(left) {
          if Self.haveEqualTails(left, right) { return true }
        }
        second = index.next(after: second)
      }
      first = index.next(after: first)
    }
    return false
  }

  /// Compares the last bytes before the domain, where addresses of one entry differ if they differ.
  private static func haveEqualTails(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    var i = left.count - 1
    var j = right.count - 1
    while i >= 0, j >= 0 {
      if left[i] | right[j] >= 0x80 || left[i] <= 0x20 || right[j] <= 0x20 { return true }
      if TextFold.lower(left[i]) != TextFold.lower(right[j]) {
        return left[i] == UInt8(ascii: ":") || right[j] == UInt8(ascii: ":")
      }
      i -= 1
      j -= 1
    }
    return true
  }
}

/// What the issues of an entry say, by rule and place: for entries that have very many.
private struct KnownFacts {
  private struct Fact: Hashable {
    var rule: Int
    var slot: Int
    /// Index of the value; nil for any of the attribute.
    var value: Int32?
  }

  /// With the value of each issue, and with none for those that mean all values.
  private var facts: Set<Fact> = []
  private var rulesOfSlots: Set<Fact> = []

  init(_ issues: [Issue]) {
    for issue in issues {
      facts.insert(Fact(rule: issue.rule, slot: issue.slot, value: issue.identity.isAttribute ? nil : issue.value))
      if issue.identity.isAttribute { facts.insert(Fact(rule: issue.rule, slot: issue.slot, value: issue.value)) }
      rulesOfSlots.insert(Fact(rule: issue.rule, slot: issue.slot))
    }
  }

  /// Whether a rule has an issue on what another rule's issue is about.
  func tell(_ rule: Int, of issue: Issue) -> Bool {
    let any = Fact(rule: rule, slot: issue.slot)
    guard rulesOfSlots.contains(any) else { return false }
    return issue.identity.isAttribute || facts.contains(any)
      || facts.contains(Fact(rule: rule, slot: issue.slot, value: issue.value))
  }
}
