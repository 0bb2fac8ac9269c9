import Directory
import Findings

/// A hash of all that a store keeps of a finding, by which a change of it is noticed without writing it out.
///
/// Only compared with what the same store holds; a program that hashes otherwise writes each finding once more.
struct FindingDigest {
  private var hash: UInt64 = 0x9e37_79b9_7f4a_7c15

  static func of(_ finding: Finding) -> Int64 {
    let texts = finding.bytes.span
    let layout = finding.layout
    var digest = FindingDigest()
    digest.add(texts, layout.own.dn)
    digest.add(texts, layout.own.value)
    digest.add(texts, layout.message)
    digest.add(texts, layout.own.objectClass)
    digest.add(finding.attribute(of: layout.own).utf8Span.span)
    digest.add(finding.severity.rawValue.utf8Span.span)
    digest.add(finding.effect.rawValue.utf8Span.span)
    digest.add(texts, layout.suggestedValue)
    digest.add(number: UInt64(finding.spanCount))
    for number in 1..<finding.holderCount {
      let holder = finding.holder(number)
      digest.add(texts, holder.dn)
      digest.add(holder.objectGUID)
      digest.add(finding.attribute(of: holder).utf8Span.span)
      digest.add(texts, holder.value)
    }
    return Int64(bitPattern: digest.hash)
  }

  private mutating func add(_ texts: Span<UInt8>, _ part: FindingLayout.Part) {
    if part.isThere { add(texts.extracting(part.range)) } else { add(number: .max) }
  }

  private mutating func add(_ guid: GUID?) {
    guard let guid else {
      add(number: .max)
      return
    }
    add(number: 16)
    for half in [0, 8] {
      var word: UInt64 = 0
      for place in 0..<8 { word |= UInt64(guid[half + place]) &<< UInt64(8 * place) }
      add(number: word)
    }
    add(number: 0)
  }

  private mutating func add(_ text: Span<UInt8>) {
    let bytes = text.bytes
    add(number: UInt64(bytes.byteCount))
    var index = 0
    while index + 8 <= bytes.byteCount {
      add(number: UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)))
      index += 8
    }
    var word: UInt64 = 0
    while index < text.count {
      word = word &<< 8 | UInt64(text[index])
      index += 1
    }
    add(number: word)
  }

  /// The full product folded, as in wyhash.
  @inline(__always)
  private mutating func add(number: UInt64) {
    let product = (hash ^ number ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: 0xe703_7ed1_a0b4_28db)
    hash = product.high ^ product.low
  }
}
