import Directory

/// Takes what the readers of one input find, completes it, and hands it on.
final class ErrorSink {
  /// The name of the input in messages.
  let source: String
  private let interpreter: ErrorInterpreter
  private let take: (SyncErrorItem) -> Void
  private(set) var summary = SyncErrorSummary()
  /// How deep the input is within another: text within XML within JSON.
  let depth: Int
  private let includesInformation: Bool
  /// Reads material that was found within other material, without this type having to know the readers that know it.
  private let readMaterial: (_ text: [UInt8], _ sink: ErrorSink) -> Void
  /// An error that what follows may tell better.
  private var held: SyncError?
  /// Where material begins that was found within other material: line and column of the field that held it.
  let origin: SourceLocation?
  /// The lines of the input from which the lines of what is read come, where they are others.
  private let lines: [Int]?
  /// The object that the command names whose output is being read.
  var commandObject: MentionedIdentifier?

  init(
    source: String, interpreter: ErrorInterpreter, includesInformation: Bool, depth: Int = 0,
    origin: SourceLocation? = nil, lines: [Int]? = nil,
    readMaterial: @escaping (_ text: [UInt8], _ sink: ErrorSink) -> Void, take: @escaping (SyncErrorItem) -> Void
  ) {
    self.lines = lines
    self.source = source
    self.interpreter = interpreter
    self.includesInformation = includesInformation
    self.depth = depth
    self.origin = origin
    self.readMaterial = readMaterial
    self.take = take
  }

  /// A place in the input; for material within other material, the place of that.
  func location(line: Int, column: Int? = nil) -> SourceLocation {
    if let origin { return origin }
    let place = lines.map { $0.isEmpty ? 1 : $0[min(max(line, 1), $0.count) - 1] } ?? line
    return SourceLocation(source: source, line: place, column: column)
  }

  /// The parts of a text that are errors of their own.
  func split(_ message: String) -> [MessagePart] { interpreter.split(message) }

  /// Whether an error of the catalogue is called so.
  func knows(type: String) -> Bool { interpreter.knows(type: type) }

  /// Completes an error.
  ///
  /// - Parameter searched: the message as it was searched before, if it was.
  func completed(_ error: SyncError, searched: SearchedText? = nil) -> SyncError {
    var error = error
    interpreter.complete(&error, searched: searched)
    return error
  }

  /// Completes an error and hands it on.
  func emit(_ error: SyncError) { emit(completed: completed(error)) }

  /// Hands on an error that is complete.
  func emit(completed error: SyncError) {
    flush()
    guard let object = commandObject,
      !error.identifiers.contains(where: { $0.role == .object && !$0.kind.isForeign })
    else {
      return deliver(error)
    }
    var error = error
    error.add(object)
    deliver(error)
  }

  /// Keeps an error back that what follows may tell better.
  func hold(_ error: SyncError) {
    flush()
    held = completed(error)
  }

  /// What follows tells the error better that was kept back, if it is of the same type.
  func dropHeld(type: String) {
    if held?.type == type { held = nil }
  }

  /// Hands on the error that was kept back: something else follows, or nothing.
  func flush() {
    guard let error = held else { return }
    held = nil
    deliver(error)
  }

  private func deliver(_ error: SyncError) {
    if !includesInformation, interpreter.isInformation(error.id) {
      summary.information += 1
      return
    }
    summary.errors += 1
    take(.error(error))
  }

  /// Counts something that was read and is not about synchronization.
  func skipUnrelated() { summary.unrelated += 1 }

  /// Counts something that is about synchronization and no error.
  func skipInformation() { summary.information += 1 }

  /// Notes a part that was read as something and told of no error.
  func setAside(line: Int, _ what: String) {
    guard summary.setAside.count < SyncErrorSummary.maximumSetAside else { return }
    summary.setAside.append(.init(location: location(line: line), what: what))
  }

  /// Notes an object that is named by itself: it may be that of an error beside it.
  func note(named identifiers: [MentionedIdentifier], line: Int) {
    // Who ran a program stands as an account of a domain; whom an error is about hardly ever does.
    let identifiers = identifiers.filter { !$0.text.contains("\\") }
    guard !identifiers.isEmpty, summary.names.count < SyncErrorSummary.maximumNames,
      let place = location(line: line).line
    else { return }
    summary.names.append(NamedObject(line: place, identifiers: identifiers))
  }

  /// Notes that a part was read as something first and told of its error only when it was read as text.
  func noteReread() { summary.rereads += 1 }

  /// Errors and remarks that all is well so far: by them a reader knows whether something came of what it read.
  var yield: Int { summary.errors + summary.information + (held == nil ? 0 : 1) }

  /// Reports something that could not be read.
  func problem(line: Int, column: Int? = nil, _ message: String) {
    summary.problems += 1
    take(.problem(SyncErrorProblem(location: location(line: line, column: column), message: message)))
  }

  /// Material within other material is not looked into deeper than this.
  private static let maximumDepth = 3

  /// Reads material that was found within other material.
  func readNested(_ text: String, line: Int, context: NestedContext = NestedContext()) {
    guard depth < Self.maximumDepth else {
      problem(line: line, "error material within error material is nested more than \(Self.maximumDepth) deep")
      return
    }
    let inner = ErrorSink(
      source: source, interpreter: interpreter, includesInformation: includesInformation, depth: depth + 1,
      origin: location(line: line), readMaterial: readMaterial
    ) { [take] item in
      guard case .error(var error) = item else { return take(item) }
      context.apply(to: &error)
      take(.error(error))
    }
    readMaterial(Array(text.utf8), inner)
    summary.add(inner.summary)
  }
}

/// What is known of material within other material from around it.
struct NestedContext {
  var connector: String?
  var runProfile: String?
  var identifiers: [MentionedIdentifier] = []

  func apply(to error: inout SyncError) {
    if error.connector == nil { error.connector = connector }
    if error.runProfile == nil { error.runProfile = runProfile }
    for identifier in identifiers { error.add(identifier) }
  }
}
