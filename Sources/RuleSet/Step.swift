/// What one step of a `steps` chain tests, and how it repairs a value that fails.
public enum StepTest: Sendable {
  case notYetDesigned
}
