import Bytes

@testable import RuleEngine

// The rooms take spans, which expectations cannot hold; these take arrays.

extension TextFold {
  static func fold(_ bytes: [UInt8]) -> [UInt8] { fold(bytes.span) }
  static func isASCII(_ bytes: [UInt8]) -> Bool { isASCII(bytes.span) }
  static func trimmed(_ bytes: [UInt8]) -> Range<Int> { trimmed(bytes.span) }
  static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool { areEqual(left.span, right.span) }
}

extension KeyHash {
  func of(_ bytes: [UInt8], index: UInt64, foldsCase: Bool) -> UInt64 {
    of(bytes.span, index: index, foldsCase: foldsCase)
  }
  func ofASCII(_ bytes: [UInt8], index: UInt64, foldsCase: Bool) -> UInt64? {
    ofASCII(bytes.span, index: index, foldsCase: foldsCase)
  }
}

extension ScalarReader {
  static func scalar(at index: Int, of bytes: [UInt8]) -> (value: UInt32, length: Int) {
    scalar(at: index, of: bytes.span)
  }
  static func count(_ bytes: [UInt8]) -> Int { count(bytes.span, 0..<bytes.count) }
  static func utf16Count(_ bytes: [UInt8]) -> Int { utf16Count(bytes.span, 0..<bytes.count) }
}

extension DomainCache {
  func verdict(_ rule: Int, _ domain: [UInt8]) -> Bool? { verdict(rule, domain.span) }
}

extension PatternAutomaton {
  func matches(_ text: [UInt8]) -> Bool { matches(text.span) }
  func failureOffset(_ text: [UInt8]) -> Int { failureOffset(text.span) }
}

extension PlainShape {
  static func of(_ value: [UInt8], from start: Int = 0) -> (shape: PlainShape, at: Int) {
    let table = next
    return of(value.span, from: start, table.span)
  }
  static func isText(_ value: [UInt8]) -> Bool { isText(value.span) }
}
