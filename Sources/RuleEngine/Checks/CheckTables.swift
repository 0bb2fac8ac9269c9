import RuleSet

/// What compiled checks share and look up. A class, so that a call hands on one word instead of a copy of all tables.
///
/// A check keeps what it has here as a number of a type of its own.
final class CheckTables: Sendable {
  /// A set of characters.
  struct Matcher: BitwiseCopyable, Sendable { fileprivate let number: UInt32 }
  /// A list of texts.
  struct Texts: BitwiseCopyable, Sendable { fileprivate let number: UInt32 }
  /// A pattern.
  struct Automaton: BitwiseCopyable, Sendable { fileprivate let number: UInt32 }
  /// What a `number` check demands.
  struct Numbers: BitwiseCopyable, Sendable { fileprivate let number: UInt32 }

  private let matchers: [CharacterMatcher]
  private let texts: [[[UInt8]]]
  private let automata: [PatternAutomaton]
  private let numbers: [NumberLimits]
  /// Address types that must be spelled exactly so.
  let exactTypes: ExactTypes
  /// Address types that conditions name.
  let addressTypes: AddressTypes
  let filters: CompiledFilters
  let topLevelDomains: TopLevelDomains
  let verifiedDomains: VerifiedDomains?

  init(_ draft: Draft, _ options: ProgramOptions) {
    matchers = draft.matchers
    texts = draft.texts
    automata = draft.automata
    numbers = draft.numbers
    exactTypes = draft.exactTypes
    addressTypes = draft.addressTypes
    filters = draft.filters
    topLevelDomains = options.topLevelDomains
    verifiedDomains = options.verifiedDomains
  }

  @inline(__always)
  subscript(matcher: Matcher) -> CharacterMatcher { matchers[Int(matcher.number)] }

  /// Folded unless the check minds case.
  @inline(__always)
  subscript(texts: Texts) -> [[UInt8]] { self.texts[Int(texts.number)] }

  @inline(__always)
  subscript(automaton: Automaton) -> PatternAutomaton { automata[Int(automaton.number)] }

  @inline(__always)
  subscript(numbers: Numbers) -> NumberLimits { self.numbers[Int(numbers.number)] }

  /// Whether a value of an address type meets a condition.
  @inline(__always)
  func meets(_ condition: TypeCondition, _ value: Span<UInt8>, type: UInt8) -> Bool {
    guard condition.types >> UInt64(type) & 1 != 0 else { return false }
    return condition.exactTypes.map { exactTypes.begins(value, with: $0) } ?? true
  }

  /// The same for a value of which the type is not known yet.
  func meetsAfresh(_ condition: TypeCondition, _ value: Span<UInt8>) -> Bool {
    if condition.types == .max { return true }
    let colon = WideBytes.first(UInt8(ascii: ":"), in: value) ?? -1
    return meets(condition, value, type: addressTypes.type(of: value, colon: colon))
  }

  /// The tables while rules are compiled.
  struct Draft: Sendable {
    fileprivate var matchers: [CharacterMatcher] = []
    fileprivate var texts: [[[UInt8]]] = []
    fileprivate var automata: [PatternAutomaton] = []
    fileprivate var numbers: [NumberLimits] = []
    var exactTypes = ExactTypes()
    var addressTypes = AddressTypes()
    var filters = CompiledFilters()
    /// Compiled patterns by text.
    private var patterns: [String: Automaton] = [:]

    mutating func add(_ matcher: CharacterMatcher) -> Matcher {
      matchers.append(matcher)
      return Matcher(number: UInt32(matchers.count - 1))
    }

    mutating func add(_ limits: NumberLimits) -> Numbers {
      numbers.append(limits)
      return Numbers(number: UInt32(numbers.count - 1))
    }

    mutating func add(_ texts: [String], folds: Bool) -> Texts {
      self.texts.append(
        texts.map { text in
          let bytes = Array(text.utf8)
          return folds ? TextFold.fold(bytes.span) : bytes
        })
      return Texts(number: UInt32(self.texts.count - 1))
    }

    /// Compiles a pattern, once for all rules that have it.
    mutating func add(pattern: String, _ isCaseSensitive: Bool) throws(PatternFailure) -> Automaton {
      let key = (isCaseSensitive ? "=" : "~") + pattern
      if let known = patterns[key] { return known }
      automata.append(try PatternAutomaton(pattern, isCaseSensitive: isCaseSensitive))
      let added = Automaton(number: UInt32(automata.count - 1))
      patterns[key] = added
      return added
    }

    /// Compiles a condition on the address type.
    mutating func add(_ condition: ValueCondition) -> TypeCondition {
      var compiled = TypeCondition()
      if !condition.prefixes.isEmpty {
        compiled.types = condition.prefixes.reduce(0) { $0 | 1 << UInt64(addressTypes.add($1)) }
      }
      for type in condition.excludedPrefixes { compiled.types &= ~(1 << UInt64(addressTypes.add(type))) }
      if !condition.exactPrefixes.isEmpty {
        compiled.types &= condition.exactPrefixes.reduce(0) { $0 | 1 << UInt64(addressTypes.add($1)) }
        compiled.exactTypes = exactTypes.add(condition.exactPrefixes)
      }
      return compiled
    }
  }
}
