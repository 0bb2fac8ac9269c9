import Bytes
import Directory
import Findings

/// Counts findings by object, each object once.
///
/// Of an object it keeps some eighty bytes; its names wait in a spool.
struct ObjectTally {
  /// The numbers of an object.
  struct Numbers {
    /// Errors that nobody accepted.
    fileprivate(set) var errors: UInt32 = 0
    /// Warnings that nobody accepted.
    fileprivate(set) var warnings: UInt32 = 0
    /// Information that nobody accepted.
    fileprivate(set) var information: UInt32 = 0
    /// Findings that were accepted.
    fileprivate(set) var accepted: UInt32 = 0
    /// How grave its gravest finding is: the lower, the graver.
    fileprivate var rank: UInt8 = .max
    /// The number of the rule of that finding.
    fileprivate var rule: UInt16 = 0
    /// How many bytes its names have, and where they begin.
    fileprivate var nameLength: UInt32
    fileprivate var nameStart: Int
  }

  /// The names of an object.
  struct Names {
    var dn: AttributeValue
    var objectGUID: String
    var objectClass: String
  }

  private let spool = Spool(memoryLimit: 1 << 20)
  private var indexes: [UInt64: UInt32] = [:]
  /// The objects, as they came.
  private(set) var objects: [Numbers] = []
  private var rules: [String] = []
  private var ruleNumbers: [String: UInt16] = [:]

  /// How many objects there are.
  var count: Int { objects.count }

  /// Counts a finding for each of its holders; one that is gone is none. Throws `SpoolFailure`.
  mutating func add(_ finding: Finding) throws(SpoolFailure) {
    guard finding.state != .gone else { return }
    let rank = UInt8(clamping: Gravest.rank(of: finding))
    let rule = number(of: finding.rule)
    for number in 0..<finding.holderCount {
      let index = try index(of: finding.holder(number), in: finding)
      objects[index].count(finding)
      if finding.state != .suppressed, rank < objects[index].rank {
        objects[index].rank = rank
        objects[index].rule = rule
      }
    }
  }

  /// Puts the objects with the gravest findings first, then those with most, then those that came first. Nothing can be added after
  /// that.
  mutating func sort() {
    indexes = [:]
    func order(_ object: Numbers) -> (UInt8, Int64, Int64, Int) {
      (object.rank, -Int64(object.errors), -Int64(object.warnings), object.nameStart)
    }
    objects.sort { order($0) < order($1) }
  }

  /// The id of the rule of the gravest finding; nil where all were accepted.
  func rule(of object: Numbers) -> String? { object.rank == .max ? nil : rules[Int(object.rule)] }

  /// The names of an object. Throws `SpoolFailure`.
  func names(of object: Numbers) throws(SpoolFailure) -> Names {
    var bytes: [UInt8] = []
    try spool.read(object.nameStart..<object.nameStart + Int(object.nameLength), into: &bytes)
    let parts = bytes.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
    return Names(
      dn: AttributeValue(Array(parts[2])), objectGUID: String(decoding: parts[0], as: UTF8.self),
      objectClass: String(decoding: parts[1], as: UTF8.self))
  }

  private mutating func index(
    of holder: FindingLayout.Holder, in finding: Finding
  ) throws(SpoolFailure) -> Int {
    let dn = finding.bytes.span.extracting(holder.dn.range)
    let key = EntryKey.anchor(objectGUID: holder.objectGUID, dn: dn)
    if let known = indexes[key] { return Int(known) }
    var names = Array((holder.objectGUID?.description ?? "").utf8)
    names.append(0)
    // A class is a name and has no NUL; a hostile one must not shift what follows.
    names.append(contentsOf: finding.bytes[holder.objectClass.range].filter { $0 != 0 })
    names.append(0)
    names.append(bytes: dn)
    let start = try spool.append(names.span)
    indexes[key] = UInt32(objects.count)
    objects.append(Numbers(nameLength: UInt32(clamping: names.count), nameStart: start))
    return objects.count - 1
  }

  private mutating func number(of rule: String) -> UInt16 {
    if let known = ruleNumbers[rule] { return known }
    let number = UInt16(clamping: rules.count)
    rules.append(rule)
    ruleNumbers[rule] = number
    return number
  }
}

extension ObjectTally.Numbers {
  fileprivate mutating func count(_ finding: Finding) {
    guard finding.state != .suppressed else {
      accepted += 1
      return
    }
    switch finding.severity {
    case .error: errors += 1
    case .warning: warnings += 1
    case .info: information += 1
    }
  }
}
