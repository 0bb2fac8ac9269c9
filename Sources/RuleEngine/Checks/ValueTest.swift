import Directory
import RuleSet

extension CheckVocabulary {
  /// Every kind of check that the engine has. To add one, write its file, and name it here and in `ValueTest` (or `EntryTest`).
  public static let engine = CheckVocabulary([
    CharactersCheck.self, SequenceCheck.self, OccurrencesCheck.self, LengthCheck.self, NotBlankCheck.self,
    PatternCheck.self, AddressTypeCheck.self, DomainCheck.self, OneOfCheck.self, NumberCheck.self,
    ContainedInCheck.self, PresentCheck.self, AbsentCheck.self, CountCheck.self, UniqueCheck.self,
    DoctorCheck.self,
  ])
}

/// A compiled check of values, of whatever kind: an enumeration, so that a call costs a jump and nothing is allocated.
enum ValueTest: BitwiseCopyable, Sendable {
  case characters(CharactersTest)
  case sequence(SequenceTest)
  case occurrences(OccurrencesTest)
  case length(LengthTest)
  case notBlank(NotBlankTest)
  case pattern(PatternTest)
  case addressType(AddressTypeTest)
  case domain(DomainTest)
  case oneOf(OneOfTest)
  case number(NumberTest)
  case containedIn(ContainedInTest)

  /// Compiles a check for the values of a slot, and tells what part of them it looks at; nil for checks of entries.
  static func compile(
    _ check: any CheckKind, _ slot: Int, _ draft: inout CheckDraft
  ) throws(PatternFailure) -> (test: ValueTest, part: Part)? {
    switch check {
    case let check as CharactersCheck: (.characters(check.test(slot, &draft)), check.part)
    case let check as SequenceCheck: (.sequence(check.test(&draft)), check.part)
    case let check as OccurrencesCheck: (.occurrences(check.test(&draft)), check.part)
    case let check as LengthCheck: (.length(check.test()), check.part)
    case is NotBlankCheck: (.notBlank(NotBlankTest()), .whole)
    case let check as PatternCheck: (.pattern(try check.test(&draft)), check.part)
    case let check as AddressTypeCheck: (.addressType(check.test(&draft)), .whole)
    case let check as DomainCheck: (.domain(check.test(&draft)), check.part)
    case let check as OneOfCheck: (.oneOf(check.test(&draft)), .whole)
    case let check as NumberCheck: (.number(check.test(&draft)), .whole)
    case let check as ContainedInCheck: (.containedIn(check.test(&draft)), .whole)
    default: nil
    }
  }

  /// Whether a value fails; nothing is allocated for one that passes.
  ///
  /// - Parameters:
  ///   - part: what of the value the check looks at.
  ///   - classes: which of the slot's character sets may flag a byte.
  ///   - index: the entry, for checks that look at its other values.
  @inline(__always)
  func fails(
    _ value: Span<UInt8>, _ part: ValuePart, _ shape: ValueShape, _ classes: Span<UInt32>, _ tables: CheckTables,
    _ index: borrowing EntryIndex, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>
  ) -> Bool {
    switch self {
    case .characters(let test): return test.fails(value, part, shape, classes, tables)
    case .length(let test):
      guard let range = part.range(of: value.count, shape) else { return false }
      return test.fails(value, range)
    case .notBlank(let test): return test.fails(value)
    default: return failsClosely(value, part, shape, tables, index, values, bytes)
    }
  }

  private func failsClosely(
    _ value: Span<UInt8>, _ part: ValuePart, _ shape: ValueShape, _ tables: CheckTables,
    _ index: borrowing EntryIndex, _ values: Span<ValueRecord>, _ bytes: Span<UInt8>
  ) -> Bool {
    if case .addressType(let test) = self { return test.fails(value, shape, tables) }
    if case .containedIn(let test) = self { return test.fails(value, index, values, bytes, tables) }
    guard let range = part.range(of: value.count, shape) else { return false }
    switch self {
    case .sequence(let test): return test.fails(value, range, tables)
    case .occurrences(let test): return test.fails(value, range, tables)
    case .pattern(let test): return test.fails(value, range, shape, tables)
    case .domain(let test): return test.fails(value.extracting(range), tables)
    case .oneOf(let test): return test.fails(value, tables)
    case .number(let test): return test.fails(value, tables)
    case .characters, .length, .notBlank, .addressType, .containedIn: return false
    }
  }

  /// The test itself, for what is asked when rules are compiled or a value has failed.
  var own: any ValueTesting {
    switch self {
    case .characters(let test): test
    case .sequence(let test): test
    case .occurrences(let test): test
    case .length(let test): test
    case .notBlank(let test): test
    case .pattern(let test): test
    case .addressType(let test): test
    case .domain(let test): test
    case .oneOf(let test): test
    case .number(let test): test
    case .containedIn(let test): test
    }
  }
}
