/// The version of the program, as `--version` and every report tell it.
enum ProgramVersion {
  static let text = "0.1.0"
}
